//! Angles as integers: 65,536 to a full turn. 0 points right (+x), and they grow clockwise on the screen (towards +y).

use std::sync::LazyLock;

use crate::units::Vector;
use serde::{Deserialize, Serialize};

/// A direction. Wraps by itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Angle(pub u16);

/// The length of a [`Angle::direction`]: directions are vectors in 1/16384.
pub const DIRECTION_ONE: i32 = 1 << 14;

/// Steps of the sine table in a full turn. A finer angle is rounded down to a step (0.088 degrees).
const STEPS: usize = 4096;

/// sin, rounded to 1/16384. libm is plain Rust, so WASM and native builds compute the same table.
static SINE: LazyLock<[i16; STEPS]> = LazyLock::new(|| {
    std::array::from_fn(|step| {
        let turn = step as f64 / STEPS as f64;
        libm::round(libm::sin(turn * std::f64::consts::TAU) * f64::from(DIRECTION_ONE)) as i16
    })
});

impl Angle {
    /// A quarter of a turn.
    pub const QUARTER: Self = Self(1 << 14);

    /// The unit vector that points this way, in 1/16384.
    #[must_use]
    #[inline]
    pub fn direction(self) -> Vector {
        Vector { x: sine(self.plus(Self::QUARTER)), y: sine(self) }
    }

    /// The direction of `v`; 0 for the null vector. Same bits everywhere, as libm is plain Rust.
    #[must_use]
    pub fn of(v: Vector) -> Self {
        Self::from_radians(libm::atan2(f64::from(v.y), f64::from(v.x)))
    }

    /// The sum of two angles, wrapped.
    #[must_use]
    #[inline]
    pub fn plus(self, other: Self) -> Self {
        Self(self.0.wrapping_add(other.0))
    }

    /// The shorter way from here to `other`: positive clockwise, in 1/65536 turn.
    #[must_use]
    #[inline]
    pub fn shortest_to(self, other: Self) -> i16 {
        other.0.wrapping_sub(self.0).cast_signed()
    }

    /// This angle moved towards `target` the shorter way, by at most `step` (1/65536 turn).
    #[must_use]
    pub fn turned_towards(self, target: Self, step: u16) -> Self {
        let way = i32::from(self.shortest_to(target)).clamp(-i32::from(step), i32::from(step));
        self.plus(Self(way as u16))
    }

    /// In radians, for drawing.
    #[must_use]
    pub fn to_radians(self) -> f32 {
        f32::from(self.0) / 65536.0 * std::f32::consts::TAU
    }

    /// From radians, any number of turns. What is not finite gives 0.
    #[must_use]
    pub fn from_radians(radians: f64) -> Self {
        let turns = radians / std::f64::consts::TAU;
        Self((libm::round((turns - libm::floor(turns)) * 65536.0) as u32 & 0xffff) as u16)
    }
}

#[inline]
fn sine(angle: Angle) -> i32 {
    i32::from(SINE[usize::from(angle.0 >> 4)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directions_have_length_one() {
        for raw in (0..=u16::MAX).step_by(97) {
            let length = Angle(raw).direction().length();
            assert!((length - DIRECTION_ONE).abs() <= 1, "{raw}: {length}");
        }
    }

    #[test]
    fn the_direction_of_a_direction_is_itself() {
        for raw in (0..u16::MAX).step_by(16) {
            let back = Angle::of(Angle(raw).direction());
            assert!(Angle(raw).shortest_to(back).abs() <= 8, "{raw}: {back:?}");
        }
    }

    #[test]
    fn turning_takes_the_shorter_way_and_stops_at_the_target() {
        assert_eq!(Angle(65_000).turned_towards(Angle(500), 600), Angle(64));
        assert_eq!(Angle(64).turned_towards(Angle(500), 600), Angle(500));
        assert_eq!(Angle(500).turned_towards(Angle(65_000), 600), Angle(65_436));
    }

    #[test]
    fn angles_that_are_not_numbers_are_zero() {
        assert_eq!(Angle::from_radians(f64::NAN), Angle(0));
        assert_eq!(Angle::from_radians(f64::INFINITY), Angle(0));
        assert_eq!(Angle::from_radians(-std::f64::consts::FRAC_PI_2), Angle(49_152));
    }
}
