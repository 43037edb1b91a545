//! What is remembered of a life, for its end: who was where, the best rank, what was done for the first time.
//!
//! Enters: what is in view, what happened, ranks. Leaves: from where the end came, the best rank, and hints that are done. It
//! must never remember more than the ships in view.

use std::collections::BTreeMap;

use super::game::Game;
use super::session::Phase;
use crate::dom;
use crate::draw::happened::Viewer;
use crate::hud::hints::Hint;
use crate::hud::map::Mark;
use crate::world::happenings::Happening;
use crate::world::seen::{Kind, Seen};

/// The own ship has turned once its turns add up to so many radians.
const TURNED: f32 = 1.2;

/// Thrust for so many seconds has been understood.
const THRUSTED: f32 = 0.4;

/// A ship has turned to where a hand points after this many seconds.
const FOLLOWS: f32 = 0.5;

/// Where draws are rare the own ship is this far from what it gathered, in world units, and the points come so much later or
/// earlier, in milliseconds.
const REACHED: f32 = 320.0;
const PAID_MS: f64 = 1000.0;

/// A life, as far as the page watches it.
#[derive(Debug, Default)]
pub struct Vigil {
    /// Directions of the others from the own ship, by player, as they were last seen.
    ways: BTreeMap<u32, f32>,
    best_rank: u32,
    score: Option<u32>,
    /// When something near by was gathered last.
    gathered_ms: Option<f64>,
    killer: u32,
    heading: Option<f32>,
    turned: f32,
    /// Seconds for which turns count as the hand's.
    steering: f32,
    thrusted: f32,
}

impl Vigil {
    /// A life begins.
    pub fn begin(&mut self) {
        *self = Self::default();
    }

    /// The own rank is that now; 0 for none.
    pub fn ranked(&mut self, rank: u32) {
        if rank != 0 && (self.best_rank == 0 || rank < self.best_rank) {
            self.best_rank = rank;
        }
    }

    /// The score is that now. Returns by how much it has grown.
    pub fn scored(&mut self, score: u32) -> u32 {
        let before = self.score.replace(score).unwrap_or(score);
        score.saturating_sub(before)
    }

    /// Were points won just now for something that was gathered?
    pub fn was_paid(&self, now_ms: f64) -> bool {
        self.gathered_ms.is_some_and(|gathered_ms| now_ms - gathered_ms < PAID_MS)
    }

    /// The best rank of the life; 0 for none.
    pub fn best_rank(&self) -> u32 {
        self.best_rank
    }

    /// The way to `player` from the own ship, when they were last in view: radians, clockwise from the right.
    pub fn from(&self, player: u32) -> Option<f32> {
        self.ways.get(&player).copied()
    }

    /// The life ended by `player`.
    pub fn died(&mut self, player: u32) {
        self.killer = player;
    }

    /// Who ended it; 0 for nobody.
    pub fn killer(&self) -> u32 {
        self.killer
    }

    fn look(&mut self, own: &Seen, seen: &[Seen]) {
        self.ways.clear();
        for other in seen {
            if let Some(look) = other.kind.ship().filter(|_| other.id != own.id) {
                let [x, y] = [0, 1].map(|axis| other.at[axis] - own.at[axis]);
                self.ways.insert(look.player, y.atan2(x));
            }
        }
    }

    /// The own ship is like this, `seconds` after the last time; `steers`: a hand does. Returns what was done.
    fn fly(&mut self, own: &Seen, steers: bool, seconds: f32) -> [(Hint, bool); 3] {
        let look = own.kind.ship();
        let thrusts = look.is_some_and(|look| look.thrust);
        self.thrusted += if thrusts { seconds } else { 0.0 };
        let before = self.heading.replace(own.heading).unwrap_or(own.heading);
        let turn = (own.heading - before + std::f32::consts::PI).rem_euclid(std::f32::consts::TAU);
        self.steering = if steers { FOLLOWS } else { self.steering - seconds };
        if self.steering > 0.0 {
            self.turned += (turn - std::f32::consts::PI).abs();
        }
        let spends = look.is_some_and(|look| look.boosts || look.shields);
        [(Hint::Thrust, self.thrusted > THRUSTED), (Hint::Turn, self.turned > TURNED), (Hint::Energy, spends)]
    }
}

impl Game {
    /// What `happening` says of the own life.
    pub(super) fn witness(&mut self, happening: Happening, viewer: Viewer) {
        match happening {
            Happening::Pickup { at } if viewer.ship != 0 && far(at, viewer.at) < REACHED => {
                self.vigil.gathered_ms = Some(dom::now_ms());
            }
            Happening::Fired { owner, .. } if viewer.player != 0 && owner == viewer.player => {
                self.hud.hints.did(Hint::Fire, dom::now_ms());
            }
            Happening::Struck { id, .. } if id == viewer.ship && id != 0 => self.hud.wound(),
            Happening::Power { at, kind } => self.gone(at, kind, viewer),
            Happening::Explosion { .. }
            | Happening::Hit { .. }
            | Happening::Pickup { .. }
            | Happening::Fired { .. }
            | Happening::Struck { .. }
            | Happening::Shatter { .. } => {}
        }
    }

