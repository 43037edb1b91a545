//! Where a ship was in the last ticks, so that hits can be judged by what the shooter saw.

use bevy_ecs::component::Component;
use shared::units::Point;

/// Ticks that are remembered: more than [`shared::tuning::REWIND_MS`] at the highest tick rate.
const REMEMBERED: usize = 32;

/// The last places of a ship.
#[derive(Component, Debug, Clone)]
pub(crate) struct Trail {
    places: [Point; REMEMBERED],
    newest: usize,
}

impl Trail {
    /// A ship that has always been there: before it came nobody can hit it.
    pub(crate) fn new(place: Point) -> Self {
        Self { places: [place; REMEMBERED], newest: 0 }
    }

    /// One more tick.
    pub(crate) fn push(&mut self, place: Point) {
        self.newest = (self.newest + 1) % REMEMBERED;
        self.places[self.newest] = place;
    }

    /// Where it was so many ticks ago; as far back as is remembered.
    pub(crate) fn ago(&self, ticks: u32) -> Point {
        let back = (ticks as usize).min(REMEMBERED - 1);
        self.places[(self.newest + REMEMBERED - back) % REMEMBERED]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_come_back_in_the_order_of_ticks() {
        let mut trail = Trail::new(Point::from_units(0, 0));
        (1..=50).for_each(|x| trail.push(Point::from_units(x, 0)));
        assert_eq!(trail.ago(0), Point::from_units(50, 0));
        assert_eq!(trail.ago(6), Point::from_units(44, 0));
        assert_eq!(trail.ago(1000), Point::from_units(19, 0));
    }
}
