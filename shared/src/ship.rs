//! A ship: its replicated state and its rule for the next tick. The energy bar, the gun and what protects it are part of
//! the state and of the rule, so everyone who sees a ship knows them without being told: a row is needed only where someone
//! else had a hand in it.

use crate::balance::{
    ARMOUR_PERCENT, ENERGY_FULL, ENERGY_MOST, ENERGY_ONE, RAPID_PERCENT, REPAIR_PERCENT, RESTART,
    SHIELD_PRICE_CENTI,
};
use crate::controls::Controls;
use crate::entity::ShotState;
use crate::hull::Hull;
use crate::ids::PlayerId;
use crate::mode::Team;
use crate::motion::{Body, HullRules, Rules, scaled};
use crate::power::{Effect, PowerUp};
use crate::tuning::{SHIP_RADIUS, SHOT_RADIUS};
use crate::units::SUBUNITS;

/// A ship and its controls.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ShipState {
    /// Who flies it.
    pub player: PlayerId,
    /// Flown by the server.
    pub drone: bool,
    /// Its team, where there are teams.
    pub team: Option<Team>,
    /// Which hull it has.
    pub class: Hull,
    /// Place, velocity, heading.
    pub body: Body,
    /// What its pilot does now.
    pub controls: Controls,
    /// Hull points left, up to those of its hull.
    pub hull: u8,
    /// Energy left, in parts of [`ENERGY_ONE`].
    pub energy: u16,
    /// The bar was empty: neither boost nor shield until [`RESTART`] is back.
    pub spent: bool,
    /// Ticks until the gun may fire.
    pub gun: u8,
    /// Ticks in which it still cannot be harmed.
    pub safe: u8,
    /// What a power-up does to it.
    pub effect: Option<Effect>,
}

/// A shot leaves the barrel this far from the ship's centre, in subunits.
const MUZZLE: i32 = (SHIP_RADIUS + SHOT_RADIUS + 2) * SUBUNITS;

impl ShipState {
    /// A fresh ship of `player`: whole, charged, and safe for a while.
    #[must_use]
    pub fn launched(player: PlayerId, drone: bool, class: Hull, body: Body, rules: &Rules) -> Self {
        let controls = Controls { aim: body.heading, ..Controls::default() }.quantised();
        let hull = rules.hull(class).points;
        Self {
            player,
            drone,
            class,
            body,
            controls,
            hull,
            energy: ENERGY_FULL,
            safe: rules.safe,
            ..Self::default()
        }
    }

    /// The ship one tick later, if nothing touches it.
    #[must_use]
    pub fn step(self, rules: &Rules) -> Self {
        self.step_and_fire(rules).0
    }

    /// The same, and whether its gun fires in this tick.
    #[must_use]
    pub fn step_and_fire(self, rules: &Rules) -> (Self, bool) {
        let hull = rules.hull(self.class);
        let (boosts, shields) = (self.boosts(rules), self.shields(rules));
        let body = self.body.step(self.controls, engine(self.controls, boosts, hull), hull, rules.arena);
        let effect = self.effect.and_then(Effect::step);
        let gun = self.gun.saturating_sub(1);
        let (cooldown, price) = gun_of(hull, effect);
        let energy = self.flown(boosts, shields, rules);
        let fires = self.controls.fire && !shields && gun == 0 && energy >= price;
        let energy = if fires { energy - price } else { energy };
        let wants = self.controls.boost && !boosts || self.controls.shield && !shields;
        let next = Self {
            body,
            energy,
            spent: energy < RESTART && (self.spent || wants),
            gun: if fires { cooldown } else { gun },
            safe: if fires { 0 } else { self.safe.saturating_sub(1) },
            effect,
            ..self
        };
        (next, fires)
    }

    /// The energy after flight and refill. A bar beyond full is kept, and not refilled.
    fn flown(&self, boosts: bool, shields: bool, rules: &Rules) -> u16 {
        let cost = rules.energy.boost * u16::from(boosts) + rules.energy.shield * u16::from(shields);
        let rests = self.body.vel.length_squared() < rules.energy.rest_speed_squared;
        let refill = if rests { rules.energy.resting } else { rules.energy.refill };
        match cost {
            0 => self.energy.max(self.energy.saturating_add(refill).min(ENERGY_FULL)),
            _ => self.energy.saturating_sub(cost),
        }
    }

