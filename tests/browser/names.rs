//! A name is text wherever a page shows it, whatever it looks like.

use crate::{SMALL, assert_well, player};
use e2e::browser::{Driver, Page, WIDE};
use e2e::patience::{LATER, until};
use e2e::server::Server;

/// Fits the limit, and would be an element if it were ever taken for HTML.
const MARKUP: &str = "<i-x>Zoë</i-x>";

#[tokio::test]
async fn a_name_with_markup_is_shown_as_text_on_both_pages() {
    let (driver, server) = (Driver::start().await, Server::start(&SMALL).await);
    let board = Page::open(&driver, &server.url("/leaderboard"), WIDE).await;
    let (game, id) = player(&driver, &server, MARKUP).await;
    let name = board.board("the row", |board| board.row(id).map(|row| row.name.clone())).await;
    assert_eq!(name, MARKUP);
    shows_as_text(&board, "#rows").await;
    shows_as_text(&game, "#top-rows").await;
    assert_well(&game).await;
    board.close().await;
    game.close().await;
    server.stop().await;
}

async fn shows_as_text(page: &Page, selector: &str) {
    until("the name is shown", LATER, async || page.text(selector).await.contains(MARKUP).then_some(()))
        .await;
    assert_eq!(page.run("return document.querySelector('i-x') === null").await, true);
}
