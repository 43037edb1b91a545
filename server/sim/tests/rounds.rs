//! Rounds, as players and watchers meet them.
#![allow(clippy::unwrap_used, clippy::panic, clippy::wildcard_enum_match_arm, reason = "tests may")]

mod exchange;

use exchange::{Exchange, pilot};
use shared::controls::Controls;
use shared::entity::EntityState;
use shared::identity::PlayerKey;
use shared::ids::SessionId;
use shared::mode::{Mode, Team};
use shared::protocol::{Podium, Role, Round, ServerMessage};
use sim::Config;
use sim::ports::Command;

const ROUND_MS: u32 = 60_000;
/// Long enough that someone can be hunted down in it.
const LONG_MS: u32 = 180_000;
const PODIUM_MS: u32 = 3_000;

fn rounds(mode: Mode, drones: u16) -> Exchange {
    rounds_of(mode, drones, ROUND_MS)
}

fn rounds_of(mode: Mode, drones: u16, round_ms: u32) -> Exchange {
    let podium_ms = PODIUM_MS;
    Exchange::new(Config {
        arena_size: 1024,
        drones,
        seed: 3,
        mode,
        round_ms,
        podium_ms,
        ..Config::default()
    })
}

fn podium(exchange: &Exchange, session: SessionId) -> Option<Podium> {
    exchange.client(session).heard.iter().rev().find_map(|message| match message {
        ServerMessage::Podium(podium) => Some(podium.clone()),
        _ => None,
    })
}

fn round(exchange: &Exchange, session: SessionId) -> Option<Round> {
    exchange.client(session).heard.iter().rev().find_map(|message| match message {
        ServerMessage::Round(round) => Some(*round),
        _ => None,
    })
}

/// Steps until the podium is shown, or is over.
fn until(exchange: &mut Exchange, podium: bool) {
    for _ in 0..exchange.rules.ticks(LONG_MS + PODIUM_MS) + 1 {
        let report = exchange.step();
        exchange.compare();
        if report.round.is_some_and(|round| round.podium == podium) {
            return;
        }
    }
    panic!("the round does not turn");
}

fn ships(exchange: &mut Exchange) -> usize {
    let all = exchange.sim.view_of_everything();
    all.iter().filter(|(_, state)| matches!(state, EntityState::Ship(_) | EntityState::Shot(_))).count()
}

#[test]
fn the_podium_has_the_best_three_and_nobody_without_a_point() {
    let mut exchange = rounds(Mode::Rounds, 0);
    let pilots: Vec<_> = (0..5).map(|n| pilot(&mut exchange, &format!("Pilot {n}"))).collect();
    for (pilot, points) in pilots.iter().zip([10, 40, 20, 30]) {
        exchange.gather_until(*pilot, points);
    }
    until(&mut exchange, true);
    exchange.step();
    let podium = podium(&exchange, pilots[4]).unwrap();
    let scores: Vec<u32> = podium.rows.iter().map(|row| row.score).collect();
    assert!(scores.len() == 3 && scores.is_sorted_by(|a, b| a >= b), "{scores:?}");
    assert_eq!((podium.winner, podium.totals), (None, None));
    let mut alone = rounds(Mode::Rounds, 0);
    let ada = pilot(&mut alone, "Ada");
    until(&mut alone, true);
    alone.step();
    assert_eq!(self::podium(&alone, ada).unwrap().rows, []);
}

#[test]
fn of_equal_scores_who_had_them_first_stands_higher() {
    let mut exchange = rounds(Mode::Rounds, 0);
    let pilots: Vec<_> = (0..4).map(|n| pilot(&mut exchange, &format!("Pilot {n}"))).collect();
    // The last one scores first, and then nobody moves on.
    for pilot in pilots.iter().rev() {
        exchange.gather_a_shard(*pilot);
        exchange.steer(*pilot, Controls::default());
    }
    let mut standings = Vec::new();
    while exchange.sim.board().rows_from(0).any(|row| row.standing.score > 0) {
        standings = exchange.sim.board().rows_from(0).map(|row| row.standing).collect();
        exchange.step();
    }
    let ties: Vec<_> = standings.windows(2).filter(|pair| pair[0].score == pair[1].score).collect();
    assert!(!ties.is_empty() && ties.iter().all(|pair| pair[0].since <= pair[1].since), "{standings:?}");
    let podium = podium(&exchange, pilots[0]).unwrap();
    let order: Vec<_> = standings.iter().take(3).map(|standing| standing.player).collect();
    assert_eq!(podium.rows.iter().map(|row| row.player).collect::<Vec<_>>(), order);
}

