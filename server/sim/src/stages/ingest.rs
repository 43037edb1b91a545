//! Takes what the network asks for since the last tick. Every command was decoded and is within its limits; here it is
//! held against the state of the game.

use crate::announced::{self, Announced};
use crate::closing::{self, Closing};
use crate::components::{Hindsight, Intent, Player};
use crate::inputs::{Input, Taken};
use crate::joining;
use crate::limbo;
use crate::ports::{COMMANDS, Command, Ports, SessionOpen};
use crate::rounds::Rounds;
use crate::session::{Session, Sessions, View};
use crate::{ArenaRules, Now, Report, Settings, asks, talk};
use bevy_ecs::prelude::*;
use shared::ids::{PlayerId, SessionId, Token};
use shared::protocol::{CloseReason, Recorded, Role, ServerMessage, Unsaid, Welcome};
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
        Command::Open(newcomer) => {
            let SessionOpen { session, role, outbox, token, resume, identity, only_back } = *newcomer;
            open(world, Session::new(session, role, outbox, token, identity), resume, only_back);
        }
        Command::Close { session } => close(world, session, limbo::enter),
        Command::End { session } => close(world, session, limbo::forget),
        Command::Join { session, name, hull } => {
            if let Some(session) = heard(world, session) {
                joining::join(world, session, name, hull);
            }
        }
        Command::Input { session, sequence, tick, seen, controls } => {
            keep_input(world, session, Input { sequence, tick, seen, controls });
        }
        Command::Who { session, players } => {
            if let Some(session) = heard(world, session) {
                asks::ask(world, session, &players);
            }
        }
        Command::Watch { session, player } => {
            if let Some(mut session) = find(world, session) {
                session.wish = Some(player);
            }
        }
        Command::Say { session, words } => {
            if let Some(session) = heard(world, session) {
                talk::say(world, session, &words);
            }
        }
        Command::Recorded { player, recorded } => tell_recorded(world, player, recorded),
        Command::Closing { in_seconds } => closing::announce(world, in_seconds),
        Command::Announce(said) => announced::announce(world, said),
        Command::Mismatch { session } => renew_view(world, session),
    }
}

/// The session, unless it is to end: of such a one nothing counts any more.
fn heard(world: &World, session: SessionId) -> Option<Entity> {
    let entity = world.resource::<Sessions>().0.get(&session).copied()?;
    world.get::<Session>(entity).filter(|session| session.close.is_none()).map(|_| entity)
}

fn find(world: &mut World, session: SessionId) -> Option<Mut<'_, Session>> {
    let entity = heard(world, session)?;
    world.get_mut::<Session>(entity)
}

fn open(world: &mut World, session: Session, resume: Option<Token>, only_back: bool) {
    let (id, fresh) = (session.id, session.token);
    let entity = world.spawn((session, View { fresh: true, ..View::default() })).id();
    world.resource_mut::<Sessions>().0.insert(id, entity);
    let resumed = resume.filter(|token| limbo::resume(world, entity, *token));
    if resumed.is_none() && only_back {
        // A token that takes nobody back is nobody's: anyone can make one up.
        return world
            .get_mut::<Session>(entity)
            .into_iter()
            .for_each(|mut it| it.close = Some(CloseReason::Full));
    }
    let rules = world.resource::<ArenaRules>().0;
    let welcome = Welcome {
        session: id,
        tick: world.resource::<Now>().0,
        tick_hz: rules.tick_hz,
        arena_size: rules.arena_size(),
        token: resumed.unwrap_or(fresh),
        resumed: resumed.is_some(),
        identity: world.get::<Session>(entity).and_then(|session| session.identity),
    };
    let quiet = world.resource::<Settings>().0.sayings == 0;
    let player = world.get::<Session>(entity).and_then(|session| session.player);
    let joined = player.and_then(|player| limbo::still_flying(world, player));
    let mode = ServerMessage::Mode(world.resource::<Settings>().0.mode);
    let closing = world.resource::<Closing>().news(welcome.tick, rules.tick_hz);
    let announced = world.resource::<Announced>().news(welcome.tick);
    let news = world.resource::<Rounds>().news(welcome.tick).chain(closing).chain(announced);
    let news: Vec<ServerMessage> = news.collect();
    if let Some(mut session) = world.get_mut::<Session>(entity) {
        session.say(&ServerMessage::Welcome(welcome));
        std::iter::once(&mode).chain(&news).for_each(|news| session.say(news));
        if quiet && session.role == Role::Play {
            session.say(&ServerMessage::Unsaid(Unsaid::Off));
        }
        joined.iter().for_each(|joined| session.say(joined));
    }
}

/// A session is over; `part` is what becomes of its player.
fn close(world: &mut World, id: SessionId, part: fn(&mut World, Entity)) {
    let Some(entity) = world.resource_mut::<Sessions>().0.remove(&id) else { return };
    let player = world.get::<Session>(entity).and_then(|session| session.player);
    world.despawn(entity);
    if let Some(player) = player {
        part(world, player);
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

/// Whoever has gone meanwhile is not told.
fn tell_recorded(world: &mut World, id: PlayerId, recorded: Recorded) {
    let mut players = world.query::<(Entity, &Player)>();
    let player = players.iter(world).find(|(_, player)| player.id == id).map(|(entity, _)| entity);
    let mut sessions = world.query::<&mut Session>();
    let session = player.and_then(|player| sessions.iter_mut(world).find(|s| s.player == Some(player)));
    if let Some(mut session) = session {
        session.say(&ServerMessage::Recorded(recorded));
    }
}

/// The view starts anew, soon: see [`View::renew`].
fn renew_view(world: &mut World, id: SessionId) {
    world.resource_mut::<Report>().mismatches += 1;
    let view = heard(world, id).and_then(|entity| world.get_mut::<View>(entity));
    if let Some(mut view) = view {
        view.asked = true;
    }
}
