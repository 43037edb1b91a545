//! The pilot: from keys, pointer, fingers and gamepad to controls.
//!
//! Owns: what is held down now. Enters: key names, pointer places, the ship's place on the canvas. Leaves: [`Controls`].
//! It must never know the network or the replica; with nothing held it asks for nothing.

pub mod bindings;
pub mod gamepad;
pub mod keys;
pub mod listeners;
pub mod touch;

use shared::angle::Angle;
use shared::controls::{Controls, Steer};

use bindings::Bindings;
use gamepad::Pad;
use keys::{Action, Keys};
use touch::{Button, Touches};

/// What the aim was last set by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Aimed {
    /// Nothing yet.
    Nobody,
    /// The turning keys: the heading holds when they are let go.
    Keys,
    /// The mouse: the ship turns towards it.
    Mouse,
    /// A finger: the ship turns where it was last dragged.
    Touch,
    /// The stick of a gamepad: the ship turns where it last pointed.
    Pad,
}

/// What the player's hands do.
#[derive(Debug)]
pub struct Pilot {
    bindings: Bindings,
    keys: Keys,
    pad: Pad,
    touches: Touches,
    aimed: Aimed,
    /// The mouse, in CSS pixels from the canvas's upper left corner.
    mouse: Option<[f32; 2]>,
    mouse_fire: bool,
    mouse_shield: bool,
    /// The mouse has moved since it was asked for.
    moved: bool,
    /// The last aim, kept where the hand gives no new one.
    aim: Angle,
}

impl Default for Pilot {
    fn default() -> Self {
        let (mouse_fire, mouse_shield) = (false, false);
        Self {
            bindings: Bindings::default(),
            keys: Keys::default(),
            pad: Pad::default(),
            touches: Touches::default(),
            aimed: Aimed::Nobody,
            mouse: None,
            moved: false,
            mouse_fire,
            mouse_shield,
            aim: Angle::default(),
        }
    }
}

impl Pilot {
    /// Which key does what.
    pub fn bindings(&self) -> &Bindings {
        &self.bindings
    }

    /// Other keys do it now. What was held is let go.
    pub fn bind(&mut self, bindings: Bindings) {
        self.bindings = bindings;
        self.keys = Keys::default();
    }

    /// The gamepad does this now. Where it does nothing, the aim stays with whatever had it.
    pub fn pad(&mut self, pad: Pad) {
        self.pad = pad;
        if pad.left || pad.right {
            self.aimed = Aimed::Keys;
        } else if pad.aim.is_some() {
            self.aimed = Aimed::Pad;
        }
    }

    /// A key went down or up. Returns whether that is news: held keys repeat themselves.
    pub fn key(&mut self, action: Action, down: bool) -> bool {
        let news = self.keys.held(action) != down;
        self.keys.set(action, down);
        if down && matches!(action, Action::Left | Action::Right) {
            self.aimed = Aimed::Keys;
        }
        news
    }

    /// The mouse is at `at`, in CSS pixels. Browsers also say so when only the page under it has changed: where the mouse was
    /// before, or where it is found first, no hand has moved it.
    pub fn mouse_moved(&mut self, at: [f32; 2]) {
        let before = self.mouse.replace(at);
        let by_hand = before.is_some_and(|before| before != at);
        self.moved |= by_hand;
        if by_hand || self.aimed == Aimed::Nobody {
            self.aimed = Aimed::Mouse;
        }
    }

