//! Before the server stops, everyone in the arena is told when: who is there, and who comes meanwhile.
#![allow(clippy::unwrap_used, clippy::wildcard_enum_match_arm, reason = "tests may")]

mod exchange;

use exchange::{Exchange, arena, pilot};
use shared::ids::SessionId;
use shared::protocol::{Role, ServerMessage};
use sim::ports::Command;

fn told(exchange: &Exchange, session: SessionId) -> Vec<u16> {
    let heard = exchange.client(session).heard.iter();
    heard
        .filter_map(|message| match message {
            ServerMessage::Closing { in_seconds } => Some(*in_seconds),
            _ => None,
        })
        .collect()
}

#[test]
fn whoever_is_there_is_told_in_how_many_seconds_the_server_stops_and_who_comes_how_many_are_left() {
    let mut exchange = arena(0);
    let (ada, watcher) = (pilot(&mut exchange, "Ada"), exchange.open(Role::Board));
    exchange.steps(2);
    assert_eq!(told(&exchange, ada), []);
    exchange.send(Command::Closing { in_seconds: 60 });
    exchange.steps(2);
    assert_eq!((told(&exchange, ada), told(&exchange, watcher)), (vec![60], vec![60]));
    exchange.steps(20 * u32::from(exchange.rules.tick_hz));
    let late = exchange.open(Role::Play);
    exchange.steps(2);
    assert_eq!(told(&exchange, late), [40]);
    let first = exchange.client(late).heard.first();
    assert!(matches!(first, Some(ServerMessage::Welcome(_))), "{first:?}");
    assert_eq!(told(&exchange, ada), [60], "nobody is told twice");
    exchange.steps(60 * u32::from(exchange.rules.tick_hz));
    let last = exchange.open(Role::Board);
    exchange.steps(2);
    assert_eq!(told(&exchange, last), [0], "it should have stopped by now");
}
