//! Fingers: the first one down drags the aim and thrusts, any further one fires.
//!
//! Enters: finger ids and places in CSS pixels. Leaves: aim, thrust, which buttons are held. The stick is where the finger first touched, so
//! the hand never covers the ship. It must never take more fingers than hands have.

use shared::angle::Angle;

/// A drag shorter than this many CSS pixels only aims.
const THRUST_PX: f32 = 26.0;

/// A drag shorter than this many CSS pixels says nothing.
const DEAD_PX: f32 = 8.0;

/// The stick follows a finger that is farther away than this many CSS pixels.
const REACH_PX: f32 = 70.0;

/// Fingers that are heeded.
const MOST: usize = 5;

#[derive(Debug, Clone, Copy)]
struct Stick {
    finger: i32,
    centre: [f32; 2],
    at: [f32; 2],
}

/// A button on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Button {
    /// Trigger held. Any further finger on the canvas counts as on it.
    Fire,
    /// More thrust.
    Boost,
    /// Hits take energy.
    Shield,
}

/// The fingers on the canvas and on the buttons.
#[derive(Debug, Default)]
pub struct Touches {
    stick: Option<Stick>,
    pressed: Vec<(Button, i32)>,
}

impl Touches {
    /// A finger came down at `at` on the canvas.
    pub fn down(&mut self, finger: i32, at: [f32; 2]) {
        if self.stick.is_none() {
            self.stick = Some(Stick { finger, centre: at, at });
        } else {
            self.button_down(Button::Fire, finger);
        }
    }

    /// A finger came down on a button.
    pub fn button_down(&mut self, button: Button, finger: i32) {
        if self.pressed.len() < MOST {
            self.pressed.push((button, finger));
        }
    }

    /// A finger moved to `at`.
    pub fn moved(&mut self, finger: i32, at: [f32; 2]) {
        let Some(stick) = self.stick.as_mut().filter(|stick| stick.finger == finger) else { return };
        stick.at = at;
        let drag = stick.drag();
        let far = drag[0].hypot(drag[1]);
        if far > REACH_PX {
            let share = (far - REACH_PX) / far;
            stick.centre = [0, 1].map(|axis| stick.centre[axis] + drag[axis] * share);
        }
    }

    /// A finger left.
    pub fn up(&mut self, finger: i32) {
        self.pressed.retain(|(_, held)| *held != finger);
        if self.stick.is_some_and(|stick| stick.finger == finger) {
            self.stick = None;
        }
    }

    /// Where the stick points, if it is dragged far enough to tell.
    pub fn aim(&self) -> Option<Angle> {
        let [x, y] = self.stick?.drag().map(f64::from);
        (x.hypot(y) > f64::from(DEAD_PX)).then(|| Angle::from_radians(y.atan2(x)))
    }

    /// Is the stick dragged far enough to thrust?
    pub fn thrusts(&self) -> bool {
        self.stick.is_some_and(|stick| stick.drag()[0].hypot(stick.drag()[1]) > THRUST_PX)
    }

    /// Is a finger on that button?
    pub fn holds(&self, button: Button) -> bool {
        self.pressed.iter().any(|(held, _)| *held == button)
    }
}

impl Stick {
    fn drag(&self) -> [f32; 2] {
        [0, 1].map(|axis| self.at[axis] - self.centre[axis])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drag_aims_and_then_thrusts() {
        let mut touches = Touches::default();
        touches.down(1, [50.0, 50.0]);
        assert_eq!(touches.aim(), None);
        touches.moved(1, [50.0, 65.0]);
        assert_eq!((touches.aim(), touches.thrusts()), (Some(Angle::QUARTER), false));
        touches.moved(1, [50.0, 90.0]);
        assert!(touches.thrusts());
    }

    #[test]
    fn a_second_finger_fires_until_it_leaves() {
        let mut touches = Touches::default();
        touches.down(1, [0.0, 0.0]);
        touches.down(2, [90.0, 90.0]);
        assert!(touches.holds(Button::Fire) && !touches.holds(Button::Boost));
        touches.up(2);
        assert!(!touches.holds(Button::Fire));
    }

    #[test]
    fn the_stick_follows_a_finger_that_runs_away() {
        let mut touches = Touches::default();
        touches.down(1, [0.0, 0.0]);
        touches.moved(1, [300.0, 0.0]);
        touches.moved(1, [200.0, 0.0]);
        assert_eq!(touches.aim(), Some(Angle(1 << 15)), "back the way it came");
    }
}
