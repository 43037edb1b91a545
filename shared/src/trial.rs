//! A trial of the rules of motion: random ships, rocks and shots, steered at random, boiled down to one number.
//!
//! Enters: a seed, a number of steps. Leaves: a hash of every state on the way. Every build of these rules on every machine
//! must give the same, or what a client predicts is not what the server says. Nothing in the game uses it.

use crate::angle::Angle;
use crate::controls::Controls;
use crate::entity::{EntityState, RockState, ShipState, ShotState};
use crate::hull::Hull;
use crate::ids::{NetId, PlayerId};
use crate::motion::{Body, Rules};
use crate::power::PowerUp;
use crate::units::{Point, Vector};

/// Steps after which everything is placed anew, under rules of another tick rate and arena.
const ROUND: u32 = 250;

/// The hash of `steps` steps of one ship, one asteroid and one shot.
#[must_use]
pub fn motion_hash(seed: u32, steps: u32) -> u64 {
    let mut chance = Chance(u64::from(seed) ^ 0x9e37_79b9_7f4a_7c15);
    let mut hash = 0xcbf2_9ce4_8422_2325;
    let mut course = Course::new(&mut chance);
    for step in 0..steps {
        if step % ROUND == ROUND - 1 {
            course = Course::new(&mut chance);
        }
        course.step(&mut chance);
        hash = (hash ^ u64::from(course.checksum())).wrapping_mul(0x0000_0100_0000_01b3);
    }
    hash
}

/// What flies in a round.
struct Course {
    rules: Rules,
    ship: ShipState,
    rock: RockState,
    shot: Option<ShotState>,
}

impl Course {
    fn new(chance: &mut Chance) -> Self {
        let rules = Rules::new(10 + chance.below(111) as u16, 1024 + chance.below(15_000));
        let body = Body { pos: chance.place(&rules), vel: chance.velocity(), heading: Angle(chance.bits()) };
        let rock = RockState {
            pos: chance.place(&rules),
            vel: chance.velocity(),
            size: chance.below(5) as u8,
            hull: 1,
        };
        let class = Hull::of_bits(chance.bits() as u8);
        let ship = ShipState::launched(PlayerId(1), false, class, body, &rules);
        Self { rules, ship, rock, shot: None }
    }

    fn step(&mut self, chance: &mut Chance) {
        self.ship.controls = Controls::unpack(chance.bits());
        self.ship = self.touched(chance).step(&self.rules);
        self.rock = self.rock.step(&self.rules);
        self.shot = match self.shot {
            Some(shot) => shot.step(&self.rules),
            None => self.ship.fired(&self.rules),
        };
    }

    /// Now and then the ship is hit, or takes a power-up.
    fn touched(&self, chance: &mut Chance) -> ShipState {
        match (chance.below(40), PowerUp::of_number(chance.below(8) as u8)) {
            (0, Some(power)) => self.ship.given(power, &self.rules),
            (1, _) => self.ship.struck(chance.bits() as u8, &self.rules).0,
            _ => self.ship,
        }
    }

    fn checksum(&self) -> u32 {
        let states = [
            Some(EntityState::Ship(self.ship)),
            Some(EntityState::Rock(self.rock)),
            self.shot.map(EntityState::Shot),
        ];
        states
            .iter()
            .flatten()
            .zip(1..)
            .fold(0, |sum, (state, id)| sum.wrapping_add(state.checksum(NetId(id))))
    }
}

/// Random numbers that are the same everywhere: a linear congruential generator, of which only the high bits are used.
struct Chance(u64);

impl Chance {
    fn bits(&mut self) -> u16 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 48) as u16
    }

    fn below(&mut self, end: u32) -> u32 {
        (u32::from(self.bits()) * end) >> 16
    }

    fn place(&mut self, rules: &Rules) -> Point {
        let side = rules.arena_size();
        Point::from_units(self.below(side).cast_signed(), self.below(side).cast_signed())
    }

    fn velocity(&mut self) -> Vector {
        let mut part = || i32::from(self.bits().cast_signed());
        Vector { x: part(), y: part() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_depends_on_the_seed_and_on_every_step_and_on_nothing_else() {
        let hash = motion_hash(1, 5000);
        assert_eq!(hash, motion_hash(1, 5000));
        assert!(hash != motion_hash(2, 5000) && hash != motion_hash(1, 4999));
    }
}
