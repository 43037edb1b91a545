//! The leaderboard's page shows every arena: which there are, who is in which, and the board of the one that is chosen.

use crate::audit::audit;
use e2e::browser::state::BoardPhase;
use e2e::browser::{Driver, PHONE, Page, WIDE};
use e2e::patience::{SOON, until};
use e2e::scene;
use e2e::server::Server;
use shared::protocol::Role;

/// Someone who flies in the arena of that name.
async fn pilot(server: &Server, arena: &str, name: &str) -> bots::client::Client {
    let mut client = bots::client::Client::connect(&server.ws()).await.unwrap();
    client.say_hello_in(Role::Play, Some(arena.to_owned())).await.unwrap();
    client.wait_until(SOON, |client| client.welcome().is_some()).await.unwrap();
    client.join(name, SOON).await.unwrap();
    client
}

/// What the list of arenas says, with a star at the one that is shown.
async fn listed(page: &Page) -> Vec<String> {
    let script = "return [...document.querySelectorAll('#arenas a')].map(a => (a.ariaCurrent === 'true' ? '*' : '') + [...a.children].map(part => part.textContent).join(' · '))";
    serde_json::from_value(page.run(script).await).unwrap()
}

#[tokio::test]
async fn every_arena_can_be_chosen_and_everyone_is_counted() {
    let args = ["--drones", "0", "--arenas", "3"];
    let (driver, server) = (Driver::start().await, Server::start(&args).await);
    let _ada = scene::player(&server.ws(), "ada").await;
    let (_bob, _eve) = (pilot(&server, "2", "bob").await, pilot(&server, "2", "eve").await);
    let page = Page::open(&driver, &server.url("/leaderboard?arena=1"), WIDE).await;
    let wanted = ["*Arena 1 · 1 pilot", "Arena 2 · 2 pilots", "Arena 3 · 0 pilots"];
    until("all arenas are listed", SOON, async || (listed(&page).await == wanted).then_some(())).await;
    until("everyone is counted", SOON, async || {
        page.text("#counts").await.ends_with("3 in all arenas").then_some(())
    })
    .await;
    page.save_picture("board-arenas-laptop").await;
    page.click("#arenas li:nth-child(2) a").await;
    page.board("the other board", |board| {
        (board.phase == BoardPhase::Live && board.total == 2).then_some(())
    })
    .await;
    assert_eq!(page.run("return location.search").await, "?arena=2");
    until("it is marked", SOON, async || listed(&page).await[1].starts_with('*').then_some(())).await;
    page.run("history.back()").await;
    page.board("the first board again", |board| (board.total == 1).then_some(())).await;
    page.resize(PHONE).await;
    page.save_picture("board-arenas-phone").await;
    audit(&page, "arenas").await;
    let any = Page::open(&driver, &server.url("/leaderboard"), WIDE).await;
    let chosen = until("the one that the server chose is marked", SOON, async || {
        listed(&any).await.into_iter().find(|arena| arena.starts_with('*'))
    })
    .await;
    let first = any.board("its board", |board| board.rows.first().map(|row| row.name.clone())).await;
    assert_eq!(chosen.starts_with("*Arena 1"), first == "ada", "{chosen}");
    assert_eq!(page.complaints().await, Vec::<String>::new());
    for page in [page, any] {
        page.close().await;
    }
    server.stop().await;
}
