//! A picture of each page on a small laptop and on a phone, for people to look at. The arena is small and full, so that
//! there is something to see.

use crate::{in_phase, player};
use e2e::browser::state::{Phase, Play};
use e2e::browser::{Driver, PHONE, Page, Size, WIDE, fly};
use e2e::server::Server;

const LIVELY: [&str; 6] = ["--seed", "7", "--arena-size", "1536", "--drones", "24"];

#[tokio::test]
async fn a_picture_of_each_page_is_saved() {
    let (driver, server) = (Driver::start().await, Server::start(&LIVELY).await);
    let title = Page::open(&driver, &server.url("/"), WIDE).await;
    title.play("the title screen", |state| in_phase(state, Phase::Menu)).await;
    both_sizes(&title, "title").await;
    title.close().await;
    let (game, _) = player(&driver, &server, "Ada Lovelace").await;
    let middle = |_: &Play| Some((768.0, 768.0));
    fly(&game, "company", middle, |state| state.ships.len() > 4).await;
    both_sizes(&game, "play").await;
    let board = Page::open(&driver, &server.url("/leaderboard"), WIDE).await;
    board.board("the board is filled", |board| (board.rows.len() > 10).then_some(())).await;
    both_sizes(&board, "leaderboard").await;
    game.close().await;
    board.close().await;
    server.stop().await;
}

async fn both_sizes(page: &Page, name: &str) {
    for size in [PHONE, WIDE] {
        page.resize(size).await;
        settled(page).await;
        page.save_picture(&file_name(name, size)).await;
    }
}

/// Two draws after the window took its size, everything is where it belongs.
async fn settled(page: &Page) {
    let script = "const [done] = arguments;
        requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(done)));";
    page.run_async(script).await;
}

fn file_name(name: &str, size: Size) -> String {
    format!("{name}-{}x{}", size.width, size.height)
}
