//! Hulls, energy and protection, as players meet them, and what they cost on the wire.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests may")]

mod exchange;

use exchange::{Exchange, arena, pilot};
use shared::balance::{ENERGY_FULL, HULLS};
use shared::controls::{Controls, Steer};
use shared::hull::Hull;
use shared::ids::SessionId;
use shared::protocol::Role;

fn pilot_in(exchange: &mut Exchange, name: &str, hull: Hull) -> SessionId {
    let session = exchange.open(Role::Play);
    exchange.join_in(session, name, hull);
    exchange.steps(2);
    session
}

/// The bytes of the next frames, each.
fn frames(exchange: &mut Exchange, session: SessionId, count: u32) -> Vec<usize> {
    (0..count)
        .map(|_| {
            exchange.clients.get_mut(&session).unwrap().stalls = true;
            exchange.step();
            let client = exchange.clients.get_mut(&session).unwrap();
            client.stalls = false;
            let bytes =
                client.unread.iter().filter(|bytes| bytes[0] & 0x80 == 0).map(bytes::Bytes::len).sum();
            client.read();
            bytes
        })
        .collect()
}

#[test]
fn every_hull_flies_with_its_own_hull_points_and_everyone_sees_which_it_is() {
    let mut exchange = arena(0);
    let watcher = pilot(&mut exchange, "watcher");
    for (hull, row) in Hull::ALL.into_iter().zip(HULLS) {
        let session = pilot_in(&mut exchange, hull.name(), hull);
        let own = exchange.client(session).ship().unwrap();
        assert_eq!((own.class, own.hull), (hull, row.points));
        let mut seen = exchange.client(watcher).replica.ships().map(|(_, ship)| ship);
        assert!(seen.any(|ship| ship.player == own.player && ship.class == hull));
    }
}

#[test]
fn a_bar_that_empties_and_refills_costs_no_bytes() {
    let mut exchange = arena(0);
    let ada = pilot(&mut exchange, "Ada");
    exchange.steps(60);
    exchange.steer(ada, Controls { boost: true, steer: Steer::Right, ..Controls::default() });
    exchange.steps(2);
    let before = exchange.client(ada).ship().unwrap().energy;
    let spending = frames(&mut exchange, ada, 100);
    let after = exchange.client(ada).ship().unwrap();
    assert!(before > after.energy && after.energy < ENERGY_FULL / 2, "{before} to {}", after.energy);
    // A shard or an asteroid in the way would cost some; a checksum is eight.
    let idle = spending.iter().filter(|bytes| **bytes <= 10).count();
    assert!(idle >= 90, "{spending:?}");
}

#[test]
fn a_new_ship_is_seen_to_be_safe_until_it_fires() {
    let mut exchange = arena(0);
    let (ada, bob) = (pilot(&mut exchange, "Ada"), pilot(&mut exchange, "Bob"));
    let safe = |exchange: &Exchange| {
        let whose = exchange.client(bob).ship().unwrap().player;
        exchange.client(ada).replica.ships().find(|(_, ship)| ship.player == whose).map(|(_, ship)| ship.safe)
    };
    assert!(safe(&exchange) > Some(20));
    exchange.steer(bob, Controls { fire: true, ..Controls::default() });
    exchange.steps(2);
    assert_eq!(safe(&exchange), Some(0));
}

#[test]
fn a_shield_that_is_held_silences_the_gun() {
    let mut exchange = arena(0);
    let ada = pilot(&mut exchange, "Ada");
    exchange.steer(ada, Controls { fire: true, shield: true, ..Controls::default() });
    exchange.steps(20);
    let shots = exchange.client(ada).replica.entities();
    assert_eq!(shots.filter(|(_, state)| matches!(state, shared::entity::EntityState::Shot(_))).count(), 0);
}
