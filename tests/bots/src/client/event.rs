//! What a client hears, and how its session can end.

use shared::protocol::codec::CodecError;
use shared::protocol::{CloseReason, ServerMessage};
use shared::replica::{Applied, ReplicaError};
use tokio_tungstenite::tungstenite;

/// One message from the server. `bytes` is its size on the wire, the WebSocket header counted (2 bytes up to 125, 4 up
/// to 65,535, else 10), TCP's and IP's not.
#[derive(Debug)]
pub enum Event {
    /// A frame was applied to the replica.
    Frame {
        /// What it brought.
        applied: Applied,
        /// Its size.
        bytes: usize,
    },
    /// A message came.
    Message {
        /// Which.
        message: ServerMessage,
        /// Its size.
        bytes: usize,
    },
    /// A frame that could not count: it followed a fault, and the reset that was asked for has not come yet.
    Skipped {
        /// Its size.
        bytes: usize,
    },
    /// Something came that is not of the protocol, or does not fit the replica.
    Fault {
        /// What is wrong with it.
        fault: Fault,
        /// Its size.
        bytes: usize,
    },
}

/// What is wrong with something from the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Not a message.
    #[error(transparent)]
    Codec(#[from] CodecError),
    /// A frame that does not fit.
    #[error(transparent)]
    Replica(#[from] ReplicaError),
    /// A frame before Welcome.
    #[error("a frame came before Welcome")]
    Early,
    /// A text message.
    #[error("a text message came")]
    Text,
}

/// How the server said goodbye.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Farewell {
    /// The close code; none when the socket ended without one.
    pub code: Option<u16>,
    /// The text beside the code.
    pub text: String,
}

impl Farewell {
    /// The reason, if the code is one of ours.
    #[must_use]
    pub fn reason(&self) -> Option<CloseReason> {
        self.code.and_then(CloseReason::from_code)
    }
}

impl std::fmt::Display for Farewell {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.code {
            Some(code) => write!(f, "{code} {}", self.text),
            None => f.write_str("the connection was lost without a close code"),
        }
    }
}

/// Why a client's wish was not met.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// Not a URL this client can open.
    #[error("{0:?} is not of the form ws://HOST:PORT/PATH")]
    BadUrl(String),
    /// The connection could not be made.
    #[error("cannot connect: {0}")]
    Connect(#[from] std::io::Error),
    /// The WebSocket handshake failed, or something could not be sent.
    #[error(transparent)]
    WebSocket(#[from] Box<tungstenite::Error>),
    /// The session ended.
    #[error("closed: {0}")]
    Closed(Farewell),
    /// It did not happen in time.
    #[error("it did not happen in time")]
    TimedOut,
}

/// The size on the wire of a message of `length` bytes: unmasked, as servers send.
pub(super) fn with_header(length: usize) -> usize {
    length
        + match length {
            0..=125 => 2,
            126..=65_535 => 4,
            65_536.. => 10,
        }
}
