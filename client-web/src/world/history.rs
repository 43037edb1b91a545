//! The last few ticks of what was in view, and any moment between and beyond them.
//!
//! Enters: a snapshot of the replica per frame. Leaves: everything in view at a moment in ticks: between two snapshots
//! drawn along the straight line; before the oldest one on the straight way there; beyond the newest one, between those that the shared rule makes of it: a ship flies on as
//! its pilot steered it last. It must never invent an entity: one that is new in the later snapshot appears when the moment
//! reaches it.

use std::collections::VecDeque;

use shared::motion::Rules;

use super::seen::{Seen, Snapshot, States};

/// Snapshots kept: the clock runs a tick or two behind, more when frames come in bursts.
const KEPT: usize = 8;

/// Ticks that the rule is run beyond the newest, at most: a second at the highest tick rate.
const FARTHEST: usize = 120;

/// The snapshots of the last ticks, oldest first.
#[derive(Debug)]
pub struct History {
    rules: Rules,
    snapshots: VecDeque<Snapshot>,
    /// The states of the newest snapshot, or of the last one guessed from it.
    states: States,
    /// What the rule makes of the newest snapshot, tick by tick. Made when it is needed.
    guesses: Vec<Snapshot>,
}

impl History {
    /// Nothing yet.
    pub fn new(rules: Rules) -> Self {
        Self { rules, snapshots: VecDeque::new(), states: States::default(), guesses: Vec::new() }
    }

    /// Forgets everything: the replica starts anew.
    pub fn clear(&mut self) {
        self.snapshots.clear();
        self.guesses.clear();
    }

    /// Adds the states at `tick`.
    pub fn note(&mut self, tick: u32, states: States) {
        self.push(Snapshot::at(tick, &states, &self.rules));
        self.states = states;
    }

    fn push(&mut self, snapshot: Snapshot) {
        if self.snapshots.len() == KEPT {
            self.snapshots.pop_front();
        }
        self.snapshots.push_back(snapshot);
        self.guesses.clear();
    }

    /// The newest snapshot.
    pub fn latest(&self) -> Option<&Snapshot> {
        self.snapshots.back()
    }

    /// Fills `out` with everything in view at `moment`, in ticks.
    pub fn at(&mut self, moment: f64, out: &mut Vec<Seen>) {
        out.clear();
        self.guess(moment);
        let known = self.snapshots.iter().chain(&self.guesses);
        let Some(index) = known.clone().position(|snapshot| f64::from(snapshot.tick) > moment) else {
            return;
        };
        let mut pair = known.skip(index.saturating_sub(1));
        match (index, pair.next(), pair.next()) {
            (1.., Some(earlier), Some(later)) => between(earlier, later, moment, out),
            (_, Some(first), _) => {
                let gap = (moment - f64::from(first.tick)) as f32;
                out.extend(first.seen.iter().map(|seen| seen.carried(gap)));
            }
            (_, None, _) => {}
        }
    }

    /// Runs the rule on until it is beyond `moment`.
    fn guess(&mut self, moment: f64) {
        let Some(latest) = self.latest().map(|latest| latest.tick) else { return };
        while f64::from(latest) + self.guesses.len() as f64 <= moment && self.guesses.len() < FARTHEST {
            self.states.step(&self.rules);
            let tick = latest + self.guesses.len() as u32 + 1;
            self.guesses.push(Snapshot::at(tick, &self.states, &self.rules));
        }
    }
}

/// Both lists are in the order of ids, so one pass pairs them.
fn between(earlier: &Snapshot, later: &Snapshot, moment: f64, out: &mut Vec<Seen>) {
    let passed = (moment - f64::from(earlier.tick)) as f32;
    let ticks = (later.tick - earlier.tick) as f32;
    let share = passed / ticks;
    let mut ahead = later.seen.iter().peekable();
    for seen in &earlier.seen {
        while ahead.next_if(|other| other.id < seen.id).is_some() {}
        match ahead.next_if(|other| other.id == seen.id) {
            Some(other) => out.push(seen.towards(other, ticks, share)),
            None => out.push(seen.carried(passed)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::seen::Kind;
    use shared::controls::{Controls, Steer};
    use shared::entity::{EntityState, ShipState};
    use shared::ids::NetId;
    use shared::motion::Body;
    use shared::units::{Point, to_units};

    fn shard(id: u32, x: f32) -> Seen {
        Seen { id, kind: Kind::Shard { points: 1 }, at: [x, 0.0], velocity: [10.0, 0.0], heading: 0.0 }
    }

    fn drawn(snapshots: &[(u32, &[Seen])], moment: f64) -> Vec<(u32, f32)> {
        let mut history = History::new(Rules::new(30, 4096));
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
    fn beyond_the_newest_tick_a_ship_flies_on_as_it_was_steered() {
        let rules = Rules::new(30, 4096);
        let body = Body { pos: Point::from_units(1000, 1000), ..Body::default() };
        let controls = Controls { steer: Steer::Right, thrust: true, ..Controls::default() };
        let ship = ShipState { body, controls, ..ShipState::default() };
        let mut history = History::new(rules);
        history.note(7, States::new(vec![(NetId(3), EntityState::Ship(ship))]));
        let mut out = Vec::new();
        history.at(9.5, &mut out);
        let [two, three] = [2, 3].map(|ticks| (0..ticks).fold(ship, |ship, _| ship.step(&rules)).body);
        let middle = (to_units(two.pos.x) + to_units(three.pos.x)) / 2.0;
        assert!((out[0].at[0] - middle).abs() < 1e-3 && out[0].heading > two.heading.to_radians());
        history.at(7.0, &mut out);
        assert_eq!(out[0].at[0], 1000.0, "a guess leaves what is known as it is");
    }

    #[test]
    fn new_things_wait_for_their_tick_and_ended_ones_stay_until_it() {
        let snapshots: [(u32, &[Seen]); 2] = [(4, &[shard(2, 0.0)]), (5, &[shard(1, 5.0), shard(3, 5.0)])];
        assert_eq!(drawn(&snapshots, 4.5), [(2, 5.0)]);
    }

    #[test]
    fn before_the_oldest_tick_things_come_from_where_they_fly_from() {
        assert_eq!(drawn(&[(4, &[shard(1, 30.0)])], 2.5), [(1, 15.0)]);
    }

    #[test]
    fn nothing_is_drawn_before_the_first_snapshot() {
        assert!(drawn(&[], 3.0).is_empty());
    }
}
