//! What others than players may want to know: who came, who left, how rounds ended. Noted where it happens, taken out by
//! whoever runs the arena.
//!
//! Must never: hold more than [`KEPT`], or know who it is told.

use bevy_ecs::resource::Resource;
use shared::identity::PlayerKey;
use shared::name::PlayerName;
use shared::protocol::Podium;

/// Those that nobody has taken yet; when there are more, the newest are left out. Whoever wants them takes them each tick.
const KEPT: usize = 4096;

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Doing {
    /// A person came into the arena.
    Came {
        /// Who.
        key: PlayerKey,
        /// Called so.
        name: PlayerName,
    },
    /// A person left it for good.
    Left {
        /// Who.
        key: PlayerKey,
        /// Called so.
        name: PlayerName,
    },
    /// A round is over.
    RoundEnded(Podium),
}

/// What happened of late.
#[derive(Debug, Default, Resource)]
pub(crate) struct Doings(Vec<Doing>);

impl Doings {
    /// That happened.
    pub(crate) fn note(&mut self, doing: Doing) {
        if self.0.len() < KEPT {
            self.0.push(doing);
        }
    }

    /// Everything since this was called last.
    pub(crate) fn take(&mut self) -> Vec<Doing> {
        std::mem::take(&mut self.0)
    }
}
