//! Turns towards the nearest ship at every tick and fires: the most that controls can change, so the most a ship costs.

use super::sight::{Sight, units};
use shared::angle::Angle;
use shared::controls::Controls;

/// Closer than this it lets the engine off, so as not to fly past, in world units.
const CLOSE: i32 = 160;

pub(super) fn controls(sight: &Sight<'_>) -> Controls {
    let Some(prey) = sight.nearest_ship() else {
        return Controls { aim: sight.own.controls.aim, thrust: true, ..Controls::default() };
    };
    let way = sight.to(prey.body.pos);
    let far = units(way) > sight.reach();
    let boost = far && sight.charged(60) || far && sight.own.controls.boost && sight.charged(30);
    Controls { aim: Angle::of(way), thrust: units(way) > CLOSE, fire: true, boost, ..Controls::default() }
}