#[test]
fn who_is_sunk_before_time_is_up_stands_on_the_podium_with_the_best_life_of_the_round() {
    let mut exchange = rounds_of(Mode::Rounds, 0, LONG_MS);
    let (ada, bob) = (pilot(&mut exchange, "Ada"), pilot(&mut exchange, "Bob"));
    exchange.gather_until(ada, 100);
    exchange.hunt_down(bob, ada);
    let life = exchange.sim.take_ended_lives().into_iter().find(|life| life.name.as_str() == "Ada");
    let first = life.expect("Ada was sunk").life.score;
    // A second, poorer life adds nothing.
    exchange.join(ada, "Ada");
    exchange.steps(5);
    let second = exchange.gather_a_shard(ada);
    until(&mut exchange, true);
    exchange.step();
    let podium = podium(&exchange, bob).unwrap();
    let points = podium.rows.iter().find(|row| row.name.as_str() == "Ada").map(|row| row.score);
    assert!(second < first, "{second} of {first}");
    assert_eq!(points, Some(first), "{podium:?}");
    assert!(podium.rows.is_sorted_by(|a, b| a.score >= b.score), "{podium:?}");
}

#[test]
fn what_one_had_in_the_last_round_counts_no_more() {
    let mut exchange = rounds(Mode::Rounds, 0);
    let ada = pilot(&mut exchange, "Ada");
    exchange.gather_until(ada, 60);
    until(&mut exchange, true);
    exchange.step();
    assert!(podium(&exchange, ada).unwrap().rows[0].score >= 60);
    until(&mut exchange, false);
    exchange.steps(5);
    let points = exchange.gather_a_shard(ada);
    exchange.steer(ada, Controls::default());
    let mut most = points;
    while exchange.step().round.is_some_and(|round| !round.podium) {
        most = most.max(exchange.client(ada).replica.status().score);
    }
    let podium = podium(&exchange, ada).unwrap();
    assert_eq!(podium.rows.iter().map(|row| row.score).collect::<Vec<_>>(), [most]);
}

#[test]
fn a_team_keeps_the_best_lives_of_those_who_leave_it() {
    let mut exchange = rounds(Mode::TeamRounds, 0);
    let (ada, bob) = (pilot(&mut exchange, "Ada"), pilot(&mut exchange, "Bob"));
    let points = exchange.gather_until(ada, 50);
    exchange.close(ada);
    until(&mut exchange, true);
    exchange.step();
    let podium = podium(&exchange, bob).unwrap();
    let [suns, moons] = podium.totals.unwrap().points;
    assert!(suns >= points && suns > moons, "{suns} to {moons}");
    assert_eq!((podium.winner, podium.rows.len()), (Some(Team::Suns), 0), "who has left is not there");
}

/// What the teams have, once it was added up anew.
fn points(exchange: &mut Exchange) -> [u32; 2] {
    exchange.steps(30);
    exchange.sim.board().contest().totals.unwrap().points
}

/// A pilot with this public id.
fn pilot_as(exchange: &mut Exchange, key: u128) -> SessionId {
    let session = exchange.open_as(Role::Play, None, PlayerKey(key));
    exchange.join(session, "Ada");
    exchange.steps(3);
    assert_eq!(exchange.client(session).ship().unwrap().team, Some(Team::Suns));
    session
}

