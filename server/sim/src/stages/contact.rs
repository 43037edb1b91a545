//! Who touches whom: shots, ships, shards and asteroids. Hits and pickups are noted for the stages that
//! follow; bumps act at once, since they only change motion.

use crate::ArenaRules;
use crate::components::{Hindsight, Pilot, Power, Rock, Shard, Ship, Shot};
use crate::index::Index;
use crate::trail::Trail;
use bevy_ecs::prelude::*;
use shared::balance::POWER_RADIUS;
use shared::entity::{RockState, ShotState};
use shared::mode::Team;
use shared::motion::{Body, Rules, scaled};
use shared::tuning::{REWIND_MS, ROCK_RADIUS, SHARD_RADIUS, SHIP_RADIUS, SHOT_RADIUS};
use shared::units::{Point, SUBUNITS, Vector};

/// A shot hit something.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hit {
    pub shot: Entity,
    /// Hull points it takes.
    pub damage: u8,
    /// A ship or an asteroid.
    pub target: Entity,
    /// The player who fired.
    pub by: Entity,
}

/// A ship reached a shard.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pickup {
    pub ship: Entity,
    pub shard: Entity,
}

/// A ship reached a power-up.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Taken {
    pub ship: Entity,
    pub power: Entity,
}

/// What touched in this tick.
#[derive(Debug, Default, Resource)]
pub(crate) struct Contacts {
    pub hits: Vec<Hit>,
    pub pickups: Vec<Pickup>,
    pub powers: Vec<Taken>,
}

const HIT_REACH: i32 = (SHIP_RADIUS + SHOT_RADIUS) * SUBUNITS;
/// No ship flies farther while it is rewound, in subunits: a tenth more than the fastest one boosting.
const REWIND_REACH: i32 = 900 * REWIND_MS.cast_signed() / 1000 * SUBUNITS;
const SHOT_REACH: i32 = SHOT_RADIUS * SUBUNITS;
const ROCK_REACH: i32 = (ROCK_RADIUS[2] + SHIP_RADIUS) * SUBUNITS;
const PICKUP_REACH: i32 = (SHIP_RADIUS + SHARD_RADIUS) * SUBUNITS;
const POWER_REACH: i32 = (SHIP_RADIUS + POWER_RADIUS) * SUBUNITS;
const BUMP_REACH: i32 = 2 * SHIP_RADIUS * SUBUNITS;

/// Ships and asteroids where they are after the move; ships remember it.
pub(crate) fn index_things(
    mut ships: Query<(Entity, &Ship, &mut Trail)>,
    rocks: Query<(Entity, &Rock)>,
    mut index: ResMut<Index>,
) {
    index.ships.refill(ships.iter_mut().map(|(entity, ship, mut trail)| {
        trail.push(ship.0.body.pos);
        (entity, ship.0.body.pos)
    }));
    index.rocks.refill(rocks.iter().map(|(entity, rock)| (entity, rock.0.pos)));
}

/// Each shot against what is near the way it flew in this tick. It hits the one nearest to where it came from. Ships are
/// where the shooter saw them when the trigger was held: so many ticks back, within [`shared::tuning::REWIND_MS`]. Who
/// has been behind cover for longer than that is safe. Shots fly through friends.
pub(crate) fn find_hits(
    shots: Query<(Entity, &Shot, &Pilot, &Hindsight)>,
    ships: Query<(&Pilot, &Trail, &Ship)>,
    rocks: Query<&Rock>,
    (index, rules): (Res<Index>, Res<ArenaRules>),
    mut contacts: ResMut<Contacts>,
) {
    contacts.hits.clear();
    for (entity, shot, by, hindsight) in &shots {
        let (start, end) = (flown_from(&shot.0, &rules.0), shot.0.pos);
        let flown = rules.0.hull(shot.0.class).shot_speed;
        let ship = index.ships.near(end, HIT_REACH + REWIND_REACH + flown).filter_map(|(ship, _)| {
            let (pilot, trail, state) = ships.get(ship).ok()?;
            let at = trail.ago(hindsight.0);
            let foe = pilot != by && !Team::are_friends(state.0.team, shot.0.team);
            (foe && passes(start, end, at, HIT_REACH)).then_some((ship, at))
        });
        let rock = index.rocks.near(end, ROCK_REACH + flown).filter(|(rock, at)| {
            rocks.get(*rock).is_ok_and(|rock| passes(start, end, *at, rock.0.radius() + SHOT_REACH))
        });
        if let Some((target, _)) = ship.chain(rock).min_by_key(|(_, at)| start.to(*at).length_squared()) {
            let damage = rules.0.hull(shot.0.class).damage;
            contacts.hits.push(Hit { shot: entity, damage, target, by: by.0 });
        }
    }
}

