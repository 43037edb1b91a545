//! What a life was worth, as it comes from the simulation and as it is kept.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use shared::identity::{PlayerKey, hex128};
use shared::name::PlayerName;

use crate::period::UnixMs;
use crate::player::{NoRandomness, random_key};

/// One life, told apart from every other for ever: the same life handed in twice is recorded once.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LifeId(pub u128);

impl LifeId {
    /// A new one: the time in its upper 48 bits, so that ids of the same time lie together in the store, and 80 random
    /// bits.
    ///
    /// # Errors
    /// When the system gives no random bytes.
    pub fn random(at: UnixMs) -> Result<Self, NoRandomness> {
        let random = random_key()?.0 >> 48;
        Ok(Self((u128::from(at.0) << 80) | random))
    }
}

impl fmt::Display for LifeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl fmt::Debug for LifeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The text is no life's id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a life's id is 32 hexadecimal digits in lower case")]
pub struct NotALife;

impl FromStr for LifeId {
    type Err = NotALife;

    fn from_str(text: &str) -> Result<Self, NotALife> {
        hex128(text).map(Self).ok_or(NotALife)
    }
}

impl Serialize for LifeId {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for LifeId {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

/// A life that has ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LifeResult {
    /// Which life.
    pub life: LifeId,
    /// Whose.
    pub player: PlayerKey,
    /// What he was called then; it becomes his name in all his entries.
    pub name: PlayerName,
    /// Points.
    pub score: u32,
    /// Ships sunk.
    pub kills: u32,
    /// From spawn to death, in milliseconds.
    pub duration_ms: u32,
    /// The arena's number.
    pub arena: u32,
    /// When it ended.
    pub at: UnixMs,
}
