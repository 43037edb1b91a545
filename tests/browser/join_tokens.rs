//! Where only those play who have a join token, the page takes it from its address, and leaves no trace of it there.

use crate::{SMALL, assert_well, in_phase};
use e2e::browser::state::Phase;
use e2e::browser::{Driver, Page, WIDE};
use e2e::join_token::{SECRET, token};
use e2e::server::Server;

#[tokio::test]
async fn a_link_with_a_token_lets_one_play_and_the_address_forgets_it() {
    let folder = tempfile::tempdir().unwrap();
    let key = folder.path().join("key");
    std::fs::write(&key, SECRET).unwrap();
    let args = [&SMALL[..], &["--join-key", key.to_str().unwrap()]].concat();
    let (driver, server) = (Driver::start().await, Server::start(&args).await);
    let link = server.url(&format!("/?arena=1#token={}", token(",\"name\":\"Ada\"", 600)));
    let page = Page::open(&driver, &link, WIDE).await;
    page.play("the title screen", |state| in_phase(state, Phase::Menu)).await;
    let address = page.run("return location.pathname + location.search + location.hash").await;
    assert_eq!(address, "/?arena=1");
    page.run("location.reload()").await;
    page.play("the tab keeps it", |state| in_phase(state, Phase::Menu)).await;
    page.enter_name("bob").await;
    page.play("the ship", |state| state.own.is_some().then_some(())).await;
    let own = page.play("the name", |state| state.ship(state.player).map(|ship| ship.name.clone())).await;
    assert_eq!(own, "Ada", "the token's name");
    assert_well(&page).await;
    page.run("location.href = '/leaderboard'").await;
    page.board("the board over the WebSocket, too", |board| (board.total == 1).then_some(())).await;
    let stranger = Page::open(&driver, &server.url("/"), WIDE).await;
    stranger.play("nobody else comes in", |state| in_phase(state, Phase::Lost)).await;
    for page in [page, stranger] {
        page.close().await;
    }
    server.stop().await;
}
