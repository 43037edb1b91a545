//! The pages in a real browser, against a real server.

#![allow(clippy::unwrap_used, reason = "what is not there fails the test")]

mod announced;
mod arenas;
mod audit;
mod away;
mod boards;
mod controls;
mod fallback;
mod join_tokens;
mod modes;
mod motion;
mod moves;
mod names;
mod person;
mod pictures;
mod play;
mod policy;
mod private;
mod prizes;
mod restart;
mod talk;
mod world;

use e2e::browser::state::{Phase, Play};
use e2e::browser::{Driver, Page, join};
use e2e::server::Server;

/// Small enough that two who fly to the middle see each other.
const SMALL: [&str; 4] = ["--drones", "0", "--arena-size", "1024"];

/// A page with the game, on which `name` flies.
async fn player(driver: &Driver, server: &Server, name: &str) -> (Page, u32) {
    join(driver, &server.url("/"), name).await
}

fn in_phase(state: &Play, phase: Phase) -> Option<()> {
    (state.phase == phase).then_some(())
}

/// The page had nothing to complain about, and its view was right throughout.
async fn assert_well(page: &Page) {
    assert_eq!(page.complaints().await, Vec::<String>::new());
    page.play("no mismatch", |state| (state.mismatches == 0).then_some(())).await;
}
