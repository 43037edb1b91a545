//! Sessions that ask for more than anyone needs: what one tick does for them is bounded, and the rest of it counts for nothing.

#![allow(clippy::unwrap_used, clippy::wildcard_enum_match_arm, reason = "tests may")]

mod exchange;

use exchange::{Exchange, arena, pilot};
use shared::ids::{PlayerId, SessionId, Token};
use shared::protocol::{CloseReason, MAX_WHO, Refusal, Role, ServerMessage};

fn count(exchange: &Exchange, session: SessionId, is: fn(&ServerMessage) -> bool) -> usize {
    exchange.client(session).heard.iter().filter(|message| is(message)).count()
}

fn is_answer(message: &ServerMessage) -> bool {
    matches!(message, ServerMessage::Joined { .. } | ServerMessage::Refused(_))
}

fn is_names(message: &ServerMessage) -> bool {
    matches!(message, ServerMessage::Names(_))
}

fn token(exchange: &Exchange, session: SessionId) -> Option<Token> {
    exchange.client(session).heard.iter().find_map(|message| match message {
        ServerMessage::Welcome(welcome) => Some(welcome.token),
        _ => None,
    })
}

fn ask(exchange: &Exchange, session: SessionId, players: Vec<PlayerId>) {
    exchange.send(sim::ports::Command::Who { session, players });
}

#[test]
fn of_joins_in_one_tick_the_first_is_heard() {
    let mut exchange = arena(0);
    let ada = exchange.open(Role::Play);
    (0..60).for_each(|_| exchange.join(ada, "Ada"));
    exchange.steps(3);
    assert_eq!(count(&exchange, ada, is_answer), 1);
    assert_eq!(exchange.step().refused, 59);
    exchange.join(ada, "Ada");
    exchange.steps(2);
    assert!(exchange.client(ada).heard.contains(&ServerMessage::Refused(Refusal::AlreadyFlying)));
    assert_eq!(exchange.client(ada).closed, None);
}

#[test]
fn names_are_told_a_few_in_a_tick_and_those_beyond_what_may_wait_are_not() {
    let mut exchange = arena(0);
    let ada = pilot(&mut exchange, "Ada");
    let who = (0..MAX_WHO as u32).map(PlayerId).collect::<Vec<_>>();
    (0..10).for_each(|_| ask(&exchange, ada, who.clone()));
    let told: Vec<usize> = (0..6)
        .map(|_| {
            exchange.step();
            count(&exchange, ada, is_names)
        })
        .collect();
    assert_eq!(told, [1, 2, 3, 4, 4, 4]);
    assert_eq!(exchange.step().unanswered as usize, 6 * MAX_WHO);
    assert_eq!(exchange.client(ada).closed, None);
    ask(&exchange, ada, who);
    exchange.steps(1);
    assert_eq!(count(&exchange, ada, is_names), 5, "it may ask again");
}

#[test]
fn who_asks_much_does_not_keep_others_from_their_names() {
    let mut exchange = arena(0);
    let many: Vec<SessionId> = (0..300).map(|_| exchange.open(Role::Play)).collect();
    let last = exchange.open(Role::Play);
    exchange.steps(2);
    let who = (0..MAX_WHO as u32).map(PlayerId).collect::<Vec<_>>();
    for session in &many {
        (0..4).for_each(|_| ask(&exchange, *session, who.clone()));
    }
    ask(&exchange, last, who);
    // Those before him have a turn each: 128 in a tick.
    exchange.steps(3);
    assert_eq!(count(&exchange, last, is_names), 1);
    exchange.steps(8);
    assert!(many.iter().all(|session| count(&exchange, *session, is_names) == 4), "and all are answered");
}

#[test]
fn what_a_session_asks_for_that_was_replaced_counts_for_nothing() {
    let mut exchange = arena(0);
    let older = pilot(&mut exchange, "Ada");
    let newer = exchange.open_again(Role::Play, token(&exchange, older));
    exchange.join(older, "Ghost");
    exchange.steps(2);
    assert_eq!(exchange.client(older).closed, Some(CloseReason::Replaced));
    assert_eq!(exchange.step().players, 1);
    let again = exchange.open_again(Role::Play, token(&exchange, newer));
    exchange.steps(2);
    assert!(exchange.client(again).ship().is_some(), "the token is still hers");
}

#[test]
fn an_arena_with_too_much_to_do_takes_who_is_taken_back_and_nobody_else() {
    let mut exchange = arena(0);
    let ada = pilot(&mut exchange, "Ada");
    let secret = token(&exchange, ada);
    exchange.only_back = true;
    let newcomer = exchange.open(Role::Play);
    let stranger = exchange.open_again(Role::Play, Some(Token([7; 16])));
    exchange.join(stranger, "Eve");
    let back = exchange.open_again(Role::Play, secret);
    exchange.steps(2);
    for session in [newcomer, stranger] {
        assert_eq!(exchange.client(session).closed, Some(CloseReason::Full));
        assert!(exchange.client(session).heard.is_empty());
    }
    assert!(exchange.client(back).ship().is_some());
    assert_eq!(exchange.step().players, 1);
}
