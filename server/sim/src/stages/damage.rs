//! Hull points go, and ships whose hull is gone end. Who sank whom is noted for the score.

use super::contact::Contacts;
use crate::components::{Flying, Pilot, Ship};
use bevy_ecs::prelude::*;
use shared::tuning::SHOT_DAMAGE;
use shared::units::Point;

/// A ship ended.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Death {
    /// The player who flew it.
    pub victim: Entity,
    /// The player who fired the last shot. May be gone.
    pub killer: Entity,
    /// Where it ended.
    pub place: Point,
}

/// The ships that ended in this tick.
#[derive(Debug, Default, Resource)]
pub(crate) struct Deaths(pub Vec<Death>);

/// A hit costs hull points, and ends the shot. Hits on a ship that this tick already sank still end their shots.
pub(crate) fn take_hits(
    contacts: Res<Contacts>,
    mut ships: Query<(&mut Ship, &Pilot)>,
    mut deaths: ResMut<Deaths>,
    mut commands: Commands,
) {
    deaths.0.clear();
    for hit in &contacts.hits {
        commands.entity(hit.shot).despawn();
        let Ok((mut ship, pilot)) = ships.get_mut(hit.ship) else { continue };
        if ship.0.hull == 0 {
            continue;
        }
        ship.0.hull = ship.0.hull.saturating_sub(SHOT_DAMAGE);
        if ship.0.hull == 0 {
            deaths.0.push(Death { victim: pilot.0, killer: hit.by, place: ship.0.body.pos });
        }
    }
}

/// Ships without hull are taken out of the arena.
pub(crate) fn sink_ships(deaths: Res<Deaths>, mut pilots: Query<&mut Flying>, mut commands: Commands) {
    for death in &deaths.0 {
        let Ok(mut flying) = pilots.get_mut(death.victim) else { continue };
        if let Some(ship) = flying.0.take() {
            commands.entity(ship).despawn();
        }
    }
}
