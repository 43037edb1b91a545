//! The gamepad: its left stick points the ship and, pushed far, thrusts; buttons fire, boost and shield.
//!
//! Enters: the state of the first gamepad that is there, looked at before each draw, as the browser sends no events for
//! sticks. Leaves: what its hands do. It must never take over from keys or mouse while it lies still.

use shared::angle::Angle;
use wasm_bindgen::JsCast;
use web_sys::{Gamepad, GamepadButton};

use crate::dom;

/// A stick that is pushed less far than this is at rest: worn ones do not come back to the middle.
const DEAD: f64 = 0.25;

/// A stick that is pushed farther than this thrusts.
const FAR: f64 = 0.7;

/// Buttons of the standard layout: the face buttons (lower, right, left, upper), shoulders and triggers, and the cross.
const FIRE: [usize; 3] = [0, 5, 7];
const THRUST: [usize; 2] = [1, 12];
const BOOST: [usize; 2] = [2, 4];
const SHIELD: [usize; 2] = [3, 6];
const LEFT: usize = 14;
const RIGHT: usize = 15;

/// What a gamepad does now.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Pad {
    /// Where the stick points, unless it is at rest.
    pub aim: Option<Angle>,
    /// Engine on.
    pub thrust: bool,
    /// Trigger held.
    pub fire: bool,
    /// Boost held.
    pub boost: bool,
    /// Shield held.
    pub shield: bool,
    /// Turns by the cross.
    pub left: bool,
    /// Turns by the cross.
    pub right: bool,
}

impl Pad {
    /// The first gamepad that is there, as it is now; at rest when there is none.
    pub fn now() -> Self {
        let Ok(pads) = dom::window().navigator().get_gamepads() else { return Self::default() };
        let pads = pads.iter().filter(|pad| pad.is_object()).map(|pad| pad.unchecked_into::<Gamepad>());
        pads.into_iter().find(Gamepad::connected).map_or_else(Self::default, |pad| Self::of(&pad))
    }

    fn of(pad: &Gamepad) -> Self {
        let stick: Vec<f64> = pad.axes().iter().take(2).filter_map(|axis| axis.as_f64()).collect();
        let buttons = pad.buttons();
        let held = |index: usize| {
            let button = buttons.get(index as u32);
            button.is_object() && button.unchecked_into::<GamepadButton>().pressed()
        };
        let stick = [stick.first(), stick.get(1)].map(|axis| axis.copied().unwrap_or_default());
        Self::held(stick, held)
    }

    fn held([x, y]: [f64; 2], held: impl Fn(usize) -> bool) -> Self {
        let push = x.hypot(y);
        Self {
            aim: (push > DEAD).then(|| Angle::from_radians(y.atan2(x))),
            thrust: push > FAR || THRUST.into_iter().any(&held),
            fire: FIRE.into_iter().any(&held),
            boost: BOOST.into_iter().any(&held),
            shield: SHIELD.into_iter().any(&held),
            left: held(LEFT),
            right: held(RIGHT),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stick_points_and_pushed_far_thrusts() {
        let gentle = Pad::held([0.0, 0.4], |_| false);
        assert_eq!((gentle.aim, gentle.thrust), (Some(Angle::QUARTER), false));
        assert!(Pad::held([0.0, 0.9], |_| false).thrust);
    }

    #[test]
    fn a_stick_that_is_worn_is_at_rest() {
        assert_eq!(Pad::held([0.1, -0.15], |_| false), Pad::default());
    }

    #[test]
    fn buttons_fire_and_thrust_and_turn() {
        let pad = Pad::held([0.0, 0.0], |button| [0, 12, 14].contains(&button));
        assert!(pad.fire && pad.thrust && pad.left && !pad.right && !pad.boost && !pad.shield);
        let pad = Pad::held([0.0, 0.0], |button| [4, 6].contains(&button));
        assert!(pad.boost && pad.shield && !pad.fire && !pad.thrust);
    }
}
