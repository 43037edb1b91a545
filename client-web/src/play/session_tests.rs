//! What the session lets out, and when: before and after Joined, and over a lost connection.

use super::*;
use shared::controls::Controls;
use shared::hull::Hull;
use shared::ids::{PlayerId, SessionId};
use shared::name::PlayerName;
use shared::protocol::Life;
use shared::tick::Tick;

fn welcome(resumed: bool) -> ServerMessage {
    ServerMessage::Welcome(Welcome {
        session: SessionId(1),
        tick: Tick(9),
        tick_hz: 30,
        arena_size: 4096,
        token: Token([7; 16]),
        resumed,
        identity: None,
    })
}

fn joined() -> ServerMessage {
    ServerMessage::Joined { player: PlayerId(7), name: PlayerName::clean("Ada").unwrap() }
}

fn lost() -> Closing {
    Closing { code: 1006, label: String::new(), retry_at_ms: Some(1.0) }
}

fn closed() -> Closed {
    Closed { tick: 12, controls: Controls::default(), send: true }
}

fn connected() -> Session {
    let mut session = Session::new(None, None);
    session.hull = Hull::Wasp;
    session.heard(&welcome(false));
    session
}

fn flying() -> Session {
    let mut session = connected();
    session.heard(&joined());
    session
}

fn join() -> ClientMessage {
    ClientMessage::Join { name: "Ada".to_owned(), hull: Hull::Wasp }
}

#[test]
fn no_input_leaves_before_the_server_said_joined_nor_after_a_death() {
    let mut session = connected();
    assert_eq!(session.input(closed(), 0), None);
    session.heard(&joined());
    assert!(session.input(closed(), 0).is_some());
    session.heard(&ServerMessage::Died { by: PlayerId(0), name: None, life: Life::default() });
    assert_eq!((session.phase(), session.input(closed(), 0)), (Phase::Dead, None));
}

#[test]
fn a_wish_to_fly_waits_for_the_server() {
    let mut session = Session::new(None, None);
    assert_eq!(session.wants_to_fly("Ada", Hull::Wasp), None);
    assert_eq!(session.heard(&welcome(false)), Some(join()));
}

#[test]
fn the_token_of_the_last_welcome_goes_into_the_next_hello() {
    let mut session = flying();
    session.closed(lost(), true);
    assert!(matches!(session.opened(), ClientMessage::Hello { resume: Some(Token([7, ..])), .. }));
}

#[test]
fn whoever_was_flying_goes_on_in_the_same_ship_while_it_is_there() {
    let mut session = flying();
    session.closed(lost(), true);
    assert_eq!(session.phase(), Phase::Lost);
    assert_eq!(session.heard(&welcome(true)), None);
    session.heard(&joined());
    assert_eq!((session.framed(), session.phase()), (None, Phase::Playing));
    assert_eq!((session.came_back(), session.came_back()), (Some(Return::Resumed), None));
}

#[test]
fn a_ship_that_is_gone_is_replaced_by_a_new_one_and_that_is_said() {
    for resumed in [true, false] {
        let mut session = flying();
        session.closed(lost(), true);
        let asked = [session.heard(&welcome(resumed)), session.framed(), session.framed()];
        assert_eq!(asked.into_iter().flatten().collect::<Vec<_>>(), [join()]);
        session.heard(&joined());
        assert_eq!(session.came_back(), Some(Return::Anew));
    }
}

#[test]
fn whoever_looked_away_for_too_long_comes_back_to_the_title() {
    let mut session = flying();
    session.closed(lost(), false);
    assert_eq!((session.heard(&welcome(false)), session.framed()), (None, None));
    assert_eq!((session.phase(), session.came_back()), (Phase::Menu, Some(Return::Gone)));
}

#[test]
fn input_sequences_count_up_by_one() {
    let mut session = flying();
    let sequences: Vec<_> = (0..3).filter_map(|_| session.input(closed(), 4)).collect();
    assert!(matches!(sequences[2], ClientMessage::Input { sequence: 3, tick: 12, seen: 4, .. }));
}
