//! Who is who: names that sessions ask for.
//!
//! Enters: what sessions ask. Leaves: answers, a few per session and tick, and so many names in all, in the order in which
//! sessions asked. Must never: let those who ask take the tick's time from those who fly. What is asked for beyond what may
//! wait is not answered: a client asks again for what it still misses.

use std::collections::VecDeque;

use crate::Report;
use crate::board::LiveBoard;
use crate::session::Session;
use bevy_ecs::prelude::*;
use shared::ids::PlayerId;
use shared::protocol::server::NameRow;
use shared::protocol::{MAX_WHO, ServerMessage};

/// Names that all sessions together are told in a tick: some 0.4 ms.
pub const NAMES_A_TICK: usize = 4096;

/// Names that one session may wait for.
pub const NAMES_WAITING: usize = 4 * MAX_WHO;

/// Sessions that wait for names, in their order.
#[derive(Debug, Default, Resource)]
pub(crate) struct Asking(VecDeque<Entity>);

/// `session` asks for these.
pub(crate) fn ask(world: &mut World, session: Entity, players: &[PlayerId]) {
    let Some(mut asking) = world.get_mut::<Session>(session) else { return };
    let (waits, room) = (!asking.asked.is_empty(), NAMES_WAITING - asking.asked.len());
    asking.asked.extend(players.iter().take(room));
    let begins = !waits && !asking.asked.is_empty();
    world.resource_mut::<Report>().unanswered += players.len().saturating_sub(room) as u64;
    if begins {
        world.resource_mut::<Asking>().0.push_back(session);
    }
}

/// Answers the next ones. Who has more to ask waits for another turn.
pub(crate) fn answer(mut asking: ResMut<Asking>, board: Res<LiveBoard>, mut sessions: Query<&mut Session>) {
    let mut left = NAMES_A_TICK;
    for _turn in 0..asking.0.len() {
        let Some(entity) = asking.0.pop_front_if(|_| left >= MAX_WHO) else { break };
        let Ok(mut session) = sessions.get_mut(entity) else { continue };
        let count = session.asked.len().min(MAX_WHO);
        let players: Vec<PlayerId> = session.asked.drain(..count).collect();
        left -= count;
        session.say(&names(&board, &players));
        if !session.asked.is_empty() {
            asking.0.push_back(entity);
        }
    }
}

fn names(board: &LiveBoard, players: &[PlayerId]) -> ServerMessage {
    let rows = players
        .iter()
        .filter_map(|&player| board.row(player).map(|row| NameRow { player, name: row.name.clone() }));
    ServerMessage::Names(rows.collect())
}