    /// Does the boost work in the next tick?
    #[must_use]
    pub fn boosts(&self, rules: &Rules) -> bool {
        self.controls.boost && !self.spent && self.energy >= rules.energy.boost
    }

    /// Is the shield up in the next tick?
    #[must_use]
    pub fn shields(&self, rules: &Rules) -> bool {
        self.controls.shield && !self.spent && self.energy >= rules.energy.shield
    }

    /// The shot that leaves the gun of this ship now; none when its muzzle is in a wall.
    #[must_use]
    pub fn fired(&self, rules: &Rules) -> Option<ShotState> {
        let heading = self.body.heading;
        let pos = self.body.pos.moved(scaled(heading.direction(), MUZZLE));
        let (owner, team, class, left) =
            (self.player, self.team, self.class, rules.hull(self.class).shot_life);
        rules.contains(pos).then_some(ShotState { owner, team, class, pos, heading, left })
    }

    /// The ship after a hit of so many hull points, and those of them that the hull lost. A shield takes them from the bar
    /// as long as the bar can pay.
    #[must_use]
    pub fn struck(self, damage: u8, rules: &Rules) -> (Self, u8) {
        if self.safe > 0 {
            return (self, 0);
        }
        let damage = match self.effect {
            Some(Effect { kind: PowerUp::Armour, .. }) => percent(damage.into(), ARMOUR_PERCENT),
            Some(_) | None => damage.into(),
        };
        let price = SHIELD_PRICE_CENTI * u32::from(ENERGY_ONE) / 100;
        let kept = if self.shields(rules) { damage.min(u32::from(self.energy) / price) } else { 0 };
        let lost = (damage - kept).min(self.hull.into()) as u8;
        let broken = self.shields(rules) && kept < damage;
        let energy = if broken { 0 } else { self.energy - (kept * price) as u16 };
        (Self { hull: self.hull - lost, energy, spent: self.spent || broken, ..self }, lost)
    }

    /// The ship after it has taken a power-up.
    #[must_use]
    pub fn given(self, power: PowerUp, rules: &Rules) -> Self {
        match power {
            PowerUp::Repair => {
                self.mended(percent(rules.hull(self.class).points.into(), REPAIR_PERCENT) as u8, rules)
            }
            PowerUp::Charge => Self { energy: ENERGY_MOST, spent: false, ..self },
            PowerUp::Rapid | PowerUp::Armour => {
                Self { effect: Some(Effect { kind: power, left: rules.effect }), ..self }
            }
        }
    }

    /// The ship with so many hull points more, up to those of its hull.
    #[must_use]
    pub fn mended(self, points: u8, rules: &Rules) -> Self {
        Self { hull: self.hull.saturating_add(points).min(rules.hull(self.class).points), ..self }
    }
}

/// Gain of speed in this tick. Without a branch: what others do is not to be guessed, by a processor neither.
fn engine(controls: Controls, boosts: bool, hull: &HullRules) -> i32 {
    hull.thrust * i32::from(controls.thrust | controls.boost) + hull.boost * i32::from(boosts)
}

/// Ticks between two shots, and what one costs.
fn gun_of(hull: &HullRules, effect: Option<Effect>) -> (u8, u16) {
    match effect {
        Some(Effect { kind: PowerUp::Rapid, .. }) => (hull.rapid_cooldown, hull.rapid_energy),
        Some(_) | None => (hull.cooldown, hull.shot_energy),
    }
}

fn percent(of: u32, percent: u32) -> u32 {
    of * percent / 100
}

/// A number as Rapid makes it, at least one.
pub(crate) fn rapid(of: u32) -> u32 {
    percent(of, RAPID_PERCENT).max(1)
}

#[cfg(test)]
#[path = "ship_tests.rs"]
mod tests;
