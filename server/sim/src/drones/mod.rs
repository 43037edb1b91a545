//! Drones: pilots like any other. All they have is controls, which they choose by what they see, a few times a second, each
//! at ticks of its own.
//!
//! Owns the drones' moods and skills. Enters: the field as it is. Leaves: intents. `mood` says what a drone is about, `fight`
//! how it goes about it, `sight` what it knows, `skill` how well it does. Must never touch a ship or look at what a person could not see.

mod fight;
mod mood;
mod sight;
mod skill;

use crate::components::{Flying, Intent, Pilot, Player, Score, Ship, Shot};
use crate::index::Index;
use crate::stages::populate::anywhere;
use crate::stages::powers::Places;
use crate::{ArenaRules, Dice, Now};
use bevy_ecs::prelude::*;
use fight::Throw;
pub(crate) use mood::Mood;
use rand::RngExt;
use rand_pcg::Pcg32;
use shared::controls::Controls;
use shared::entity::ShipState;
use shared::motion::Rules;
use shared::tuning::{DRONE_SIGHT, SHIP_RADIUS};
use shared::units::{Point, SUBUNITS};
use sight::{Other, Sight};
pub(crate) use skill::Skill;

/// Someone flown by the server: how well, and what he is about.
#[derive(Component, Debug, Clone, Copy)]
pub(crate) struct Drone {
    /// How well.
    pub skill: Skill,
    /// What he is about.
    pub mood: Mood,
}

impl Drone {
    /// A drone that has not looked around yet.
    pub(crate) fn new(skill: Skill) -> Self {
        Self { skill, mood: Mood::Roam(Point::default()) }
    }
}

/// A drone hunts rather than gathers in so many looks of 12: it is about something for a second or two.
const EAGER: u32 = 3;
/// It weaves for this part of the time, of 3.
const WEAVES: u32 = 1;
/// It goes to where a power-up will be this many milliseconds before,
const EARLY_MS: u32 = 2500;
/// from so far away, in subunits.
const WORTH: i32 = 900 * SUBUNITS;
/// It sees shots that would hit it within so many milliseconds.
const WARNING_MS: u32 = 300;

/// The field, for whoever looks around.
#[derive(bevy_ecs::system::SystemParam)]
pub(crate) struct Field<'w, 's> {
    ships: Query<'w, 's, (&'static Ship, &'static Pilot)>,
    shots: Query<'w, 's, &'static Shot>,
    people: Query<'w, 's, (&'static Player, &'static Score)>,
    index: Res<'w, Index>,
    places: Res<'w, Places>,
    rules: Res<'w, ArenaRules>,
    now: Res<'w, Now>,
}

/// Each drone whose turn it is looks around, and steers by what it saw.
pub(crate) fn fly_drones(
    mut drones: Query<(&Flying, &mut Drone, &mut Intent)>,
    field: Field<'_, '_>,
    mut dice: ResMut<Dice>,
) {
    for (flying, mut drone, mut intent) in &mut drones {
        let Some((entity, ship)) = flying.0.and_then(|ship| Some((ship, field.ships.get(ship).ok()?.0.0)))
        else {
            continue;
        };
        let pause = field.rules.0.ticks(drone.skill.hand().look_ms);
        if field.now.0.0.wrapping_add(entity.index_u32()).is_multiple_of(pause) {
            let sight = field.look(entity, &ship, &drone);
            intent.0 = drone.decide(&sight, &field.rules.0, &mut dice.0).quantised();
        }
    }
}

impl Drone {
    fn decide(&mut self, sight: &Sight<'_>, rules: &Rules, dice: &mut Pcg32) -> Controls {
        let hand = self.skill.hand();
        let somewhere = anywhere(rules, SHIP_RADIUS * 4, dice);
        self.mood = self.mood.next(sight, dice.random_ratio(EAGER, 12), somewhere);
        let throw = Throw {
            error: dice.random_range(-hand.error..=hand.error),
            weave: dice.random_ratio(WEAVES, 3),
            left: dice.random(),
        };
        let about =
            |other: Entity| sight.known.into_iter().chain(sight.nearest).find(|seen| seen.entity == other);
        match self.mood {
            Mood::Roam(place) | Mood::Gather(place) | Mood::Patrol(place) => fight::head(sight, place),
            Mood::Hunt(prey) => {
                about(prey).map_or_else(Controls::default, |prey| fight::hunt(sight, &prey, &hand, throw))
            }
            Mood::Flee(hunter) => {
                about(hunter).map_or_else(Controls::default, |hunter| fight::flee(sight, &hunter, &hand))
            }
        }
    }
}

