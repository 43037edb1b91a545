//! How well a drone flies. Skill is in the eyes and hands alone: a drone has the ship, the gun and the controls of anyone.

/// How good a drone is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Skill {
    /// For company, and to practise on.
    #[default]
    Rookie,
    /// Holds its own.
    Regular,
    /// As good as a practised person.
    Ace,
}

/// What a skill means.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hand {
    /// Time between two looks around, in milliseconds.
    pub look_ms: u32,
    /// How far the aim is off at most, in 1/65536 turn.
    pub error: i16,
    /// How far beyond the sure aim the trigger is pulled, in 1/65536 turn.
    pub hope: u16,
    /// Uses boost.
    pub boosts: bool,
    /// Sees shots come, and shields against them.
    pub shields: bool,
    /// Leaves the line of fire between its own shots.
    pub weaves: bool,
}

impl Skill {
    /// What it means.
    pub(crate) fn hand(self) -> Hand {
        match self {
            // 8 degrees off, three looks a second: hits what flies straight at it.
            Self::Rookie => {
                Hand { look_ms: 320, error: 1450, hope: 1400, boosts: false, shields: false, weaves: false }
            }
            Self::Regular => {
                Hand { look_ms: 200, error: 700, hope: 700, boosts: true, shields: false, weaves: false }
            }
            Self::Ace => {
                Hand { look_ms: 100, error: 160, hope: 160, boosts: true, shields: true, weaves: true }
            }
        }
    }

    /// The skill of a new drone, by a throw from 0 to 5: half are rookies, a sixth are aces.
    pub(crate) fn thrown(throw: u8) -> Self {
        match throw {
            0..=2 => Self::Rookie,
            3..=4 => Self::Regular,
            _ => Self::Ace,
        }
    }
}
