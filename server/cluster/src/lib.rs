//! Several servers, one game: what they share, through one Redis.
//!
//! Owns every connection to Redis, every name of a key in it, and the scripts that run there. Lives come in from the
//! node's own standings and go out to all others; each node's store stays whole without Redis, and is what Redis is filled
//! from again. Must never: be waited for by a tick or a join, or know a socket of a player.

mod broadcast;
mod directory;
mod exchange;
mod keys;
mod link;
mod rebuild;
mod state;

pub use broadcast::{Announcements, Booth, Broadcast, Heard, Untold, Word};
pub use directory::{
    About, Bell, Desk, Directory, Handed, Hold, Host, Keeper, Map, Me, Node, Saved, Whereabouts,
};
pub use exchange::{Event, Events, Exchange, Removals, Unremoved};
pub use link::{BadUrl, RedisUrl};
pub use rebuild::{RebuildError, rebuild};
pub use state::{Snapshot, State};
