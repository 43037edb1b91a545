//! Where WebSockets are blocked the live board comes as an event stream, where those are missing too by polling; and every
//! page says when it hears nothing, and comes back by itself.

use crate::{player, world};
use e2e::browser::state::BoardPhase;
use e2e::browser::{Driver, Page, WIDE};
use e2e::patience::{LATER, until};
use e2e::server::Server;

/// As behind a proxy that knows no WebSockets: the connection is never made.
const NO_SOCKETS: &str = "const Real = WebSocket;
    window.WebSocket = class extends Real { constructor() { super('ws://127.0.0.1:9/'); } };";

/// As in a browser that has neither.
const NEITHER: &str = "delete window.WebSocket; delete window.EventSource;";

#[tokio::test]
async fn the_live_board_comes_as_events_where_sockets_are_blocked() {
    falls_back_to(NO_SOCKETS, "events", "by event stream").await;
}

#[tokio::test]
async fn the_live_board_is_polled_where_there_are_no_events_either() {
    falls_back_to(NEITHER, "polling", "by polling").await;
}

async fn falls_back_to(script: &str, transport: &str, words: &str) {
    let played = ["--drones", "30", "--seed", "3", "--modes", "team-rounds"];
    let (driver, server) = (Driver::start().await, Server::start(&played).await);
    let page = Page::open_after(script, &driver, &server.url("/leaderboard"), WIDE).await;
    let before = page.board("the board", |state| {
        let here = state.transport == transport && state.phase == BoardPhase::Live && state.total == 30;
        here.then_some(state.changes_seen)
    });
    let before = before.await;
    until("it says how", LATER, async || (page.text("#heard").await == words).then_some(())).await;
    until("the teams' points and the clock", LATER, async || {
        let contest = page.text("#contest").await;
        (contest.contains("Suns") && contest.contains(" left")).then_some(())
    })
    .await;
    page.board("it goes on changing", |state| (state.changes_seen > before + 3).then_some(())).await;
    let (game, _) = player(&driver, &server, "ada").await;
    page.board("who joins", |state| state.rows.iter().any(|row| row.name == "ada").then_some(())).await;
    page.save_picture(&format!("live-by-{transport}-1366x768")).await;
    game.close().await;
    page.close().await;
    server.stop().await;
}

#[tokio::test]
async fn a_board_that_hears_nothing_says_since_when_and_recovers_by_itself() {
    let folder = world::folder(40, 0);
    let arguments = ["--drones", "0", "--data-dir", folder.path().to_str().unwrap()];
    let (driver, server) = (Driver::start().await, Server::start(&arguments).await);
    let page = Page::open(&driver, &server.url("/leaderboard?board=day"), WIDE).await;
    page.board("the board", |state| (state.phase == BoardPhase::Live && state.total == 40).then_some(()))
        .await;
    let address = server.address().to_owned();
    server.stop().await;
    page.board("it is stale", |state| (state.phase == BoardPhase::Lost).then_some(())).await;
    let says =
        async |id: &str, words: &str| page.text(id).await.to_lowercase().starts_with(words).then_some(());
    until("it says that it is stale", LATER, async || says("#live", "stale").await).await;
    until("it says since when", LATER, async || says("#heard", "last heard").await).await;
    page.save_picture("standings-stale-1366x768").await;
    let server = Server::listen(&address, &arguments).await;
    page.board("it is back", |state| (state.phase == BoardPhase::Live && state.total == 40).then_some(()))
        .await;
    page.close().await;
    server.stop().await;
}
