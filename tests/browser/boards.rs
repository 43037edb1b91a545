//! The standings on the leaderboard's page: tabs, ten thousand rows, one's own place and data.

use crate::world;
use e2e::browser::state::{Board, BoardPhase};
use e2e::browser::{Driver, Page, WIDE};
use e2e::patience::{LATER, until};
use e2e::server::Server;
use std::path::Path;

const TEN_THOUSAND: u32 = 10_000;

/// Row elements that a screen of this size may need, with those that are kept ready around it.
const FEW: u32 = 40;

async fn serve(folder: &Path) -> Server {
    Server::start(&["--drones", "3", "--data-dir", folder.to_str().unwrap()]).await
}

async fn search(page: &Page) -> String {
    page.run("return location.search").await.as_str().unwrap_or_default().to_owned()
}

async fn shows(page: &Page, board: &str) {
    page.board(board, |state| (state.board == board && state.phase != BoardPhase::Connecting).then_some(()))
        .await;
}

#[tokio::test]
async fn the_address_says_which_board_is_shown_and_back_goes_back() {
    let folder = world::folder(20, 9 * world::DAY_MS);
    world::add(folder.path(), 30, 0);
    let (driver, server) = (Driver::start().await, serve(folder.path()).await);
    let page = Page::open(&driver, &server.url("/leaderboard?arena=1"), WIDE).await;
    shows(&page, "live").await;
    page.click("#tab-day").await;
    shows(&page, "day").await;
    assert_eq!(search(&page).await, "?board=day&arena=1");
    page.board("today's pilots", |state| (state.total == 30).then_some(())).await;
    page.type_into("#tab-day", "\u{e014}").await;
    shows(&page, "week").await;
    let focus = page.run("return [document.activeElement.id, document.activeElement.ariaSelected]").await;
    assert_eq!(focus, serde_json::json!(["tab-week", "true"]));
    page.run("history.back()").await;
    shows(&page, "day").await;
    page.click("#tab-past").await;
    let past = page.board("a past board", |state| {
        (state.phase == BoardPhase::Final && state.total == 20).then(|| state.board.clone())
    });
    let past = past.await;
    assert_eq!(search(&page).await, format!("?board={past}&arena=1"));
    let linked = Page::open(&driver, &server.url(&format!("/leaderboard?board={past}")), WIDE).await;
    linked.board("the linked board", |state| (state.board == past && state.total == 20).then_some(())).await;
    assert_eq!(linked.complaints().await, Vec::<String>::new());
    for page in [page, linked] {
        page.close().await;
    }
    server.stop().await;
}

#[tokio::test]
async fn ten_thousand_are_scrolled_with_a_few_rows_in_the_page() {
    let folder = world::folder(TEN_THOUSAND, 0);
    let (driver, being) = (Driver::start().await, world::being(folder.path(), 7000));
    let server = serve(folder.path()).await;
    let page = Page::open_after(&being, &driver, &server.url("/leaderboard?board=all"), WIDE).await;
    page.board("all of them", |state| (state.total == TEN_THOUSAND).then_some(())).await;
    page.board("my rank", |state| (state.own_rank == Some(7000)).then_some(())).await;
    pinned(&page, "bottom").await;
    page.save_picture("standings-1366x768").await;

    page.run("document.querySelector('#scroller').scrollTop = 1e9").await;
    at(&page, "the last one", TEN_THOUSAND).await;
    row(&page, TEN_THOUSAND).await;
    pinned(&page, "top").await;

    page.type_into("#rank", "5000\u{e007}").await;
    at(&page, "the 5,000th", 5000).await;
    row(&page, 5000).await;

    page.type_into("#name", "P777\u{e007}").await;
    at(&page, "who is called p777", 777).await;
    row(&page, 777).await;

    page.click("#to-own").await;
    at(&page, "my own", 7000).await;
    pinned(&page, "none").await;
    until("my row is marked", LATER, async || {
        page.text(".row.own .name").await.contains("p7000").then_some(())
    })
    .await;
    assert_eq!(page.complaints().await, Vec::<String>::new());
    page.close().await;
    server.stop().await;
}

/// Rank `rank` is on the screen, and there are no more rows than a screen needs.
async fn at(page: &Page, what: &str, rank: u32) {
    let there = |state: &Board| {
        assert!(state.rows_in_page <= FEW, "{} rows in the page", state.rows_in_page);
        (state.first_rank? <= rank && rank <= state.last_rank?).then_some(())
    };
    page.board(what, there).await;
    let elements = page.run("return document.querySelectorAll('.row').length").await;
    assert!(elements.as_u64().is_some_and(|elements| elements <= u64::from(FEW) + 1), "{elements}");
}

/// The row of `rank` shows whose it is.
async fn row(page: &Page, rank: u32) {
    let script =
        format!("return document.querySelector('#rows [aria-rowindex=\"{}\"] .name')?.textContent", rank + 1);
    until("the row is read", LATER, async || (page.run(&script).await == format!("p{rank}")).then_some(()))
        .await;
}

async fn pinned(page: &Page, edge: &str) {
    let script = "return document.querySelector('#you').dataset.edge";
    until("my row is pinned", LATER, async || (page.run(script).await == edge).then_some(())).await;
}

#[tokio::test]
async fn who_asks_sees_what_is_stored_of_him_and_has_it_removed() {
    let folder = world::folder(5, 0);
    world::add_lives_of(folder.path(), 3, 1_500);
    let (driver, being) = (Driver::start().await, world::being(folder.path(), 3));
    let once = format!("if (!sessionStorage.been) {{ sessionStorage.been = 1; {being} }}");
    let server = serve(folder.path()).await;
    let page = Page::open_after(&once, &driver, &server.url("/leaderboard?board=day"), WIDE).await;
    page.board("my rank", |state| (state.own_rank == Some(3)).then_some(())).await;
    page.click("#mine-open").await;
    until("my data", LATER, async || page.text("#mine-data").await.contains("\"p3\"").then_some(())).await;
    let data: serde_json::Value = serde_json::from_str(&page.text("#mine-data").await).unwrap();
    assert_eq!((data["results"].as_array().unwrap().len(), data.get("next")), (1_501, None));
    page.save_picture("my-data-1366x768").await;
    page.click("#mine-remove").await;
    page.click("#mine-no").await;
    until("kept", LATER, async || page.text("#mine-data").await.contains("\"p3\"").then_some(())).await;
    page.board("still there", |state| (state.total == 5).then_some(())).await;
    page.click("#mine-remove").await;
    page.click("#mine-yes").await;
    until("removed", LATER, async || page.text("#mine-says").await.contains("is removed").then_some(()))
        .await;
    page.board("gone", |state| (state.total == 4 && state.own_rank.is_none()).then_some(())).await;
    assert_eq!(page.run("return localStorage.getItem('starfray.identity')").await, serde_json::Value::Null);
    page.close().await;
    server.stop().await;
}
