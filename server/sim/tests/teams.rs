//! Two teams, as players meet them.
#![allow(clippy::unwrap_used, clippy::panic, clippy::wildcard_enum_match_arm, reason = "tests may")]

mod exchange;

use exchange::{Exchange, pilot};
use shared::angle::Angle;
use shared::balance::{BOUNTY_FROM, SAFE_MS};
use shared::controls::Controls;
use shared::entity::ShipState;
use shared::ids::{PlayerId, SessionId};
use shared::mode::{Mode, Team};
use shared::protocol::{Role, ServerMessage, Totals};
use shared::tuning::LIMBO_MS;
use sim::Config;

fn teams(drones: u16) -> Exchange {
    let mode = Mode::Teams;
    Exchange::new(Config { arena_size: 1024, drones, seed: 3, mode, ..Config::default() })
}

fn team(exchange: &Exchange, session: SessionId) -> Team {
    ship(exchange, session).team.unwrap()
}

fn ship(exchange: &Exchange, session: SessionId) -> ShipState {
    exchange.client(session).ship().unwrap()
}

/// Flies `hunter` at `prey` with the trigger held for so many ticks.
fn fire_at(exchange: &mut Exchange, hunter: SessionId, prey: SessionId, ticks: u32) {
    for _ in 0..ticks {
        let (Some(own), Some(other)) = (exchange.client(hunter).ship(), exchange.client(prey).ship()) else {
            return;
        };
        let way = own.body.pos.to(other.body.pos);
        let thrust = way.length() > 250 * shared::units::SUBUNITS;
        let controls = Controls { aim: Angle::of(way), thrust, fire: true, ..Controls::default() };
        exchange.steer(hunter, controls.quantised());
        exchange.step();
        exchange.compare();
    }
}

/// Three pilots of whom the first two are friends.
fn friends_and_foe(exchange: &mut Exchange) -> [SessionId; 3] {
    let [ada, bob, eve] = ["Ada", "Bob", "Eve"].map(|name| pilot(exchange, name));
    assert_eq!([ada, bob, eve].map(|who| team(exchange, who)), [Team::Suns, Team::Moons, Team::Suns]);
    [ada, eve, bob]
}

#[test]
fn people_are_dealt_out_so_that_the_teams_are_as_large() {
    let mut exchange = teams(0);
    let pilots: Vec<_> = (0..9).map(|n| pilot(&mut exchange, &format!("Pilot {n}"))).collect();
    let suns = pilots.iter().filter(|pilot| team(&exchange, **pilot) == Team::Suns).count();
    assert!(suns == 4 || suns == 5, "{suns} of nine");
}

#[test]
fn of_teams_as_large_a_newcomer_goes_to_the_one_with_less() {
    let mut exchange = teams(0);
    let (ada, _bob) = (pilot(&mut exchange, "Ada"), pilot(&mut exchange, "Bob"));
    assert_eq!(team(&exchange, ada), Team::Suns);
    exchange.gather_until(ada, 30);
    let eve = pilot(&mut exchange, "Eve");
    assert_eq!(team(&exchange, eve), Team::Moons);
}

#[test]
fn drones_fill_both_teams_and_make_room_in_the_larger_one() {
    let mut exchange = teams(6);
    let watcher = exchange.open(Role::Board);
    exchange.steps(20);
    let members = |exchange: &Exchange| {
        let board = exchange.board_of(watcher);
        Team::ALL.map(|team| board.iter().filter(|row| row.team == Some(team)).count())
    };
    assert_eq!(members(&exchange), [3, 3]);
    let pilots = ["Ada", "Bob", "Eve"].map(|name| pilot(&mut exchange, name));
    exchange.steps(5);
    assert_eq!(members(&exchange), [3, 3]);
    exchange.close(pilots[0]);
    exchange.steps(exchange.rules.ticks(LIMBO_MS) + 5);
    assert_eq!(members(&exchange), [3, 3]);
}

#[test]
fn shots_fly_through_friends_and_harm_foes() {
    let mut exchange = teams(0);
    let [ada, friend, foe] = friends_and_foe(&mut exchange);
    exchange.steps(exchange.rules.ticks(SAFE_MS) + 2);
    let whole = ship(&exchange, friend).hull;
    fire_at(&mut exchange, ada, friend, 400);
    assert_eq!(ship(&exchange, friend).hull, whole);
    assert_eq!(exchange.client(ada).replica.status().kills, 0);
    fire_at(&mut exchange, ada, foe, 2000);
    let hurt = exchange.client(foe).ship().is_none_or(|ship| ship.hull < whole);
    assert!(hurt, "the same shots harm a foe");
}

