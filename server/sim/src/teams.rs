//! Teams: who belongs to which, and what the two have.
//!
//! Enters: who is there. Leaves: a newcomer's team, and the totals, told to all a few times a second. In an arena without
//! teams nothing here does anything.

use crate::board::LiveBoard;
use crate::components::{Player, Score};
use crate::joining::Entrant;
use crate::rounds::Rounds;
use crate::session::Session;
use crate::{ArenaRules, Now, Settings};
use bevy_ecs::prelude::*;
use bytes::Bytes;
use shared::mode::Team;
use shared::protocol::{ServerMessage, Totals, codec};

/// Totals are added up, and told, at most this often, in milliseconds.
const TOTALS_EVERY_MS: u32 = 400;

/// A team that has so many people more than the other is too large: who flies anew goes over.
const TOO_MANY: u32 = 2;

/// Who is in which team.
#[derive(Debug, Clone, Copy, Default)]
struct Census {
    people: [u32; 2],
    all: [u32; 2],
}

impl Census {
    fn take<'a>(players: impl Iterator<Item = &'a Player>) -> Self {
        let mut census = Self::default();
        for player in players {
            let Some(team) = player.team.map(Team::index) else { continue };
            census.people[team] += u32::from(!player.drone);
            census.all[team] += 1;
        }
        census
    }

    fn of(world: &mut World) -> Self {
        let mut players = world.query::<&Player>();
        Self::take(players.iter(world))
    }

    fn totals(&self, points: [u64; 2]) -> Totals {
        Totals {
            points: points.map(|points| u32::try_from(points).unwrap_or(u32::MAX)),
            members: self.all.map(|members| u16::try_from(members).unwrap_or(u16::MAX)),
        }
    }
}

fn points(world: &mut World) -> [u64; 2] {
    let mut players = world.query::<(&Player, &Score)>();
    world.resource::<Rounds>().points(players.iter(world))
}

/// The team of someone new. People are dealt out among people, drones so that both teams are as large.
pub(crate) fn of_newcomer(world: &mut World, entrant: Entrant) -> Option<Team> {
    if !world.resource::<Settings>().0.mode.has_teams() {
        return None;
    }
    let census = Census::of(world);
    let members = match entrant {
        Entrant::Person(_) => census.people,
        Entrant::Drone => census.all,
    };
    // Of teams that are not as large it does not matter who has more, and to find that out takes longer.
    let points = if members[0] == members[1] { points(world) } else { [0, 0] };
    Some(Team::for_newcomer(members, points))
}

/// The other team, for a person whose own has too many more people.
pub(crate) fn better_team(world: &mut World, own: Option<Team>) -> Option<Team> {
    let own = own?;
    let people = Census::of(world).people;
    let other = Team::ALL.into_iter().find(|team| *team != own)?;
    (people[own.index()] >= people[other.index()] + TOO_MANY).then_some(other)
}

/// The team that can do without a drone: the larger one.
pub(crate) fn larger(world: &mut World) -> Option<Team> {
    if !world.resource::<Settings>().0.mode.has_teams() {
        return None;
    }
    let [suns, moons] = Census::of(world).all;
    Some(if moons > suns { Team::Moons } else { Team::Suns })
}

/// What the teams have now.
pub(crate) fn totals(world: &mut World) -> Option<Totals> {
    let teams = world.resource::<Settings>().0.mode.has_teams();
    teams.then(|| Census::of(world).totals(points(world)))
}

/// The totals as they were last told.
#[derive(Debug, Default, Resource)]
pub(crate) struct ToldTotals {
    totals: Option<Totals>,
    version: u32,
    bytes: Bytes,
}

/// Tells players and watchers what the teams have, each in the tick that is that session's own.
pub(crate) fn tell_totals(
    players: Query<(&Player, &Score)>,
    mut sessions: Query<&mut Session>,
    (mut told, mut board): (ResMut<ToldTotals>, ResMut<LiveBoard>),
    (settings, rounds, rules, now): (Res<Settings>, Res<Rounds>, Res<ArenaRules>, Res<Now>),
) {
    if !settings.0.mode.has_teams() {
        return;
    }
    let pause = rules.0.ticks(TOTALS_EVERY_MS);
    if now.0.0.is_multiple_of(pause) || told.version == 0 {
        let totals =
            Census::take(players.iter().map(|(player, _)| player)).totals(rounds.points(players.iter()));
        if told.totals != Some(totals) {
            board.follow(|contest| contest.totals = Some(totals));
            told.totals = Some(totals);
            told.version += 1;
            told.bytes = codec::encode_server(&ServerMessage::Totals(totals)).into();
        }
    }
    for mut session in &mut sessions {
        let turn = session.totals == 0 || session.is_turn(now.0, pause);
        if turn && session.totals != told.version && session.outbox.gate.is_open() {
            session.totals = told.version;
            session.say_bytes(told.bytes.clone());
        }
    }
}
