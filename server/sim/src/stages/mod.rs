//! The stages of a tick, a file each, in the order of [`crate::stage::Stage`].

pub(crate) mod bounty;
pub(crate) mod contact;
pub(crate) mod damage;
pub(crate) mod flush;
pub(crate) mod ingest;
pub(crate) mod moving;
pub(crate) mod populate;
pub(crate) mod powers;
pub(crate) mod rank;
pub(crate) mod replicate;
pub(crate) mod rocks;
pub(crate) mod score;
pub(crate) mod steer;
pub(crate) mod think;

use crate::{ArenaRules, Dice};
use bevy_ecs::world::World;

/// The notes that stages leave for later stages of the same tick.
pub(crate) fn init_resources(world: &mut World) {
    world.init_resource::<contact::Contacts>();
    world.init_resource::<damage::Deaths>();
    world.init_resource::<damage::Damage>();
    world.init_resource::<populate::Wrecks>();
    world.init_resource::<rocks::BrokenRocks>();
    world.init_resource::<rocks::NextRock>();
    world.init_resource::<populate::NextPlayer>();
    world.init_resource::<rank::ShortBoard>();
    world.init_resource::<bounty::Leader>();
    let rules = world.resource::<ArenaRules>().0;
    let places = powers::Places::new(&rules, &mut world.resource_mut::<Dice>().0);
    world.insert_resource(places);
}
