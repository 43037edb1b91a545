//! What an operator says reaches everyone in the arena, and for a minute who comes.
#![allow(clippy::unwrap_used, clippy::wildcard_enum_match_arm, reason = "tests may")]

mod exchange;

use exchange::{Exchange, arena, pilot};
use shared::ids::SessionId;
use shared::protocol::{Role, ServerMessage};
use shared::saying::Announcement;
use sim::ports::Command;

fn told(exchange: &Exchange, session: SessionId) -> Vec<String> {
    let heard = exchange.client(session).heard.iter();
    heard
        .filter_map(|message| match message {
            ServerMessage::Announced(said) => Some(said.as_str().to_owned()),
            _ => None,
        })
        .collect()
}

#[test]
fn whoever_is_there_is_told_once_and_who_comes_within_a_minute() {
    let mut exchange = arena(0);
    let (ada, watcher) = (pilot(&mut exchange, "Ada"), exchange.open(Role::Board));
    exchange.steps(2);
    let said = "We restart at ten.";
    exchange.send(Command::Announce(Announcement::clean(said).unwrap()));
    exchange.steps(2);
    assert_eq!((told(&exchange, ada), told(&exchange, watcher)), (vec![said.into()], vec![said.into()]));
    exchange.steps(50 * u32::from(exchange.rules.tick_hz));
    let late = exchange.open(Role::Play);
    exchange.steps(2);
    assert_eq!(told(&exchange, late), [said]);
    exchange.steps(10 * u32::from(exchange.rules.tick_hz));
    let too_late = exchange.open(Role::Play);
    exchange.steps(2);
    assert_eq!(told(&exchange, too_late), [""; 0]);
    assert_eq!(told(&exchange, ada), [said], "nobody is told twice");
}
