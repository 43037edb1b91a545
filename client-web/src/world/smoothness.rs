//! How smoothly the others are drawn: how far they jump between two draws beyond what their motion explains.
//!
//! Enters: what each draw shows, and when. Leaves: the largest jump, in pixels of a screen 1920 wide. What motion explains:
//! the way of something that flies from one draw to the next for the time that passed between them, at the velocity it was
//! drawn with before, or after, or anything between the two, give or take what an engine does in between. So what is left holds everything else: a clock that does not run
//! evenly, a correction, a wrong guess. It must never change what is drawn.

use shared::motion::Rules;
use shared::units::to_units;

use super::seen::{Kind, Seen};
use crate::draw::camera::SHOWN_HALF;

/// Pixels of a screen 1920 wide per world unit.
const PIXELS_PER_UNIT: f32 = 1920.0 / (2.0 * SHOWN_HALF);

/// Two of those pixels, in world units: what is less far from its place is in its place.
pub const LITTLE: f32 = 2.0 / PIXELS_PER_UNIT;

/// Draws farther apart than this many milliseconds are not compared: too much happens between them to be told by their ends.
const APART_MS: f64 = 50.0;

/// The last draw, and the jumps so far.
#[derive(Debug)]
pub struct Smoothness {
    ticks_per_ms: f32,
    /// What an engine adds to a velocity in a tick, in world units per tick.
    thrust: f32,
    before: Vec<Seen>,
    before_ms: f64,
    largest: f32,
    largest_upset: f32,
    compared: u64,
}

impl Smoothness {
    /// Nothing drawn yet.
    pub fn new(rules: &Rules) -> Self {
        Self {
            ticks_per_ms: f32::from(rules.tick_hz) / 1000.0,
            thrust: to_units(rules.most(|hull| hull.thrust + hull.boost)),
            before: Vec::new(),
            before_ms: 0.0,
            largest: 0.0,
            largest_upset: 0.0,
            compared: 0,
        }
    }

    /// The view starts anew.
    pub fn restart(&mut self) {
        self.before.clear();
    }

    /// A draw at `ms` shows `now`, in the order of ids. `upset`: the connection was gone until now.
    pub fn drawn(&mut self, now: &[Seen], own: u32, ms: f64, upset: bool) {
        let passed_ms = ms - self.before_ms;
        if (0.1..APART_MS).contains(&passed_ms) {
            let ticks = passed_ms as f32 * self.ticks_per_ms;
            let jump = self.jump(now, own, ticks) * PIXELS_PER_UNIT;
            let largest = if upset { &mut self.largest_upset } else { &mut self.largest };
            *largest = largest.max(jump);
            self.compared += u64::from(!upset);
        }
        self.before.clear();
        self.before.extend_from_slice(now);
        self.before_ms = ms;
    }

    fn jump(&self, now: &[Seen], own: u32, ticks: f32) -> f32 {
        let others = now.iter().filter(|seen| flies(seen, own));
        let jumps = others.filter_map(|seen| {
            let index = self.before.binary_search_by_key(&seen.id, |before| before.id).ok()?;
            let before = self.before.get(index).filter(|before| flies(before, own))?;
            // The number of something that has ended may be given again.
            let same = std::mem::discriminant(&before.kind) == std::mem::discriminant(&seen.kind);
            same.then(|| unexplained(before, seen, ticks))
        });
        // At most half of the time away from both velocities, and back.
        let engine = self.thrust * ticks * ticks / 4.0;
        (jumps.fold(0.0, f32::max) - engine).max(0.0)
    }

    /// The largest jump while the connection was there, in pixels of a screen 1920 wide.
    pub fn largest(&self) -> f32 {
        self.largest
    }

    /// The same in gaps and the tenth of a second after them.
    pub fn largest_upset(&self) -> f32 {
        self.largest_upset
    }

    /// Draws that were compared with the one before, while the connection was there.
    pub fn compared(&self) -> u64 {
        self.compared
    }
}

/// How far `after` is from every place that motion could have brought `before` to in so many ticks, in world units.
fn unexplained(before: &Seen, after: &Seen, ticks: f32) -> f32 {
    let way = [0, 1].map(|axis| after.at[axis] - before.at[axis]);
    let [from, to] = [before, after].map(|seen| seen.velocity.map(|speed| speed * ticks));
    let along = [0, 1].map(|axis| to[axis] - from[axis]);
    let off = [0, 1].map(|axis| way[axis] - from[axis]);
    let square = along[0] * along[0] + along[1] * along[1];
    let share = if square > 0.0 { (off[0] * along[0] + off[1] * along[1]) / square } else { 0.0 };
    let share = share.clamp(0.0, 1.0);
    (off[0] - along[0] * share).hypot(off[1] - along[1] * share)
}

fn flies(seen: &Seen, own: u32) -> bool {
    match seen.kind {
        Kind::Ship(look) => own == 0 || look.player != own,
        Kind::Shot { owner, .. } => own == 0 || owner != own,
        Kind::Rock { .. } => true,
        Kind::Shard { .. } | Kind::Power { .. } => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rock(x: f32, speed: f32) -> Seen {
        let kind = Kind::Rock { size: 1, hull: 9 };
        Seen { id: 4, kind, at: [x, 0.0], velocity: [speed, 0.0], heading: 0.0 }
    }

    fn after(draws: &[(f64, Seen)]) -> f32 {
        let mut smoothness = Smoothness::new(&Rules::new(30, 4096));
        draws.iter().for_each(|(ms, seen)| smoothness.drawn(&[*seen], 1, *ms, false));
        smoothness.largest()
    }

    #[test]
    fn even_flight_and_a_change_of_speed_are_no_jump() {
        assert!(after(&[(100.0, rock(0.0, 12.0)), (120.0, rock(7.2, 12.0))]) < 0.001);
        assert!(after(&[(100.0, rock(0.0, 12.0)), (120.0, rock(6.0, 8.0))]) < 0.001);
    }

    #[test]
    fn what_its_speed_does_not_explain_is_a_jump() {
        let jump = after(&[(100.0, rock(0.0, 12.0)), (120.0, rock(10.2, 12.0))]);
        // Less what an engine may do in between.
        assert!((jump - 3.0 * PIXELS_PER_UNIT).abs() < 0.2, "{jump}");
        assert!(
            after(&[(100.0, rock(0.0, 12.0)), (120.0, rock(0.0, 12.0))]) > 9.0,
            "standing still is one, too"
        );
    }
}
