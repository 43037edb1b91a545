//! What everyone in an arena is told of: the feed.

use crate::identity::PlayerKey;
use crate::ids::PlayerId;
use crate::name::PlayerName;
use crate::saying::Saying;
use serde::{Deserialize, Serialize};

/// Something that everyone in the arena may know. The order of the variants is their number on the wire.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum News {
    /// A ship was destroyed.
    Sunk {
        /// Who did it; 0 when they are gone.
        killer: PlayerId,
        /// Their name, if they are still here.
        killer_name: Option<PlayerName>,
        /// Whose ship it was.
        victim: PlayerId,
        /// Their name.
        victim_name: PlayerName,
        /// Points of the bounty that was taken with it; 0 when there was none on the victim.
        bounty: u32,
    },
    /// A person has come into the arena.
    Came {
        /// Who.
        player: PlayerId,
        /// The name.
        name: PlayerName,
    },
    /// A person is gone for good.
    Left {
        /// Who.
        player: PlayerId,
        /// The name.
        name: PlayerName,
    },
    /// Someone said something.
    Said {
        /// Who.
        player: PlayerId,
        /// The name.
        name: PlayerName,
        /// The public id, by which a reader may turn someone off for longer than a session.
        key: PlayerKey,
        /// What.
        saying: Saying,
    },
}

/// Why something was not said. The session goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Unsaid {
    /// Nobody talks on this server. It is said after Welcome, too.
    Off,
    /// Who has not joined reads, and does not write.
    NotHere,
    /// Nothing is left once what may not be shown is taken out.
    Empty,
    /// One has said too much of late.
    TooMuch,
    /// So many talk in the arena that nobody could read it.
    TooMany,
}
