//! Drones decide, by the field as the last tick left it. What they do is in [`crate::drones`].

use crate::components::{Shard, Ship, Shot};
use crate::drones::Drone;
use crate::index::Index;
use bevy_ecs::prelude::*;

/// Puts ships, shards and shots into the index, if anyone is there to look around.
pub(crate) fn index_the_field(
    ships: Query<(Entity, &Ship)>,
    shards: Query<(Entity, &Shard)>,
    shots: Query<(Entity, &Shot)>,
    drones: Query<(), With<Drone>>,
    mut index: ResMut<Index>,
) {
    if drones.is_empty() {
        return;
    }
    index.ships.refill(ships.iter().map(|(entity, ship)| (entity, ship.0.body.pos)));
    index.shards.refill(shards.iter().map(|(entity, shard)| (entity, shard.0.pos)));
    index.shots.refill(shots.iter().map(|(entity, shot)| (entity, shot.0.pos)));
}
