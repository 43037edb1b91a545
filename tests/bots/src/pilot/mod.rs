//! Pilots: what a bot does with its ship, decided from nothing but its view.
//!
//! A replica enters once a frame, controls leave. Time is the ticks of the view and chance is seeded, so a pilot given
//! the same frames flies the same way. Must never look at a clock or at anything a player could not see.

mod hunt;
mod play;
mod sight;
mod wander;

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg32;
use shared::controls::Controls;
use shared::hull::Hull;
use shared::motion::Rules;
use shared::replica::Replica;
use sight::Sight;
use std::ops::RangeInclusive;

/// How a bot flies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Behaviour {
    /// As a person would: collects shards, chases ships, fires when aimed, changes its mind every 0.3 to 1.5 s.
    Play,
    /// A new heading and thrust every 0.3 to 1.5 s; never fires.
    Wander,
    /// Turns towards the nearest ship at every tick, and fires.
    Hunt,
    /// Joins, and then sends only what keeps it connected.
    Idle,
    /// Other controls at every tick, each sent as often as may be.
    Spam,
}

impl Behaviour {
    /// Does it do what it does by what it sees?
    pub(crate) fn looks(self) -> bool {
        match self {
            Self::Play | Self::Hunt => true,
            Self::Wander | Self::Idle | Self::Spam => false,
        }
    }
}

/// How long a decision holds, in milliseconds.
const DECISION_MS: RangeInclusive<u32> = 300..=1500;

/// One pilot.
#[derive(Debug)]
pub struct Pilot {
    mind: Mind,
    hull: Hull,
    chance: Chance,
    until_decision: u32,
}

#[derive(Debug)]
enum Mind {
    Play(play::Play),
    Wander(Controls),
    Hunt,
    Idle,
    Spam,
}

/// A pilot's own dice.
#[derive(Debug)]
struct Chance(Pcg32);

impl Chance {
    fn below(&mut self, end: u32) -> u32 {
        self.0.random_range(0..end.max(1))
    }

    fn heading(&mut self) -> shared::angle::Angle {
        shared::angle::Angle(self.0.random())
    }

    fn percent(&mut self, percent: u32) -> bool {
        self.below(100) < percent
    }

    /// How long something of `range` milliseconds takes this time, in ticks.
    fn ticks(&mut self, range: RangeInclusive<u32>, rules: &Rules) -> u32 {
        rules.ticks(self.0.random_range(range))
    }
}

impl Pilot {
    /// A pilot who flies by `behaviour`; `seed` is all the chance there is.
    #[must_use]
    pub fn new(behaviour: Behaviour, seed: u64) -> Self {
        let mind = match behaviour {
            Behaviour::Play => Mind::Play(play::Play::default()),
            Behaviour::Wander => Mind::Wander(Controls::default()),
            Behaviour::Hunt => Mind::Hunt,
            Behaviour::Idle => Mind::Idle,
            Behaviour::Spam => Mind::Spam,
        };
        let mut chance = Chance(Pcg32::seed_from_u64(seed));
        Self { mind, hull: Hull::of_bits(chance.0.random()), chance, until_decision: 0 }
    }

    /// The controls from now on, for the view after one more tick. None when there is nothing to say: the own ship does
    /// not fly, or the pilot never touches the controls.
    pub fn fly(&mut self, view: &Replica) -> Option<Controls> {
        // Whether the own ship flies is said in the heads of frames; who looks at others needs the whole view.
        if !view.focus().own {
            return None;
        }
        let decide = self.due(view.rules());
        let controls = match &mut self.mind {
            Mind::Idle => return None,
            Mind::Hunt => hunt::controls(&Sight::of(view)?),
            Mind::Spam => wander::controls(&mut self.chance),
            Mind::Wander(held) => {
                if decide {
                    *held = wander::controls(&mut self.chance);
                }
                *held
            }
            Mind::Play(play) => {
                if decide {
                    play.decide(&mut self.chance);
                }
                play.controls(&Sight::of(view)?, &mut self.chance)
            }
        };
        Some(controls.quantised())
    }

    /// The hull it flies in, by its seed.
    #[must_use]
    pub fn hull(&self) -> Hull {
        self.hull
    }

    /// Does it say everything as often as may be?
    pub(crate) fn spams(&self) -> bool {
        matches!(self.mind, Mind::Spam)
    }

    fn due(&mut self, rules: &Rules) -> bool {
        if self.until_decision > 0 {
            self.until_decision -= 1;
            return false;
        }
        self.until_decision = self.chance.ticks(DECISION_MS, rules);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pilot_without_a_ship_says_nothing() {
        let view = Replica::new(Rules::new(30, 4096));
        assert_eq!(Pilot::new(Behaviour::Play, 1).fly(&view), None);
    }

    #[test]
    fn decisions_last_as_long_as_stated() {
        let rules = Rules::new(30, 4096);
        let mut pilot = Pilot::new(Behaviour::Wander, 7);
        let decided: Vec<usize> = (0..3000).filter(|_| pilot.due(&rules)).collect();
        for pair in decided.windows(2) {
            assert!((9..=46).contains(&(pair[1] - pair[0])), "{pair:?}");
        }
    }
}