/// Where the shot was a tick ago; where it is, if it was only just fired.
fn flown_from(shot: &ShotState, rules: &Rules) -> Point {
    let hull = rules.hull(shot.class);
    if shot.left == hull.shot_life {
        return shot.pos;
    }
    shot.pos.moved(scaled(shot.heading.direction(), -hull.shot_speed))
}

/// Does the segment from `start` to `end` come within `reach` of `centre`?
fn passes(start: Point, end: Point, centre: Point, reach: i32) -> bool {
    let (way, to) = (start.to(end), start.to(centre));
    let length = way.length_squared();
    let along = way.dot(to).clamp(0, length);
    let nearest = match length {
        0 => start,
        _ => start.moved(Vector { x: part(way.x, along, length), y: part(way.y, along, length) }),
    };
    nearest.to(centre).length_squared() <= i64::from(reach) * i64::from(reach)
}

fn part(of: i32, along: i64, length: i64) -> i32 {
    (i128::from(of) * i128::from(along) / i128::from(length)) as i32
}

/// Each shard goes to the first ship that reaches it.
pub(crate) fn find_pickups(
    shards: Query<(Entity, &Shard)>,
    index: Res<Index>,
    mut contacts: ResMut<Contacts>,
) {
    contacts.pickups.clear();
    for (shard, state) in &shards {
        if let Some((ship, _)) = index.ships.nearest(state.0.pos, PICKUP_REACH, |_| true) {
            contacts.pickups.push(Pickup { ship, shard });
        }
    }
}

/// Each power-up goes to the nearest ship that reaches it.
pub(crate) fn find_powers(
    powers: Query<(Entity, &Power)>,
    index: Res<Index>,
    mut contacts: ResMut<Contacts>,
) {
    contacts.powers.clear();
    for (power, state) in &powers {
        if let Some((ship, _)) = index.ships.nearest(state.0.pos, POWER_REACH, |_| true) {
            contacts.powers.push(Taken { ship, power });
        }
    }
}

/// Ships that overlap are moved apart, and swap their speeds along the line between them, as equal masses do.
pub(crate) fn bump_ships(mut ships: Query<&mut Ship>, (index, rules): (Res<Index>, Res<ArenaRules>)) {
    for (one, other) in overlapping(&index) {
        let Ok([mut one, mut other]) = ships.get_many_mut([one, other]) else { continue };
        let (a, b) = bumped(one.0.body, other.0.body);
        one.0.body = held(a, &rules.0);
        other.0.body = held(b, &rules.0);
    }
}

/// A ship that flies into an asteroid is thrown back; the asteroid is too heavy to notice.
pub(crate) fn bump_rocks(
    mut ships: Query<&mut Ship>,
    rocks: Query<&Rock>,
    (index, rules): (Res<Index>, Res<ArenaRules>),
) {
    for mut ship in &mut ships {
        for (rock, _) in index.rocks.near(ship.0.body.pos, ROCK_REACH) {
            if let Ok(rock) = rocks.get(rock) {
                ship.0.body = held(thrown_back(ship.0.body, &rock.0), &rules.0);
            }
        }
    }
}

fn thrown_back(body: Body, rock: &RockState) -> Body {
    let (way, reach) = (rock.pos.to(body.pos), rock.radius() + SHIP_RADIUS * SUBUNITS);
    let distance = way.length();
    if distance >= reach || distance == 0 {
        return body;
    }
    let pos = rock.pos.moved(along(way, distance, reach.into()));
    let closing = (rock.vel.dot(way) - body.vel.dot(way)) / i64::from(distance);
    let kick = along(way, distance, (closing * 3 / 2).max(0));
    Body { pos, vel: body.vel + kick, ..body }
}

fn overlapping(index: &Index) -> Vec<(Entity, Entity)> {
    let mut pairs = Vec::new();
    let limit = i64::from(BUMP_REACH) * i64::from(BUMP_REACH);
    for (one, at) in index.ships.all() {
        let near = index.ships.near(at, BUMP_REACH);
        let touching = near.filter(|(other, place)| *other > one && at.to(*place).length_squared() < limit);
        pairs.extend(touching.map(|(other, _)| (one, other)));
    }
    pairs
}

