//! Lives of people that have ended: noted where they end, taken out by whoever records them.
//!
//! Must never: know where they are recorded, or wait for it.

use crate::Now;
use crate::components::{Flying, Life, Player, Score};
use bevy_ecs::prelude::*;
use shared::identity::PlayerKey;
use shared::ids::PlayerId;
use shared::name::PlayerName;
use shared::protocol::Life as LifeMessage;
use shared::tick::Tick;

/// A life that has ended, worth at least a point. Drones' lives are nobody's, and lives without a point are nothing to rank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndedLife {
    /// Whose, in the arena.
    pub player: PlayerId,
    /// Whose, beyond it.
    pub key: PlayerKey,
    /// The name others saw.
    pub name: PlayerName,
    /// What it was worth.
    pub life: LifeMessage,
}

/// Those that nobody has taken yet: at most one per ship and tick.
#[derive(Debug, Default, Resource)]
pub(crate) struct EndedLives(pub Vec<EndedLife>);

impl EndedLives {
    /// A life of `player` has ended.
    pub(crate) fn note(&mut self, player: &Player, life: LifeMessage) {
        let Some(key) = player.key.filter(|_| life.score > 0) else { return };
        self.0.push(EndedLife { player: player.id, key, name: player.name.clone(), life });
    }
}

/// What the life that is being played is worth now.
pub(crate) fn worth(score: &Score, life: &Life, now: Tick) -> LifeMessage {
    LifeMessage { score: score.0.score, kills: life.kills, ticks: now.since(life.began) }
}

/// Ends the life of a player who leaves in flight.
pub(crate) fn end_in_flight(world: &mut World, player: Entity) {
    let now = world.resource::<Now>().0;
    let Ok((who, score, life, flying)) =
        world.query::<(&Player, &Score, &Life, &Flying)>().get(world, player)
    else {
        return;
    };
    if flying.0.is_some() {
        let (who, life) = (who.clone(), worth(score, life, now));
        world.resource_mut::<EndedLives>().note(&who, life);
    }
}

/// Ends every life that is being played: the arena stops.
pub(crate) fn end_all(world: &mut World) {
    let mut players = world.query_filtered::<Entity, With<Player>>();
    let players: Vec<Entity> = players.iter(world).collect();
    players.into_iter().for_each(|player| end_in_flight(world, player));
}
