//! Everything flies by the shared rules, and guns fire.

use crate::components::{Gun, Pilot, Rock, Ship, Shot, Shown};
use crate::net_ids::NetIds;
use crate::{ArenaRules, Now};
use bevy_ecs::prelude::*;
use shared::entity::{ShipState, ShotState};
use shared::motion::{Rules, scaled};
use shared::tuning::{SHIP_RADIUS, SHOT_RADIUS};
use shared::units::SUBUNITS;

/// A shot leaves the barrel this far from the ship's centre, in subunits.
const MUZZLE: i32 = (SHIP_RADIUS + SHOT_RADIUS + 2) * SUBUNITS;

/// One tick of flight for every ship.
pub(crate) fn fly_ships(mut ships: Query<&mut Ship>, rules: Res<ArenaRules>) {
    for mut ship in &mut ships {
        ship.0 = ship.0.step(&rules.0);
    }
}

/// One tick of flight for every shot; those whose time is over or that met a wall end.
pub(crate) fn fly_shots(
    mut shots: Query<(Entity, &mut Shot)>,
    rules: Res<ArenaRules>,
    mut commands: Commands,
) {
    for (entity, mut shot) in &mut shots {
        match shot.0.step(&rules.0) {
            Some(next) => shot.0 = next,
            None => commands.entity(entity).despawn(),
        }
    }
}

/// One tick of drift for every asteroid.
pub(crate) fn drift_rocks(mut rocks: Query<&mut Rock>, rules: Res<ArenaRules>) {
    for mut rock in &mut rocks {
        rock.0 = rock.0.step(&rules.0);
    }
}

/// Ships whose trigger is held fire as fast as their guns allow.
pub(crate) fn fire_guns(
    mut ships: Query<(&Ship, &Pilot, &mut Gun)>,
    (rules, now): (Res<ArenaRules>, Res<Now>),
    mut ids: ResMut<NetIds>,
    mut commands: Commands,
) {
    for (ship, pilot, mut gun) in &mut ships {
        if !ship.0.controls.fire || now.0 < gun.ready {
            continue;
        }
        gun.ready = now.0.after(rules.0.shot_cooldown);
        if let Some(shot) = fired(&ship.0, &rules.0) {
            commands.spawn((Shot(shot), *pilot, Shown::new(ids.take(now.0))));
        }
    }
}

/// The shot that leaves this ship's gun; none when its muzzle is in a wall.
fn fired(ship: &ShipState, rules: &Rules) -> Option<ShotState> {
    let heading = ship.body.heading;
    let pos = ship.body.pos.moved(scaled(heading.direction(), MUZZLE));
    rules.contains(pos).then_some(ShotState { owner: ship.player, pos, heading, left: rules.shot_life })
}
