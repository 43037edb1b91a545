//! What everyone is told of, and whom those watch who do not fly.
#![allow(clippy::unwrap_used, clippy::panic, clippy::wildcard_enum_match_arm, reason = "tests may")]

mod exchange;

use exchange::{Exchange, arena, pilot};
use shared::ids::{PlayerId, SessionId};
use shared::protocol::{News, Role, ServerMessage};
use shared::tuning::LIMBO_MS;
use sim::Config;
use sim::ports::Command;

/// Everything that a session was told of.
fn news(exchange: &Exchange, session: SessionId) -> Vec<News> {
    let told = exchange.client(session).heard.iter().filter_map(|message| match message {
        ServerMessage::News(news) => Some(news.clone()),
        _ => None,
    });
    told.flatten().collect()
}

#[test]
fn everyone_in_the_arena_is_told_once_who_sank_whom() {
    let mut exchange = arena(0);
    let (ada, bob) = (pilot(&mut exchange, "Ada"), pilot(&mut exchange, "Bob"));
    let (watcher, board) = (exchange.open(Role::Play), exchange.open(Role::Board));
    exchange.steps(2);
    exchange.hunt_down(ada, bob);
    let late = exchange.open(Role::Play);
    exchange.steps(20);
    for session in [ada, bob, watcher] {
        let sunk: Vec<_> = news(&exchange, session)
            .into_iter()
            .map(|News::Sunk { killer_name, victim_name, bounty, .. }| {
                (killer_name.unwrap().to_string(), victim_name.to_string(), bounty)
            })
            .collect();
        assert_eq!(sunk, [("Ada".to_owned(), "Bob".to_owned(), 0)]);
    }
    assert!(news(&exchange, board).is_empty(), "the board is all that its watchers see");
    assert!(news(&exchange, late).is_empty(), "who comes is told what happens from then on");
}

fn watch(exchange: &mut Exchange, session: SessionId, player: PlayerId) -> PlayerId {
    exchange.send(Command::Watch { session, player });
    exchange.steps(15);
    followed(exchange, session)
}

fn followed(exchange: &Exchange, session: SessionId) -> PlayerId {
    let replica = &exchange.client(session).replica;
    assert!(!replica.focus().own);
    replica.ship(replica.focus().ship).unwrap().player
}

#[test]
fn who_does_not_fly_watches_whom_he_chooses_and_the_leader_when_they_are_gone() {
    let mut exchange = Exchange::new(Config { drones: 0, seed: 5, ..Config::default() });
    let (ada, bob) = (pilot(&mut exchange, "Ada"), pilot(&mut exchange, "Bob"));
    exchange.gather_a_shard(ada);
    let player = |session| exchange.client(session).ship().unwrap().player;
    let (leader, other) = (player(ada), player(bob));
    let watcher = exchange.open(Role::Play);
    exchange.steps(2);
    assert_eq!(followed(&exchange, watcher), leader);
    assert_eq!(watch(&mut exchange, watcher, other), other);
    let size = |session| {
        let cells = exchange.client(session).replica.watch().unwrap();
        (cells.max.x - cells.min.x, cells.max.y - cells.min.y)
    };
    assert_eq!(size(watcher), size(bob), "a watcher sees as much as who flies there");
    assert_eq!(watch(&mut exchange, watcher, PlayerId(999)), other, "there is nobody of that number");
    assert_eq!(watch(&mut exchange, watcher, PlayerId(0)), leader);
    assert_eq!(watch(&mut exchange, watcher, other), other);
    exchange.close(bob);
    exchange.steps(exchange.rules.ticks(LIMBO_MS) + 2);
    assert_eq!(followed(&exchange, watcher), leader);
}

#[test]
fn who_flies_sees_the_own_ship_whatever_he_asks_for_and_the_killer_after() {
    let mut exchange = arena(0);
    let [ada, bob, eve] = ["Ada", "Bob", "Eve"].map(|name| pilot(&mut exchange, name));
    let player = |session| exchange.client(session).ship().unwrap().player;
    let (killer, third) = (player(ada), player(eve));
    exchange.send(Command::Watch { session: bob, player: third });
    exchange.steps(15);
    assert!(exchange.client(bob).replica.focus().own);
    exchange.hunt_down(ada, bob);
    exchange.steps(2);
    assert_eq!(followed(&exchange, bob), killer);
    assert_eq!(watch(&mut exchange, bob, third), third);
}
