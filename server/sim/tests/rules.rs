//! The rules of the game, as players meet them.

#![allow(clippy::unwrap_used, clippy::panic, clippy::wildcard_enum_match_arm, reason = "tests may")]

mod exchange;

use exchange::{Exchange, arena, pilot};
use shared::angle::Angle;
use shared::balance::{HULLS, KILL_POINTS};
use shared::controls::{Controls, Steer};
use shared::entity::EntityState;
use shared::hull::Hull;
use shared::ids::SessionId;
use shared::protocol::{CloseReason, Refusal, Role, ServerMessage};
use shared::tuning;
use sim::Config;
use sim::ports::TOO_SLOW_MS;

fn thrust(aim: Angle) -> Controls {
    Controls { aim, thrust: true, ..Controls::default() }.quantised()
}

#[test]
fn a_pilot_flies_and_the_input_is_acknowledged() {
    let mut exchange = arena(0);
    let ada = pilot(&mut exchange, "Ada");
    let before = exchange.client(ada).ship().unwrap();
    exchange.steer(ada, thrust(before.body.heading));
    exchange.steps(10);
    let client = exchange.client(ada);
    assert_ne!(client.ship().unwrap().body.pos, before.body.pos);
    assert_eq!(client.replica.ack().map(|ack| ack.sequence), Some(client.sequence));
}

#[test]
fn a_kill_pays_the_killer_and_tells_the_victim_what_the_life_was_worth() {
    let mut exchange = arena(0);
    let (ada, bob) = (pilot(&mut exchange, "Ada"), pilot(&mut exchange, "Bob"));
    exchange.hunt_down(ada, bob);
    let kill = |message: &ServerMessage| matches!(message, ServerMessage::Kill { name, .. } if name.as_str() == "Bob");
    assert!(exchange.client(ada).heard.iter().any(kill));
    let died = exchange.client(bob).heard.iter().find_map(|message| match message {
        ServerMessage::Died { name: Some(name), life, .. } => Some((name.to_string(), *life)),
        _ => None,
    });
    let (by, life) = died.unwrap();
    assert_eq!(by, "Ada");
    assert!(life.ticks > 0 && life.kills == 0);
    let status = exchange.client(ada).replica.status();
    assert!(status.score >= KILL_POINTS && status.kills == 1 && status.rank == 1, "{status:?}");
}

#[test]
fn who_was_sunk_flies_again_with_a_full_hull() {
    let mut exchange = arena(0);
    let (ada, bob) = (pilot(&mut exchange, "Ada"), pilot(&mut exchange, "Bob"));
    exchange.hunt_down(ada, bob);
    exchange.join(bob, "Bob");
    exchange.steps(1);
    assert_eq!(exchange.client(bob).ship().unwrap().hull, HULLS[0].points);
    assert_eq!(exchange.client(bob).replica.status().score, 0);
}

#[test]
fn a_shard_is_worth_its_points() {
    let mut exchange = arena(0);
    let ada = pilot(&mut exchange, "Ada");
    let score = exchange.gather_a_shard(ada);
    assert_eq!(score % u32::from(tuning::SHARD_POINTS), 0);
}

#[test]
fn an_asteroid_breaks_into_halves_and_pays_who_broke_it() {
    let mut exchange = arena(0);
    let ada = pilot(&mut exchange, "Ada");
    let rocks = |exchange: &mut Exchange| {
        let all = exchange.sim.view_of_everything().into_iter();
        all.filter(|(_, state)| matches!(state, EntityState::Rock(_))).count()
    };
    let before = rocks(&mut exchange);
    for _ in 0..3000 {
        let client = exchange.client(ada);
        let own = client.ship().unwrap().body.pos;
        let places = client.replica.entities().filter(|(_, state)| matches!(state, EntityState::Rock(_)));
        let nearest =
            places.map(|(_, state)| state.pos()).min_by_key(|at| own.to(*at).length_squared()).unwrap();
        let aim = Angle::of(own.to(nearest));
        exchange.steer(ada, Controls { aim, fire: true, ..Controls::default() }.quantised());
        exchange.step();
        if rocks(&mut exchange) > before {
            exchange.step();
            return assert!(exchange.client(ada).replica.status().score >= tuning::ROCK_POINTS[1]);
        }
    }
    panic!("no asteroid broke");
}