    /// Watches over the life, `seconds` after the last time.
    pub(super) fn watch_over(&mut self, seconds: f32) {
        let now_ms = dom::now_ms();
        let flying = self.session.phase() == Phase::Playing;
        if let Some(own) = self.own_seen().copied().filter(|_| flying) {
            if let Some(world) = &self.world {
                self.vigil.look(&own, world.seen());
            }
            for (hint, done) in self.vigil.fly(&own, self.pilot.take_steering(), seconds) {
                if done {
                    self.hud.hints.did(hint, now_ms);
                }
            }
        }
        self.hud.hints.show(flying, self.pilot.bindings(), now_ms);
    }

    /// Brings the map up to date.
    pub(super) fn chart(&mut self, now_ms: f64) {
        let Some(world) = self.world.as_ref().filter(|_| self.hud.map.due(now_ms)) else { return };
        let own = self.session.player();
        let mut marks: Vec<([f32; 2], Mark)> =
            world.seen().iter().filter_map(|seen| Some((seen.at, mark(seen, own)?))).collect();
        if let Some((player, at)) = self.prizes.leader().filter(|(player, _)| *player != own) {
            marks.retain(|(_, mark)| *mark != Mark::Rival(player, None));
            marks.push((at, Mark::Leader));
        }
        let tick = world.replica().tick().0;
        marks.retain(|(_, mark)| *mark != Mark::Power);
        marks.extend(self.prizes.there(tick).map(|at| (at, Mark::Power)));
        // What matters most is drawn last.
        marks.sort_by_key(|(_, mark)| match mark {
            Mark::Rock => 0,
            Mark::Drone(_) => 1,
            Mark::Power => 2,
            Mark::Rival(..) => 3,
            Mark::Leader => 4,
            Mark::Own(_) => 5,
        });
        self.hud.map.draw(world.arena(), (self.camera.at, self.camera.half), &marks);
    }
}

fn far(a: [f32; 2], b: [f32; 2]) -> f32 {
    (a[0] - b[0]).hypot(a[1] - b[1])
}

fn mark(seen: &Seen, own: u32) -> Option<Mark> {
    match seen.kind {
        Kind::Ship(look) if own != 0 && look.player == own => Some(Mark::Own(seen.heading)),
        Kind::Ship(look) if look.drone => Some(Mark::Drone(look.team)),
        Kind::Ship(look) => Some(Mark::Rival(look.player, look.team)),
        Kind::Rock { .. } => Some(Mark::Rock),
        Kind::Power { .. } => Some(Mark::Power),
        Kind::Shot { .. } | Kind::Shard { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::seen::ShipLook;
    use shared::entity::ShipState;
    use shared::ids::PlayerId;
    use shared::motion::Rules;

    fn ship(id: u32, at: [f32; 2], heading: f32, thrust: bool) -> Seen {
        let state = ShipState { player: PlayerId(id), ..ShipState::default() };
        let look = ShipLook { thrust, ..ShipLook::of(&state, &Rules::new(30, 4096)) };
        Seen { id, kind: Kind::Ship(look), at, velocity: [0.0; 2], heading }
    }

    #[test]
    fn the_end_comes_from_where_the_killer_was_seen_last() {
        let mut vigil = Vigil::default();
        let own = ship(1, [100.0, 100.0], 0.0, false);
        vigil.look(&own, &[own, ship(2, [100.0, 300.0], 0.0, false)]);
        assert!(vigil.from(2).is_some_and(|way| (way - std::f32::consts::FRAC_PI_2).abs() < 1e-5));
        assert_eq!((vigil.from(1), vigil.from(3)), (None, None));
    }

    #[test]
    fn the_best_rank_is_the_lowest_number_there_was() {
        let mut vigil = Vigil::default();
        [0, 7, 3, 0, 5].into_iter().for_each(|rank| vigil.ranked(rank));
        assert_eq!(vigil.best_rank(), 3);
        vigil.begin();
        assert_eq!(vigil.best_rank(), 0);
    }

    #[test]
    fn turns_either_way_add_up_and_a_full_turn_is_no_jump() {
        let mut vigil = Vigil::default();
        let done = |vigil: &mut Vigil, heading| vigil.fly(&ship(1, [0.0; 2], heading, true), true, 0.1)[1].1;
        assert!(!done(&mut vigil, 0.1) && !done(&mut vigil, 6.2));
        assert!([5.9, 6.2, 5.7].map(|heading| done(&mut vigil, heading))[2]);
    }

    #[test]
    fn a_ship_that_turns_by_itself_teaches_nothing() {
        let mut vigil = Vigil::default();
        let turns =
            [0.0, 0.9, 1.8, 2.7].map(|heading| vigil.fly(&ship(1, [0.0; 2], heading, true), false, 0.1)[1].1);
        assert_eq!(turns, [false; 4]);
    }
}
