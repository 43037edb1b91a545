//! Plays as a person does: follows a plan for a while, moves the pointer a few times a second, not at every tick.

use super::sight::{Sight, units};
use super::{Chance, wander};
use shared::angle::Angle;
use shared::controls::Controls;
use std::ops::RangeInclusive;

/// Time between two movements of the pointer, in milliseconds.
const REACTION_MS: RangeInclusive<u32> = 100..=250;
/// How near a chased ship is near enough, in world units.
const CLOSE: i32 = 200;
/// How far off the nose may point when the trigger is pulled, in 1/65536 turn.
const AIMED: u16 = 2048;

#[derive(Debug, Default)]
enum Plan {
    #[default]
    Collect,
    Chase,
    Drift(Controls),
}

#[derive(Debug, Default)]
pub(super) struct Play {
    plan: Plan,
    held: Controls,
    until_reaction: u32,
}

impl Play {
    /// Makes a new plan: mostly shards, often a chase, now and then nothing much.
    pub(super) fn decide(&mut self, chance: &mut Chance) {
        self.plan = match chance.below(100) {
            0..50 => Plan::Collect,
            50..85 => Plan::Chase,
            85.. => Plan::Drift(wander::controls(chance)),
        };
        self.until_reaction = 0;
    }

    /// What the plan asks for now. Between reactions the hands stay where they are.
    pub(super) fn controls(&mut self, sight: &Sight<'_>, chance: &mut Chance) -> Controls {
        if self.until_reaction == 0 {
            self.until_reaction = chance.ticks(REACTION_MS, sight.rules());
            self.held = self.react(sight);
        }
        self.until_reaction -= 1;
        self.held
    }

    fn react(&self, sight: &Sight<'_>) -> Controls {
        match &self.plan {
            Plan::Collect => collect(sight).or_else(|| chase(sight)),
            Plan::Chase => chase(sight).or_else(|| collect(sight)),
            Plan::Drift(controls) => Some(*controls),
        }
        .unwrap_or(Controls { aim: sight.own.body.heading, thrust: true, ..Controls::default() })
    }
}

fn collect(sight: &Sight<'_>) -> Option<Controls> {
    let way = sight.to(sight.nearest_shard()?);
    Some(Controls { aim: Angle::of(way), thrust: true, ..Controls::default() })
}

fn chase(sight: &Sight<'_>) -> Option<Controls> {
    let prey = sight.nearest_ship()?;
    let aim = Angle::of(sight.to(sight.lead(prey)));
    let distance = units(sight.to(prey.body.pos));
    let aimed = sight.own.body.heading.shortest_to(aim).unsigned_abs() < AIMED;
    let (reach, hurt) = (sight.reach(), sight.own.hull < 40);
    let (boost, shield) =
        (distance > reach && sight.charged(70), hurt && distance < CLOSE && sight.charged(40));
    let (thrust, fire) = (distance > CLOSE, aimed && distance < reach);
    Some(Controls { aim, thrust, fire, boost, shield, ..Controls::default() })
}
