//! The bounty: who leads is worth more, and everyone knows about where. Part of Rank.
//!
//! Of a leader's team only the leader hears: there is nothing for friends to hunt.
//!
//! The leader is the best person on the board who flies and has enough points. Drones never lead. Looked for as often as it is
//! told, so whoever was told of is the one who counts.

use crate::board::LiveBoard;
use crate::components::{Flying, Player, Roll, Ship};
use crate::session::Session;
use crate::{ArenaRules, Now};
use bevy_ecs::prelude::*;
use bytes::Bytes;
use shared::balance::{BOUNTY_EVERY_MS, BOUNTY_FROM, BOUNTY_STEP};
use shared::ids::PlayerId;
use shared::mode::Team;
use shared::protocol::{Role, ServerMessage, codec};
use shared::units::{Point, SUBUNITS};

/// Rows of the board that are looked at for a leader: with more drones than this above everyone, nobody leads.
const LOOKED_AT: usize = 64;

/// Who leads, since it was last looked for.
#[derive(Debug, Default, Resource)]
pub(crate) struct Leader(pub Option<PlayerId>);

/// Looks for the leader, and tells each player in the tick that is that session's own.
pub(crate) fn tell_leader(
    players: Query<(&Player, &Flying)>,
    ships: Query<&Ship>,
    mut sessions: Query<&mut Session>,
    (board, roll, mut leader): (Res<LiveBoard>, Res<Roll>, ResMut<Leader>),
    (rules, now): (Res<ArenaRules>, Res<Now>),
) {
    let pause = rules.0.ticks(BOUNTY_EVERY_MS);
    let place = |id: PlayerId| {
        let (player, flying) = players.get(*roll.0.get(&id)?).ok()?;
        flying.0.and_then(|ship| ships.get(ship).ok()).map(|ship| (ship.0.body.pos, player.team))
    };
    if now.0.0.is_multiple_of(pause) {
        let strong = board.rows().take(LOOKED_AT).filter(|row| row.standing.score >= BOUNTY_FROM);
        let mut people = strong.filter(|row| !row.drone).map(|row| row.standing.player);
        leader.0 = people.find(|id| place(*id).is_some());
    }
    let seen = leader.0.and_then(|id| place(id).map(|(at, team)| (id, at, team)));
    let team = seen.and_then(|(.., team)| team);
    let seen = seen.map(|(id, at, _)| (id, at));
    let mut bytes: [Option<Bytes>; 2] = [None, None];
    for mut session in sessions.iter_mut().filter(|session| session.role == Role::Play) {
        let due = session.is_turn(now.0, pause) && session.outbox.gate.is_open();
        if !due {
            continue;
        }
        let own = session.player.filter(|_| team.is_some()).and_then(|player| players.get(player).ok());
        let friend =
            own.is_some_and(|(own, _)| Some(own.id) != leader.0 && Team::are_friends(own.team, team));
        let seen = seen.filter(|_| !friend);
        if seen.is_some() || session.hunts {
            session.hunts = seen.is_some();
            session.say_bytes(bytes[usize::from(friend)].get_or_insert_with(|| encoded(seen)).clone());
        }
    }
}

fn encoded(seen: Option<(PlayerId, Point)>) -> Bytes {
    let (player, at) = seen.unwrap_or_default();
    let step = |at: i32| u8::try_from(at / (BOUNTY_STEP * SUBUNITS)).unwrap_or(u8::MAX);
    codec::encode_server(&ServerMessage::Bounty { player, x: step(at.x), y: step(at.y) }).into()
}
