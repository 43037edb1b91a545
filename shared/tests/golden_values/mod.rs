//! The fixed values behind the golden files: each message and each kind of frame once, every field with a value of its
//! own that shows where it went.

mod frames;
mod messages;

pub use frames::frames;
pub use messages::{client_messages, server_messages};
