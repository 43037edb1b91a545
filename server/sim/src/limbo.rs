//! Players without a connection. They stay for a while with their controls released, and a token takes them back.

use std::collections::BTreeMap;

use crate::components::{Flying, Intent, Player, Waiting};
use crate::joining::remove_player;
use crate::session::Session;
use crate::{ArenaRules, Now};
use bevy_ecs::prelude::*;
use shared::controls::{Controls, Steer};
use shared::identity::Identity;
use shared::ids::Token;
use shared::protocol::{CloseReason, ServerMessage};
use shared::tick::Tick;
use shared::tuning::LIMBO_MS;

/// Whose token is whose.
#[derive(Debug, Default, Resource)]
pub(crate) struct Tokens(BTreeMap<Token, Entity>);

/// A player who can be taken back, and who he is beyond this arena: the token proves that, too, so that whoever takes him
/// back is told so, whatever he says he is.
#[derive(Component, Debug, Clone, Copy)]
pub(crate) struct Holder {
    token: Token,
    identity: Option<Identity>,
}

impl Holder {
    pub(crate) fn token(&self) -> Token {
        self.token
    }

    pub(crate) fn identity(&self) -> Option<Identity> {
        self.identity
    }
}

/// A player without a connection, until that tick.
#[derive(Component, Debug, Clone, Copy)]
pub(crate) struct Limbo(Tick);

/// Makes `token` the one that takes `player` back, as `identity`.
pub(crate) fn bind(world: &mut World, player: Entity, token: Token, identity: Option<Identity>) {
    world.resource_mut::<Tokens>().0.insert(token, player);
    world.entity_mut(player).insert(Holder { token, identity });
}

/// The connection of `player` is gone.
pub(crate) fn enter(world: &mut World, player: Entity) {
    let until = world.resource::<Now>().0.after(world.resource::<ArenaRules>().0.ticks(LIMBO_MS));
    let Ok(mut player) = world.get_entity_mut(player) else { return };
    if let Some(mut intent) = player.get_mut::<Intent>() {
        let aim = intent.0.aim;
        intent.0 = Controls { aim, steer: Steer::Hold, ..Controls::default() };
    }
    player.insert(Limbo(until));
}

/// Gives the player of `token` to `session`, and ends the session that still has it. Is there one?
pub(crate) fn resume(world: &mut World, session: Entity, token: Token) -> bool {
    let Some(player) = world.resource::<Tokens>().0.get(&token).copied() else { return false };
    let mut sessions = world.query::<&mut Session>();
    for mut other in sessions.iter_mut(world).filter(|other| other.player == Some(player)) {
        (other.player, other.close) = (None, Some(CloseReason::Replaced));
    }
    world.entity_mut(player).remove::<Limbo>();
    let identity = world.get::<Holder>(player).and_then(|holder| holder.identity);
    if let Some(mut session) = world.get_mut::<Session>(session) {
        (session.player, session.token, session.identity) = (Some(player), token, identity);
        session.outbox.gate.plays();
    }
    true
}

/// What a session is told whose player's ship flies on, or is about to.
pub(crate) fn still_flying(world: &World, player: Entity) -> Option<ServerMessage> {
    let flies = world.get::<Flying>(player)?.0.is_some() || world.get::<Waiting>(player).is_some();
    let player = if flies { player } else { return None };
    let player = world.get::<Player>(player)?;
    Some(ServerMessage::Joined { player: player.id, name: player.name.clone() })
}

/// Those whose time is over leave the arena.
pub(crate) fn end_limbo(world: &mut World) {
    let now = world.resource::<Now>().0;
    let mut limbo = world.query::<(Entity, &Limbo)>();
    let over: Vec<Entity> =
        limbo.iter(world).filter(|(_, limbo)| now >= limbo.0).map(|(entity, _)| entity).collect();
    for player in over {
        forget(world, player);
    }
}

/// Takes a player out of the arena for good.
pub(crate) fn forget(world: &mut World, player: Entity) {
    if let Some(Holder { token, .. }) = world.get::<Holder>(player).copied() {
        world.resource_mut::<Tokens>().0.remove(&token);
    }
    remove_player(world, player);
}