    /// A mouse button went down or up: the first fires, the second shields.
    pub fn mouse_button(&mut self, button: i16, down: bool) {
        match button {
            0 => self.mouse_fire = down,
            2 => self.mouse_shield = down,
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
        (self.mouse_fire, self.mouse_shield) = (false, false);
    }

    /// The controls now; `ship` is where the own ship is on the canvas, in CSS pixels.
    pub fn controls(&mut self, ship: [f32; 2]) -> Controls {
        let steer = self.steer();
        if steer == Steer::Aim {
            self.aim = self.aim_from(ship).unwrap_or(self.aim);
        }
        let held = |action, button| self.keys.held(action) || self.touches.holds(button);
        let thrust = self.keys.held(Action::Thrust) || self.touches.thrusts() || self.pad.thrust;
        let fire = held(Action::Fire, Button::Fire) || self.mouse_fire || self.pad.fire;
        let boost = held(Action::Boost, Button::Boost) || self.pad.boost;
        let shield = held(Action::Shield, Button::Shield) || self.mouse_shield || self.pad.shield;
        Controls { aim: self.aim, steer, thrust, fire, boost, shield }.quantised()
    }

    /// Does a hand steer, or has it since this was asked last? A ship also turns by itself: it flies past where the mouse lies.
    pub fn take_steering(&mut self) -> bool {
        let held = self.keys.held(Action::Left) || self.keys.held(Action::Right);
        let pad = self.pad.left || self.pad.right || self.pad.aim.is_some();
        std::mem::take(&mut self.moved) || held || pad || self.touches.aim().is_some()
    }

    fn steer(&self) -> Steer {
        let left = self.keys.held(Action::Left) || self.pad.left;
        let right = self.keys.held(Action::Right) || self.pad.right;
        match (left, right, self.aimed) {
            (true, false, _) => Steer::Left,
            (false, true, _) => Steer::Right,
            (true, true, _) | (false, false, Aimed::Keys | Aimed::Nobody) => Steer::Hold,
            (false, false, Aimed::Mouse | Aimed::Touch | Aimed::Pad) => Steer::Aim,
        }
    }

    fn aim_from(&self, ship: [f32; 2]) -> Option<Angle> {
        match self.aimed {
            Aimed::Keys | Aimed::Nobody => None,
            Aimed::Mouse => self.mouse.and_then(|mouse| direction(ship, mouse)),
            Aimed::Touch => self.touches.aim(),
            Aimed::Pad => self.pad.aim,
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
    fn a_mouse_that_lies_still_does_not_take_over_from_the_keys() {
        let mut pilot = Pilot::default();
        pilot.mouse_moved([100.0, 300.0]);
        pilot.key(Action::Left, true);
        pilot.key(Action::Left, false);
        pilot.mouse_moved([100.0, 300.0]);
        assert_eq!(pilot.controls(SHIP).steer, Steer::Hold);
    }

    #[test]
    fn a_mouse_that_lies_still_does_not_steer() {
        let mut pilot = Pilot::default();
        pilot.mouse_moved([100.0, 300.0]);
        assert!(!pilot.take_steering(), "it was found there");
        pilot.mouse_moved([101.0, 300.0]);
        assert!(pilot.take_steering() && !pilot.take_steering());
        pilot.mouse_moved([101.0, 300.0]);
        assert!(!pilot.take_steering(), "the page has changed under it");
        pilot.key(Action::Right, true);
        assert!(pilot.take_steering() && pilot.take_steering());
    }

    #[test]
    fn both_turning_keys_cancel_each_other() {
        let mut pilot = Pilot::default();
        pilot.key(Action::Left, true);
        pilot.key(Action::Right, true);
        assert_eq!(pilot.controls(SHIP).steer, Steer::Hold);
    }

    #[test]
    fn a_gamepad_steers_while_it_is_used_and_leaves_the_heading_where_it_pointed() {
        let mut pilot = Pilot::default();
        pilot.mouse_moved([300.0, 100.0]);
        pilot.pad(Pad { aim: Some(Angle::QUARTER), fire: true, ..Pad::default() });
        let controls = pilot.controls(SHIP);
        assert_eq!((controls.steer, controls.aim, controls.fire), (Steer::Aim, Angle::QUARTER, true));
        pilot.pad(Pad::default());
        assert_eq!((pilot.controls(SHIP).aim, pilot.controls(SHIP).fire), (Angle::QUARTER, false));
        pilot.pad(Pad { left: true, ..Pad::default() });
        assert_eq!(pilot.controls(SHIP).steer, Steer::Left);
    }

    #[test]
    fn letting_go_lets_everything_go() {
        let mut pilot = Pilot::default();
        for action in [Action::Thrust, Action::Boost] {
            pilot.key(action, true);
        }
        [0, 2].into_iter().for_each(|button| pilot.mouse_button(button, true));
        let Controls { thrust, fire, boost, shield, .. } = pilot.controls(SHIP);
        assert!(thrust && fire && boost && shield);
        pilot.let_go();
        let Controls { thrust, fire, boost, shield, .. } = pilot.controls(SHIP);
        assert!(!thrust && !fire && !boost && !shield);
    }
}
