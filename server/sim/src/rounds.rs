//! Rounds: time runs out, the best are shown for a while, and everyone begins anew.
//!
//! ```text
//!   play ── time is up: every life ends, and is noted as one ──▶ podium
//!    ▲                                                             │
//!    └── everyone who flew has a fresh ship and no points ◀────────┘
//! ```
//!
//! While the podium is shown nobody flies, so nobody is harmed. Enters: ticks. Leaves: ended lives, and messages to all.
//!
//! A round is won by one's best life in it, not by the life that is played when time is up: who is sunk a moment before keeps
//! what he had, so nobody has a reason to hide at the end. Nor by the points of all lives together: what is sunk is paid for in
//! points and in the shards of its wreck, so two who take turns at it would count the same points again and again; and the
//! standings rank single lives, too. A team has the best lives of its members, and keeps those of members who leave it: a round
//! can't be turned by going, nor by coming again ([`crate::credit`]).

use std::sync::Arc;

use crate::board::{Contest, LiveBoard};
use crate::components::{BestLife, Flying, Player, Roll, Score, Shot, Waiting};
use crate::credit::Credit;
use crate::doings::{Doing, Doings};
use crate::session::Session;
use crate::{Config, Now, Report, lives, mix, teams};
use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};
use shared::identity::PlayerKey;
use shared::leaderboard::RankKey;
use shared::mode::Team;
use shared::motion::Rules;
use shared::protocol::{Podium, PodiumRow, Round, ServerMessage, codec};
use shared::tick::Tick;
use shared::tuning::PODIUM_ROWS;

/// The round that is played, or whose podium is shown.
#[derive(Debug, Clone)]
struct Stand {
    /// When that is over.
    until: Tick,
    podium: Option<Arc<Podium>>,
}

/// The rounds of the arena; none where play has no end.
#[derive(Debug, Default, Resource)]
pub(crate) struct Rounds {
    now: Option<Stand>,
    play: u32,
    show: u32,
    /// What both teams keep of those who have left them in this round.
    kept: Credit,
}

impl Rounds {
    /// The first round of an arena.
    pub(crate) fn new(config: &Config, rules: &Rules) -> Self {
        let (play, show) = (rules.ticks(config.round_ms), rules.ticks(config.podium_ms));
        let first = Stand { until: Tick::default().after(play), podium: None };
        Self { now: config.mode.has_rounds().then_some(first), play, show, kept: Credit::default() }
    }

    /// What both teams have with these members: their best lives of the round and of those who are members no more, or where
    /// there are no rounds the lives that are played.
    pub(crate) fn points<'a>(&self, players: impl Iterator<Item = (&'a Player, &'a Score)>) -> [u64; 2] {
        let members = players.filter_map(|(player, score)| Some((player.team?, player.key, score)));
        if self.now.is_some() {
            return self.kept.points(members.map(|(team, key, score)| (team, key, score.1.points)));
        }
        members.fold([0, 0], |mut points, (team, _, score)| {
            points[team.index()] += u64::from(score.0.score);
            points
        })
    }

    /// What watchers from outside are told of it.
    pub(crate) fn tell(&self, contest: &mut Contest) {
        contest.until = self.now.as_ref().map(|stand| stand.until);
        contest.podium = self.now.as_ref().and_then(|stand| stand.podium.clone());
    }

    /// What a session is told that comes at `now`.
    pub(crate) fn news(&self, now: Tick) -> impl Iterator<Item = ServerMessage> + '_ {
        let shown = self.now.iter().filter_map(|stand| stand.podium.as_deref());
        let podium = shown.map(|podium| ServerMessage::Podium(podium.clone()));
        self.round(now).map(ServerMessage::Round).into_iter().chain(podium)
    }

    fn round(&self, now: Tick) -> Option<Round> {
        let stand = self.now.as_ref()?;
        let ticks = if stand.until > now { stand.until.since(now) } else { 0 };
        Some(Round { podium: stand.podium.is_some(), ticks })
    }

    /// When someone who asks for a ship at `now` may have it.
    pub(crate) fn take_off(&self, now: Tick) -> Tick {
        let shown = self.now.as_ref().filter(|stand| stand.podium.is_some());
        shown.map_or(now, |stand| stand.until)
    }

    /// Where it stands, to go on elsewhere.
    pub(crate) fn save(&self) -> Option<SavedRound> {
        let stand = self.now.as_ref()?;
        let (kept, left) = (self.kept.drones, self.kept.people().collect());
        Some(SavedRound { until: stand.until, podium: stand.podium.as_deref().cloned(), kept, left })
    }

    /// Goes on as it was, where there are rounds both there and here.
    pub(crate) fn restore(&mut self, saved: Option<&SavedRound>) {
        if let (Some(now), Some(saved)) = (&mut self.now, saved) {
            *now = Stand { until: saved.until, podium: saved.podium.clone().map(Arc::new) };
            self.kept = Credit::restored(saved.kept, &saved.left);
        }
    }
}

/// Where a round stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedRound {
    until: Tick,
    podium: Option<Podium>,
    /// What both teams keep of drones; as older servers tell it, of everyone.
    #[serde(default)]
    kept: [u64; 2],
    /// What they keep of people.
    #[serde(default)]
    left: Vec<(Team, PlayerKey, u32)>,
}

/// Everything here that decides what happens next, for the arena's hash.
pub(crate) fn word(world: &World) -> u64 {
    let rounds = world.resource::<Rounds>();
    let Some(stand) = rounds.now.as_ref() else { return 0 };
    let turn = u64::from(stand.until.0) << 1 | u64::from(stand.podium.is_some());
    let kept = rounds.kept.word(turn);
    let players = world.resource::<Roll>().0.values();
    let best = players.filter_map(|player| world.get::<Score>(*player)).map(|score| score.1);
    best.fold(kept, |word, best| mix(word, u64::from(best.points) << 32 | u64::from(best.since.0)))
}

