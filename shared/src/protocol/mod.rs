//! Every byte on the wire; PROTOCOL.md says the same in prose. Messages are bincode, frames are a layout of their own
//! ([`frame`], [`rows`]), because a frame is assembled from ranges of bytes that many sessions share.

pub mod client;
pub mod close;
pub mod codec;
pub mod contest;
pub mod frame;
pub mod news;
pub mod rows;
pub mod server;
pub mod wire;

pub use client::{ClientMessage, Role};
pub use close::CloseReason;
pub use contest::{Podium, PodiumRow, Round, Totals};
pub use news::{News, Unsaid};
pub use server::{
    AroundRow, Life, PowerPlace, Recorded, RecordedPlace, Refusal, ServerMessage, TopRow, Welcome,
};

/// The protocol's version. Any change to a byte raises it; a client with another one is told so and closed.
pub const VERSION: u16 = 7;

/// Longest message a client may send, in bytes. A longer one is closed with [`CloseReason::TooLong`] unread.
pub const MAX_CLIENT_MESSAGE: usize = 512;

/// Longest message the server sends, in bytes: a live board of some 20,000 rows.
pub const MAX_SERVER_MESSAGE: usize = 1 << 20;

/// Most players that one Who may ask for.
pub const MAX_WHO: usize = 32;