impl Field<'_, '_> {
    fn look<'a>(&'a self, own: Entity, me: &'a ShipState, drone: &Drone) -> Sight<'a> {
        let (here, sight) = (me.body.pos, DRONE_SIGHT * SUBUNITS);
        let foe = |other: Entity| other != own && self.is_foe(me, other);
        let old = |other: Entity| foe(other) && self.other(other).is_some_and(|other| !other.new);
        let nearest = self.index.ships.nearest(here, sight, old);
        let nearest = nearest.or_else(|| self.index.ships.nearest(here, sight, foe));
        Sight {
            me,
            rules: &self.rules.0,
            nearest: nearest.and_then(|(entity, _)| self.other(entity)),
            known: drone.mood.other().and_then(|entity| self.other(entity)),
            shard: self.index.shards.nearest(here, sight, |_| true).map(|(_, at)| at),
            power: self.power(here),
            threatened: drone.skill.hand().shields && self.is_threatened(me),
        }
    }

    fn is_foe(&self, me: &ShipState, other: Entity) -> bool {
        me.team.is_none() || self.ships.get(other).is_ok_and(|(ship, _)| ship.0.team != me.team)
    }

    fn other(&self, entity: Entity) -> Option<Other> {
        let (ship, pilot) = self.ships.get(entity).ok()?;
        let new = self
            .people
            .get(pilot.0)
            .is_ok_and(|(player, score)| player.is_new(&score.0, self.now.0, &self.rules.0));
        Some(Other { entity, ship: ship.0, new })
    }

    /// The nearest power-up that is worth the way.
    fn power(&self, here: Point) -> Option<Point> {
        let soon = self.now.0.after(self.rules.0.ticks(EARLY_MS));
        let there = self.places.all.iter().filter(|place| place.from <= soon).map(|place| place.power.pos);
        let nearest = there.min_by_key(|place| here.to(*place).length_squared());
        nearest.filter(|place| here.to(*place).length() < WORTH)
    }

    fn is_threatened(&self, me: &ShipState) -> bool {
        let rules = &self.rules.0;
        let ticks = rules.ticks(WARNING_MS);
        let reach = rules.most(|hull| hull.shot_speed) * ticks.cast_signed();
        let near = self.index.shots.near(me.body.pos, reach);
        near.filter_map(|(shot, _)| self.shots.get(shot).ok())
            .any(|shot| sight::comes(&shot.0, me, ticks.into(), rules))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::{Ports, command_queue};
    use crate::{Config, Simulation};
    use shared::mode::{Mode, Team};

    /// How often drones were about someone in 1,200 ticks, and how often that was one of their own team.
    fn hunts(mode: Mode) -> (u32, u32) {
        let (_, commands) = command_queue();
        let config = Config { mode, arena_size: 1536, drones: 10, seed: 5, ..Config::default() };
        let mut sim = Simulation::new(config, Ports { commands, shards: Vec::new() });
        let (mut all, mut friendly) = (0, 0);
        for _ in 0..1200 {
            sim.step();
            let mut drones = sim.world.query::<(&Flying, &Drone)>();
            for (flying, drone) in drones.iter(&sim.world) {
                let ship = |entity: Entity| sim.world.get::<Ship>(entity).map(|ship| ship.0.team);
                if let (Some(own), Some(other)) = (flying.0.and_then(ship), drone.mood.other().and_then(ship))
                {
                    all += 1;
                    friendly += u32::from(Team::are_friends(own, other));
                }
            }
        }
        (all, friendly)
    }

    #[test]
    fn drones_neither_hunt_nor_flee_from_friends() {
        let (all, friendly) = hunts(Mode::Teams);
        assert!(all > 500 && friendly == 0, "{friendly} of {all}");
        assert!(hunts(Mode::FreeForAll).0 > 500);
    }
}
