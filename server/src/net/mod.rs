//! Sockets. Accepting and handshakes run on the main runtime; each shard then owns its connections outright, on one
//! thread, and writes all its frames in one pass per tick.

mod accept;
mod connection;
mod limits;
mod session;
mod shard;
mod shards;

pub(crate) use accept::accept;
pub(crate) use shards::{Newcomer, Shards};
