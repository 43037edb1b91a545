//! Duels: two drones of the highest skill, alone in a small arena, until one is sunk. What the balance of the hulls is
//! measured by.

use crate::components::Flying;
use crate::drones::Skill;
use crate::ports::{Ports, command_queue};
use crate::stages::populate::spawn_drone;
use crate::{Config, Simulation};
use bevy_ecs::prelude::*;
use shared::hull::Hull;
use shared::name::PlayerName;

/// Small enough that they meet, large enough to get away, in world units.
const ARENA: u32 = 1600;
/// Nobody has won after so many seconds.
const SECONDS: u32 = 90;

/// How a duel ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    /// Who won, the first or the second; none when the time was over or both went down together.
    pub winner: Option<usize>,
    /// How long it took, in ticks.
    pub ticks: u32,
}

/// Lets two hulls fight; `seed` is all the chance there is.
///
/// # Panics
/// Never: the names of the two can be shown.
#[must_use]
pub fn fight(hulls: [Hull; 2], seed: u64) -> Outcome {
    let (_, commands) = command_queue();
    let config = Config { arena_size: ARENA, seed, drones: 2, ..Config::default() };
    let mut sim = Simulation::new(config, Ports { commands, shards: Vec::new() });
    let pilots = hulls.map(|hull| {
        let name = PlayerName::clean(hull.name()).expect("a hull's name has letters");
        spawn_drone(&mut sim.world, name, hull, Skill::Ace)
    });
    sim.step();
    let limit = SECONDS * u32::from(config.tick_hz);
    for ticks in 1..=limit {
        sim.step();
        let flies = pilots.map(|pilot| is_flying(&sim.world, pilot));
        if flies != [true, true] {
            return Outcome { winner: flies.iter().position(|flies| *flies), ticks };
        }
    }
    Outcome { winner: None, ticks: limit }
}

fn is_flying(world: &World, pilot: Entity) -> bool {
    world.get::<Flying>(pilot).is_some_and(|flying| flying.0.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duel_is_the_same_again_with_the_same_seed() {
        let once = fight([Hull::Corsair, Hull::Wasp], 3);
        assert_eq!(once, fight([Hull::Corsair, Hull::Wasp], 3));
        assert!(once.ticks > 30);
    }
}
