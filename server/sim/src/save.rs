//! An arena's people, taken down so that another server can go on with them: who they are, what their lives are worth, where
//! their ships fly. Rocks, shards, shots and drones are not in it: an arena that goes on has fresh ones.
//!
//! Enters: a world, or what was taken down. Leaves: the other. Must never: know where it is kept.

use crate::board::LiveBoard;
use crate::components::{
    BestLife, Flying, Gun, Hindsight, Intent, Life, Pilot, Player, Roll, Score, Ship, Shown, Waiting,
};
use crate::limbo::{self, Holder};
use crate::net_ids::NetIds;
use crate::rounds::{Rounds, SavedRound};
use crate::stages::populate::NextPlayer;
use crate::talk::Voice;
use crate::trail::Trail;
use crate::{ArenaRules, Now, Report};
use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};
use shared::angle::Angle;
use shared::entity::ShipState;
use shared::hull::Hull;
use shared::identity::Identity;
use shared::ids::Token;
use shared::leaderboard::{BoardRow, Standing};
use shared::mode::Team;
use shared::motion::{Body, Rules};
use shared::name::PlayerName;
use shared::tick::Tick;
use shared::units::{Point, Vector};

/// The people of an arena at the end of a tick. A newer server reads what an older one took down, so fields are only added,
/// with a default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Save {
    /// Which tick; every other tick in here is counted as that arena did.
    pub tick: Tick,
    /// Everyone who can come back.
    pub people: Vec<SavedPlayer>,
    /// Where the round stands; none where play has no end.
    #[serde(default)]
    pub round: Option<SavedRound>,
    /// The last number that a player had.
    pub players: u32,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedPlayer {
    token: Token,
    identity: Option<Identity>,
    name: PlayerName,
    hull: Hull,
    team: Option<Team>,
    since: Tick,
    standing: Standing,
    /// The best life of the round: its points, and since when it has them.
    #[serde(default)]
    best: (u32, Tick),
    life: (Tick, u32, u32),
    ship: Option<SavedShip>,
    waiting: Option<Tick>,
}

/// A ship: place and velocity in subunits, its heading, hull points and energy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct SavedShip {
    pos: (i32, i32),
    vel: (i32, i32),
    heading: u16,
    hull: u8,
    energy: u16,
}

impl SavedShip {
    fn of(ship: &ShipState) -> Self {
        let ShipState { body: Body { pos, vel, heading }, hull, energy, .. } = *ship;
        Self { pos: (pos.x, pos.y), vel: (vel.x, vel.y), heading: heading.0, hull, energy }
    }

    /// The ship as it flies on: beyond harm for as long as a ship can be, since its pilot has yet to come back, or until it
    /// fires. What is out of bounds, by another server's rules, is brought within.
    fn launch(&self, player: &Player, rules: &Rules) -> ShipState {
        let within = |at: i32| at.clamp(0, rules.arena);
        let pos = Point { x: within(self.pos.0), y: within(self.pos.1) };
        let body = Body { pos, vel: Vector { x: self.vel.0, y: self.vel.1 }, heading: Angle(self.heading) };
        let fresh = ShipState::launched(player.id, player.drone, player.hull, body, rules);
        let hull = self.hull.clamp(1, fresh.hull);
        ShipState { hull, energy: self.energy, safe: u8::MAX, team: player.team, ..fresh }
    }
}

/// Takes everyone down.
pub(crate) fn save(world: &mut World) -> Save {
    let mut people = world.query::<(&Player, &Holder, &Score, &Life, &Flying, Option<&Waiting>)>();
    let people: Vec<SavedPlayer> = people
        .iter(world)
        .map(|(player, holder, score, life, flying, waiting)| SavedPlayer {
            token: holder.token(),
            identity: holder.identity(),
            name: player.name.clone(),
            hull: player.hull,
            team: player.team,
            since: player.since,
            standing: score.0,
            best: (score.1.points, score.1.since),
            life: (life.began, life.kills, life.dealt),
            ship: flying.0.and_then(|ship| world.get::<Ship>(ship)).map(|ship| SavedShip::of(&ship.0)),
            waiting: waiting.map(|waiting| waiting.0),
        })
        .collect();
    let players = world.resource::<NextPlayer>().last();
    Save { tick: world.resource::<Now>().0, people, round: world.resource::<Rounds>().save(), players }
}

/// Puts everyone into a world that has not ticked yet: there, without a connection, until a token takes them back.
pub(crate) fn restore(world: &mut World, save: &Save) {
    world.resource_mut::<Now>().0 = save.tick;
    world.resource_mut::<NextPlayer>().go_on_after(save.players);
    world.resource_mut::<Rounds>().restore(save.round.as_ref());
    let rules = world.resource::<ArenaRules>().0;
    for saved in &save.people {
        restore_player(world, saved, &rules);
    }
}

fn restore_player(world: &mut World, saved: &SavedPlayer, rules: &Rules) {
    let SavedPlayer { identity, standing, team, hull, since, .. } = *saved;
    let (id, name, key) =
        (standing.player, saved.name.clone(), identity.map(|who| who.key).unwrap_or_default());
    let player = Player { id, name: name.clone(), drone: false, hull, since, key: Some(key), team };
    world.resource_mut::<LiveBoard>().join(BoardRow { standing, name, drone: false, key: Some(key), team });
    let (began, kills, dealt) = saved.life;
    let (points, since_when) = saved.best;
    let score = Score(standing, BestLife { points, since: since_when });
    let life = Life { began, kills, dealt };
    let ship = saved.ship.map(|ship| ship.launch(&player, rules));
    let state = (Intent::default(), Hindsight::default(), score, life, Flying(None), Voice::default());
    let entity = world.spawn((player, state)).id();
    world.resource_mut::<Roll>().0.insert(id, entity);
    world.resource_mut::<Report>().players += 1;
    if let Some(from) = saved.waiting {
        world.entity_mut(entity).insert(Waiting(from));
    }
    if let Some(ship) = ship {
        fly(world, entity, ship);
    }
    limbo::bind(world, entity, saved.token, identity);
    limbo::enter(world, entity);
}

fn fly(world: &mut World, player: Entity, ship: ShipState) {
    let now = world.resource::<Now>().0;
    let shown = Shown::new(world.resource_mut::<NetIds>().take_ship(now));
    let parts = (Ship(ship), Gun::default(), Trail::new(ship.body.pos), Pilot(player), shown);
    let entity = world.spawn(parts).id();
    world.entity_mut(player).insert((Flying(Some(entity)), Intent(ship.controls)));
}
