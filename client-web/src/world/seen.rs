//! One entity as it is drawn, and everything in view at one tick.
//!
//! Enters: the states of the replica. Leaves: places in world units and headings in radians, and what drawing depends on. It
//! must never know of time but in ticks.

use std::f32::consts::{PI, TAU};

use shared::balance::{ENERGY_FULL, HULLS};
use shared::entity::{EntityState, ShipState};
use shared::hull::Hull;
use shared::ids::NetId;
use shared::mode::Team;
use shared::motion::{Rules, scaled};
use shared::power::PowerUp;
use shared::replica::Replica;
use shared::units::{Point, Vector, to_units};

/// What kind of thing is seen, with what its drawing depends on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// A ship.
    Ship(ShipLook),
    /// A shot in flight.
    Shot {
        /// Who fired it.
        owner: u32,
        /// The team of who fired it.
        team: Option<Team>,
        /// The hull it was fired from.
        class: Hull,
        /// Ticks it would still fly.
        left: u8,
        /// How much of it there is to see, 0 to 1: one's own that the server refused fades.
        presence: f32,
    },
    /// A shard.
    Shard {
        /// Points it is worth.
        points: u8,
    },
    /// An asteroid.
    Rock {
        /// 1 small, 2 middle, 3 large.
        size: u8,
        /// Hull points left.
        hull: u8,
    },
    /// A power-up.
    Power {
        /// Which.
        kind: PowerUp,
    },
}

impl Kind {
    /// How it looks, if it is a ship.
    pub fn ship(self) -> Option<ShipLook> {
        match self {
            Self::Ship(look) => Some(look),
            Self::Shot { .. } | Self::Shard { .. } | Self::Rock { .. } | Self::Power { .. } => None,
        }
    }
}

/// How a ship looks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ShipLook {
    /// Who flies it.
    pub player: u32,
    /// Flown by the server.
    pub drone: bool,
    /// Its team, where there are teams.
    pub team: Option<Team>,
    /// Which hull it has.
    pub class: Hull,
    /// Hull points left.
    pub hull: u8,
    /// Energy left, as a share of a full bar; beyond 1 after a Charge.
    pub energy: f32,
    /// Engine on.
    pub thrust: bool,
    /// The boost works.
    pub boosts: bool,
    /// The shield is up.
    pub shields: bool,
    /// It cannot be harmed yet.
    pub safe: bool,
    /// What a power-up does to it.
    pub effect: Option<PowerUp>,
    /// Ticks that it still does; 0 without one.
    pub effect_left: u16,
}

impl ShipLook {
    /// How that ship looks.
    pub fn of(ship: &ShipState, rules: &Rules) -> Self {
        let (boosts, shields) = (ship.boosts(rules), ship.shields(rules));
        Self {
            player: ship.player.0,
            drone: ship.drone,
            team: ship.team,
            class: ship.class,
            hull: ship.hull,
            energy: f32::from(ship.energy) / f32::from(ENERGY_FULL),
            thrust: ship.controls.thrust || boosts,
            boosts,
            shields,
            safe: ship.safe > 0,
            effect: ship.effect.map(|effect| effect.kind),
            effect_left: ship.effect.map_or(0, |effect| effect.left),
        }
    }

    /// Hull points of a fresh ship like it.
    pub fn hull_points(&self) -> u8 {
        HULLS[self.class.index()].points
    }
}

/// One entity as it is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Seen {
    /// Its NetId.
    pub id: u32,
    /// What it is.
    pub kind: Kind,
    /// Its centre, in world units.
    pub at: [f32; 2],
    /// World units per tick.
    pub velocity: [f32; 2],
    /// Where its nose points, in radians, clockwise on the screen.
    pub heading: f32,
}

/// Everything in view at one tick, in the order of ids.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Snapshot {
    /// The tick.
    pub tick: u32,
    /// The entities.
    pub seen: Vec<Seen>,
}

impl Snapshot {
    /// Those states, at `tick`.
    pub fn at(tick: u32, states: &States, rules: &Rules) -> Self {
        Self { tick, seen: states.0.iter().map(|(id, state)| Seen::of(*id, state, rules)).collect() }
    }

    /// The entity with this id.
    pub fn find(&self, id: u32) -> Option<&Seen> {
        self.seen.binary_search_by_key(&id, |seen| seen.id).ok().and_then(|index| self.seen.get(index))
    }
}

/// The exact states behind a snapshot, in the order of ids.
#[derive(Debug, Clone, Default)]
pub struct States(Vec<(NetId, EntityState)>);

