//! Ships take their pilots' controls. From here on a tick knows ships only by their own state.

use crate::components::{Intent, Pilot, Ship};
use bevy_ecs::prelude::*;
use shared::controls::Controls;

/// A ship whose pilot is gone flies on with its controls released.
pub(crate) fn take_controls(mut ships: Query<(&mut Ship, &Pilot)>, pilots: Query<&Intent>) {
    for (mut ship, pilot) in &mut ships {
        let released = Controls { aim: ship.0.body.heading, ..Controls::default() }.quantised();
        ship.0.controls = pilots.get(pilot.0).map_or(released, |intent| intent.0);
    }
}
