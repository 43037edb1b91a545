//! What is fought over: power-ups and the bounty.
#![allow(clippy::unwrap_used, clippy::panic, clippy::wildcard_enum_match_arm, reason = "tests may")]

mod exchange;

use exchange::{Exchange, arena, pilot};
use shared::angle::Angle;
use shared::balance::{BOUNTY_EVERY_MS, BOUNTY_FROM, BOUNTY_STEP, POWER_RETURN_MS};
use shared::controls::Controls;
use shared::entity::EntityState;
use shared::ids::{PlayerId, SessionId};
use shared::protocol::{PowerPlace, Role, ServerMessage};
use shared::tuning::LIMBO_MS;
use shared::units::{Point, SUBUNITS};
use sim::Config;

fn head(exchange: &mut Exchange, session: SessionId, place: Point) {
    let own = exchange.client(session).ship().unwrap().body;
    let way = own.pos.to(place);
    let aim = Angle::of(shared::units::Vector { x: way.x - own.vel.x * 8, y: way.y - own.vel.y * 8 });
    exchange.steer(session, Controls { aim, thrust: true, ..Controls::default() }.quantised());
    exchange.step();
}

fn places(exchange: &Exchange, session: SessionId) -> Vec<PowerPlace> {
    let heard = exchange.client(session).heard.iter().rev();
    let mut told = heard.filter_map(|message| match message {
        ServerMessage::Powers(places) => Some(places.clone()),
        _ => None,
    });
    told.next().unwrap()
}

fn lying(exchange: &Exchange, session: SessionId) -> Option<Point> {
    exchange.client(session).replica.entities().find_map(|(_, state)| match state {
        EntityState::Power(power) => Some(power.pos),
        _ => None,
    })
}

#[test]
fn a_power_up_is_announced_goes_to_who_reaches_it_and_comes_back_after_a_while() {
    let mut exchange = arena(0);
    let ada = pilot(&mut exchange, "Ada");
    let [place] = places(&exchange, ada)[..] else { panic!("a small arena has one place") };
    assert!(place.from > exchange.client(ada).replica.tick(), "it is told of before it is there");
    assert_eq!(lying(&exchange, ada), None);
    exchange.steps(100);
    let at = lying(&exchange, ada).unwrap();
    assert_eq!((i32::from(place.x), i32::from(place.y)), (at.x / SUBUNITS, at.y / SUBUNITS));
    while lying(&exchange, ada).is_some() {
        assert!(exchange.client(ada).replica.tick().0 < 2000, "it was never reached");
        head(&mut exchange, ada, at);
    }
    let taken = exchange.client(ada).replica.tick();
    exchange.steps(exchange.rules.ticks(500));
    let back = exchange.rules.ticks(POWER_RETURN_MS);
    assert_eq!(places(&exchange, ada)[0].from, taken.after(back));
    exchange.steer(ada, Controls { aim: Angle(0), thrust: true, ..Controls::default() });
    exchange.steps(back);
    assert_eq!(lying(&exchange, ada), Some(at), "nobody took it");
}

#[test]
fn a_power_up_that_lies_there_costs_no_bytes() {
    let mut exchange = arena(0);
    let ada = pilot(&mut exchange, "Ada");
    exchange.steps(150);
    assert!(lying(&exchange, ada).is_some());
    exchange.clients.get_mut(&ada).unwrap().stalls = true;
    exchange.step();
    let bytes: Vec<usize> = exchange.client(ada).unread.iter().map(bytes::Bytes::len).collect();
    assert!(bytes == [2] || bytes == [10], "{bytes:?}: a head, or a head with a checksum");
}

/// The bounties that a session was told of.
fn bounties(exchange: &Exchange, session: SessionId) -> Vec<(PlayerId, [u8; 2])> {
    let told = exchange.client(session).heard.iter().filter_map(|message| match message {
        ServerMessage::Bounty { player, x, y } => Some((*player, [*x, *y])),
        _ => None,
    });
    told.collect()
}

#[test]
fn everyone_is_told_twice_a_second_about_where_the_leader_is_and_when_nobody_leads() {
    let mut exchange = Exchange::new(Config { drones: 0, seed: 5, ..Config::default() });
    let (ada, bob) = (pilot(&mut exchange, "Ada"), pilot(&mut exchange, "Bob"));
    let watcher = exchange.open(Role::Play);
    while exchange.client(ada).replica.status().score < BOUNTY_FROM {
        let client = exchange.client(ada);
        assert!(bounties(&exchange, bob).is_empty() && client.replica.tick().0 < 6000);
        let own = client.ship().unwrap().body.pos;
        let shards = client.replica.shards().map(|(_, shard)| shard.pos);
        let nearest = shards.min_by_key(|at| own.to(*at).length_squared()).unwrap();
        head(&mut exchange, ada, nearest);
    }
    exchange.steer(ada, Controls::default());
    exchange.steps(exchange.rules.ticks(4000));
    let before = bounties(&exchange, bob).len();
    exchange.steps(exchange.rules.ticks(BOUNTY_EVERY_MS) * 4);
    let told = bounties(&exchange, bob);
    assert_eq!(told.len() - before, 4);
    let leader = exchange.client(ada).ship().unwrap();
    let (x, y) = leader.body.pos.to_units();
    let near =
        |at: u8, is: f32| ((f32::from(at) + 0.5) * BOUNTY_STEP as f32 - is).abs() <= BOUNTY_STEP as f32;
    let (player, at) = told[told.len() - 1];
    assert!(player == leader.player && near(at[0], x) && near(at[1], y), "{player} {at:?} of {x} {y}");
    assert!(!bounties(&exchange, ada).is_empty() && !bounties(&exchange, watcher).is_empty());
    exchange.close(ada);
    exchange.steps(exchange.rules.ticks(LIMBO_MS) + exchange.rules.ticks(BOUNTY_EVERY_MS) * 3);
    assert_eq!(bounties(&exchange, bob).last().map(|(player, _)| *player), Some(PlayerId(0)));
    let after = bounties(&exchange, bob).len();
    exchange.steps(60);
    assert_eq!(bounties(&exchange, bob).len(), after, "that nobody leads is said once");
}