impl States {
    /// Those of the replica now.
    pub fn of(replica: &Replica) -> Self {
        Self::new(replica.entities().collect())
    }

    /// Those, in any order.
    pub fn new(mut states: Vec<(NetId, EntityState)>) -> Self {
        states.sort_unstable_by_key(|(id, _)| id.0);
        Self(states)
    }

    /// The same a tick later, by the shared rule: what everyone computes where no news come.
    pub fn step(&mut self, rules: &Rules) {
        self.0 = self.0.iter().filter_map(|(id, state)| Some((*id, state.step(rules)?))).collect();
    }
}

impl Seen {
    fn of(NetId(id): NetId, state: &EntityState, rules: &Rules) -> Self {
        let at = place(state.pos());
        match state {
            EntityState::Ship(ship) => {
                let velocity = speed(ship.body.vel);
                let kind = Kind::Ship(ShipLook::of(ship, rules));
                Self { id, kind, at, velocity, heading: ship.body.heading.to_radians() }
            }
            EntityState::Shot(shot) => {
                let velocity = speed(scaled(shot.heading.direction(), rules.hull(shot.class).shot_speed));
                let (owner, class, left) = (shot.owner.0, shot.class, shot.left);
                let kind = Kind::Shot { owner, team: shot.team, class, left, presence: 1.0 };
                Self { id, kind, at, velocity, heading: shot.heading.to_radians() }
            }
            EntityState::Shard(shard) => {
                let kind = Kind::Shard { points: shard.points };
                Self { id, kind, at, velocity: [0.0, 0.0], heading: 0.0 }
            }
            EntityState::Rock(rock) => {
                let kind = Kind::Rock { size: rock.size, hull: rock.hull };
                Self { id, kind, at, velocity: speed(rock.vel), heading: 0.0 }
            }
            EntityState::Power(power) => {
                let kind = Kind::Power { kind: power.kind };
                Self { id, kind, at, velocity: [0.0, 0.0], heading: 0.0 }
            }
        }
    }

    /// The same entity `ticks` later on its straight way.
    pub(super) fn carried(&self, ticks: f32) -> Self {
        let at = [0, 1].map(|axis| self.at[axis] + self.velocity[axis] * ticks);
        Self { at, ..*self }
    }

    /// The entity on the way from here to `later`, `ticks` after this, at `share` of it. Its velocity is that of the way: the
    /// later one unless it was struck or bounced in between.
    pub(super) fn towards(&self, later: &Self, ticks: f32, share: f32) -> Self {
        let way = [0, 1].map(|axis| later.at[axis] - self.at[axis]);
        let at = [0, 1].map(|axis| self.at[axis] + way[axis] * share);
        let turn = (later.heading - self.heading + PI).rem_euclid(TAU) - PI;
        Self { at, velocity: way.map(|part| part / ticks), heading: self.heading + turn * share, ..*later }
    }
}

fn place(point: Point) -> [f32; 2] {
    let (x, y) = point.to_units();
    [x, y]
}

fn speed(vector: Vector) -> [f32; 2] {
    [to_units(vector.x), to_units(vector.y)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_bounces_has_the_velocity_of_its_way() {
        let rock = |x: f32, speed: f32| {
            let kind = Kind::Rock { size: 1, hull: 9 };
            Seen { id: 1, kind, at: [x, 0.0], velocity: [speed, 0.0], heading: 0.0 }
        };
        let bounced = rock(0.0, 8.0).towards(&rock(3.0, -8.0), 1.0, 0.5);
        assert_eq!((bounced.at[0], bounced.velocity[0]), (1.5, 3.0));
        let slowly = rock(1.9, -1.5).towards(&rock(0.0, 1.0), 1.0, 0.5);
        assert_eq!(slowly.velocity[0], -1.9, "however slow it is");
        assert_eq!(rock(0.0, 8.0).towards(&rock(8.5, 8.5), 1.0, 0.5).velocity[0], 8.5);
    }

    #[test]
    fn headings_turn_the_shorter_way() {
        let shard =
            Seen { id: 1, kind: Kind::Shard { points: 1 }, at: [0.0; 2], velocity: [0.0; 2], heading: 0.0 };
        let (early, late) = (Seen { heading: TAU - 0.1, ..shard }, Seen { heading: 0.1, ..shard });
        assert!((early.towards(&late, 1.0, 0.5).heading - TAU).abs() < 1e-5);
    }
}
