//! What clients say.

use crate::controls::Controls;
use crate::hull::Hull;
use crate::identity::Identity;
use crate::ids::{PlayerId, Token};
use crate::saying::Phrase;
use serde::{Deserialize, Serialize};

/// What a session is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Role {
    /// To watch the arena, and to play in it after Join.
    Play,
    /// To watch the live board.
    Board,
}

/// A message from a client. The order of the variants is their number on the wire.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ClientMessage {
    /// The first message, once.
    Hello {
        /// [`super::VERSION`] as the client was built with it.
        version: u16,
        /// What the session is for.
        role: Role,
        /// Which arena; none to be taken where there is room.
        arena: Option<String>,
        /// The token of an earlier Welcome, to take the same player back.
        resume: Option<Token>,
        /// Who the player is, as an earlier Welcome said; none to become someone new.
        identity: Option<Identity>,
    },
    /// Fly: the first ship, or the next one after a death.
    Join {
        /// As typed; the server cleans it. Counts the first time, and whenever it is another one.
        name: String,
        /// The hull to fly in, until the next Join.
        hull: Hull,
    },
    /// What the pilot does from now on.
    Input {
        /// Counts up by one with each input of the session, and wraps. The frame's ack names the last one applied. Those
        /// that do not come after the last one are passed over.
        sequence: u16,
        /// The tick whose step it is meant for.
        tick: u32,
        /// How many ticks before that one the others are that the pilot sees; hits are judged by it, within limits.
        seen: u8,
        /// The controls.
        controls: Controls,
    },
    /// Asks for a Pong at once.
    Ping {
        /// The client's clock in milliseconds; comes back as it is.
        sent_ms: u32,
    },
    /// Asks for names, at most [`super::MAX_WHO`] at once.
    Who {
        /// Whose.
        players: Vec<PlayerId>,
    },
    /// Tells the server that the view's checksum did not match. It answers with keyframes of the whole view.
    Mismatch {
        /// The tick of the frame that carried the checksum.
        tick: u32,
    },
    /// While one's own ship does not fly, the view follows this player's. It is passed over while it does, and when theirs
    /// does not.
    Watch {
        /// Whom; 0 for who leads then.
        player: PlayerId,
    },
    /// Says a line to everyone in the arena.
    Say {
        /// As typed; the server cleans it.
        text: String,
    },
    /// Says a phrase to everyone in the arena.
    Phrase(Phrase),
}

impl ClientMessage {
    /// Hello in this version of the protocol, of someone new.
    #[must_use]
    pub fn hello(role: Role, arena: Option<String>, resume: Option<Token>) -> Self {
        Self::hello_as(None, role, arena, resume)
    }

    /// The same of someone who may be known.
    #[must_use]
    pub fn hello_as(
        identity: Option<Identity>,
        role: Role,
        arena: Option<String>,
        resume: Option<Token>,
    ) -> Self {
        Self::Hello { version: super::VERSION, role, arena, resume, identity }
    }
}