#[test]
fn a_gun_fires_no_faster_than_its_cooldown() {
    let mut exchange = arena(0);
    let ada = pilot(&mut exchange, "Ada");
    let mut most = 0;
    for _ in 0..60 {
        exchange.steer(ada, Controls { fire: true, steer: Steer::Right, ..Controls::default() });
        exchange.step();
        let shots = exchange.client(ada).replica.entities();
        most = most.max(shots.filter(|(_, state)| matches!(state, EntityState::Shot(_))).count());
    }
    let rules = exchange.rules;
    let hull = rules.hull(Hull::Corsair);
    let limit = u32::from(hull.shot_life / hull.cooldown) + 1;
    assert!(most > 1 && most as u32 <= limit, "{most} shots in the air, at most {limit}");
}

#[test]
fn a_name_without_anything_to_show_is_refused_and_the_session_goes_on() {
    let mut exchange = arena(0);
    let session = exchange.open(Role::Play);
    exchange.join(session, "\u{202e}\u{200b} ");
    exchange.steps(2);
    assert!(exchange.client(session).heard.contains(&ServerMessage::Refused(Refusal::EmptyName)));
    exchange.join(session, "Ada");
    exchange.steps(2);
    assert!(exchange.client(session).ship().is_some());
}

#[test]
fn a_full_arena_refuses_more_players() {
    let mut exchange = Exchange::new(Config { arena_size: 1024, max_players: 1, ..Config::default() });
    pilot(&mut exchange, "Ada");
    let bob = pilot(&mut exchange, "Bob");
    assert!(exchange.client(bob).heard.contains(&ServerMessage::Refused(Refusal::ArenaFull)));
    assert!(exchange.client(bob).ship().is_none());
}

#[test]
fn a_second_join_in_flight_is_refused() {
    let mut exchange = arena(0);
    let ada = pilot(&mut exchange, "Ada");
    exchange.join(ada, "Ada");
    exchange.steps(1);
    assert!(exchange.client(ada).heard.contains(&ServerMessage::Refused(Refusal::AlreadyFlying)));
}

#[test]
fn drones_make_room_as_people_come() {
    let mut exchange = arena(3);
    exchange.steps(3);
    assert_eq!(exchange.step().drones, 3);
    let ada = pilot(&mut exchange, "Ada");
    let report = exchange.step();
    assert_eq!((report.players, report.drones), (1, 2));
    exchange.close(ada);
    exchange.steps(exchange.rules.ticks(tuning::LIMBO_MS) + 2);
    let report = exchange.step();
    assert_eq!((report.players, report.drones), (0, 3));
}

#[test]
fn a_client_that_does_not_read_is_skipped_then_closed_and_holds_bounded_memory() {
    let mut exchange = arena(12);
    let ada = pilot(&mut exchange, "Ada");
    exchange.clients.get_mut(&ada).unwrap().stalls = true;
    exchange.steps(exchange.rules.ticks(TOO_SLOW_MS) + 10);
    let client = exchange.client(ada);
    assert_eq!(client.closed, Some(CloseReason::TooSlow));
    assert!(client.unread.len() < 20, "{} messages wait", client.unread.len());
}

#[test]
fn a_client_that_wakes_up_sees_what_is_now() {
    let mut exchange = arena(12);
    let ada = pilot(&mut exchange, "Ada");
    exchange.clients.get_mut(&ada).unwrap().stalls = true;
    exchange.steps(100);
    let client = exchange.clients.get_mut(&ada).unwrap();
    client.stalls = false;
    client.read();
    let report = exchange.step();
    assert_eq!(exchange.client(ada).replica.tick(), report.tick);
    exchange.compare();
}

#[test]
fn an_idle_arena_costs_a_head_per_tick_and_nothing_else() {
    let mut exchange = arena(0);
    let ada = pilot(&mut exchange, "Ada");
    exchange.steps(200);
    exchange.clients.get_mut(&ada).unwrap().stalls = true;
    exchange.step();
    let bytes: Vec<usize> = exchange.client(ada).unread.iter().map(bytes::Bytes::len).collect();
    assert!(bytes == [2] || bytes == [10], "{bytes:?}: a head, or a head with a checksum");
}

#[test]
fn a_watcher_sees_everyone_in_the_order_of_ranks_and_a_players_own_is_at_most_200_ms_old() {
    let mut exchange = arena(5);
    let watcher = exchange.open(Role::Board);
    let ada = pilot(&mut exchange, "Ada");
    exchange.steps(5);
    let mut lately = std::collections::VecDeque::new();
    for _ in 0..200 {
        exchange.steps(1);
        let board = exchange.board_of(watcher);
        assert_eq!(board.rows().len(), exchange.sim.population());
        lately.push_front(board.iter().position(|row| row.name.as_str() == "Ada").unwrap() + 1);
        lately.truncate(exchange.rules.ticks(200) as usize);
        let told = exchange.client(ada).replica.status().rank as usize;
        assert!(lately.len() < 6 || lately.contains(&told), "{told} of {lately:?}");
    }
}

