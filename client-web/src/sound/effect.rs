//! What can be heard.
//!
//! Owns: the list of sounds, how loud each is among the others, and how close two of a kind may follow each other.

/// Something to hear.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// A gun fires.
    Shot,
    /// A shot ends on something.
    Hit,
    /// The own hull is struck.
    Struck,
    /// An asteroid breaks.
    Shatter,
    /// A ship blows up.
    Explosion,
    /// A shard is gathered.
    Shard,
    /// One destroyed a ship.
    Kill,
    /// A life ends.
    Death,
    /// A life begins.
    Launch,
    /// A power-up is taken.
    Power,
    /// Boost comes on.
    Boost,
    /// The shield comes on.
    Shield,
    /// The energy is spent.
    Spent,
}

/// Every sound.
pub const EFFECTS: [Effect; 13] = [
    Effect::Shot,
    Effect::Hit,
    Effect::Struck,
    Effect::Shatter,
    Effect::Explosion,
    Effect::Shard,
    Effect::Kill,
    Effect::Death,
    Effect::Launch,
    Effect::Power,
    Effect::Boost,
    Effect::Shield,
    Effect::Spent,
];

impl Effect {
    /// How loud it is among the others, 0 to 1.
    pub fn level(self) -> f32 {
        match self {
            Self::Shot => 0.22,
            Self::Hit => 0.3,
            Self::Shatter | Self::Boost | Self::Shield | Self::Spent => 0.4,
            Self::Shard => 0.35,
            Self::Struck | Self::Launch | Self::Power => 0.5,
            Self::Explosion | Self::Kill => 0.6,
            Self::Death => 0.8,
        }
    }

    /// Two of a kind are no closer than this, in milliseconds: a third would only be noise.
    pub fn least_gap_ms(self) -> f64 {
        match self {
            Self::Shot | Self::Hit | Self::Shard => 35.0,
            Self::Shatter | Self::Explosion | Self::Struck => 60.0,
            Self::Kill | Self::Death | Self::Launch | Self::Power => 100.0,
            Self::Boost | Self::Shield | Self::Spent => 250.0,
        }
    }
}
