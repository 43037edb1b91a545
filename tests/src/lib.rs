//! What the end-to-end tests stand on: a real server process, HTTP, an innocent bystander, a bad connection, a real browser.
//!
//! Everything waits by polling against a deadline ([`patience`]) and picks free ports. The tests themselves are in the
//! folders beside this one, one for each group of `tests/run`.

pub mod balancer;
pub mod browser;
pub mod bystander;
pub mod events;
pub mod hang;
pub mod http;
pub mod join_token;
pub mod link;
pub mod nginx;
pub mod patience;
pub mod port;
pub mod process;
pub mod redis;
pub mod scene;
pub mod server;
