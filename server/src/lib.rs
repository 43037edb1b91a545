//! The server: sockets, the clock, HTTP. The world itself is in the `sim` crate.
//!
//! Owns every thread, task, socket and timer of the process. Decoded and validated messages leave for the simulation as
//! commands; its batches of bytes come back and go to the sockets. Must never read the world.

mod announce;
mod arena;
mod arenas;
pub mod args;
mod boards;
mod booth;
mod clock;
pub mod command;
mod counters;
mod drain;
mod ebb;
mod http;
mod metrics;
mod moves;
mod net;
pub mod panics;
mod private;
mod records;
mod run;
mod saves;
mod seats;
mod signals;

pub use run::{Server, ServerError};
