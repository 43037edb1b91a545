//! What drones do to whom.
#![allow(clippy::unwrap_used, clippy::panic, clippy::wildcard_enum_match_arm, reason = "tests may")]

mod exchange;

use exchange::{Exchange, pilot};
use shared::balance::{NEW_MS, NEW_POINTS};
use shared::controls::Controls;
use shared::ids::SessionId;
use shared::protocol::ServerMessage;
use sim::Config;

/// One person and one drone, in a small arena.
fn alone_with_a_drone(seed: u64) -> (Exchange, SessionId) {
    let mut exchange = Exchange::new(Config { arena_size: 1024, drones: 2, seed, ..Config::default() });
    exchange.steps(5);
    let ada = pilot(&mut exchange, "Ada");
    assert_eq!(exchange.step().drones, 1);
    (exchange, ada)
}

fn harmed(exchange: &Exchange, session: SessionId) -> bool {
    let client = exchange.client(session);
    client.ship().is_none_or(|ship| ship.hull < exchange.rules.hull(ship.class).points)
}

#[test]
fn drones_hold_their_fire_on_who_is_new() {
    for seed in 1..5 {
        let (mut exchange, ada) = alone_with_a_drone(seed);
        for tick in 0..exchange.rules.ticks(NEW_MS) {
            exchange.step();
            assert!(!harmed(&exchange, ada), "seed {seed}, tick {tick}");
        }
    }
}

#[test]
fn drones_fight_who_is_not_new_any_more() {
    let (mut exchange, ada) = alone_with_a_drone(3);
    exchange.gather_until(ada, NEW_POINTS);
    exchange.steer(ada, Controls::default());
    let limit = exchange.rules.ticks(NEW_MS) * 3;
    let fought = (0..limit).any(|_| {
        exchange.step();
        harmed(&exchange, ada)
    });
    assert!(fought, "a drone fights whoever sits there");
}

#[test]
fn drones_live_among_themselves_they_gather_and_fight_and_use_what_ships_can() {
    let mut exchange = Exchange::new(Config { arena_size: 2048, drones: 12, seed: 4, ..Config::default() });
    let watcher = exchange.open(shared::protocol::Role::Play);
    let (mut boosts, mut shields, mut shots) = (0, 0, 0);
    for _ in 0..3000 {
        exchange.step();
        for (_, state) in exchange.sim.view_of_everything() {
            match state {
                shared::entity::EntityState::Ship(ship) => {
                    boosts += u32::from(ship.boosts(&exchange.rules));
                    shields += u32::from(ship.shields(&exchange.rules));
                }
                shared::entity::EntityState::Shot(_) => shots += 1,
                _ => {}
            }
        }
    }
    assert!(boosts > 0 && shields > 0 && shots > 0, "{boosts} {shields} {shots}");
    let rows: Vec<_> = exchange.sim.board().rows_from(0).cloned().collect();
    assert!(rows.iter().all(|row| row.drone && row.key.is_none()), "they are marked on the board");
    assert!(rows.iter().any(|row| row.standing.kills > 0) && rows.iter().any(|row| row.standing.score > 0));
    let told = exchange.client(watcher).heard.iter().rev().find_map(|message| match message {
        ServerMessage::Top { rows, drones, .. } => Some((rows.iter().all(|row| row.drone), *drones)),
        _ => None,
    });
    assert_eq!(told, Some((true, 12)));
    assert_eq!(exchange.sim.take_ended_lives(), [], "no drone's life is recorded");
}
