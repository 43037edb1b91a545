//! Several servers with one real Redis: standings in common, and what happens when Redis goes.

#![allow(
    clippy::unwrap_used,
    clippy::missing_docs_in_private_items,
    missing_docs,
    reason = "tests: a wrong turn is a failure, and their names say what they show"
)]

mod arenas;
mod boards;
mod deploy;
mod faults;
mod fleet;
mod game;
mod goings;
mod ledger;
mod lossy;
mod people;
mod private;
mod seen;
mod standings_in_common;
mod tickets;
#[path = "../boards/world.rs"]
#[allow(dead_code, reason = "these tests need a part of it")]
mod world;
