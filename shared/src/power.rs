//! Power-ups: what lies at a few fixed places that everyone knows, and what it does to the ship that takes it.

use crate::balance::{POWER_LINES, POWER_SPACING};
use crate::motion::Rules;
use crate::units::{Point, SUBUNITS};
use serde::{Deserialize, Serialize};

/// What a power-up does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum PowerUp {
    /// Mends the hull, at once.
    #[default]
    Repair,
    /// Fills the bar beyond its end, at once.
    Charge,
    /// Faster and cheaper shots, for a while.
    Rapid,
    /// Hits take half, for a while.
    Armour,
}

/// What a power-up does to a ship for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Effect {
    /// Which.
    pub kind: PowerUp,
    /// Ticks it has left, at least one.
    pub left: u16,
}

/// A power-up that lies at its place.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PowerState {
    /// Its centre, at whole world units.
    pub pos: Point,
    /// What it does.
    pub kind: PowerUp,
}

impl PowerUp {
    /// Every kind, in the order of its number on the wire.
    pub const ALL: [Self; 4] = [Self::Repair, Self::Charge, Self::Rapid, Self::Armour];

    /// The kind with that number.
    #[must_use]
    pub fn of_number(number: u8) -> Option<Self> {
        Self::ALL.get(usize::from(number)).copied()
    }

    /// What people call it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Repair => "Repair",
            Self::Charge => "Charge",
            Self::Rapid => "Rapid fire",
            Self::Armour => "Armour",
        }
    }
}

impl Effect {
    /// The effect one tick later; none when it is over.
    #[must_use]
    pub fn step(self) -> Option<Self> {
        let left = self.left.saturating_sub(1);
        (left > 0).then_some(Self { left, ..self })
    }
}

/// Where power-ups lie: the middles of a few equal squares that make up the arena.
pub fn places(rules: &Rules) -> impl Iterator<Item = Point> + use<> {
    let lines = (rules.arena_size() / POWER_SPACING).clamp(1, POWER_LINES).cast_signed();
    let side = rules.arena / SUBUNITS;
    let at = move |line: i32| side * (2 * line + 1) / (2 * lines);
    (0..lines * lines).map(move |place| Point::from_units(at(place % lines), at(place / lines)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_within_the_walls_and_a_few() {
        for (side, count) in [(1024, 1), (4096, 4), (16_000, 16)] {
            let rules = Rules::new(30, side);
            let places: Vec<_> = places(&rules).collect();
            assert_eq!(places.len(), count);
            assert!(places.iter().all(|place| rules.contains(*place)));
        }
    }
}
