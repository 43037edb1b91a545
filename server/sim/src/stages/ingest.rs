//! Takes what the network asks for since the last tick. Every command was decoded and is within its limits; here it is
//! held against the state of the game.

use crate::board::LiveBoard;
use crate::components::{Flying, Hindsight, Intent, Life, Player, Score, Waiting};
use crate::inputs::{Input, Taken};
use crate::limbo;
use crate::ports::{COMMANDS, Command, Ports};
use crate::session::{Session, Sessions, View};
use crate::stages::populate::NextPlayer;
use crate::{ArenaRules, Now, Report, Settings};
use bevy_ecs::prelude::*;
use shared::ids::{PlayerId, SessionId, Token};
use shared::leaderboard::Standing;
use shared::name::PlayerName;
use shared::protocol::server::NameRow;
use shared::protocol::{Refusal, ServerMessage, Welcome};
use shared::tuning::{INPUT_AHEAD_MS, REWIND_MS};

/// At most one queue's worth of commands per tick, in the order in which they came.
pub(crate) fn take_commands(world: &mut World) {
    limbo::end_limbo(world);
    let commands = world.resource::<Ports>().commands.clone();
    world.resource_mut::<Report>().commands_waiting = commands.len() as u32;
    for command in commands.try_iter().take(COMMANDS) {
        take(world, command);
    }
}

fn take(world: &mut World, command: Command) {
    match command {
        Command::Open { session, role, outbox, token, resume } => {
            open(world, Session::new(session, role, outbox, token), resume);
        }
        Command::Close { session } => close(world, session),
        Command::Join { session, name } => join(world, session, &name),
        Command::Input { session, sequence, tick, seen, controls } => {
            keep_input(world, session, Input { sequence, tick, seen, controls });
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

fn open(world: &mut World, session: Session, resume: Option<Token>) {
    let (id, fresh) = (session.id, session.token);
    let entity = world.spawn((session, View { fresh: true, ..View::default() })).id();
    world.resource_mut::<Sessions>().0.insert(id, entity);
    let resumed = resume.filter(|token| limbo::resume(world, entity, *token));
    let rules = world.resource::<ArenaRules>().0;
    let welcome = Welcome {
        session: id,
        tick: world.resource::<Now>().0,
        tick_hz: rules.tick_hz,
        arena_size: rules.arena_size(),
        token: resumed.unwrap_or(fresh),
        resumed: resumed.is_some(),
    };
    let player = world.get::<Session>(entity).and_then(|session| session.player);
    let joined = player.and_then(|player| limbo::still_flying(world, player));
    if let Some(mut session) = world.get_mut::<Session>(entity) {
        session.say(&ServerMessage::Welcome(welcome));
        joined.iter().for_each(|joined| session.say(joined));
    }
}

fn close(world: &mut World, id: SessionId) {
    let Some(entity) = world.resource_mut::<Sessions>().0.remove(&id) else { return };
    let player = world.get::<Session>(entity).and_then(|session| session.player);
    world.despawn(entity);
    if let Some(player) = player {
        limbo::enter(world, player);
    }
}

/// Puts an input where it waits for its tick.
fn keep_input(world: &mut World, id: SessionId, input: Input) {
    let (now, ahead) = (world.resource::<Now>().0, world.resource::<ArenaRules>().0.ticks(INPUT_AHEAD_MS));
    let Some(mut session) = find(world, id) else { return };
    let taken = session.inputs.take(input, now, ahead);
    let mut report = world.resource_mut::<Report>();
    match taken {
        Taken::InTime => report.inputs += 1,
        Taken::Late => (report.inputs, report.late_inputs) = (report.inputs + 1, report.late_inputs + 1),
        Taken::Refused => report.refused_inputs += 1,
    }
}

/// Gives each pilot the input that is due. While there is none, the last one holds.
pub(crate) fn apply_inputs(
    mut sessions: Query<&mut Session>,
    mut pilots: Query<(&mut Intent, &mut Hindsight)>,
    (now, rules): (Res<Now>, Res<ArenaRules>),
    mut report: ResMut<Report>,
) {
    let most = rules.0.ticks(REWIND_MS);
    for mut session in &mut sessions {
        let Some(input) = session.inputs.due(now.0) else { continue };
        match session.player.and_then(|player| pilots.get_mut(player).ok()) {
            Some((mut intent, mut hindsight)) => {
                (intent.0, hindsight.0) = (input.controls, u32::from(input.seen).min(most));
            }
            None => report.stray_inputs += 1,
        }
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
    let token = world.get_mut::<Session>(session).map(|mut session| {
        session.player = Some(player);
        session.token
    });
    token.into_iter().for_each(|token| limbo::bind(world, player, token));
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
    let state = (
        Intent::default(),
        Hindsight::default(),
        Score(standing),
        Life::default(),
        Flying(None),
        Waiting(now),
    );
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

/// The view starts anew, soon: see [`View::renew`].
fn renew_view(world: &mut World, id: SessionId) {
    world.resource_mut::<Report>().mismatches += 1;
    let view = entity(world, id).and_then(|entity| world.get_mut::<View>(entity));
    if let Some(mut view) = view {
        view.asked = true;
    }
}
