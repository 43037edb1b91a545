//! What an operator says to everyone: who is here is told at once, and who comes within the time for which it is shown.
//!
//! Enters: the words, clean. Leaves: a message to each session. Of two the later one counts.

use crate::session::Session;
use crate::{ArenaRules, Now};
use bevy_ecs::prelude::*;
use shared::protocol::ServerMessage;
use shared::saying::Announcement;
use shared::tick::Tick;
use shared::tuning::ANNOUNCEMENT_MS;

/// What was said last, and until when it is told to who comes.
#[derive(Debug, Clone, Default, Resource)]
pub(crate) struct Announced(Option<(Announcement, Tick)>);

impl Announced {
    /// What a session that comes is told at `now`.
    pub(crate) fn news(&self, now: Tick) -> Option<ServerMessage> {
        let (said, until) = self.0.as_ref()?;
        // The tick counter wraps: an end that is past is as far away as it gets.
        let over = until.since(now) > u32::MAX / 2;
        (!over).then(|| ServerMessage::Announced(said.clone()))
    }
}

/// Everyone is told.
pub(crate) fn announce(world: &mut World, said: Announcement) {
    let until = world.resource::<Now>().0.after(world.resource::<ArenaRules>().0.ticks(ANNOUNCEMENT_MS));
    let news = ServerMessage::Announced(said.clone());
    world.insert_resource(Announced(Some((said, until))));
    world.query::<&mut Session>().iter_mut(world).for_each(|mut session| session.say(&news));
}
