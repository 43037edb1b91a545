//! What entities are made of. A ship, a shot or a shard is its replicated state from `shared` and little beside; a
//! player is an entity of its own, which outlives its ships.

use std::collections::BTreeMap;

use crate::board::LiveBoard;
use crate::replication::Replication;
use bevy_ecs::lifecycle::HookContext;
use bevy_ecs::prelude::*;
use bevy_ecs::world::DeferredWorld;
use shared::balance::{NEW_MS, NEW_POINTS};
use shared::controls::Controls;
use shared::entity::{EntityState, PowerState, RockState, ShardState, ShipState, ShotState};
use shared::grid::Cell;
use shared::hull::Hull;
use shared::identity::PlayerKey;
use shared::ids::{NetId, PlayerId};
use shared::leaderboard::Standing;
use shared::mode::Team;
use shared::motion::Rules;
use shared::name::PlayerName;
use shared::tick::Tick;

/// A ship in flight.
#[derive(Component, Debug, Clone, Copy)]
pub(crate) struct Ship(pub ShipState);

/// Does a ship's gun fire in this tick?
#[derive(Component, Debug, Clone, Copy, Default)]
pub(crate) struct Gun {
    /// As the ship's own rule says.
    pub fires: bool,
}

/// The player entity that flies this ship or fired this shot. It may be gone.
#[derive(Component, Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pilot(pub Entity);

/// A shot in flight.
#[derive(Component, Debug, Clone, Copy)]
pub(crate) struct Shot(pub ShotState);

/// A shard that lies about.
#[derive(Component, Debug, Clone, Copy)]
pub(crate) struct Shard(pub ShardState);

/// A drifting asteroid.
#[derive(Component, Debug, Clone, Copy)]
pub(crate) struct Rock(pub RockState);

/// A power-up that lies at its place.
#[derive(Component, Debug, Clone, Copy)]
pub(crate) struct Power(pub PowerState);

/// What every replica that can see this entity computes for it. Taking it off, which despawning does, tells replication.
#[derive(Component, Debug, Clone, Copy)]
#[component(on_remove = forget)]
pub(crate) struct Shown {
    /// Its name on the wire.
    pub id: NetId,
    /// The state after the last tick; none before the entity's first.
    pub state: Option<EntityState>,
    /// The cell it was in then.
    pub cell: Cell,
}

impl Shown {
    /// An entity that no replica knows yet.
    pub(crate) fn new(id: NetId) -> Self {
        Self { id, state: None, cell: Cell::default() }
    }
}

fn forget(mut world: DeferredWorld, context: HookContext) {
    let Some(shown) = world.get::<Shown>(context.entity).copied() else { return };
    if let Some(mut replication) = world.get_resource_mut::<Replication>() {
        replication.gone.push(shown);
    }
}

/// Someone who takes part: a person or a drone. Taking it off tells the live board and the roll.
#[derive(Component, Debug, Clone)]
#[component(on_remove = leave_board)]
pub(crate) struct Player {
    /// Who.
    pub id: PlayerId,
    /// The name others see.
    pub name: PlayerName,
    /// Flown by the server.
    pub drone: bool,
    /// The hull of the next ship.
    pub hull: Hull,
    /// When it came.
    pub since: Tick,
    /// The public id; none of a drone.
    pub key: Option<PlayerKey>,
    /// The team, where there are teams.
    pub team: Option<Team>,
}

impl Player {
    /// Is this a person whom drones spare: here for less than a while, or in the first life and not far yet?
    pub(crate) fn is_new(&self, standing: &Standing, now: Tick, rules: &Rules) -> bool {
        let young = now.since(self.since) < rules.ticks(NEW_MS);
        !self.drone && (young || standing.deaths == 0 && standing.score < NEW_POINTS)
    }
}

/// Which entity is which player.
#[derive(Debug, Default, Resource)]
pub(crate) struct Roll(pub BTreeMap<PlayerId, Entity>);

fn leave_board(mut world: DeferredWorld, context: HookContext) {
    let Some(id) = world.get::<Player>(context.entity).map(|player| player.id) else { return };
    if let Some(mut board) = world.get_resource_mut::<LiveBoard>() {
        board.leave(id);
    }
    if let Some(mut roll) = world.get_resource_mut::<Roll>() {
        roll.0.remove(&id);
    }
}

/// What a pilot wants now.
#[derive(Component, Debug, Clone, Copy, Default)]
pub(crate) struct Intent(pub Controls);

/// How many ticks back the others are when this pilot's shots are judged; of a shot, as it was when it was fired.
#[derive(Component, Debug, Clone, Copy, Default)]
pub(crate) struct Hindsight(pub u32);

/// A player's row on the live board, and the best life of the round.
#[derive(Component, Debug, Clone, Copy, Default)]
pub(crate) struct Score(pub Standing, pub BestLife);

/// The most points that a single life has had in the round.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct BestLife {
    /// How many.
    pub points: u32,
    /// The tick since which that is so.
    pub since: Tick,
}

/// The life that is being played.
#[derive(Component, Debug, Clone, Copy, Default)]
pub(crate) struct Life {
    /// When it began.
    pub began: Tick,
    /// Ships destroyed in it.
    pub kills: u32,
    /// Hull points taken from other people in it.
    pub dealt: u32,
}

/// A player's ship; none while dead.
#[derive(Component, Debug, Clone, Copy, Default)]
pub(crate) struct Flying(pub Option<Entity>);

/// The player waits for a ship, from that tick on.
#[derive(Component, Debug, Clone, Copy, Default)]
pub(crate) struct Waiting(pub Tick);

/// Everything an entity may be, for queries.
pub(crate) type Being = (
    Option<&'static Ship>,
    Option<&'static Shot>,
    Option<&'static Shard>,
    Option<&'static Rock>,
    Option<&'static Power>,
);

/// The same, as a query gives it.
pub(crate) type BeingItem<'a> =
    (Option<&'a Ship>, Option<&'a Shot>, Option<&'a Shard>, Option<&'a Rock>, Option<&'a Power>);

/// The true state of whatever this entity is.
pub(crate) fn state_of((ship, shot, shard, rock, power): BeingItem<'_>) -> Option<EntityState> {
    let ship = ship.map(|ship| EntityState::Ship(ship.0));
    let shot = shot.map(|shot| EntityState::Shot(shot.0));
    let shard = shard.map(|shard| EntityState::Shard(shard.0));
    let rock = rock.map(|rock| EntityState::Rock(rock.0));
    ship.or(shot).or(shard).or(rock).or(power.map(|power| EntityState::Power(power.0)))
}
