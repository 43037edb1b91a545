//! What a drone sees when it looks around: what a person would, and nothing of the others' energy or intents.

use bevy_ecs::entity::Entity;
use shared::balance::ENERGY_FULL;
use shared::entity::{ShipState, ShotState};
use shared::mode::Team;
use shared::motion::{HullRules, Rules, scaled};
use shared::tuning::{SHIP_RADIUS, SHOT_RADIUS};
use shared::units::{Point, SUBUNITS, Vector};

/// Another ship.
#[derive(Debug, Clone, Copy)]
pub(super) struct Other {
    /// Which.
    pub entity: Entity,
    /// As it is.
    pub ship: ShipState,
    /// Its pilot is new here.
    pub new: bool,
}

/// Everything one look gives.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sight<'a> {
    /// The own ship.
    pub me: &'a ShipState,
    /// The rules of the arena.
    pub rules: &'a Rules,
    /// The nearest ship whose pilot is not new; if there is none, the nearest. Friends are no matter.
    pub nearest: Option<Other>,
    /// Whom it hunts or flees, if still there.
    pub known: Option<Other>,
    /// The nearest shard.
    pub shard: Option<Point>,
    /// The nearest power-up that lies there, or will in a moment.
    pub power: Option<Point>,
    /// A shot is about to hit.
    pub threatened: bool,
}

impl Sight<'_> {
    /// The own hull.
    pub(super) fn hull(&self) -> &HullRules {
        self.rules.hull(self.me.class)
    }

    /// How far away a place is, in subunits.
    pub(super) fn distance(&self, place: Point) -> i32 {
        self.me.body.pos.to(place).length()
    }

    /// Is there more energy than so many percent of a full bar?
    pub(super) fn charged(&self, percent: u32) -> bool {
        u32::from(self.me.energy) * 100 > u32::from(ENERGY_FULL) * percent
    }

    /// Is the own hull below so many percent?
    pub(super) fn hurt(&self, percent: u32) -> bool {
        u32::from(self.me.hull) * 100 < u32::from(self.hull().points) * percent
    }
}

/// How far shots of that hull fly, in subunits.
pub(super) fn reach(hull: &HullRules) -> i32 {
    hull.shot_speed * i32::from(hull.shot_life)
}

/// Will this shot come so near to that ship within so many ticks that it hits, if both fly on?
pub(super) fn comes(shot: &ShotState, ship: &ShipState, ticks: i64, rules: &Rules) -> bool {
    if shot.owner == ship.player || Team::are_friends(shot.team, ship.team) {
        return false;
    }
    let flown = scaled(shot.heading.direction(), rules.hull(shot.class).shot_speed);
    let (way, speed) = (ship.body.pos.to(shot.pos), ship.body.vel);
    let closing = Vector { x: flown.x - speed.x, y: flown.y - speed.y };
    let (towards, square) = (-way.dot(closing), closing.length_squared().max(1));
    if towards <= 0 || towards > square * ticks {
        return false;
    }
    let at = |way: i32, closing: i32| i64::from(way) + i64::from(closing) * towards / square;
    let (x, y) = (at(way.x, closing.x), at(way.y, closing.y));
    let touch = i64::from((SHIP_RADIUS + SHOT_RADIUS + 6) * SUBUNITS);
    x * x + y * y <= touch * touch
}
