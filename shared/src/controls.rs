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
    /// Where to point, in steps of 64/65536 turn; counts while `steer` is [`Steer::Aim`].
    pub aim: Angle,
    /// How to turn.
    pub steer: Steer,
    /// Engine on.
    pub thrust: bool,
    /// Trigger held.
    pub fire: bool,
    /// More thrust while the bar can pay. The engine is on with it.
    pub boost: bool,
    /// Hits take energy instead of hull points while the bar can pay. Guns are silent with it.
    pub shield: bool,
}

/// A step of the aim is a third of a degree: at the longest reach a quarter of a ship. It is so coarse that the controls
/// fit in 16 bits, and that most turns of a pointer are sent in one byte.
const AIM_BITS: u16 = 0xffc0;
const AIM_SHIFT: u32 = AIM_BITS.trailing_zeros();
const STEER_SHIFT: u32 = 4;
const SHIELD: u16 = 8;
const BOOST: u16 = 4;
const FIRE: u16 = 2;
const THRUST: u16 = 1;

impl Controls {
    /// These controls as 16 bits: aim (10, high), steer (2), shield, boost, fire, thrust (1 each).
    #[must_use]
    pub fn pack(self) -> u16 {
        let steer = match self.steer {
            Steer::Aim => 0,
            Steer::Left => 1,
            Steer::Right => 2,
            Steer::Hold => 3,
        };
        let bit = |held: bool, bit: u16| if held { bit } else { 0 };
        let buttons = bit(self.shield, SHIELD)
            | bit(self.boost, BOOST)
            | bit(self.fire, FIRE)
            | bit(self.thrust, THRUST);
        (self.aim.0 & AIM_BITS) | steer << STEER_SHIFT | buttons
    }

    /// The inverse of [`Controls::pack`].
    #[must_use]
    pub fn unpack(bits: u16) -> Self {
        let steer = match (bits >> STEER_SHIFT) & 3 {
            1 => Steer::Left,
            2 => Steer::Right,
            3 => Steer::Hold,
            _ => Steer::Aim,
        };
        let held = |bit: u16| bits & bit != 0;
        let (thrust, fire, boost, shield) = (held(THRUST), held(FIRE), held(BOOST), held(SHIELD));
        Self { aim: Angle(bits & AIM_BITS), steer, thrust, fire, boost, shield }
    }

    /// These controls as they will look after the wire: the aim rounded to its step.
    #[must_use]
    pub fn quantised(self) -> Self {
        let aim = Angle(self.aim.0.wrapping_add(1 << (AIM_SHIFT - 1)) & AIM_BITS);
        Self { aim, ..self }
    }
}

/// Steps of the aim in a full turn.
const AIM_STEPS: i32 = 1 << (16 - AIM_SHIFT);

impl Controls {
    /// How far the aim moved from `before`, in steps of the aim from -512 to 511, if nothing else changed.
    #[must_use]
    pub fn nudge_from(self, before: Self) -> Option<i32> {
        let steps = (self.aim_step() - before.aim_step()).rem_euclid(AIM_STEPS);
        let nudge = if steps < AIM_STEPS / 2 { steps } else { steps - AIM_STEPS };
        (before.nudged(nudge) == self).then_some(nudge)
    }

    /// These controls with the aim moved by so many steps; wraps.
    #[must_use]
    pub fn nudged(self, steps: i32) -> Self {
        let aim = self.aim_step().wrapping_add(steps).rem_euclid(AIM_STEPS);
        Self { aim: Angle((aim as u16) << AIM_SHIFT), ..self }
    }

    fn aim_step(self) -> i32 {
        i32::from(self.aim.0 >> AIM_SHIFT)
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
    fn a_nudge_takes_the_aim_the_shorter_way_and_back() {
        let at = |aim: u16| Controls { aim: Angle(aim << 6), thrust: true, ..Controls::default() };
        assert_eq!(at(3).nudge_from(at(1023)), Some(4));
        assert_eq!(at(1023).nudge_from(at(3)), Some(-4));
        assert_eq!(at(512).nudge_from(at(0)), Some(-512));
        assert_eq!(Controls { fire: true, ..at(3) }.nudge_from(at(2)), None);
        for nudge in [-512, -64, 0, 63, 511] {
            assert_eq!(at(100).nudged(nudge).nudge_from(at(100)), Some(nudge));
        }
    }

    #[test]
    fn every_pattern_of_16_bits_is_a_valid_set_of_controls() {
        for bits in 0..=u16::MAX {
            assert_eq!(Controls::unpack(bits).pack(), bits);
        }
    }
}