fn bumped(mut a: Body, mut b: Body) -> (Body, Body) {
    let way = a.pos.to(b.pos);
    let distance = way.length().max(1);
    let normal = if way == Vector::default() { Vector { x: 1, y: 0 } } else { way };
    let apart = ((BUMP_REACH - distance) / 2).max(0);
    let closing = (a.vel.dot(normal) - b.vel.dot(normal)) / i64::from(distance);
    let push = along(normal, distance, i64::from(apart));
    (a.pos, b.pos) = (a.pos.moved(Vector { x: -push.x, y: -push.y }), b.pos.moved(push));
    if closing > 0 {
        let swap = along(normal, distance, closing);
        a.vel = a.vel + Vector { x: -swap.x, y: -swap.y };
        b.vel = b.vel + swap;
    }
    (a, b)
}

fn along(normal: Vector, length: i32, by: i64) -> Vector {
    let part = |axis: i32| (i64::from(axis) * by / i64::from(length)) as i32;
    Vector { x: part(normal.x), y: part(normal.y) }
}

fn held(body: Body, rules: &Rules) -> Body {
    let (low, high) = (SHIP_RADIUS * SUBUNITS, rules.arena - SHIP_RADIUS * SUBUNITS);
    let pos = Point { x: body.pos.x.clamp(low, high), y: body.pos.y.clamp(low, high) };
    Body { pos, ..body }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::entity::ShipState;
    use shared::hull::Hull;

    #[test]
    fn a_fast_shot_hits_what_it_flew_through() {
        let (start, end) = (Point::from_units(100, 100), Point::from_units(190, 100));
        assert!(passes(start, end, Point::from_units(145, 120), HIT_REACH));
        assert!(!passes(start, end, Point::from_units(145, 130), HIT_REACH));
        assert!(!passes(start, end, Point::from_units(220, 100), HIT_REACH));
        assert!(passes(start, start, Point::from_units(110, 100), HIT_REACH));
    }

    /// Does a shot at 500, 400 hit a ship that is at 500, 500 now and was at 500, 400 six ticks ago?
    fn is_hit(hindsight: u32) -> bool {
        is_hit_by([None, None], hindsight)
    }

    /// The same of a ship and a shot of these teams.
    fn is_hit_by([of_ship, of_shot]: [Option<Team>; 2], hindsight: u32) -> bool {
        let rules = Rules::new(30, 4096);
        let mut world = World::new();
        let mut trail = Trail::new(Point::from_units(500, 400));
        (0..6).for_each(|_| trail.push(Point::from_units(500, 500)));
        let body = Body { pos: Point::from_units(500, 500), ..Body::default() };
        let ship = Ship(ShipState { body, team: of_ship, ..ShipState::default() });
        let (victim, shooter) = (world.spawn_empty().id(), world.spawn_empty().id());
        let ship = world.spawn((ship, trail, Pilot(victim))).id();
        let left = rules.hull(Hull::Corsair).shot_life;
        let (pos, team) = (Point::from_units(500, 400), of_shot);
        let shot = ShotState { pos, left, team, ..ShotState::default() };
        world.spawn((Shot(shot), Pilot(shooter), Hindsight(hindsight)));
        let mut index = Index::new(rules.arena);
        index.ships.refill([(ship, Point::from_units(500, 500))].into_iter());
        world.insert_resource(index);
        world.insert_resource(ArenaRules(rules));
        world.init_resource::<Contacts>();
        world.run_system_cached(find_hits).unwrap();
        !world.resource::<Contacts>().hits.is_empty()
    }

    #[test]
    fn hits_are_judged_by_where_the_shooter_saw_the_ship() {
        assert!(is_hit(6), "it was there when the shooter saw it");
        assert!(!is_hit(0), "whoever sees it as it is now would miss");
    }

    #[test]
    fn a_shot_passes_a_friend_and_hits_a_foe() {
        let [suns, moons] = Team::ALL.map(Some);
        assert!(!is_hit_by([suns, suns], 6) && !is_hit_by([moons, moons], 6));
        assert!(is_hit_by([suns, moons], 6) && is_hit_by([None, None], 6));
    }

    #[test]
    fn a_bump_parts_ships_and_keeps_their_momentum() {
        let at = |x: i32, vx: i32| Body {
            pos: Point::from_units(x, 500),
            vel: Vector { x: vx, y: 0 },
            ..Body::default()
        };
        let (a, b) = bumped(at(500, 6000), at(530, -2000));
        assert!(a.pos.to(b.pos).length() >= BUMP_REACH - 2);
        assert_eq!((a.vel.x, b.vel.x), (-2000, 6000));
    }
}
