//! Hull points go, and ships whose hull is gone end. Who sank whom is noted for the score.

use super::contact::Contacts;
use super::rocks::{BrokenRock, BrokenRocks};
use crate::ArenaRules;
use crate::components::{Flying, Pilot, Rock, Ship};
use bevy_ecs::prelude::*;
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

/// A ship lost hull points to someone.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Dealt {
    /// The player who flew it.
    pub victim: Entity,
    /// The player who fired. May be gone.
    pub by: Entity,
    /// Hull points.
    pub lost: u8,
}

/// What ships lost in this tick.
#[derive(Debug, Default, Resource)]
pub(crate) struct Damage(pub Vec<Dealt>);

/// The ships that ended in this tick.
#[derive(Debug, Default, Resource)]
pub(crate) struct Deaths(pub Vec<Death>);

/// A hit costs hull points or energy, and ends the shot. Hits on a ship that this tick already sank still end their shots.
pub(crate) fn take_hits(
    (contacts, rules): (Res<Contacts>, Res<ArenaRules>),
    mut ships: Query<(&mut Ship, &Pilot)>,
    (mut damage, mut deaths): (ResMut<Damage>, ResMut<Deaths>),
    mut commands: Commands,
) {
    damage.0.clear();
    deaths.0.clear();
    for hit in &contacts.hits {
        commands.entity(hit.shot).despawn();
        let Ok((mut ship, pilot)) = ships.get_mut(hit.target) else { continue };
        if ship.0.hull == 0 {
            continue;
        }
        let (struck, lost) = ship.0.struck(hit.damage, &rules.0);
        ship.0 = struck;
        damage.0.push(Dealt { victim: pilot.0, by: hit.by, lost });
        if ship.0.hull == 0 {
            deaths.0.push(Death { victim: pilot.0, killer: hit.by, place: ship.0.body.pos });
        }
    }
}

/// A hit on an asteroid costs hull points; without any left it breaks, for whoever fired last.
pub(crate) fn break_rocks(
    contacts: Res<Contacts>,
    mut rocks: Query<&mut Rock>,
    mut broken: ResMut<BrokenRocks>,
    mut commands: Commands,
) {
    broken.0.clear();
    for hit in &contacts.hits {
        let Ok(mut rock) = rocks.get_mut(hit.target) else { continue };
        if rock.0.hull == 0 {
            continue;
        }
        rock.0.hull = rock.0.hull.saturating_sub(hit.damage);
        if rock.0.hull == 0 {
            broken.0.push(BrokenRock { rock: rock.0, by: hit.by });
            commands.entity(hit.target).despawn();
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