#[test]
fn who_leaves_a_team_and_comes_again_counts_once_with_the_best_life() {
    let mut exchange = rounds_of(Mode::TeamRounds, 0, LONG_MS);
    let mut best = 0;
    let mut moons = None;
    for wanted in [30, 50, 10] {
        let ada = pilot_as(&mut exchange, 77);
        // Somebody is in the other team, so that who comes again goes to this one.
        moons.get_or_insert_with(|| pilot(&mut exchange, "Bob"));
        exchange.gather_until(ada, wanted);
        exchange.steer(ada, Controls::default());
        exchange.steps(30);
        best = best.max(exchange.client(ada).replica.status().score);
        exchange.send(Command::End { session: ada });
        exchange.clients.remove(&ada);
        exchange.steps(2);
        assert_eq!(points(&mut exchange)[0], best, "after one of {wanted} points");
    }
    assert!(best >= 50);
}

#[test]
fn one_person_in_two_windows_counts_once_in_a_team() {
    let mut exchange = rounds_of(Mode::TeamRounds, 0, LONG_MS);
    let one = pilot_as(&mut exchange, 77);
    let _bob = pilot(&mut exchange, "Bob");
    let other = pilot_as(&mut exchange, 77);
    for (session, wanted) in [(one, 40), (other, 20)] {
        exchange.gather_until(session, wanted);
        exchange.steer(session, Controls::default());
    }
    let points = points(&mut exchange)[0];
    let scores = [one, other].map(|session| exchange.client(session).replica.status().score);
    assert!(scores.iter().all(|score| *score > 0));
    assert_eq!(Some(points), scores.into_iter().max(), "{scores:?}");
}

#[test]
fn what_the_teams_have_in_a_round_never_goes_down() {
    let mut exchange = rounds(Mode::TeamRounds, 8);
    let ada = pilot(&mut exchange, "Ada");
    let mut last = [0, 0];
    while exchange.step().round.is_some_and(|round| !round.podium) {
        let told = exchange.client(ada).heard.iter().rev().find_map(|message| match message {
            ServerMessage::Totals(totals) => Some(totals.points),
            _ => None,
        });
        let told = told.unwrap_or(last);
        assert!(told[0] >= last[0] && told[1] >= last[1], "{told:?} after {last:?}");
        last = told;
    }
    let totals = podium(&exchange, ada).unwrap().totals.unwrap().points;
    assert!(last != [0, 0] && totals[0] >= last[0] && totals[1] >= last[1], "{totals:?} after {last:?}");
}

#[test]
fn a_rounds_end_records_each_life_once_with_its_points() {
    let mut exchange = rounds(Mode::Rounds, 0);
    let (ada, _bob) = (pilot(&mut exchange, "Ada"), pilot(&mut exchange, "Bob"));
    let points = exchange.gather_a_shard(ada);
    assert_eq!(exchange.sim.take_ended_lives(), []);
    until(&mut exchange, true);
    let lives = exchange.sim.take_ended_lives();
    let ada_lives: Vec<_> = lives.iter().filter(|life| life.name.as_str() == "Ada").collect();
    let [life] = &ada_lives[..] else { panic!("{lives:?}") };
    assert!(life.life.score >= points && life.life.ticks > 0, "{life:?}");
    until(&mut exchange, false);
    assert_eq!(exchange.sim.take_ended_lives(), []);
}

#[test]
fn nobody_is_harmed_while_the_podium_is_shown_and_then_all_who_flew_have_fresh_ships() {
    let mut exchange = rounds(Mode::Rounds, 0);
    let ada = pilot(&mut exchange, "Ada");
    exchange.gather_a_shard(ada);
    until(&mut exchange, true);
    assert!(exchange.sim.board().rows_from(0).all(|row| row.standing.score == 0));
    for _ in 0..exchange.rules.ticks(PODIUM_MS) - 1 {
        exchange.step();
        exchange.compare();
        assert_eq!(ships(&mut exchange), 0);
    }
    exchange.steps(2);
    exchange.compare();
    let ship = exchange.client(ada).ship().expect("it flies without a Join");
    assert_eq!(ship.hull, exchange.rules.hull(ship.class).points);
    assert!(ship.safe > 0);
    assert_eq!(exchange.client(ada).replica.status().score, 0);
    assert!(exchange.client(ada).heard.iter().all(|message| !matches!(message, ServerMessage::Refused(_))));
}

