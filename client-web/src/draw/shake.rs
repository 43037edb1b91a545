//! The shaking of the camera when something strikes or blows up near by.
//!
//! Enters: jolts, the time that passes. Leaves: an offset of the picture in world units. It is for the eyes alone: the pilot
//! aims by the camera without it. A visitor who asked for less motion has none of it.

/// The farthest that the picture is moved, in world units.
pub const MOST: f32 = 11.0;

/// Half of a jolt is gone after this many seconds.
const HALF_SECONDS: f32 = 0.09;

/// Swings per second, along each axis: no simple ratio, so that it does not circle.
const SWINGS: [f32; 2] = [17.0, 23.0];

/// The shaking.
#[derive(Debug, Default)]
pub struct Shake {
    strength: f32,
    clock: f32,
}

impl Shake {
    /// Something struck so hard, from 0 to 1.
    pub fn jolt(&mut self, strength: f32) {
        self.strength = (self.strength + strength).min(1.0);
    }

    /// `seconds` passed. Returns how far the picture is moved now, in world units.
    pub fn advance(&mut self, seconds: f32) -> [f32; 2] {
        self.strength *= 0.5f32.powf(seconds / HALF_SECONDS);
        self.clock += seconds;
        if self.strength < 0.01 {
            self.strength = 0.0;
        }
        SWINGS.map(|swings| (self.clock * swings * std::f32::consts::TAU).sin() * self.strength * MOST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_jolts_move_the_picture_no_farther_than_it_may_and_it_comes_to_rest() {
        let mut shake = Shake::default();
        (0..50).for_each(|_| shake.jolt(0.8));
        let moved = shake.advance(0.01);
        assert!(moved.iter().all(|part| part.abs() <= MOST) && moved != [0.0, 0.0]);
        (0..60).for_each(|_| {
            shake.advance(1.0 / 60.0);
        });
        assert_eq!(shake.advance(0.016), [0.0, 0.0]);
    }
}
