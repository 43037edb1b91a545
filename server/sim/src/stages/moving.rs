//! Everything flies by the shared rules, and guns fire.

use crate::components::{Gun, Hindsight, Pilot, Rock, Ship, Shot, Shown};
use crate::net_ids::NetIds;
use crate::{ArenaRules, Now};
use bevy_ecs::prelude::*;

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
    pilots: Query<&Hindsight>,
    (rules, now): (Res<ArenaRules>, Res<Now>),
    mut ids: ResMut<NetIds>,
    mut commands: Commands,
) {
    for (ship, pilot, mut gun) in &mut ships {
        if !ship.0.controls.fire || now.0 < gun.ready {
            continue;
        }
        gun.ready = now.0.after(rules.0.shot_cooldown);
        if let Some(shot) = ship.0.fired(&rules.0) {
            let hindsight = pilots.get(pilot.0).copied().unwrap_or_default();
            commands.spawn((Shot(shot), *pilot, hindsight, Shown::new(ids.take(now.0))));
        }
    }
}
