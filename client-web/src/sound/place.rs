//! From where a sound comes: how loud it is there, and on which side.
//!
//! Enters: the place of a sound and of the ear, in world units. Leaves: gain and pan. What is too far away is not heard.

/// At this distance, in world units, a sound has half its strength.
const HALF: f32 = 340.0;

/// Beyond this distance, in world units, nothing is heard: a little more than is seen.
const FARTHEST: f32 = 1100.0;

/// A sound this far to a side, in world units, comes from there alone; almost, as one ear never hears nothing.
const ASIDE: f32 = 620.0;
const MOST_PAN: f32 = 0.85;

/// How a sound is heard.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Heard {
    /// From 0 to 1.
    pub gain: f32,
    /// From -1, left, to 1, right.
    pub pan: f32,
}

/// As one hears oneself.
pub const HERE: Heard = Heard { gain: 1.0, pan: 0.0 };

/// A sound at `at` for an ear at `ear`; none where it is too far.
pub fn heard(at: [f32; 2], ear: [f32; 2]) -> Option<Heard> {
    let [x, y] = [0, 1].map(|axis| at[axis] - ear[axis]);
    let far = x.hypot(y);
    let fade = (1.0 - far / FARTHEST).max(0.0);
    let gain = fade / (1.0 + (far / HALF).powi(2));
    (far < FARTHEST).then_some(Heard { gain, pan: (x / ASIDE).clamp(-1.0, 1.0) * MOST_PAN })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_near_is_loud_and_what_is_far_is_not_heard() {
        let gain = |x| heard([x, 0.0], [0.0, 0.0]).map_or(0.0, |heard| heard.gain);
        assert_eq!(gain(0.0), 1.0);
        assert!(gain(100.0) > 0.8 && gain(340.0) < 0.5 && gain(340.0) > gain(700.0));
        assert_eq!(gain(1200.0), 0.0);
    }

    #[test]
    fn what_is_on_the_left_comes_from_the_left() {
        let pan = |x| heard([x, 50.0], [500.0, 0.0]).map_or(0.0, |heard| heard.pan);
        assert!(pan(300.0) < -0.2 && pan(700.0) > 0.2);
        assert_eq!(pan(500.0), 0.0);
    }
}
