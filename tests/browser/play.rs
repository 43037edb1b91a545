//! Two tabs play against each other, and the board follows.

use crate::{SMALL, assert_well, player};
use e2e::browser::state::{BoardPhase, Play};
use e2e::browser::{Driver, Page, WIDE, fly};
use e2e::server::Server;

const MIDDLE: (f64, f64) = (512.0, 512.0);

#[tokio::test]
async fn keys_pressed_in_one_tab_move_its_ship_as_the_other_sees_it() {
    let (driver, server) = (Driver::start().await, Server::start(&SMALL).await);
    let (ada, mover) = player(&driver, &server, "ada").await;
    let (bob, other) = player(&driver, &server, "bob").await;
    fly(&ada, "ada sees bob", |_| Some(MIDDLE), |state| state.ship(other).is_some()).await;
    fly(&bob, "bob sees ada", |_| Some(MIDDLE), |state| state.ship(mover).is_some()).await;
    let from = at_rest(&bob, mover).await;
    ada.press('w').await;
    bob.play("ada's ship moves", |state| (way(from, place(state, mover)?) > 60.0).then_some(())).await;
    ada.let_go().await;
    turns(&ada).await;
    bob.play("bob is told ada's name", |state| (state.ship(mover)?.name == "ada").then_some(())).await;
    assert_well(&ada).await;
    assert_well(&bob).await;
    ada.close().await;
    bob.close().await;
    server.stop().await;
}

#[tokio::test]
async fn a_shard_collected_in_the_game_moves_the_board_without_a_reload() {
    let (driver, server) = (Driver::start().await, Server::start(&SMALL).await);
    let board = Page::open(&driver, &server.url("/leaderboard"), WIDE).await;
    board.run("window.marker = 'still here'").await;
    let loads = board.board("the live board", |board| live(board.phase).then_some(board.loads)).await;
    let (ada, id) = player(&driver, &server, "ada").await;
    // A ship may come into the arena right beside a shard, so its score is not always 0.
    let before = board.board("ada is on the board", |board| board.row(id).map(|row| row.score)).await;
    let nearest = |state: &Play| state.nearest_shard().map(|shard| (shard.x, shard.y));
    fly(&ada, "a shard is collected", nearest, |state| state.own.is_some_and(|own| own.score > before)).await;
    let row =
        board.board("ada has points", |board| board.row(id).filter(|row| row.score > before).cloned()).await;
    assert_eq!((row.rank, row.name.as_str()), (1, "ada"));
    assert_eq!(board.run("return window.marker").await, "still here");
    assert_eq!(board.board("the same load", |board| Some(board.loads)).await, loads);
    assert!(board.text("#rows").await.contains("ada"));
    assert_eq!(board.complaints().await, Vec::<String>::new());
    assert_well(&ada).await;
    ada.close().await;
    board.close().await;
    server.stop().await;
}

/// Holding a turning key turns the ship.
async fn turns(page: &Page) {
    let before = page.play("a heading", |state| state.own.map(|own| own.heading)).await;
    page.press('d').await;
    page.play("the ship turns", |state| ((state.own?.heading - before).abs() > 0.2).then_some(())).await;
    page.let_go().await;
}

/// Where `player` is in the view of `page`, once it does not move any more.
async fn at_rest(page: &Page, player: u32) -> (f64, f64) {
    let last = std::cell::Cell::new(None);
    page.play("the ship comes to rest", |state| {
        let now = (state.tick, place(state, player)?);
        let (tick, before) = last.replace(Some(now)).unwrap_or(now);
        (now.0 > tick && way(before, now.1) < 0.01).then_some(now.1)
    })
    .await
}

fn place(state: &Play, player: u32) -> Option<(f64, f64)> {
    state.ship(player).map(|ship| (ship.x, ship.y))
}

fn way(a: (f64, f64), b: (f64, f64)) -> f64 {
    (a.0 - b.0).hypot(a.1 - b.1)
}

fn live(phase: BoardPhase) -> bool {
    phase == BoardPhase::Live
}