#[test]
fn ramming_takes_nothing_from_a_friend() {
    let mut exchange = teams(0);
    let [ada, friend, _] = friends_and_foe(&mut exchange);
    let whole = ship(&exchange, friend).hull;
    let mut nearest = i32::MAX;
    for _ in 0..600 {
        let way = ship(&exchange, ada).body.pos.to(ship(&exchange, friend).body.pos);
        nearest = nearest.min(way.length());
        exchange
            .steer(ada, Controls { aim: Angle::of(way), thrust: true, ..Controls::default() }.quantised());
        exchange.step();
    }
    assert!(nearest < 45 * shared::units::SUBUNITS, "they have touched: {nearest}");
    assert_eq!(ship(&exchange, friend).hull, whole);
}

#[test]
fn the_totals_are_the_points_of_the_lives_that_the_teams_play() {
    let mut exchange = teams(0);
    let [ada, eve, bob] = friends_and_foe(&mut exchange);
    let watcher = exchange.open(Role::Board);
    let points = [ada, eve, bob].map(|who| exchange.gather_a_shard(who));
    exchange.steps(40);
    let told = |session| {
        exchange.client(session).heard.iter().rev().find_map(|message| match message {
            ServerMessage::Totals(totals) => Some(*totals),
            _ => None,
        })
    };
    let now = [ada, eve, bob].map(|who| exchange.client(who).replica.status().score);
    assert!(now[0] >= points[0]);
    let totals = Some(Totals { points: [now[0] + now[1], now[2]], members: [2, 1] });
    assert_eq!((told(bob), told(watcher), exchange.sim.board().contest().totals), (totals, totals, totals));
}

#[test]
fn who_flies_anew_goes_over_when_the_own_team_has_two_more() {
    let mut exchange = teams(0);
    let pilots: Vec<_> = (0..5).map(|n| pilot(&mut exchange, &format!("Pilot {n}"))).collect();
    let of = |exchange: &Exchange, wanted: Team| -> Vec<SessionId> {
        pilots
            .iter()
            .copied()
            .filter(|who| exchange.clients.contains_key(who))
            .filter(|who| team(exchange, *who) == wanted)
            .collect()
    };
    let (suns, moons) = (of(&exchange, Team::Suns), of(&exchange, Team::Moons));
    assert_eq!((suns.len(), moons.len()), (3, 2));
    exchange.close(moons[0]);
    exchange.steps(exchange.rules.ticks(LIMBO_MS) + 2);
    let victim = suns[0];
    fire_at(&mut exchange, moons[1], victim, 6000);
    assert!(exchange.client(victim).ship().is_none(), "it was sunk");
    exchange.join(victim, "Again");
    exchange.steps(3);
    assert_eq!(team(&exchange, victim), Team::Moons);
    let row = exchange.sim.board().rows_from(0).find(|row| row.name.as_str() == "Again").cloned().unwrap();
    assert_eq!(row.team, Some(Team::Moons));
}

#[test]
fn friends_of_the_leader_are_not_sent_after_the_bounty() {
    let mut exchange = teams(0);
    let [ada, friend, foe] = friends_and_foe(&mut exchange);
    exchange.gather_until(ada, BOUNTY_FROM);
    exchange.steps(40);
    let leader = ship(&exchange, ada).player;
    let told = |session| {
        let heard = &exchange.client(session).heard;
        heard
            .iter()
            .any(|message| matches!(message, ServerMessage::Bounty { player, .. } if *player == leader))
    };
    assert_eq!([ada, foe, friend].map(told), [true, true, false]);
    assert_ne!(leader, PlayerId(0));
}

#[test]
fn a_team_costs_no_bytes_while_nothing_changes() {
    let bytes = |mode: Mode| {
        let mut exchange =
            Exchange::new(Config { arena_size: 1024, drones: 0, seed: 3, mode, ..Config::default() });
        for n in 0..4 {
            pilot(&mut exchange, &format!("Pilot {n}"));
        }
        exchange.steps(100);
        let before = exchange.step().bytes;
        exchange.steps(100);
        let after = exchange.step().bytes;
        (after.deltas - before.deltas, after.head - before.head)
    };
    assert_eq!(bytes(Mode::Teams), bytes(Mode::FreeForAll));
}
