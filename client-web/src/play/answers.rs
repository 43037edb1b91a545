//! How soon a key shows: from the moment it is taken to the first draw in which the own ship looks otherwise.
//!
//! Enters: keys as they are taken, and what each draw shows of the own ship. Leaves: counts of draws. They say something only
//! of a ship at rest: one that moves looks otherwise in every draw. It must never change what is drawn.

use crate::world::seen::{Kind, Seen};

/// What a draw shows of a ship: place, heading, engine.
type Look = ([f32; 2], f32, bool);

/// The keys that were taken, and the draws they needed.
#[derive(Debug, Default)]
pub struct Answers {
    shown: Option<Look>,
    asked: Option<(u64, Look)>,
    answered: u32,
    most_draws: u64,
}

impl Answers {
    /// A key went down that changes what the ship does, after so many draws.
    pub fn asked(&mut self, draws: u64) {
        if self.asked.is_none() {
            self.asked = self.shown.map(|look| (draws, look));
        }
    }

    /// Draw number `draws` shows the own ship so; none when there is none.
    pub fn drawn(&mut self, draws: u64, own: Option<&Seen>) {
        self.shown = own.and_then(look);
        let (Some((since, before)), Some(now)) = (self.asked, self.shown) else {
            self.asked = None;
            return;
        };
        if now != before {
            self.asked = None;
            self.answered += 1;
            self.most_draws = self.most_draws.max(draws - since);
        }
    }

    /// Keys that showed.
    pub fn answered(&self) -> u32 {
        self.answered
    }

    /// Draws that a key needed at most: 1 is the first one after it.
    pub fn most_draws(&self) -> u64 {
        self.most_draws
    }
}

fn look(seen: &Seen) -> Option<Look> {
    match seen.kind {
        Kind::Ship(ship) => Some((seen.at, seen.heading, ship.thrust)),
        Kind::Shot { .. } | Kind::Shard { .. } | Kind::Rock { .. } | Kind::Power { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::seen::ShipLook;
    use shared::entity::ShipState;
    use shared::motion::Rules;

    fn ship(heading: f32) -> Seen {
        let look = ShipLook::of(&ShipState::default(), &Rules::new(30, 4096));
        Seen { id: 1, kind: Kind::Ship(look), at: [0.0; 2], velocity: [0.0; 2], heading }
    }

    #[test]
    fn a_key_is_answered_by_the_first_draw_that_looks_otherwise() {
        let mut answers = Answers::default();
        answers.drawn(1, Some(&ship(0.0)));
        answers.asked(1);
        answers.drawn(2, Some(&ship(0.1)));
        assert_eq!((answers.answered(), answers.most_draws()), (1, 1));
        answers.asked(2);
        answers.drawn(3, Some(&ship(0.1)));
        answers.drawn(4, Some(&ship(0.2)));
        assert_eq!((answers.answered(), answers.most_draws()), (2, 2));
    }

    #[test]
    fn a_key_without_a_ship_waits_for_nothing() {
        let mut answers = Answers::default();
        answers.asked(1);
        answers.drawn(2, Some(&ship(0.1)));
        answers.drawn(3, None);
        assert_eq!(answers.answered(), 0);
    }
}
