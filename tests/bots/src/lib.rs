//! Headless players over real sockets with the real protocol: the load tool, and the scripted players of the tests.
//!
//! Owns one client of the protocol ([`client`]), pilots that fly it ([`pilot`]) and a fleet of them ([`fleet`]) whose
//! measurements end in a [`report`]. It knows of the server only what `shared` says, so a load run is also a proof that
//! the protocol is enough. Everything runs on one thread: no locks, and no task per message.

pub mod args;
mod bot;
pub mod client;
pub mod fleet;
pub mod host;
pub mod meter;
pub mod pilot;
pub mod report;
mod socket;
mod watcher;
