//! Sockets. Accepting and handshakes run on the main runtime; each shard then owns its connections outright, on one
//! thread, and writes all its frames in one pass per tick.

mod accept;
mod bucket;
mod connection;
mod crowd;
mod door;
mod echo;
mod limits;
mod placing;
mod proxy;
mod session;
mod shard;
mod shards;
mod source;
mod taking;
mod tls;
pub(crate) mod transfer;
mod wire;

pub(crate) use accept::{Hall, Visitor, accept};
pub(crate) use bucket::{Bucket, Rate};
pub(crate) use door::{Door, Ear, Ticket};
pub(crate) use shards::{Newcomer, Pass, Shards};
pub(crate) use source::Source;
pub(crate) use taking::Taking;
pub(crate) use tls::Certificate;
pub(crate) use wire::Wire;
