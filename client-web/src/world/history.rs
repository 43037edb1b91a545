//! The last few ticks of what was in view, and any moment between them.
//!
//! Enters: a snapshot of the replica per frame. Leaves: everything in view at a moment in ticks: between two snapshots
//! drawn along the straight line, beyond the newest carried on at its velocity. It must never invent an entity: one that
//! is new in the later snapshot appears when the moment reaches it.

use std::collections::VecDeque;
use std::f32::consts::{PI, TAU};

use shared::entity::EntityState;
use shared::ids::NetId;
use shared::motion::{Rules, scaled};
use shared::replica::Replica;
use shared::units::{Point, Vector, to_units};

/// Snapshots kept: the clock runs about one tick behind, more when frames come in bursts.
const KEPT: usize = 6;

/// What kind of thing is seen, with what its drawing depends on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// A ship.
    Ship(ShipLook),
    /// A shot in flight.
    Shot {
        /// Who fired it.
        owner: u32,
        /// Ticks it would still fly.
        left: u8,
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
}

/// How a ship looks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ShipLook {
    /// Who flies it.
    pub player: u32,
    /// Flown by the server.
    pub drone: bool,
    /// Hull points left.
    pub hull: u8,
    /// Engine on.
    pub thrust: bool,
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
    /// The replica as it is now.
    pub fn of(replica: &Replica) -> Self {
        let entities = replica.entities();
        let mut seen: Vec<Seen> = entities.map(|(id, state)| Seen::of(id, &state, replica.rules())).collect();
        seen.sort_unstable_by_key(|seen| seen.id);
        Self { tick: replica.tick().0, seen }
    }

    /// The entity with this id.
    pub fn find(&self, id: u32) -> Option<&Seen> {
        self.seen.binary_search_by_key(&id, |seen| seen.id).ok().and_then(|index| self.seen.get(index))
    }
}

impl Seen {
    fn of(NetId(id): NetId, state: &EntityState, rules: &Rules) -> Self {
        let at = place(state.pos());
        match state {
            EntityState::Ship(ship) => {
                let (player, drone, hull) = (ship.player.0, ship.drone, ship.hull);
                let look = ShipLook { player, drone, hull, thrust: ship.controls.thrust };
                let velocity = speed(ship.body.vel);
                Self { id, kind: Kind::Ship(look), at, velocity, heading: ship.body.heading.to_radians() }
            }
            EntityState::Shot(shot) => {
                let velocity = speed(scaled(shot.heading.direction(), rules.shot_speed));
                let kind = Kind::Shot { owner: shot.owner.0, left: shot.left };
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
        }
    }

    /// The same entity `ticks` later on its straight way.
    pub(super) fn carried(&self, ticks: f32) -> Self {
        let at = [0, 1].map(|axis| self.at[axis] + self.velocity[axis] * ticks);
        Self { at, ..*self }
    }

    /// The entity on the way from here to `later`, at `share` of it.
    fn towards(&self, later: &Self, share: f32) -> Self {
        let at = [0, 1].map(|axis| self.at[axis] + (later.at[axis] - self.at[axis]) * share);
        let turn = (later.heading - self.heading + PI).rem_euclid(TAU) - PI;
        Self { at, heading: self.heading + turn * share, ..*later }
    }
}

fn place(point: Point) -> [f32; 2] {
    let (x, y) = point.to_units();
    [x, y]
}

fn speed(vector: Vector) -> [f32; 2] {
    [to_units(vector.x), to_units(vector.y)]
}

/// The snapshots of the last ticks, oldest first.
#[derive(Debug, Default)]
pub struct History {
    snapshots: VecDeque<Snapshot>,
}

impl History {
    /// Forgets everything: the replica starts anew.
    pub fn clear(&mut self) {
        self.snapshots.clear();
    }

    /// Adds the newest snapshot.
    pub fn push(&mut self, snapshot: Snapshot) {
        if self.snapshots.len() == KEPT {
            self.snapshots.pop_front();
        }
        self.snapshots.push_back(snapshot);
    }

    /// The newest snapshot.
    pub fn latest(&self) -> Option<&Snapshot> {
        self.snapshots.back()
    }

    /// Fills `out` with everything in view at `moment`, in ticks.
    pub fn at(&self, moment: f64, out: &mut Vec<Seen>) {
        out.clear();
        let later = self.snapshots.iter().position(|snapshot| f64::from(snapshot.tick) > moment);
        match later {
            None => {
                let Some(latest) = self.latest() else { return };
                let gap = (moment - f64::from(latest.tick)) as f32;
                out.extend(latest.seen.iter().map(|seen| seen.carried(gap)));
            }
            Some(0) => out.extend(self.snapshots.front().into_iter().flat_map(|snapshot| &snapshot.seen)),
            Some(index) => between(&self.snapshots[index - 1], &self.snapshots[index], moment, out),
        }
    }
}

/// Both lists are in the order of ids, so one pass pairs them.
fn between(earlier: &Snapshot, later: &Snapshot, moment: f64, out: &mut Vec<Seen>) {
    let passed = (moment - f64::from(earlier.tick)) as f32;
    let share = passed / (later.tick - earlier.tick) as f32;
    let mut ahead = later.seen.iter().peekable();
    for seen in &earlier.seen {
        while ahead.next_if(|other| other.id < seen.id).is_some() {}
        match ahead.next_if(|other| other.id == seen.id) {
            Some(other) => out.push(seen.towards(other, share)),
            None => out.push(seen.carried(passed)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shard(id: u32, x: f32) -> Seen {
        Seen { id, kind: Kind::Shard { points: 1 }, at: [x, 0.0], velocity: [10.0, 0.0], heading: 0.0 }
    }

    fn drawn(snapshots: &[(u32, &[Seen])], moment: f64) -> Vec<(u32, f32)> {
        let mut history = History::default();
        for (tick, seen) in snapshots {
            history.push(Snapshot { tick: *tick, seen: seen.to_vec() });
        }
        let mut out = Vec::new();
        history.at(moment, &mut out);
        out.iter().map(|seen| (seen.id, seen.at[0])).collect()
    }

    #[test]
    fn between_two_ticks_things_are_on_the_way() {
        let there = drawn(&[(4, &[shard(1, 0.0)]), (5, &[shard(1, 8.0)])], 4.25);
        assert_eq!(there, [(1, 2.0)]);
    }

    #[test]
    fn beyond_the_newest_tick_things_keep_their_velocity() {
        assert_eq!(drawn(&[(4, &[shard(1, 0.0)])], 6.0), [(1, 20.0)]);
    }

    #[test]
    fn new_things_wait_for_their_tick_and_ended_ones_stay_until_it() {
        let snapshots: [(u32, &[Seen]); 2] = [(4, &[shard(2, 0.0)]), (5, &[shard(1, 5.0), shard(3, 5.0)])];
        assert_eq!(drawn(&snapshots, 4.5), [(2, 5.0)]);
        assert_eq!(drawn(&snapshots, 5.0), [(1, 5.0), (3, 5.0)]);
    }

    #[test]
    fn headings_turn_the_shorter_way() {
        let mut early = shard(1, 0.0);
        let mut late = shard(1, 0.0);
        (early.heading, late.heading) = (TAU - 0.1, 0.1);
        assert!((early.towards(&late, 0.5).heading - TAU).abs() < 1e-5);
    }

    #[test]
    fn nothing_is_drawn_before_the_first_snapshot() {
        assert!(drawn(&[], 3.0).is_empty());
    }
}
