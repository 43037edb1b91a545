//! Asteroids come, and break into smaller ones; the smallest leave shards. Part of Populate.

use super::populate::anywhere;
use crate::components::{Rock, Shard, Shown};
use crate::index::Index;
use crate::net_ids::NetIds;
use crate::{ArenaRules, Dice, Now};
use bevy_ecs::prelude::*;
use rand::RngExt;
use rand_pcg::Pcg32;
use shared::angle::Angle;
use shared::entity::{RockState, ShardState};
use shared::motion::{Rules, scaled};
use shared::tick::Tick;
use shared::tuning::{
    ROCK_AREA, ROCK_HULL, ROCK_PARTING, ROCK_RADIUS, ROCK_RETURN_MS, ROCK_SHARDS, ROCK_SPEED, SHARD_POINTS,
};
use shared::units::{Point, SUBUNITS, Vector};

/// An asteroid that broke in this tick, and the player who fired last.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BrokenRock {
    pub rock: RockState,
    pub by: Entity,
}

/// The asteroids that broke in this tick.
#[derive(Debug, Default, Resource)]
pub(crate) struct BrokenRocks(pub Vec<BrokenRock>);

/// When the next missing asteroid may come.
#[derive(Debug, Default, Resource)]
pub(crate) struct NextRock(Tick);

const LARGE: u8 = 3;
/// An asteroid does not appear this near to a ship, in subunits.
const CLEAR: i32 = 400 * SUBUNITS;

/// The asteroids at tick 0.
pub(crate) fn lay_first_rocks(world: &mut World) {
    let rules = world.resource::<ArenaRules>().0;
    for _ in 0..full_field(&rules) {
        let rock = drifting(&rules, &mut world.resource_mut::<Dice>().0);
        let id = world.resource_mut::<NetIds>().take(Tick::default());
        world.spawn((Rock(rock), Shown::new(id)));
    }
}

/// A large asteroid weighs four, a middle one two, a small one one: halves weigh what the whole did.
fn weight(rock: &RockState) -> u32 {
    1 << rock.class()
}

fn full_field(rules: &Rules) -> u32 {
    rules.arena_size() * rules.arena_size() / ROCK_AREA
}

fn drifting(rules: &Rules, dice: &mut Pcg32) -> RockState {
    let pos = anywhere(rules, ROCK_RADIUS[2], dice);
    let speed = dice.random_range(ROCK_SPEED) * SUBUNITS / i32::from(rules.tick_hz);
    let vel = scaled(Angle(dice.random()).direction(), speed);
    RockState { pos, vel, size: LARGE, hull: ROCK_HULL[2] }
}

/// Broken asteroids leave two of the next size, which part; the smallest leave shards.
pub(crate) fn split_rocks(
    broken: Res<BrokenRocks>,
    (rules, now): (Res<ArenaRules>, Res<Now>),
    (mut dice, mut ids): (ResMut<Dice>, ResMut<NetIds>),
    mut commands: Commands,
) {
    for BrokenRock { rock, .. } in &broken.0 {
        if rock.size > 1 {
            for half in halves(rock, &rules.0, &mut dice.0) {
                commands.spawn((Rock(half), Shown::new(ids.take(now.0))));
            }
            continue;
        }
        for _ in 0..ROCK_SHARDS {
            let pos = beside(rock, &rules.0, &mut dice.0);
            let shard = ShardState::at(pos, SHARD_POINTS);
            commands.spawn((Shard(shard), Shown::new(ids.take(now.0))));
        }
    }
}

fn halves(rock: &RockState, rules: &Rules, dice: &mut Pcg32) -> [RockState; 2] {
    let size = rock.size - 1;
    let way = Angle(dice.random()).direction();
    [1, -1].map(|side| {
        let parting = scaled(way, side * ROCK_PARTING * SUBUNITS / i32::from(rules.tick_hz));
        let small = RockState { vel: rock.vel + parting, size, ..*rock };
        let pos = rock.pos.moved(scaled(way, side * small.radius()));
        RockState { pos: held(pos, small.radius(), rules), hull: ROCK_HULL[small.class()], ..small }
    })
}

fn beside(rock: &RockState, rules: &Rules, dice: &mut Pcg32) -> Point {
    let spread = rock.radius();
    let by = Vector { x: dice.random_range(-spread..=spread), y: dice.random_range(-spread..=spread) };
    held(rock.pos.moved(by), spread, rules)
}

fn held(pos: Point, margin: i32, rules: &Rules) -> Point {
    Point { x: pos.x.clamp(margin, rules.arena - margin), y: pos.y.clamp(margin, rules.arena - margin) }
}

/// While the field has fewer asteroids than it should, a large one comes every now and then, away from ships.
pub(crate) fn return_rocks(
    rocks: Query<&Rock>,
    (index, rules, now): (Res<Index>, Res<ArenaRules>, Res<Now>),
    (mut next, mut dice, mut ids): (ResMut<NextRock>, ResMut<Dice>, ResMut<NetIds>),
    mut commands: Commands,
) {
    let here: u32 = rocks.iter().map(|rock| weight(&rock.0)).sum();
    if now.0 < next.0 || here + 4 > full_field(&rules.0) * 4 {
        return;
    }
    let rock = drifting(&rules.0, &mut dice.0);
    if index.ships.nearest(rock.pos, CLEAR, |_| true).is_none() {
        commands.spawn((Rock(rock), Shown::new(ids.take(now.0))));
        next.0 = now.0.after(rules.0.ticks(ROCK_RETURN_MS));
    }
}
