//! What everyone is told of, and whom those watch who do not fly.
#![allow(clippy::unwrap_used, clippy::panic, clippy::wildcard_enum_match_arm, reason = "tests may")]

mod exchange;

use exchange::{Exchange, arena, pilot};
use shared::ids::{PlayerId, SessionId};
use shared::protocol::{News, Role, ServerMessage, Unsaid};
use shared::saying::{Line, Phrase, Saying};
use shared::tuning::LIMBO_MS;
use sim::Config;
use sim::ports::Command;
use sim::talk::Words;

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
            .filter_map(|news| match news {
                News::Sunk { killer_name, victim_name, bounty, .. } => {
                    Some((killer_name.unwrap().to_string(), victim_name.to_string(), bounty))
                }
                _ => None,
            })
            .collect();
        assert_eq!(sunk, [("Ada".to_owned(), "Bob".to_owned(), 0)]);
    }
    assert!(news(&exchange, board).is_empty(), "the board is all that its watchers see");
    assert!(news(&exchange, late).is_empty(), "who comes is told what happens from then on");
}

fn say(exchange: &Exchange, session: SessionId, text: &str) {
    exchange.send(Command::Say { session, words: Words::Typed(text.to_owned()) });
}

/// The lines and phrases that a session was told of, each with the name of who said it.
fn said(exchange: &Exchange, session: SessionId) -> Vec<(String, Saying)> {
    let said = news(exchange, session).into_iter().filter_map(|news| match news {
        News::Said { name, saying, .. } => Some((name.to_string(), saying)),
        _ => None,
    });
    said.collect()
}

/// Why a session was told that something was not said.
fn unsaid(exchange: &Exchange, session: SessionId) -> Vec<Unsaid> {
    let told = exchange.client(session).heard.iter().filter_map(|message| match message {
        ServerMessage::Unsaid(unsaid) => Some(*unsaid),
        _ => None,
    });
    told.collect()
}

fn line(text: &str) -> Saying {
    Saying::Line(Line::clean(text).unwrap())
}

#[test]
fn a_line_is_cleaned_and_told_to_everyone_in_the_arena_and_so_is_a_phrase() {
    let mut exchange = arena(0);
    let (ada, bob) = (pilot(&mut exchange, "Ada"), pilot(&mut exchange, "Bob"));
    let watcher = exchange.open(Role::Play);
    exchange.steps(2);
    say(&exchange, ada, " <b>hi\u{202e}</b> ");
    exchange.send(Command::Say { session: bob, words: Words::Phrase(Phrase::Thanks) });
    exchange.steps(10);
    let all = [("Ada".to_owned(), line("<b>hi</b>")), ("Bob".to_owned(), Saying::Phrase(Phrase::Thanks))];
    assert!([ada, bob, watcher].iter().all(|session| said(&exchange, *session) == all));
}

#[test]
fn who_says_too_much_is_told_so_now_and_then_and_stays() {
    let mut exchange = arena(0);
    let ada = pilot(&mut exchange, "Ada");
    for _ in 0..200 {
        say(&exchange, ada, "hi");
    }
    let report = exchange.step();
    assert_eq!((report.said, report.unsaid), (5, 195));
    exchange.steps(10);
    assert_eq!((said(&exchange, ada).len(), unsaid(&exchange, ada)), (5, vec![Unsaid::TooMuch]));
    assert_eq!(exchange.client(ada).closed, None);
    exchange.steps(exchange.rules.ticks(3000));
    say(&exchange, ada, "again");
    exchange.steps(10);
    assert_eq!(said(&exchange, ada).last().unwrap().1, line("again"), "twenty a minute");
}

#[test]
fn a_resumed_session_has_said_what_it_had_said_before() {
    let mut exchange = arena(0);
    let ada = pilot(&mut exchange, "Ada");
    (0..5).for_each(|_| say(&exchange, ada, "hi"));
    exchange.step();
    let token = exchange.client(ada).token();
    exchange.close(ada);
    let back = exchange.open_again(Role::Play, token);
    exchange.step();
    say(&exchange, back, "hi");
    assert_eq!(exchange.step().unsaid, 1);
}

#[test]
fn who_has_not_joined_reads_and_an_empty_line_is_none() {
    let mut exchange = arena(0);
    let (ada, watcher) = (pilot(&mut exchange, "Ada"), exchange.open(Role::Play));
    exchange.step();
    say(&exchange, watcher, "hi");
    say(&exchange, ada, "\u{200b} ");
    exchange.steps(10);
    assert_eq!(unsaid(&exchange, watcher), [Unsaid::NotHere]);
    assert_eq!(unsaid(&exchange, ada), [Unsaid::Empty]);
    assert!(said(&exchange, ada).is_empty());
}

#[test]
fn all_players_together_say_no_more_than_can_be_read() {
    let mut exchange = arena(0);
    let all: Vec<SessionId> = (0..20).map(|number| pilot(&mut exchange, &format!("p{number}"))).collect();
    for session in &all {
        say(&exchange, *session, "hi");
    }
    exchange.steps(10);
    assert_eq!(said(&exchange, all[0]).len(), 16);
    assert_eq!(unsaid(&exchange, all[19]), [Unsaid::TooMany]);
}

#[test]
fn where_nobody_talks_everyone_is_told_at_once() {
    let mut exchange = Exchange::new(Config { arena_size: 1024, drones: 0, sayings: 0, ..Config::default() });
    let ada = pilot(&mut exchange, "Ada");
    assert_eq!(unsaid(&exchange, ada), [Unsaid::Off]);
    say(&exchange, ada, "hi");
    exchange.send(Command::Say { session: ada, words: Words::Phrase(Phrase::Hello) });
    exchange.steps(10);
    assert!(said(&exchange, ada).is_empty());
}

#[test]
fn people_are_announced_when_they_come_and_when_they_are_gone_for_good() {
    let mut exchange = arena(3);
    let ada = pilot(&mut exchange, "Ada");
    let bob = pilot(&mut exchange, "Bob");
    exchange.steps(10);
    let token = exchange.client(bob).token();
    exchange.close(bob);
    exchange.steps(60);
    let back = exchange.open_again(Role::Play, token);
    exchange.steps(60);
    exchange.close(back);
    exchange.steps(exchange.rules.ticks(LIMBO_MS) + 20);
    let moves: Vec<_> = news(&exchange, ada)
        .into_iter()
        .filter_map(|news| match news {
            News::Came { name, .. } => Some(format!("{name} came")),
            News::Left { name, .. } => Some(format!("{name} left")),
            _ => None,
        })
        .collect();
    assert_eq!(moves, ["Bob came", "Bob left"], "neither drones nor a lost connection");
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
