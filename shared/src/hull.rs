//! The hulls a player chooses from. What sets them apart is one table of numbers, [`crate::balance::HULLS`]; nothing else
//! in the game asks which one a ship has.

use serde::{Deserialize, Serialize};

/// One of the hulls. Each has one that it beats and one that beats it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Hull {
    /// Good at everything, best at nothing.
    #[default]
    Corsair,
    /// Fast and fragile: it has to be near, and must not stay there.
    Wasp,
    /// Slow and strong: whoever comes near pays for it.
    Anvil,
    /// Long range, a thin hull and a slow gun: it must not be reached.
    Lance,
}

impl Hull {
    /// Every hull, in the order of its number on the wire.
    pub const ALL: [Self; 4] = [Self::Corsair, Self::Wasp, Self::Anvil, Self::Lance];

    /// Its place in [`Hull::ALL`] and in tables.
    #[must_use]
    pub fn index(self) -> usize {
        self as usize
    }

    /// The hull with that number in its lowest two bits.
    #[must_use]
    pub fn of_bits(bits: u8) -> Self {
        Self::ALL[usize::from(bits & 3)]
    }

    /// What people call it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Corsair => "Corsair",
            Self::Wasp => "Wasp",
            Self::Anvil => "Anvil",
            Self::Lance => "Lance",
        }
    }

    /// What it is like, in a few words.
    #[must_use]
    pub fn about(self) -> &'static str {
        match self {
            Self::Corsair => "balanced",
            Self::Wasp => "fast and fragile",
            Self::Anvil => "slow and strong",
            Self::Lance => "long range",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_hull_is_found_by_its_number() {
        assert!(Hull::ALL.iter().all(|hull| Hull::of_bits(hull.index() as u8) == *hull));
    }
}
