//! Who comes into the arena and who leaves it: the first ship, the next one after a death, names, and the end.

use crate::board::LiveBoard;
use crate::components::{BestLife, Flying, Hindsight, Intent, Life, Player, Roll, Score, Waiting};
use crate::doings::{Doing, Doings};
use crate::news::Feed;
use crate::session::Session;
use crate::stages::populate::NextPlayer;
use crate::talk::Voice;
use crate::{ArenaRules, Now, Report, Settings, limbo, lives, rounds, teams};
use bevy_ecs::prelude::*;
use shared::hull::Hull;
use shared::identity::PlayerKey;
use shared::ids::PlayerId;
use shared::leaderboard::{BoardRow, Standing};
use shared::name::PlayerName;
use shared::protocol::{Refusal, ServerMessage};
use shared::tick::Tick;

/// Takes a player out of the arena, with the ship.
pub(crate) fn remove_player(world: &mut World, player: Entity) {
    lives::end_in_flight(world, player);
    rounds::leave_team(world, player);
    announce(world, player, Feed::left, |key, name| Doing::Left { key, name });
    if let Some(ship) = world.get::<Flying>(player).and_then(|flying| flying.0) {
        world.despawn(ship);
    }
    world.despawn(player);
}

fn announce(world: &mut World, player: Entity, how: fn(&mut Feed, &Player, Tick, u16), done: Noted) {
    let (now, tick_hz) = (world.resource::<Now>().0, world.resource::<ArenaRules>().0.tick_hz);
    let Some(who) = world.get::<Player>(player).cloned() else { return };
    how(&mut world.resource_mut::<Feed>(), &who, now, tick_hz);
    if let Some(key) = who.key {
        world.resource_mut::<Doings>().note(done(key, who.name));
    }
}

/// What is noted of it for others than players.
type Noted = fn(PlayerKey, PlayerName) -> Doing;

/// A session asks for a ship. It is heard once in a tick: more would only take the time of those who fly.
pub(crate) fn join(world: &mut World, entity: Entity, name: Option<PlayerName>, hull: Hull) {
    let now = world.resource::<Now>().0;
    let Some(mut session) = world.get_mut::<Session>(entity) else { return };
    if session.joined.replace(now) == Some(now) {
        world.resource_mut::<Report>().refused += 1;
        return;
    }
    let answer = match (name, session.player) {
        (None, _) => Err(Refusal::EmptyName),
        (Some(name), Some(player)) => join_again(world, player, name, hull),
        (Some(name), None) => join_first(world, entity, name, hull),
    };
    if answer.is_err() {
        world.resource_mut::<Report>().refused += 1;
    }
    let answer = answer.unwrap_or_else(ServerMessage::Refused);
    if let Some(mut session) = world.get_mut::<Session>(entity) {
        session.say(&answer);
    }
}

fn join_first(
    world: &mut World,
    session: Entity,
    name: PlayerName,
    hull: Hull,
) -> Result<ServerMessage, Refusal> {
    if world.resource::<Report>().players >= world.resource::<Settings>().0.max_players {
        return Err(Refusal::ArenaFull);
    }
    world.resource_mut::<Report>().players += 1;
    let identity = world.get::<Session>(session).and_then(|session| session.identity);
    let key = identity.map(|who| who.key);
    let (player, id) = spawn_player(world, name.clone(), hull, Entrant::Person(key.unwrap_or_default()));
    let token = world.get_mut::<Session>(session).map(|mut session| {
        session.player = Some(player);
        session.outbox.gate.plays();
        session.token
    });
    token.into_iter().for_each(|token| limbo::bind(world, player, token, identity));
    announce(world, player, Feed::came, |key, name| Doing::Came { key, name });
    Ok(ServerMessage::Joined { player: id, name })
}

fn join_again(
    world: &mut World,
    player: Entity,
    name: PlayerName,
    hull: Hull,
) -> Result<ServerMessage, Refusal> {
    let dead = world.get::<Flying>(player).is_some_and(|flying| flying.0.is_none());
    if !dead || world.get::<Waiting>(player).is_some() {
        return Err(Refusal::AlreadyFlying);
    }
    let from = rounds::take_off(world);
    world.entity_mut(player).insert((Waiting(from), Intent::default()));
    change_team(world, player);
    let Some(mut known) = world.get_mut::<Player>(player) else { return Err(Refusal::AlreadyFlying) };
    known.hull = hull;
    let id = known.id;
    rename(world, player, id, &name);
    Ok(ServerMessage::Joined { player: id, name })
}

/// Who flies anew goes over to the other team if that has too few people.
fn change_team(world: &mut World, player: Entity) {
    let own = world.get::<Player>(player).and_then(|player| player.team);
    let Some(team) = teams::better_team(world, own) else { return };
    rounds::leave_team(world, player);
    let Some(mut known) = world.get_mut::<Player>(player) else { return };
    known.team = Some(team);
    let row = world.resource::<LiveBoard>().row(id_of(world, player)).cloned();
    if let Some(row) = row {
        world.resource_mut::<LiveBoard>().join(BoardRow { team: Some(team), ..row });
    }
}

fn id_of(world: &World, player: Entity) -> PlayerId {
    world.get::<Player>(player).map_or(PlayerId(0), |player| player.id)
}

fn rename(world: &mut World, player: Entity, id: PlayerId, name: &PlayerName) {
    let Some(mut known) = world.get_mut::<Player>(player) else { return };
    if known.name == *name {
        return;
    }
    known.name = name.clone();
    let row = world.resource::<LiveBoard>().row(id).cloned();
    if let Some(row) = row {
        world.resource_mut::<LiveBoard>().join(BoardRow { name: name.clone(), ..row });
    }
}

/// What someone new is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Entrant {
    /// A person, of that public id.
    Person(PlayerKey),
    /// Flown by the server.
    Drone,
}

impl Entrant {
    fn key(self) -> Option<PlayerKey> {
        match self {
            Self::Person(key) => Some(key),
            Self::Drone => None,
        }
    }
}

/// Someone new, who waits for a ship.
pub(crate) fn spawn_player(
    world: &mut World,
    name: PlayerName,
    hull: Hull,
    entrant: Entrant,
) -> (Entity, PlayerId) {
    let now = world.resource::<Now>().0;
    let id = world.resource_mut::<NextPlayer>().take();
    let team = teams::of_newcomer(world, entrant);
    let standing = Standing { player: id, since: now, ..Standing::default() };
    let (drone, key) = (entrant == Entrant::Drone, entrant.key());
    let row = BoardRow { standing, name: name.clone(), drone, key, team };
    world.resource_mut::<LiveBoard>().join(row);
    let player = Player { id, name, drone, hull, since: now, key, team };
    let from = rounds::take_off(world);
    let state = (
        Intent::default(),
        Hindsight::default(),
        Score(standing, BestLife::default()),
        Life::default(),
        Flying(None),
        Waiting(from),
        Voice::default(),
    );
    let entity = world.spawn((player, state)).id();
    world.resource_mut::<Roll>().0.insert(id, entity);
    (entity, id)
}
