//! A picture of each screen on a phone and a small laptop, and if asked for on a large screen, for people to look at. The arena is small and full, so that
//! there is something to see.

use crate::{in_phase, world};
use e2e::browser::state::{BoardPhase, Phase, Play};
use e2e::browser::{Driver, HANDY, PHONE, Page, Size, WIDE, fly};
use e2e::patience::{LATER, until};
use e2e::scene;
use e2e::server::Server;
use shared::protocol::ClientMessage;
use shared::saying::Phrase;

const LIVELY: [&str; 6] = ["--seed", "7", "--arena-size", "1536", "--drones", "24"];

#[tokio::test]
async fn a_picture_of_each_page_is_saved() {
    let (driver, server) = (Driver::start().await, Server::start(&LIVELY).await);
    let game = Page::open(&driver, &server.url("/"), HANDY).await;
    game.play("the title screen", |state| in_phase(state, Phase::Menu)).await;
    each_size(&game, "title").await;
    settings(&game).await;
    game.enter_name("Ada Lovelace").await;
    game.play("the ship", |state| state.own.map(|_| ())).await;
    let middle = |_: &Play| Some((768.0, 768.0));
    fly(&game, "company", middle, |state| state.ships.len() > 4).await;
    each_size(&game, "play").await;
    talk(&game, &server).await;
    let board = server.url("/leaderboard");
    game.run(&format!("location.href = {board:?}")).await;
    game.board("the board is filled", |board| (board.rows.len() > 10).then_some(())).await;
    each_size(&game, "leaderboard").await;
    game.close().await;
    server.stop().await;
}

async fn settings(game: &Page) {
    game.click("#settings-open").await;
    each_size(game, "settings").await;
    game.click("#settings-close").await;
}

/// The chat with a few lines in it, open.
async fn talk(game: &Page, server: &Server) {
    let mut bob = scene::player(&server.ws(), "Bob").await;
    for text in ["Is anybody at the middle?", "I have seen Drone 7 there, and a power-up that nobody takes."]
    {
        bob.send(&ClientMessage::Say { text: text.to_owned() }).await.expect("the session goes on");
    }
    bob.send(&ClientMessage::Phrase(Phrase::Truce)).await.expect("the session goes on");
    until("the lines", LATER, async || game.text("#talk-log").await.contains("Truce").then_some(())).await;
    each_size(game, "lines").await;
    game.click("#talk-open").await;
    each_size(game, "chat").await;
    game.click("#talk-open").await;
}

/// A big screen, and a larger one.
const BIG: Size = Size { width: 1920, height: 1080, phone: false, density: 1.0 };
const LARGE: Size = Size { width: 2560, height: 1440, phone: false, density: 1.0 };

/// With this in the environment there is a large picture of each screen, too: a busy machine that draws in software takes
/// longer for one than the driver waits.
const LARGE_TOO: &str = "LARGE_PICTURES";

/// A corner of somebody else's page.
const CORNER: Size = Size { width: 360, height: 300, phone: false, density: 1.0 };

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
    let page = Page::open_after(&being, &driver, &server.url("/leaderboard"), BIG).await;
    for (name, address, sizes) in looks {
        page.resize(sizes[0]).await;
        page.go(&server.url(address)).await;
        page.board(name, |board| (board.phase == BoardPhase::Live && board.total > 5).then_some(())).await;
        page.board(name, |board| (board.changes_seen > 0 && board.rows_in_page > 4).then_some(())).await;
        for size in sizes {
            page.resize(*size).await;
            settled(&page).await;
            page.save_picture(&file_name(name, *size)).await;
        }
        assert_eq!(page.complaints().await, Vec::<String>::new(), "{name}");
    }
    page.close().await;
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

/// A picture of the page as it is in each size.
pub async fn each_size(page: &Page, name: &str) {
    let sizes: &[Size] =
        if std::env::var_os(LARGE_TOO).is_some() { &[PHONE, LARGE, WIDE] } else { &[PHONE, WIDE] };
    for &size in sizes {
        page.resize(size).await;
        settled(page).await;
        page.save_picture(&file_name(name, size)).await;
    }
    page.resize_back().await;
}

/// Two draws after the window took its size, everything is where it belongs, and what fades in is there.
async fn settled(page: &Page) {
    let script = "const [done] = arguments;
        const fades = document.querySelector('#table')?.getAnimations() ?? [];
        Promise.allSettled(fades.map((it) => it.finished)).then(() =>
          requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(done))));";
    page.run_async(script).await;
}

fn file_name(name: &str, size: Size) -> String {
    format!("{name}-{}x{}", size.width, size.height)
}
