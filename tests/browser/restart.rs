//! A server that goes away and comes back: both pages say so, and are there again by themselves.

use crate::audit::audit;
use crate::{SMALL, in_phase, player};
use e2e::browser::state::{Board, BoardPhase, Phase};
use e2e::browser::{Driver, PHONE, Page, WIDE};
use e2e::patience::{SOON, until};
use e2e::server::Server;
use rustix::process::Signal;

#[tokio::test]
async fn a_page_that_lost_the_server_says_so_and_reconnects_by_itself() {
    let (driver, server) = (Driver::start().await, Server::start(&SMALL).await);
    let (game, _) = player(&driver, &server, "ada").await;
    let board = Page::open(&driver, &server.url("/leaderboard"), WIDE).await;
    board.board("the board", |board| board_in(board, BoardPhase::Live)).await;
    for page in [&game, &board] {
        page.run("window.marker = 'still here'").await;
    }
    let address = server.address().to_owned();
    server.stop().await;
    says_lost(&game, &board).await;
    let server = Server::listen(&address, &SMALL).await;
    game.play("the game is back", |state| matches!(state.phase, Phase::Menu | Phase::Playing).then_some(()))
        .await;
    board.board("the board is back", |board| board_in(board, BoardPhase::Live)).await;
    for page in [&game, &board] {
        assert_eq!(page.run("return window.marker").await, "still here");
        // The page shows its new phase with the next draw.
        until("the banner is gone", SOON, async || (!visible(page, "#lost").await).then_some(())).await;
    }
    game.close().await;
    board.close().await;
    server.stop().await;
}

#[tokio::test]
async fn the_page_says_when_a_server_that_drains_stops() {
    let args = [&SMALL[..], &["--drain-timeout", "600"]].concat();
    let (driver, mut server) = (Driver::start().await, Server::start(&args).await);
    let (page, _) = player(&driver, &server, "ada").await;
    page.play("nothing is said", |state| state.closing.is_none().then_some(())).await;
    assert!(!visible(&page, "#closing").await);
    server.signal(Signal::TERM);
    page.play("it is said", |state| state.closing.filter(|left| (500.0..=600.0).contains(left))).await;
    assert!(visible(&page, "#closing").await);
    let line = page.text("#closing").await.replace(char::is_whitespace, " ");
    assert!(line.contains("restarts in 10 min"), "{line}");
    page.play("she plays on", |state| in_phase(state, Phase::Playing)).await;
    for (size, called) in [(PHONE, "phone"), (WIDE, "laptop")] {
        page.resize(size).await;
        page.save_picture(&format!("closing-{called}")).await;
    }
    audit(&page, "closing").await;
    server.signal(Signal::TERM);
    page.play("it has stopped", |state| in_phase(state, Phase::Lost)).await;
    assert!(server.ended().await.success());
    assert!(!visible(&page, "#closing").await);
    page.close().await;
}

async fn says_lost(game: &Page, board: &Page) {
    game.play("the game has lost the server", |state| in_phase(state, Phase::Lost)).await;
    board.board("the board has lost the server", |board| board_in(board, BoardPhase::Lost)).await;
    for page in [game, board] {
        // The banner fades in, and is not shown between two attempts that follow each other at once.
        until("the banner", SOON, async || visible(page, "#lost").await.then_some(())).await;
        assert!(!page.text("#lost").await.is_empty());
    }
    let close = game.play("why", |state| state.last_close.clone()).await;
    assert!(!close.sentence.is_empty(), "{close:?}");
}

async fn visible(page: &Page, selector: &str) -> bool {
    let script = format!(
        "return document.querySelector({selector:?}).checkVisibility({{visibilityProperty: true, opacityProperty: true}})"
    );
    page.run(&script).await == true
}

fn board_in(board: &Board, phase: BoardPhase) -> Option<()> {
    (board.phase == phase).then_some(())
}
