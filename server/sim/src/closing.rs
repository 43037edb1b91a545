//! The end of the arena that was announced: who is here is told when, and so is who still comes.
//!
//! Enters: in how many seconds the server stops. Leaves: a message to each session. It ends nothing itself.

use crate::session::Session;
use crate::{ArenaRules, Now};
use bevy_ecs::prelude::*;
use shared::protocol::ServerMessage;
use shared::tick::Tick;

/// When the server stops, if it was said.
#[derive(Debug, Clone, Copy, Default, Resource)]
pub(crate) struct Closing(Option<Tick>);

impl Closing {
    /// What a session is told of it at `now`.
    pub(crate) fn news(self, now: Tick, tick_hz: u16) -> Option<ServerMessage> {
        let end = self.0?;
        // The tick counter wraps: an end that is past is as far away as it gets.
        let left = end.since(now);
        let seconds = if left > u32::MAX / 2 { 0 } else { left.div_ceil(tick_hz.max(1).into()) };
        Some(ServerMessage::Closing { in_seconds: u16::try_from(seconds).unwrap_or(u16::MAX) })
    }
}

/// The server stops in so many seconds: everyone is told.
pub(crate) fn announce(world: &mut World, in_seconds: u16) {
    let (now, tick_hz) = (world.resource::<Now>().0, world.resource::<ArenaRules>().0.tick_hz);
    let closing = Closing(Some(now.after(u32::from(in_seconds) * u32::from(tick_hz))));
    world.insert_resource(closing);
    let Some(news) = closing.news(now, tick_hz) else { return };
    world.query::<&mut Session>().iter_mut(world).for_each(|mut session| session.say(&news));
}
