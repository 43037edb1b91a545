//! Several servers: a page on the one finds its arena on the other, and goes along when that hands it back.

use crate::in_phase;
use e2e::browser::state::{BoardPhase, Phase};
use e2e::browser::{Driver, Page, WIDE};
use e2e::http;
use e2e::patience::{LATER, until};
use e2e::redis::Redis;
use e2e::server::Server;
use rustix::process::Signal;

async fn node(redis: &Redis) -> Server {
    let args = ["--drones", "0", "--arena-size", "1024", "--no-data", "--redis", &redis.url()];
    Server::start(&args).await
}

/// Waits until pages of this server may talk to the other one.
async fn until_it_knows(server: &Server, other: &Server) {
    let knows = async || {
        let page = http::get(server.address(), "/").await;
        page.header("content-security-policy")?.contains(other.address()).then_some(())
    };
    until("each server knows the other", LATER, knows).await;
}

#[tokio::test]
async fn a_page_goes_to_the_server_that_has_its_arena_and_with_it_to_the_next() {
    let (driver, redis) = (Driver::start().await, Redis::start().await);
    let mut first = node(&redis).await;
    let runs =
        async || http::get(first.address(), "/api/arenas").await.body.contains("\"here\":true").then_some(());
    until("the first server runs the arena", LATER, runs).await;
    let second = node(&redis).await;
    until_it_knows(&second, &first).await;
    until_it_knows(&first, &second).await;
    // The page comes from the server that does not have the arena.
    let game = Page::open(&driver, &second.url("/"), WIDE).await;
    game.play("the title screen", |state| in_phase(state, Phase::Menu)).await;
    game.enter_name("ada").await;
    let before = game.play("the ship", |state| state.own.is_some().then_some(state.player)).await;
    first.until_arena("it flies on the other server", |arena| arena.players == 1).await;
    let board = Page::open(&driver, &second.url("/leaderboard"), WIDE).await;
    board.board("the live board", |board| (board.phase == BoardPhase::Live).then_some(())).await;
    for page in [&game, &board] {
        page.run("window.marker = 'still here'").await;
    }
    first.signal(Signal::TERM);
    assert!(first.ended().await.success());
    let back = async || {
        let here = second.arena().await.players == 1;
        let flies = game.play("it flies", |state| (state.own.is_some()).then_some(state.player)).await;
        (here && flies == before).then_some(())
    };
    until("it flies on, as who it was", LATER, back).await;
    board.board("the live board is back", |board| (board.phase == BoardPhase::Live).then_some(())).await;
    for page in [&game, &board] {
        assert_eq!(page.run("return window.marker").await, "still here");
    }
    game.play("no mismatch", |state| (state.mismatches == 0).then_some(())).await;
    // A server that is gone by now refuses; then the page begins at home again.
    let complaints = game.complaints().await;
    assert!(complaints.iter().all(|text| text.contains("WebSocket connection to")), "{complaints:?}");
    game.close().await;
    board.close().await;
    second.stop().await;
}
