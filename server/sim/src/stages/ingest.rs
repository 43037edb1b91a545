//! Takes what the network asks for since the last tick. Every command was decoded and is within its limits; here it is
//! held against the state of the game.

use crate::board::LiveBoard;
use crate::components::{Flying, Intent, Life, Player, Score, Waiting};
use crate::ports::{COMMANDS, Command, Outbox, Ports};
use crate::session::{Session, Sessions, View};
use crate::stages::populate::NextPlayer;
use crate::{ArenaRules, Now, Report, Settings};
use bevy_ecs::prelude::*;
use shared::ids::{PlayerId, SessionId};
use shared::leaderboard::Standing;
use shared::name::PlayerName;
use shared::protocol::server::NameRow;
use shared::protocol::{Refusal, Role, ServerMessage, Welcome};

/// At most one queue's worth of commands per tick, in the order in which they came.
pub(crate) fn take_commands(world: &mut World) {
    let commands = world.resource::<Ports>().commands.clone();
    world.resource_mut::<Report>().commands_waiting = commands.len() as u32;
    for command in commands.try_iter().take(COMMANDS) {
        take(world, command);
    }
}

fn take(world: &mut World, command: Command) {
    match command {
        Command::Open { session, role, outbox } => open(world, session, role, outbox),
        Command::Close { session } => close(world, session),
        Command::Join { session, name } => join(world, session, &name),
        Command::Input { session, sequence, controls } => {
            let Some(mut session) = find(world, session) else { return };
            session.ack = Some(sequence);
            let player = session.player;
            match player.and_then(|player| world.get_mut::<Intent>(player)) {
                Some(mut intent) => intent.0 = controls,
                None => world.resource_mut::<Report>().stray_inputs += 1,
            }
        }
        Command::Who { session, players } => tell_names(world, session, &players),
        Command::Mismatch { session } => renew_view(world, session),
    }
}

fn entity(world: &World, session: SessionId) -> Option<Entity> {
    world.resource::<Sessions>().0.get(&session).copied()
}

fn find(world: &mut World, session: SessionId) -> Option<Mut<'_, Session>> {
    let entity = entity(world, session)?;
    world.get_mut::<Session>(entity)
}

fn open(world: &mut World, id: SessionId, role: Role, outbox: Outbox) {
    let rules = world.resource::<ArenaRules>().0;
    let tick = world.resource::<Now>().0;
    let mut session = Session::new(id, role, outbox);
    let (tick_hz, arena_size) = (rules.tick_hz, rules.arena_size());
    session.say(&ServerMessage::Welcome(Welcome { session: id, tick, tick_hz, arena_size }));
    let entity = world.spawn((session, View { fresh: true, ..View::default() })).id();
    world.resource_mut::<Sessions>().0.insert(id, entity);
}

fn close(world: &mut World, id: SessionId) {
    let Some(entity) = world.resource_mut::<Sessions>().0.remove(&id) else { return };
    let player = world.get::<Session>(entity).and_then(|session| session.player);
    world.despawn(entity);
    if let Some(player) = player {
        remove_player(world, player);
    }
}

/// Takes a player out of the arena, with the ship.
pub(crate) fn remove_player(world: &mut World, player: Entity) {
    if let Some(ship) = world.get::<Flying>(player).and_then(|flying| flying.0) {
        world.despawn(ship);
    }
    world.despawn(player);
}

fn join(world: &mut World, id: SessionId, name: &str) {
    let Some(entity) = entity(world, id) else { return };
    let player = world.get::<Session>(entity).and_then(|session| session.player);
    let answer = match (PlayerName::clean(name), player) {
        (None, _) => Err(Refusal::EmptyName),
        (Some(name), Some(player)) => join_again(world, player, name),
        (Some(name), None) => join_first(world, entity, name),
    };
    if answer.is_err() {
        world.resource_mut::<Report>().refused += 1;
    }
    let answer = answer.unwrap_or_else(ServerMessage::Refused);
    if let Some(mut session) = world.get_mut::<Session>(entity) {
        session.say(&answer);
    }
}

fn join_first(world: &mut World, session: Entity, name: PlayerName) -> Result<ServerMessage, Refusal> {
    if world.resource::<Report>().players >= world.resource::<Settings>().0.max_players {
        return Err(Refusal::ArenaFull);
    }
    world.resource_mut::<Report>().players += 1;
    let (player, id) = spawn_player(world, name.clone(), false);
    if let Some(mut session) = world.get_mut::<Session>(session) {
        session.player = Some(player);
    }
    Ok(ServerMessage::Joined { player: id, name })
}

fn join_again(world: &mut World, player: Entity, name: PlayerName) -> Result<ServerMessage, Refusal> {
    let dead = world.get::<Flying>(player).is_some_and(|flying| flying.0.is_none());
    if !dead || world.get::<Waiting>(player).is_some() {
        return Err(Refusal::AlreadyFlying);
    }
    let now = world.resource::<Now>().0;
    world.entity_mut(player).insert((Waiting(now), Intent::default()));
    let Some(id) = world.get::<Player>(player).map(|player| player.id) else {
        return Err(Refusal::AlreadyFlying);
    };
    rename(world, player, id, &name);
    Ok(ServerMessage::Joined { player: id, name })
}

fn rename(world: &mut World, player: Entity, id: PlayerId, name: &PlayerName) {
    let Some(mut known) = world.get_mut::<Player>(player) else { return };
    if known.name == *name {
        return;
    }
    known.name = name.clone();
    let row = world.resource::<LiveBoard>().row(id).cloned();
    if let Some(row) = row {
        world.resource_mut::<LiveBoard>().join(shared::leaderboard::BoardRow { name: name.clone(), ..row });
    }
}

/// Someone new, who waits for a ship.
pub(crate) fn spawn_player(world: &mut World, name: PlayerName, drone: bool) -> (Entity, PlayerId) {
    let now = world.resource::<Now>().0;
    let id = world.resource_mut::<NextPlayer>().take();
    let standing = Standing { player: id, since: now, ..Standing::default() };
    let row = shared::leaderboard::BoardRow { standing, name: name.clone(), drone };
    world.resource_mut::<LiveBoard>().join(row);
    let player = Player { id, name, drone };
    let state = (Intent::default(), Score(standing), Life::default(), Flying(None), Waiting(now));
    (world.spawn((player, state)).id(), id)
}

fn tell_names(world: &mut World, id: SessionId, players: &[PlayerId]) {
    let board = world.resource::<LiveBoard>();
    let rows = players
        .iter()
        .filter_map(|&player| board.row(player).map(|row| NameRow { player, name: row.name.clone() }));
    let names = ServerMessage::Names(rows.collect());
    if let Some(mut session) = find(world, id) {
        session.say(&names);
    }
}

/// Keyframes of the whole view, at most once a second: they are the most expensive thing a client can ask for.
fn renew_view(world: &mut World, id: SessionId) {
    world.resource_mut::<Report>().mismatches += 1;
    let (now, pause) = (world.resource::<Now>().0, world.resource::<ArenaRules>().0.ticks(1000));
    let view = entity(world, id).and_then(|entity| world.get_mut::<View>(entity));
    if let Some(mut view) = view
        && view.renewed.is_none_or(|renewed| now.since(renewed) >= pause)
    {
        (view.fresh, view.renewed) = (true, Some(now));
    }
}
