//! Drones decide. A drone is a pilot like any other: all it has is controls. It looks around a few times a second, each
//! at its own ticks, and is one of: hunting, fleeing, gathering, roaming.

use crate::components::{Intent, Pilot, Shard, Ship};
use crate::index::Index;
use crate::{ArenaRules, Dice, Now};
use bevy_ecs::prelude::*;
use rand::RngExt;
use shared::angle::Angle;
use shared::controls::{Controls, Steer};
use shared::entity::ShipState;
use shared::motion::Rules;
use shared::tuning::DRONE_SIGHT;
use shared::units::{Point, SUBUNITS, Vector};

/// A ship flown by the server.
#[derive(Component, Debug, Clone, Copy, Default)]
pub(crate) struct Drone {
    mood: Mood,
}

/// What a drone is about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Mood {
    /// Nothing is near: it flies to and fro.
    #[default]
    Roam,
    /// To a shard.
    Gather(Point),
    /// After a ship.
    Hunt(Entity),
    /// Away from a ship.
    Flee(Entity),
}

/// A drone with less hull than this flees.
const AFRAID: u8 = 30;
/// A drone stops thrusting when it is this near to its prey, in subunits.
const CLOSE: i32 = 170 * SUBUNITS;
/// A drone fires at what is nearer than this, in subunits.
const GUN_RANGE: i32 = 520 * SUBUNITS;
/// A drone fires when its nose is this near to the aim, in 1/65536 turn.
const ON_TARGET: u16 = 1400;
/// How far a drone's aim is off at most, in 1/65536 turn: about 4 degrees.
const AIM_ERROR: i16 = 700;

/// Puts ships and shards into the index, if anyone is there to look around.
pub(crate) fn index_the_field(
    ships: Query<(Entity, &Ship)>,
    shards: Query<(Entity, &Shard)>,
    drones: Query<(), With<Drone>>,
    mut index: ResMut<Index>,
) {
    if drones.is_empty() {
        return;
    }
    index.ships.refill(ships.iter().map(|(entity, ship)| (entity, ship.0.body.pos)));
    index.shards.refill(shards.iter().map(|(entity, shard)| (entity, shard.0.pos)));
}

/// Each drone looks around every fifth of a second and steers by what it saw.
pub(crate) fn fly_drones(
    mut drones: Query<(Entity, &Ship, &Pilot, &mut Drone)>,
    ships: Query<&Ship>,
    mut pilots: Query<&mut Intent>,
    (index, rules, now): (Res<Index>, Res<ArenaRules>, Res<Now>),
    mut dice: ResMut<Dice>,
) {
    let pause = rules.0.ticks(200);
    for (entity, ship, pilot, mut drone) in &mut drones {
        let Ok(mut intent) = pilots.get_mut(pilot.0) else { continue };
        if now.0.0.wrapping_add(entity.index_u32()) % pause != 0 {
            continue;
        }
        drone.mood = look_around(entity, &ship.0, &index, &mut dice);
        intent.0 = steer(drone.mood, &ship.0, &ships, &rules.0, &mut dice).quantised();
    }
}

fn look_around(me: Entity, ship: &ShipState, index: &Index, dice: &mut Dice) -> Mood {
    let (here, sight) = (ship.body.pos, DRONE_SIGHT * SUBUNITS);
    let enemy = index.ships.nearest(here, sight, |other| other != me).map(|(enemy, _)| enemy);
    let shard = index.shards.nearest(here, sight, |_| true).map(|(_, at)| at);
    match (enemy, shard) {
        (Some(enemy), _) if ship.hull < AFRAID => Mood::Flee(enemy),
        (Some(enemy), None) => Mood::Hunt(enemy),
        (Some(enemy), Some(_)) if dice.0.random_ratio(2, 3) => Mood::Hunt(enemy),
        (_, Some(shard)) => Mood::Gather(shard),
        (None, None) => Mood::Roam,
    }
}

fn steer(mood: Mood, me: &ShipState, ships: &Query<&Ship>, rules: &Rules, dice: &mut Dice) -> Controls {
    let ship = |entity: Entity| ships.get(entity).map(|ship| ship.0).ok();
    match mood {
        Mood::Hunt(prey) => ship(prey).map_or_else(Controls::default, |prey| hunt(me, &prey, rules, dice)),
        Mood::Flee(hunter) => ship(hunter).map_or_else(Controls::default, |hunter| flee(me, &hunter)),
        Mood::Gather(shard) => head(me, shard),
        Mood::Roam => head(me, Point { x: rules.arena / 2, y: rules.arena / 2 }),
    }
}

/// Aims ahead of the prey by the time a shot takes to reach it.
fn hunt(me: &ShipState, prey: &ShipState, rules: &Rules, dice: &mut Dice) -> Controls {
    let distance = me.body.pos.to(prey.body.pos).length();
    let ticks = distance / rules.hull(me.class).shot_speed.max(1);
    let lead = Vector { x: prey.body.vel.x.saturating_mul(ticks), y: prey.body.vel.y.saturating_mul(ticks) };
    let exact = Angle::of(me.body.pos.to(prey.body.pos.moved(lead)));
    let aim = Angle(exact.0.wrapping_add_signed(dice.0.random_range(-AIM_ERROR..=AIM_ERROR)));
    let on_target = me.body.heading.shortest_to(exact).unsigned_abs() < ON_TARGET;
    let (thrust, fire) = (distance > CLOSE, on_target && distance < GUN_RANGE);
    Controls { aim, steer: Steer::Aim, thrust, fire, ..Controls::default() }
}

fn flee(me: &ShipState, hunter: &ShipState) -> Controls {
    let aim = Angle::of(hunter.body.pos.to(me.body.pos));
    Controls { aim, thrust: true, ..Controls::default() }
}

fn head(me: &ShipState, place: Point) -> Controls {
    let way = me.body.pos.to(place);
    let drift = Vector { x: way.x - me.body.vel.x * 8, y: way.y - me.body.vel.y * 8 };
    Controls { aim: Angle::of(drift), thrust: true, ..Controls::default() }
}
