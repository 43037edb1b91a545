//! What is left of the own ship's corrections: where it is drawn, from where it is.
//!
//! Enters: what was predicted and what became of it, the time between draws. Leaves: an offset that shrinks to exactly
//! nothing. It must never be other than nothing where nothing was corrected.

use std::f32::consts::{PI, TAU};

use shared::motion::Body;
use shared::units::to_units;

/// Half of a correction is gone after this many seconds: nine tenths after a tenth of a second.
const HALF_SECONDS: f32 = 0.03;

/// A correction larger than this many world units is not blended: the ship is elsewhere.
const SNAP: f32 = 220.0;

/// A correction smaller than this many world units, or radians, is over.
const NOTHING: f32 = 0.01;

/// Place and heading that are still to be blended away.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Offset {
    place: [f32; 2],
    turn: f32,
}

impl Offset {
    /// The ship is not where `before` says but where `after` does.
    pub fn add(&mut self, before: &Body, after: &Body) {
        let missed = [before.pos.x - after.pos.x, before.pos.y - after.pos.y].map(to_units);
        self.place = [0, 1].map(|axis| self.place[axis] + missed[axis]);
        self.turn += shortest(before.heading.to_radians() - after.heading.to_radians());
        if self.length() > SNAP {
            *self = Self::default();
        }
    }

    /// Shrinks by what `seconds` do.
    pub fn shrink(&mut self, seconds: f32) {
        let share = 0.5f32.powf(seconds / HALF_SECONDS);
        self.place = self.place.map(|part| part * share);
        self.turn *= share;
        if self.length() < NOTHING && self.turn.abs() < NOTHING {
            *self = Self::default();
        }
    }

    /// World units.
    pub fn place(&self) -> [f32; 2] {
        self.place
    }

    /// Radians.
    pub fn turn(&self) -> f32 {
        self.turn
    }

    /// How far it is, in world units.
    pub fn length(&self) -> f32 {
        self.place[0].hypot(self.place[1])
    }
}

/// The same turn, the shorter way round.
pub(super) fn shortest(turn: f32) -> f32 {
    (turn + PI).rem_euclid(TAU) - PI
}
