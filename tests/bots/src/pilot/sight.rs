//! What a pilot looks at: the own ship, and the nearest of each kind. Distances are straight ones.

use shared::balance::ENERGY_FULL;
use shared::entity::ShipState;
use shared::motion::Rules;
use shared::replica::Replica;
use shared::units::{Point, SUBUNITS, Vector};

pub(super) struct Sight<'a> {
    pub(super) own: &'a ShipState,
    view: &'a Replica,
}

impl<'a> Sight<'a> {
    /// None while the own ship does not fly.
    pub(super) fn of(view: &'a Replica) -> Option<Self> {
        let focus = view.focus();
        let own = view.ship(focus.ship).filter(|_| focus.own)?;
        Some(Self { own, view })
    }

    pub(super) fn rules(&self) -> &Rules {
        self.view.rules()
    }

    /// Is there more energy than so many percent of a full bar?
    pub(super) fn charged(&self, percent: u16) -> bool {
        self.own.energy > ENERGY_FULL / 100 * percent
    }

    /// How far its shots reach, in world units.
    pub(super) fn reach(&self) -> i32 {
        let hull = self.rules().hull(self.own.class);
        hull.shot_speed * i32::from(hull.shot_life) / SUBUNITS
    }

    /// The way from the own ship to `p`.
    pub(super) fn to(&self, p: Point) -> Vector {
        self.own.body.pos.to(p)
    }

    pub(super) fn nearest_ship(&self) -> Option<&'a ShipState> {
        let others = self.view.ships().map(|(_, ship)| ship).filter(|ship| ship.player != self.own.player);
        others.min_by_key(|ship| self.to(ship.body.pos).length_squared())
    }

    pub(super) fn nearest_shard(&self) -> Option<Point> {
        let shards = self.view.shards().map(|(_, shard)| shard.pos);
        shards.min_by_key(|pos| self.to(*pos).length_squared())
    }

    /// Where to shoot so that a shot meets `ship` if it flies on as it does.
    pub(super) fn lead(&self, ship: &ShipState) -> Point {
        let hull = self.rules().hull(self.own.class);
        let ticks = self.to(ship.body.pos).length() / hull.shot_speed.max(1);
        let ticks = ticks.min(hull.shot_life.into());
        ship.body.pos.moved(Vector { x: ship.body.vel.x * ticks, y: ship.body.vel.y * ticks })
    }
}

/// A length in world units, rounded down.
pub(super) fn units(way: Vector) -> i32 {
    way.length() / SUBUNITS
}
