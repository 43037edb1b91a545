//! What the server says, besides frames.

use crate::ids::{PlayerId, SessionId, Token};
use crate::leaderboard::{BoardDelta, BoardRow};
use crate::name::PlayerName;
use crate::tick::Tick;
use serde::{Deserialize, Serialize};

/// The answer to Hello: everything a client needs to make the same rules as the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Welcome {
    /// This session's number.
    pub session: SessionId,
    /// The arena's tick when it was said.
    pub tick: Tick,
    /// Ticks per second.
    pub tick_hz: u16,
    /// Side of the arena, in world units.
    pub arena_size: u32,
    /// Takes the player back after the connection is gone.
    pub token: Token,
    /// Was the player of Hello's token still here? If its ship flies, Joined follows.
    pub resumed: bool,
}

/// Why a Join was not granted. The session goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Refusal {
    /// Nothing of the name is left once what may not be shown is taken out.
    EmptyName,
    /// The ship still flies.
    AlreadyFlying,
    /// The arena has as many players as it takes.
    ArenaFull,
}

impl Refusal {
    /// What the page shows.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::EmptyName => "Please choose a name with at least one letter or digit.",
            Self::AlreadyFlying => "Your ship is already flying.",
            Self::ArenaFull => "The arena is full. Try again in a moment.",
        }
    }
}

/// What a life was worth.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Life {
    /// Points.
    pub score: u32,
    /// Ships destroyed.
    pub kills: u32,
    /// Ticks from spawn to death.
    pub ticks: u32,
}

/// One row of the short board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TopRow {
    /// Who.
    pub player: PlayerId,
    /// The name.
    pub name: PlayerName,
    /// Flown by the server.
    pub drone: bool,
    /// Points of the life that is being played.
    pub score: u32,
}

/// A player's name, as asked for by Who.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NameRow {
    /// Who.
    pub player: PlayerId,
    /// The name.
    pub name: PlayerName,
}

/// A message from the server. The order of the variants is their number on the wire.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ServerMessage {
    /// The answer to Hello.
    Welcome(Welcome),
    /// Join was granted: the ship flies from the next frame on.
    Joined {
        /// Who one is, on boards and ships.
        player: PlayerId,
        /// The name as others see it.
        name: PlayerName,
    },
    /// Join was not granted.
    Refused(Refusal),
    /// One's ship was destroyed.
    Died {
        /// By whom; 0 when it was nobody.
        by: PlayerId,
        /// Their name, if they are still here.
        name: Option<PlayerName>,
        /// What the life was worth.
        life: Life,
    },
    /// One destroyed a ship.
    Kill {
        /// Whose ship it was.
        victim: PlayerId,
        /// Their name.
        name: PlayerName,
        /// Points for it.
        points: u32,
    },
    /// The short board, when it changed, a few times a second at most.
    Top {
        /// Best first, at most [`crate::tuning::TOP_ROWS`].
        rows: Vec<TopRow>,
        /// People in the arena.
        players: u16,
        /// Drones in the arena.
        drones: u16,
    },
    /// The answer to Who: those that are known.
    Names(Vec<NameRow>),
    /// The answer to Ping.
    Pong {
        /// As the client sent it.
        sent_ms: u32,
    },
    /// The whole live board, to a watcher who begins.
    Board {
        /// In any order.
        rows: Vec<BoardRow>,
    },
    /// One tick's changes of the live board, to watchers.
    BoardDelta(BoardDelta),
}
