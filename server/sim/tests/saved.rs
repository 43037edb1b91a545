//! An arena that goes on elsewhere: who was in it comes back to the ship, the name and the points that were there.
#![allow(clippy::unwrap_used, clippy::panic, clippy::wildcard_enum_match_arm, reason = "tests may")]

mod exchange;

use exchange::{Exchange, arena, pilot};
use shared::mode::Mode;
use shared::protocol::{Role, ServerMessage};
use shared::tuning;
use sim::{Config, Save};

fn config() -> Config {
    Config { arena_size: 1024, drones: 0, seed: 4, ..Config::default() }
}

/// As it is read where the arena goes on.
fn carried(save: &Save) -> Save {
    serde_json::from_str(&serde_json::to_string(save).unwrap()).unwrap()
}

fn goes_on(first: &mut Exchange) -> Exchange {
    Exchange::restored(config(), &carried(&first.sim.save()))
}

#[test]
fn who_was_flying_flies_on_where_the_ship_was_with_the_points_that_were_there() {
    let mut first = arena(0);
    let ada = pilot(&mut first, "Ada");
    let score = first.gather_a_shard(ada);
    let (token, before) = (first.client(ada).token().unwrap(), first.client(ada).ship().unwrap());
    let mut second = goes_on(&mut first);
    let ada = second.open_again(Role::Play, Some(token));
    second.steps(2);
    let client = second.client(ada);
    let heard = |of: fn(&ServerMessage) -> bool| client.heard.iter().any(of);
    assert!(heard(|message| matches!(message, ServerMessage::Welcome(welcome) if welcome.resumed)));
    assert!(heard(|message| matches!(message, ServerMessage::Joined { name, .. } if name.as_str() == "Ada")));
    let after = client.ship().unwrap();
    assert_eq!(
        (after.player, after.hull, client.replica.status().score),
        (before.player, before.hull, score)
    );
    let moved = before.body.pos.to(after.body.pos).length();
    assert!(moved < 100 * shared::units::SUBUNITS, "it coasts from where it was: {moved}");
    assert!(after.safe > 0, "nobody sinks a ship whose pilot has yet to come back");
    second.sim.end_lives();
    let lives = second.sim.take_ended_lives();
    assert_eq!(lives.len(), 1, "{lives:?}");
    assert!(lives[0].life.score >= score && lives[0].life.ticks > 0, "{lives:?}");
    second.compare();
}

#[test]
fn the_board_goes_on_and_newcomers_are_nobody_who_was_there() {
    let mut first = arena(0);
    let (ada, bob) = (pilot(&mut first, "Ada"), pilot(&mut first, "Bob"));
    first.gather_a_shard(ada);
    let players = [ada, bob].map(|session| first.client(session).ship().unwrap().player);
    let mut second = goes_on(&mut first);
    let eve = pilot(&mut second, "Eve");
    let eve = second.client(eve).ship().unwrap().player;
    assert!(!players.contains(&eve), "{eve:?} of {players:?}");
    let names: Vec<_> = second.sim.board().rows_from(0).map(|row| row.name.as_str().to_owned()).collect();
    assert_eq!(names.len(), 3);
    assert_eq!(names[0], "Ada");
    assert_eq!(second.step().players, 3);
}

#[test]
fn who_does_not_come_back_leaves_after_the_usual_time_and_the_life_is_recorded() {
    let mut first = arena(0);
    let ada = pilot(&mut first, "Ada");
    first.gather_a_shard(ada);
    let mut second = goes_on(&mut first);
    second.steps(second.rules.ticks(tuning::LIMBO_MS) - 1);
    assert_eq!(second.sim.population(), 1);
    second.steps(2);
    assert_eq!((second.sim.population(), second.sim.take_ended_lives().len()), (0, 1));
}

#[test]
fn a_round_goes_on_with_the_time_that_was_left() {
    let config = Config { mode: Mode::Rounds, round_ms: 20_000, ..config() };
    let mut first = Exchange::new(config);
    pilot(&mut first, "Ada");
    first.steps(100);
    let before = first.step().round.unwrap();
    let mut second = Exchange::restored(config, &carried(&first.sim.save()));
    let after = second.step().round.unwrap();
    assert_eq!((after.podium, after.ticks), (false, before.ticks - 1));
}

#[test]
fn an_arena_with_another_size_takes_a_ship_within_its_walls() {
    let mut first = Exchange::new(Config { arena_size: 4096, ..config() });
    let ada = pilot(&mut first, "Ada");
    let token = first.client(ada).token().unwrap();
    let mut second = goes_on(&mut first);
    let ada = second.open_again(Role::Play, Some(token));
    second.steps(3);
    let at = second.client(ada).ship().unwrap().body.pos;
    assert!((0..=second.rules.arena).contains(&at.x) && (0..=second.rules.arena).contains(&at.y), "{at:?}");
    second.compare();
}
