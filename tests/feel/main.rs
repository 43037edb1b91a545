//! How the game feels over a bad link: 100 ms there and back, 30 ms of jitter, half a second of nothing every ten seconds.
//! Each test prints what it measured, beside what must be reached.

#![allow(clippy::print_stdout, reason = "the figures are what these tests are run for")]

mod draws;
mod late;
mod page;
mod resume;

/// Nobody else to bump into.
const ALONE: [&str; 4] = ["--drones", "0", "--arena-size", "4096"];
