//! Surprises, blended away: when news changes where something is drawn, it goes there over a few draws.
//!
//! Enters: what was drawn, and what would be drawn at the same moment after the news. Leaves: offsets that shrink, applied
//! to what is drawn. Only ships and asteroids have them: shots fly straight, shards lie still. It must never blend what is
//! new in view, nor over distances that are no flight.

use std::collections::BTreeMap;

use super::seen::{Kind, Seen};

/// Half of a surprise is gone after this many seconds: slowly enough that a ship's length is not seen to jump.
const HALF_SECONDS: f32 = 0.06;

/// The same after a gap, where being current counts more: nothing is left to be seen after a tenth of a second.
const HASTY_HALF_SECONDS: f32 = 0.01;

/// Beyond this many world units it is a jump, and drawn as one.
const SNAP: f32 = 220.0;

/// Below this many world units it is over.
const NOTHING: f32 = 0.02;

/// The offsets, by NetId.
#[derive(Debug, Default)]
pub struct Blend(BTreeMap<u32, [f32; 2]>);

impl Blend {
    /// Forgets every offset: the view starts anew.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// At one moment, `before` was drawn, offsets included, and `after` is where things are after the news.
    pub fn surprise(&mut self, before: &[Seen], after: &[Seen]) {
        for seen in after.iter().filter(|seen| flies(seen)) {
            let Ok(index) = before.binary_search_by_key(&seen.id, |other| other.id) else { continue };
            let missed = [0, 1].map(|axis| before[index].at[axis] - seen.at[axis]);
            let distance = missed[0].hypot(missed[1]);
            if distance > NOTHING && distance < SNAP {
                self.0.insert(seen.id, missed);
            } else {
                self.0.remove(&seen.id);
            }
        }
    }

    /// The largest offset, in world units.
    pub fn largest(&self) -> f32 {
        self.0.values().map(|offset| offset[0].hypot(offset[1])).fold(0.0, f32::max)
    }

    /// Shrinks the offsets by what `seconds` do, and applies them. `hasty`: after a gap.
    pub fn apply(&mut self, seconds: f32, hasty: bool, now: &mut [Seen]) {
        let share = 0.5f32.powf(seconds / if hasty { HASTY_HALF_SECONDS } else { HALF_SECONDS });
        self.0.retain(|_, offset| {
            *offset = offset.map(|part| part * share);
            offset[0].hypot(offset[1]) > NOTHING
        });
        for (id, offset) in &self.0 {
            if let Ok(index) = now.binary_search_by_key(id, |seen| seen.id) {
                now[index].at = [0, 1].map(|axis| now[index].at[axis] + offset[axis]);
            }
        }
    }
}

fn flies(seen: &Seen) -> bool {
    match seen.kind {
        Kind::Ship(_) | Kind::Rock { .. } => true,
        Kind::Shot { .. } | Kind::Shard { .. } | Kind::Power { .. } => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rock(x: f32) -> Seen {
        Seen { id: 4, kind: Kind::Rock { size: 1, hull: 9 }, at: [x, 0.0], velocity: [0.0; 2], heading: 0.0 }
    }

    #[test]
    fn news_does_not_move_what_is_drawn_at_once_but_soon() {
        let mut blend = Blend::default();
        blend.surprise(&[rock(30.0)], &[rock(10.0)]);
        let mut now = [rock(10.0)];
        blend.apply(0.0, false, &mut now);
        assert_eq!(now[0].at[0], 30.0);
        now = [rock(10.0)];
        blend.apply(0.3, false, &mut now);
        assert!((now[0].at[0] - 10.0).abs() < 1.0);
    }

    #[test]
    fn what_is_new_or_far_is_drawn_where_it_is() {
        let mut blend = Blend::default();
        blend.surprise(&[], &[rock(10.0)]);
        blend.surprise(&[rock(900.0)], &[rock(10.0)]);
        let mut now = [rock(10.0)];
        blend.apply(0.0, false, &mut now);
        assert_eq!(now[0].at[0], 10.0);
    }
}
