//! What somebody who plays has seen: how his lives ended, how long he saw nothing, what his scores were.

use shared::identity::Identity;
use shared::protocol::{CloseReason, Life};
use std::time::{Duration, Instant};

/// How a ship was at one moment, as its pilot saw it.
#[derive(Debug, Clone, Copy)]
pub struct Flight {
    pub at: Instant,
    /// The arena's tick.
    pub tick: u32,
    pub score: u32,
    pub flies: bool,
}

/// A time without the arena.
#[derive(Debug, Clone, Copy)]
pub struct Absence {
    /// What was said before; nothing by a server that died.
    pub why: Option<CloseReason>,
    pub before: Flight,
    /// From the first frame on which the same ship flies.
    pub after: Flight,
}

impl Absence {
    /// How long it was.
    pub fn length(&self) -> Duration {
        self.after.at - self.before.at
    }
}

/// What somebody saw.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    pub arena: String,
    /// Proves who it is.
    pub identity: Option<Identity>,
    /// Lives that ended before his eyes, those without a point left out.
    pub ends: Vec<(Instant, Life)>,
    pub absences: Vec<Absence>,
    /// The longest time between two frames of one connection.
    pub longest_gap: Duration,
    /// He came back too late: his player was gone.
    pub anew: u32,
    pub mismatches: u32,
    pub last: Option<Flight>,
    /// The tick and the score of each frame on which that had changed.
    pub scores: Vec<(u32, u32)>,
}

impl Seen {
    /// What the score was in an earlier tick; none before the first frame.
    pub fn score_at(&self, tick: u32) -> Option<u32> {
        let before = self.scores.iter().rev().find(|(at, _)| *at <= tick);
        before.map(|(_, score)| *score)
    }

    /// The absences that ended in the same ship, of those who were told why, or of the others.
    pub fn returns(&self, told: bool) -> impl Iterator<Item = &Absence> {
        self.absences.iter().filter(move |absence| absence.why.is_some() == told)
    }
}
