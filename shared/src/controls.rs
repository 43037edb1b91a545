//! What a pilot does with a ship, packed in 16 bits. Every pattern of 16 bits is a valid set of controls, so nothing a
//! client sends here can be out of range.

use crate::angle::Angle;
use serde::{Deserialize, Serialize};

/// How the ship is steered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Steer {
    /// Turn towards [`Controls::aim`] as fast as the hull can.
    #[default]
    Aim,
    /// Turn anticlockwise.
    Left,
    /// Turn clockwise.
    Right,
    /// Keep the heading.
    Hold,
}

/// One tick of player intent. Part of a ship's replicated state: both ends fly the ship by it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "u16", into = "u16")]
pub struct Controls {
    /// Where to point, in steps of 16/65536 turn; counts while `steer` is [`Steer::Aim`].
    pub aim: Angle,
    /// How to turn.
    pub steer: Steer,
    /// Engine on.
    pub thrust: bool,
    /// Trigger held.
    pub fire: bool,
}

const AIM_BITS: u16 = 0xfff0;
const THRUST: u16 = 1;
const FIRE: u16 = 2;

impl Controls {
    /// These controls as 16 bits: aim (12, high), steer (2), fire (1), thrust (1).
    #[must_use]
    pub fn pack(self) -> u16 {
        let steer = match self.steer {
            Steer::Aim => 0,
            Steer::Left => 1,
            Steer::Right => 2,
            Steer::Hold => 3,
        };
        (self.aim.0 & AIM_BITS) | steer << 2 | u16::from(self.fire) << 1 | u16::from(self.thrust)
    }

    /// The inverse of [`Controls::pack`].
    #[must_use]
    pub fn unpack(bits: u16) -> Self {
        let steer = match (bits >> 2) & 3 {
            1 => Steer::Left,
            2 => Steer::Right,
            3 => Steer::Hold,
            _ => Steer::Aim,
        };
        Self { aim: Angle(bits & AIM_BITS), steer, thrust: bits & THRUST != 0, fire: bits & FIRE != 0 }
    }

    /// These controls as they will look after the wire: the aim rounded to its step.
    #[must_use]
    pub fn quantised(self) -> Self {
        let aim = Angle(self.aim.0.wrapping_add(8) & AIM_BITS);
        Self { aim, ..self }
    }
}

impl From<u16> for Controls {
    fn from(bits: u16) -> Self {
        Self::unpack(bits)
    }
}

impl From<Controls> for u16 {
    fn from(controls: Controls) -> Self {
        controls.pack()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_of_16_bits_is_a_valid_set_of_controls() {
        for bits in 0..=u16::MAX {
            assert_eq!(Controls::unpack(bits).pack(), bits);
        }
    }
}
