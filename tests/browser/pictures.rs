//! A picture of each page on a small laptop and on a phone, for people to look at. The arena is small and full, so that
//! there is something to see.

use crate::{in_phase, player, world};
use e2e::browser::state::{BoardPhase, Phase, Play};
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

/// A big screen.
const BIG: Size = Size { width: 1920, height: 1080, phone: false };

/// A corner of somebody else's page.
const CORNER: Size = Size { width: 360, height: 300, phone: false };

#[tokio::test]
async fn a_picture_of_each_look_of_the_boards_is_saved() {
    let folder = world::folder(2000, 0);
    let (driver, being) = (Driver::start().await, world::being(folder.path(), 1234));
    let data = ["--data-dir", folder.path().to_str().unwrap()];
    let server = Server::start(&[LIVELY.as_slice(), &data].concat()).await;
    let looks = [
        ("standings", "/leaderboard?board=week", &[PHONE, WIDE, BIG] as &[Size]),
        ("live", "/leaderboard", &[BIG]),
        ("tv", "/leaderboard?tv", &[BIG]),
        ("tv-standings", "/leaderboard?board=all&tv", &[BIG]),
        ("embed-dark", "/leaderboard/embed?board=day&rows=5", &[CORNER]),
        ("embed-light", "/leaderboard/embed?board=day&rows=5&theme=light", &[CORNER]),
        ("embed-clear", "/leaderboard/embed?rows=7&theme=clear", &[CORNER]),
    ];
    for (name, address, sizes) in looks {
        let page = Page::open_after(&being, &driver, &server.url(address), sizes[0]).await;
        page.board(name, |board| (board.phase == BoardPhase::Live && board.total > 5).then_some(())).await;
        page.board(name, |board| (board.changes_seen > 0 && board.rows_in_page > 4).then_some(())).await;
        for size in sizes {
            page.resize(*size).await;
            settled(&page).await;
            page.save_picture(&file_name(name, *size)).await;
        }
        assert_eq!(page.complaints().await, Vec::<String>::new(), "{name}");
        page.close().await;
    }
    server.stop().await;
}

#[tokio::test]
async fn anybody_may_frame_the_small_board_and_nothing_else() {
    let server = Server::start(&["--drones", "0"]).await;
    for (path, framed) in [("/leaderboard/embed?rows=3", true), ("/leaderboard", false), ("/", false)] {
        let answer = e2e::http::get(server.address(), path).await;
        let policies = answer.headers.iter().filter(|line| line.starts_with("content-security-policy:"));
        let policies: Vec<_> = policies.collect();
        assert_eq!(policies.len(), 1, "{path}");
        assert_eq!(policies[0].contains("frame-ancestors *"), framed, "{path}: {policies:?}");
    }
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
