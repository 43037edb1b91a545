//! Trails: where ships have just been.
//!
//! Owns: the last places of each ship in view, a bounded ring each. Enters: where each ship is in every draw. Leaves: a band of
//! light that fades towards its end. It must never outlive the view of its ship by more than a moment.

use std::collections::BTreeMap;

use super::camera::Camera;
use super::sprite::{Batch, Colour, Shape, Sprite};

/// Places kept of a ship.
const KEPT: usize = 18;

/// Seconds between two of them: a trail is half a second long.
const EVERY: f32 = 0.03;

/// Ships with a trail at once.
const MOST: usize = 160;

/// Half the width of a trail at the ship, in world units.
const HALF_WIDTH: f32 = 5.5;

/// A place farther from the last than this many world units is no flight.
const JUMP: f32 = 120.0;

#[derive(Debug)]
struct Trail {
    /// Newest last, each with how strongly the engine ran.
    places: Vec<([f32; 2], f32)>,
    colour: Colour,
    seen: bool,
}

/// All trails, by NetId.
#[derive(Debug, Default)]
pub struct Trails {
    trails: BTreeMap<u32, Trail>,
    since: f32,
}

impl Trails {
    /// `seconds` passed since the last draw. Returns whether places are to be noted in this one.
    pub fn advance(&mut self, seconds: f32) -> bool {
        self.since += seconds;
        let due = self.since >= EVERY;
        if due {
            self.since %= EVERY;
            self.trails.retain(|_, trail| std::mem::take(&mut trail.seen));
        }
        due
    }

    /// A ship is at `at` now, its engine running at `power`, 0 to 1.
    pub fn note(&mut self, id: u32, at: [f32; 2], power: f32, colour: Colour) {
        if self.trails.len() >= MOST && !self.trails.contains_key(&id) {
            return;
        }
        let fresh = || Trail { places: Vec::with_capacity(KEPT + 1), colour, seen: true };
        let trail = self.trails.entry(id).or_insert_with(fresh);
        (trail.seen, trail.colour) = (true, colour);
        if trail.places.last().is_some_and(|(last, _)| (last[0] - at[0]).hypot(last[1] - at[1]) > JUMP) {
            trail.places.clear();
        }
        trail.places.push((at, power));
        if trail.places.len() > KEPT {
            trail.places.remove(0);
        }
    }

    /// Adds the trail of the ship `id`, which is drawn at `at`.
    pub fn draw(&self, batch: &mut Batch, camera: &Camera, id: u32, at: [f32; 2]) {
        let Some(trail) = self.trails.get(&id).filter(|_| camera.sees(at, 260.0)) else { return };
        let count = trail.places.len();
        let mut to = at;
        for (age, (from, power)) in trail.places.iter().rev().enumerate() {
            let left = 1.0 - age as f32 / count as f32;
            let strength = left * left * (0.08 + 0.34 * power);
            band(batch, *from, to, HALF_WIDTH * (0.25 + 0.75 * left), trail.colour.faded(strength));
            to = *from;
        }
    }
}

fn band(batch: &mut Batch, from: [f32; 2], to: [f32; 2], half: f32, colour: Colour) {
    let way = [to[0] - from[0], to[1] - from[1]];
    let length = way[0].hypot(way[1]);
    if length < 0.5 {
        return;
    }
    let middle = [(from[0] + to[0]) / 2.0, (from[1] + to[1]) / 2.0];
    let sprite = Sprite::body(Shape::Band, middle, 1.0, way[1].atan2(way[0]), colour);
    batch.push(&Sprite { extent: [length / 2.0, half], ..sprite });
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHITE: Colour = Colour::hex(0xff_ff_ff);

    fn flown(draws: u32) -> Trails {
        let mut trails = Trails::default();
        for draw in 0..draws {
            if trails.advance(1.0 / 60.0) {
                trails.note(7, [draw as f32 * 6.0, 0.0], 1.0, WHITE);
            }
        }
        trails
    }

    fn bands(trails: &Trails, at: [f32; 2]) -> i32 {
        let mut batch = Batch::default();
        trails.draw(&mut batch, &Camera::new(at), 7, at);
        batch.count()
    }

    #[test]
    fn a_trail_is_as_long_as_half_a_second_and_no_longer() {
        assert_eq!(bands(&flown(300), [1800.0, 0.0]), KEPT as i32);
    }

    #[test]
    fn a_new_life_elsewhere_leaves_no_line_across_the_arena() {
        let mut trails = flown(60);
        trails.note(7, [3000.0, 500.0], 0.0, WHITE);
        assert!(bands(&trails, [3003.0, 500.0]) <= 1);
    }

    #[test]
    fn the_trail_of_what_is_not_seen_any_more_goes() {
        let mut trails = flown(60);
        (0..4).for_each(|_| {
            trails.advance(EVERY);
        });
        assert_eq!(bands(&trails, [360.0, 0.0]), 0);
    }
}