/// Takes down what the player has done for the team that is left now.
pub(crate) fn leave_team(world: &mut World, player: Entity) {
    if world.resource::<Rounds>().now.is_none() {
        return;
    }
    let who = world.get::<Player>(player).and_then(|player| Some((player.team?, player.key)));
    let Some((team, key)) = who else { return };
    let Some(mut score) = world.get_mut::<Score>(player) else { return };
    let best = std::mem::take(&mut score.1);
    world.resource_mut::<Rounds>().kept.keep(team, key, best.points);
}

/// Ends what is over.
pub(crate) fn turn(world: &mut World) {
    let now = world.resource::<Now>().0;
    let Some(stand) = world.resource::<Rounds>().now.as_ref() else { return };
    if now >= stand.until {
        match stand.podium.is_some() {
            false => show_podium(world, now),
            true => begin(world, now),
        }
    }
    let round = world.resource::<Rounds>().round(now);
    world.resource_mut::<Report>().round = round;
}

fn show_podium(world: &mut World, now: Tick) {
    let podium = podium(world);
    world.resource_mut::<Doings>().note(Doing::RoundEnded(podium.clone()));
    let until = now.after(world.resource::<Rounds>().show);
    end_flights(world, now, until);
    let mut rounds = world.resource_mut::<Rounds>();
    rounds.now = Some(Stand { until, podium: Some(Arc::new(podium)) });
    rounds.kept = Credit::default();
    tell_all(world, now);
}

fn begin(world: &mut World, now: Tick) {
    let mut rounds = world.resource_mut::<Rounds>();
    rounds.now = Some(Stand { until: now.after(rounds.play), podium: None });
    tell_all(world, now);
}

fn tell_all(world: &mut World, now: Tick) {
    world.resource_scope(|world, mut board: Mut<LiveBoard>| {
        board.follow(|contest| world.resource::<Rounds>().tell(contest));
    });
    let news: Vec<bytes::Bytes> =
        world.resource::<Rounds>().news(now).map(|news| codec::encode_server(&news).into()).collect();
    let mut sessions = world.query::<&mut Session>();
    for mut session in sessions.iter_mut(world) {
        news.iter().for_each(|bytes| session.say_bytes(bytes.clone()));
    }
}

/// Those with the best lives; of equals, who got there first. Who has no point has won nothing, and who has left is not there.
fn podium(world: &mut World) -> Podium {
    let totals = teams::totals(world);
    let winner = totals.and_then(|totals| match totals.points {
        [suns, moons] if suns > moons => Some(Team::Suns),
        [suns, moons] if moons > suns => Some(Team::Moons),
        [_, _] => None,
    });
    let mut players = world.query::<(&Player, &Score)>();
    let won = players
        .iter(world)
        .filter(|(player, score)| score.1.points > 0 && (winner.is_none() || player.team == winner));
    let mut best: Vec<(RankKey, &Player, u32)> = won
        .map(|(player, Score(_, BestLife { points, since }))| {
            (RankKey::new(*points, *since, player.id), player, *points)
        })
        .collect();
    best.sort_unstable_by_key(|(key, ..)| *key);
    let rows = best.into_iter().take(PODIUM_ROWS).map(|(_, player, score)| PodiumRow {
        player: player.id,
        name: player.name.clone(),
        drone: player.drone,
        team: player.team,
        score,
    });
    Podium { winner, totals, rows: rows.collect() }
}

/// Every life ends, as one that its pilot has left; who flew, and every drone, has a ship again at `until`.
fn end_flights(world: &mut World, now: Tick, until: Tick) {
    let mut players = world.query::<(Entity, &Player, &Flying)>();
    let all: Vec<(Entity, bool, Option<Entity>)> =
        players.iter(world).map(|(entity, player, flying)| (entity, player.drone, flying.0)).collect();
    for (player, drone, ship) in all {
        lives::end_in_flight(world, player);
        if let Some(ship) = ship {
            world.despawn(ship);
        }
        let mut player = world.entity_mut(player);
        if ship.is_some() || drone || player.contains::<Waiting>() {
            player.insert((Flying(None), Waiting(until)));
        }
        if let Some(mut score) = player.get_mut::<Score>() {
            (score.0.score, score.0.since) = (0, now);
            score.1 = BestLife::default();
        }
    }
    let mut shots = world.query_filtered::<Entity, With<Shot>>();
    let shots: Vec<Entity> = shots.iter(world).collect();
    for shot in shots {
        world.despawn(shot);
    }
}

/// When someone who asks for a ship now may have it.
pub(crate) fn take_off(world: &World) -> Tick {
    world.resource::<Rounds>().take_off(world.resource::<Now>().0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::mode::Mode;

    #[test]
    fn an_arena_without_rounds_lets_everyone_fly_at_once_and_says_nothing() {
        let config = Config::default();
        let rounds = Rounds::new(&config, &Rules::new(config.tick_hz, config.arena_size));
        assert_eq!((rounds.take_off(Tick(9)), rounds.news(Tick(9)).count()), (Tick(9), 0));
    }

    #[test]
    fn the_time_that_is_left_counts_down_to_nothing() {
        let config = Config { mode: Mode::Rounds, round_ms: 10_000, ..Config::default() };
        let rounds = Rounds::new(&config, &Rules::new(30, 4096));
        let left = |tick| rounds.round(Tick(tick)).map(|round| round.ticks);
        assert_eq!((left(0), left(299), left(300), left(301)), (Some(300), Some(1), Some(0), Some(0)));
    }
}
