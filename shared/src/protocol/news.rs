//! What everyone in an arena is told of: the feed.

use crate::ids::PlayerId;
use crate::name::PlayerName;
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
}