/// The token that the server gave this session.
fn token(exchange: &Exchange, session: SessionId) -> (shared::ids::Token, bool) {
    let welcome = exchange.client(session).heard.iter().find_map(|message| match message {
        ServerMessage::Welcome(welcome) => Some((welcome.token, welcome.resumed)),
        _ => None,
    });
    welcome.unwrap()
}

#[test]
fn a_token_takes_the_same_ship_back_with_its_score() {
    let mut exchange = arena(0);
    let ada = pilot(&mut exchange, "Ada");
    let (secret, resumed) = token(&exchange, ada);
    assert!(!resumed);
    let (ship, player) =
        (exchange.client(ada).replica.focus().ship, exchange.client(ada).ship().unwrap().player);
    exchange.close(ada);
    exchange.steps(100);
    let back = exchange.open_again(Role::Play, Some(secret));
    exchange.steps(2);
    assert_eq!(token(&exchange, back), (secret, true));
    assert_eq!(exchange.client(back).replica.focus().ship, ship);
    assert_eq!(exchange.client(back).ship().unwrap().player, player);
    let joined = |message: &ServerMessage| matches!(message, ServerMessage::Joined { name, .. } if name.as_str() == "Ada");
    assert!(exchange.client(back).heard.iter().any(joined));
}

#[test]
fn a_player_in_limbo_drifts_with_released_controls_and_is_gone_after_the_grace_time() {
    let mut exchange = arena(0);
    let ada = pilot(&mut exchange, "Ada");
    let (secret, _) = token(&exchange, ada);
    exchange.steer(ada, Controls { thrust: true, fire: true, ..Controls::default() });
    exchange.steps(3);
    exchange.close(ada);
    exchange.steps(2);
    let ships: Vec<_> = exchange
        .sim
        .view_of_everything()
        .into_iter()
        .filter_map(|(_, state)| match state {
            EntityState::Ship(ship) => Some(ship.controls),
            _ => None,
        })
        .collect();
    assert!(matches!(ships[..], [Controls { thrust: false, fire: false, .. }]), "{ships:?}");
    exchange.steps(exchange.rules.ticks(tuning::LIMBO_MS));
    assert_eq!(exchange.sim.population(), 0);
    let late = exchange.open_again(Role::Play, Some(secret));
    exchange.steps(2);
    assert!(!token(&exchange, late).1, "the token is worth nothing then");
}

#[test]
fn of_two_sessions_with_one_token_the_newer_wins_and_the_older_is_told() {
    let mut exchange = arena(0);
    let ada = pilot(&mut exchange, "Ada");
    let (secret, _) = token(&exchange, ada);
    let newer = exchange.open_again(Role::Play, Some(secret));
    exchange.steps(2);
    assert_eq!(exchange.client(ada).closed, Some(CloseReason::Replaced));
    assert!(exchange.client(newer).ship().is_some());
    exchange.close(ada);
    exchange.steps(exchange.rules.ticks(tuning::LIMBO_MS) + 2);
    assert!(exchange.client(newer).ship().is_some(), "the older one's end is not the player's");
}

#[test]
fn no_two_drones_have_one_name() {
    let mut exchange = arena(40);
    let watcher = exchange.open(Role::Board);
    exchange.steps(60);
    let board = exchange.board_of(watcher);
    let names: std::collections::BTreeSet<_> = board.rows().iter().map(|row| row.name.clone()).collect();
    assert_eq!((names.len(), board.rows().len()), (40, 40));
}

#[test]
fn a_client_that_asks_for_its_view_again_and_again_gets_it_within_a_second_and_no_more_often() {
    let mut exchange = arena(0);
    let ada = pilot(&mut exchange, "Ada");
    let second = exchange.rules.ticks(1000);
    let mut resets = Vec::new();
    for tick in 0..second * 3 {
        if tick == 0 || tick == 5 {
            exchange.send(sim::ports::Command::Mismatch { session: ada });
        }
        exchange.clients.get_mut(&ada).unwrap().stalls = true;
        exchange.step();
        let client = exchange.clients.get_mut(&ada).unwrap();
        if client.unread.iter().any(|bytes| bytes[0] & 0x81 == 1) {
            resets.push(tick);
        }
        client.stalls = false;
        client.read();
    }
    assert_eq!(resets, [0, second], "the second wish is kept until it may be granted");
}
