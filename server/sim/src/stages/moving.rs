//! Everything flies by the shared rules, and guns fire.

use crate::components::{Gun, Hindsight, Pilot, Rock, Ship, Shot, Shown};
use crate::net_ids::NetIds;
use crate::{ArenaRules, Now};
use bevy_ecs::prelude::*;

/// One tick of flight for every ship.
pub(crate) fn fly_ships(mut ships: Query<(&mut Ship, &mut Gun)>, rules: Res<ArenaRules>) {
    for (mut ship, mut gun) in &mut ships {
        (ship.0, gun.fires) = ship.0.step_and_fire(&rules.0);
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

/// Shots leave the guns that fire. One into a wall is lost.
pub(crate) fn fire_guns(
    ships: Query<(&Ship, &Pilot, &Gun)>,
    pilots: Query<&Hindsight>,
    (rules, now): (Res<ArenaRules>, Res<Now>),
    mut ids: ResMut<NetIds>,
    mut commands: Commands,
) {
    for (ship, pilot, _) in ships.iter().filter(|(.., gun)| gun.fires) {
        if let Some(shot) = ship.0.fired(&rules.0) {
            let hindsight = pilots.get(pilot.0).copied().unwrap_or_default();
            commands.spawn((Shot(shot), *pilot, hindsight, Shown::new(ids.take(now.0))));
        }
    }
}