#[test]
fn a_newcomer_in_the_middle_of_a_round_is_told_the_time_that_is_left() {
    let mut exchange = rounds(Mode::Rounds, 0);
    exchange.steps(100);
    for role in [Role::Play, Role::Board] {
        let late = exchange.open(role);
        exchange.steps(1);
        let left = exchange.rules.ticks(ROUND_MS) - exchange.sim.step().tick.0 + 1;
        exchange.deliver();
        assert_eq!(round(&exchange, late), Some(Round { podium: false, ticks: left }), "{role:?}");
        assert_eq!(podium(&exchange, late), None);
    }
}

#[test]
fn a_newcomer_during_the_podium_sees_it_and_flies_when_it_is_over() {
    let mut exchange = rounds(Mode::Rounds, 0);
    let ada = pilot(&mut exchange, "Ada");
    exchange.gather_a_shard(ada);
    until(&mut exchange, true);
    exchange.steps(10);
    let late = exchange.open(Role::Play);
    exchange.join(late, "Late");
    exchange.steps(3);
    assert!(round(&exchange, late).unwrap().podium);
    assert_eq!(podium(&exchange, late), podium(&exchange, ada));
    assert!(
        exchange.client(late).heard.iter().any(|message| matches!(message, ServerMessage::Joined { .. }))
    );
    assert!(exchange.client(late).ship().is_none());
    until(&mut exchange, false);
    exchange.steps(2);
    assert!(exchange.client(late).ship().is_some());
    assert!(!round(&exchange, late).unwrap().podium);
}

#[test]
fn who_is_away_when_time_is_up_comes_back_into_the_next_round() {
    let mut exchange = rounds(Mode::Rounds, 0);
    let ada = pilot(&mut exchange, "Ada");
    while exchange.step().round.unwrap().ticks > 10 {}
    let token = exchange.client(ada).token();
    exchange.close(ada);
    until(&mut exchange, true);
    let back = exchange.open_again(Role::Play, token);
    exchange.steps(2);
    let joined = |message: &ServerMessage| matches!(message, ServerMessage::Joined { .. });
    assert!(exchange.client(back).heard.iter().any(joined), "the ship is about to fly");
    until(&mut exchange, false);
    exchange.steps(2);
    assert!(exchange.client(back).ship().is_some());
}

#[test]
fn the_team_with_more_points_wins_and_the_podium_is_its_own() {
    let mut exchange = rounds(Mode::TeamRounds, 0);
    let pilots: Vec<_> = (0..4).map(|n| pilot(&mut exchange, &format!("Pilot {n}"))).collect();
    let team = |session| exchange.client(session).ship().unwrap().team.unwrap();
    let moons: Vec<_> = pilots.iter().copied().filter(|pilot| team(*pilot) == Team::Moons).collect();
    for moon in &moons {
        exchange.gather_until(*moon, 40);
    }
    until(&mut exchange, true);
    exchange.step();
    let podium = podium(&exchange, pilots[0]).unwrap();
    assert_eq!(podium.winner, Some(Team::Moons));
    assert_eq!(podium.rows.len(), moons.len());
    assert!(podium.rows.iter().all(|row| row.team == Some(Team::Moons)));
    let [suns, moons] = podium.totals.unwrap().points;
    assert!(moons > suns, "{suns} to {moons}");
}

#[test]
fn watchers_of_the_board_hear_of_rounds_and_podiums() {
    let mut exchange = rounds(Mode::Rounds, 4);
    let watcher = exchange.open(Role::Board);
    exchange.steps(2);
    assert!(exchange.client(watcher).heard.contains(&ServerMessage::Mode(Mode::Rounds)));
    until(&mut exchange, true);
    exchange.steps(2);
    assert!(podium(&exchange, watcher).is_some() && round(&exchange, watcher).unwrap().podium);
    let outside = exchange.sim.board().contest().podium.clone();
    assert_eq!(outside.as_deref(), podium(&exchange, watcher).as_ref());
    assert!(exchange.board_of(watcher).iter().all(|row| row.standing.score == 0));
}
