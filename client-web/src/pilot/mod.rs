//! The pilot: from keys, pointer and fingers to controls.
//!
//! Owns: what is held down now. Enters: key names, pointer places, the ship's place on the canvas. Leaves: [`Controls`].
//! It must never know the network or the replica; with nothing held it asks for nothing.

pub mod keys;
pub mod listeners;
pub mod touch;

use shared::angle::Angle;
use shared::controls::{Controls, Steer};

use keys::{Action, Keys};
use touch::Touches;

/// What the aim was last set by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Aimed {
    /// The turning keys: the heading holds when they are let go.
    Keys,
    /// The mouse: the ship turns towards it.
    Mouse,
    /// A finger: the ship turns where it was last dragged.
    Touch,
}

/// What the player's hands do.
#[derive(Debug)]
pub struct Pilot {
    keys: Keys,
    touches: Touches,
    aimed: Aimed,
    /// The mouse, in CSS pixels from the canvas's upper left corner.
    mouse: Option<[f32; 2]>,
    mouse_fire: bool,
    mouse_thrust: bool,
    /// The last aim, kept where the hand gives no new one.
    aim: Angle,
}

impl Default for Pilot {
    fn default() -> Self {
        let (keys, touches) = (Keys::default(), Touches::default());
        let (mouse_fire, mouse_thrust) = (false, false);
        Self {
            keys,
            touches,
            aimed: Aimed::Keys,
            mouse: None,
            mouse_fire,
            mouse_thrust,
            aim: Angle::default(),
        }
    }
}

impl Pilot {
    /// A key went down or up.
    pub fn key(&mut self, action: Action, down: bool) {
        self.keys.set(action, down);
        if down && matches!(action, Action::Left | Action::Right) {
            self.aimed = Aimed::Keys;
        }
    }

    /// The mouse is at `at`, in CSS pixels.
    pub fn mouse_moved(&mut self, at: [f32; 2]) {
        self.mouse = Some(at);
        self.aimed = Aimed::Mouse;
    }

    /// A mouse button went down or up: the first fires, the second thrusts.
    pub fn mouse_button(&mut self, button: i16, down: bool) {
        match button {
            0 => self.mouse_fire = down,
            2 => self.mouse_thrust = down,
            // Other buttons belong to the browser.
            _ => {}
        }
    }

    /// The fingers on the canvas, to tell of changes.
    pub fn touches(&mut self) -> &mut Touches {
        self.aimed = Aimed::Touch;
        &mut self.touches
    }

    /// Everything is let go: the page lost the focus, or a life ended.
    pub fn let_go(&mut self) {
        self.keys = Keys::default();
        self.touches = Touches::default();
        (self.mouse_fire, self.mouse_thrust) = (false, false);
    }

    /// The controls now; `ship` is where the own ship is on the canvas, in CSS pixels.
    pub fn controls(&mut self, ship: [f32; 2]) -> Controls {
        let steer = self.steer();
        if steer == Steer::Aim {
            self.aim = self.aim_from(ship).unwrap_or(self.aim);
        }
        let thrust = self.keys.held(Action::Thrust) || self.mouse_thrust || self.touches.thrusts();
        let fire = self.keys.held(Action::Fire) || self.mouse_fire || self.touches.fires();
        Controls { aim: self.aim, steer, thrust, fire }.quantised()
    }

    fn steer(&self) -> Steer {
        match (self.keys.held(Action::Left), self.keys.held(Action::Right), self.aimed) {
            (true, false, _) => Steer::Left,
            (false, true, _) => Steer::Right,
            (true, true, _) | (false, false, Aimed::Keys) => Steer::Hold,
            (false, false, Aimed::Mouse | Aimed::Touch) => Steer::Aim,
        }
    }

    fn aim_from(&self, ship: [f32; 2]) -> Option<Angle> {
        match self.aimed {
            Aimed::Keys => None,
            Aimed::Mouse => self.mouse.and_then(|mouse| direction(ship, mouse)),
            Aimed::Touch => self.touches.aim(),
        }
    }
}

/// The angle from `from` to `to`; none when they are too close to tell.
fn direction(from: [f32; 2], to: [f32; 2]) -> Option<Angle> {
    let [x, y] = [0, 1].map(|axis| f64::from(to[axis] - from[axis]));
    (x.hypot(y) > 4.0).then(|| Angle::from_radians(y.atan2(x)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHIP: [f32; 2] = [100.0, 100.0];

    #[test]
    fn the_ship_turns_towards_the_mouse() {
        let mut pilot = Pilot::default();
        pilot.mouse_moved([100.0, 300.0]);
        let controls = pilot.controls(SHIP);
        assert_eq!((controls.steer, controls.aim), (Steer::Aim, Angle::QUARTER));
    }

    #[test]
    fn keys_take_over_from_the_mouse_and_then_hold_the_heading() {
        let mut pilot = Pilot::default();
        pilot.mouse_moved([100.0, 300.0]);
        pilot.key(Action::Left, true);
        assert_eq!(pilot.controls(SHIP).steer, Steer::Left);
        pilot.key(Action::Left, false);
        assert_eq!(pilot.controls(SHIP).steer, Steer::Hold);
        pilot.mouse_moved([101.0, 300.0]);
        assert_eq!(pilot.controls(SHIP).steer, Steer::Aim);
    }

    #[test]
    fn both_turning_keys_cancel_each_other() {
        let mut pilot = Pilot::default();
        pilot.key(Action::Left, true);
        pilot.key(Action::Right, true);
        assert_eq!(pilot.controls(SHIP).steer, Steer::Hold);
    }

    #[test]
    fn letting_go_lets_everything_go() {
        let mut pilot = Pilot::default();
        pilot.key(Action::Thrust, true);
        pilot.mouse_button(0, true);
        assert!(pilot.controls(SHIP).thrust && pilot.controls(SHIP).fire);
        pilot.let_go();
        assert!(!pilot.controls(SHIP).thrust && !pilot.controls(SHIP).fire);
    }
}
