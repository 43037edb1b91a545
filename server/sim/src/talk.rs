//! What people say in the arena. Every line was decoded and has at most a message's bytes; here it is held against how much
//! its player may say, cleaned, and given to the feed.
//!
//! Must never close a session: who says too much is told so, and how often that is told is bounded, too.

use crate::components::Player;
use crate::news::Feed;
use crate::pace::{Pace, Rate};
use crate::session::Session;
use crate::{ArenaRules, Now, Report, Settings};
use bevy_ecs::prelude::*;
use shared::protocol::{ServerMessage, Unsaid};
use shared::saying::{Line, Phrase, Saying};

/// Things that a player may say at once.
pub const AT_ONCE: u32 = 5;

/// How often a session is told that something was not said.
const TOLD: Rate = Rate { per_minute: 60, burst: 1 };

/// How much a player has said of late. It stays with the player, whatever session has him.
#[derive(Component, Debug, Clone, Copy, Default)]
pub(crate) struct Voice(Pace);

/// What someone wants to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Words {
    /// A line as it was typed.
    Typed(String),
    /// A phrase.
    Phrase(Phrase),
}

/// Says it, or tells the session why not.
pub(crate) fn say(world: &mut World, session: Entity, words: &Words) {
    match try_to_say(world, session, words) {
        Ok(()) => world.resource_mut::<Report>().said += 1,
        Err(unsaid) => {
            world.resource_mut::<Report>().unsaid += 1;
            let (now, tick_hz) = clock(world);
            let Some(mut session) = world.get_mut::<Session>(session) else { return };
            if session.unsaid.take(TOLD, 0, now, tick_hz) {
                session.say(&ServerMessage::Unsaid(unsaid));
            }
        }
    }
}

fn clock(world: &World) -> (shared::tick::Tick, u16) {
    (world.resource::<Now>().0, world.resource::<ArenaRules>().0.tick_hz)
}

/// A line is cleaned once it is known that its player may speak, so that a flood of them costs next to nothing.
fn try_to_say(world: &mut World, session: Entity, words: &Words) -> Result<(), Unsaid> {
    let rate = Rate { per_minute: world.resource::<Settings>().0.sayings.into(), burst: AT_ONCE };
    let (now, tick_hz) = clock(world);
    if rate.per_minute == 0 {
        return Err(Unsaid::Off);
    }
    let player = world.get::<Session>(session).and_then(|session| session.player).ok_or(Unsaid::NotHere)?;
    let mut voice = world.get_mut::<Voice>(player).ok_or(Unsaid::NotHere)?;
    if !voice.0.take(rate, 0, now, tick_hz) {
        return Err(Unsaid::TooMuch);
    }
    let saying = match words {
        Words::Typed(text) => Line::clean(text).map(Saying::Line).ok_or(Unsaid::Empty)?,
        Words::Phrase(phrase) => Saying::Phrase(*phrase),
    };
    let player = world.get::<Player>(player).cloned().ok_or(Unsaid::NotHere)?;
    let heard = world.resource_mut::<Feed>().said(&player, saying, now, tick_hz);
    if heard { Ok(()) } else { Err(Unsaid::TooMany) }
}
