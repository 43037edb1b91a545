//! Replication under random worlds, sessions and faults: after every frame a replica equals what its session may see.
//! `CONVERGENCE_CASES` says how many worlds.

#![allow(clippy::unwrap_used, clippy::panic, clippy::wildcard_enum_match_arm, reason = "tests may")]

mod exchange;

use exchange::Exchange;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg32;
use shared::controls::Controls;
use shared::hull::Hull;
use shared::ids::SessionId;
use shared::mode::Mode;
use shared::protocol::Role;
use sim::Config;

fn any_session(exchange: &Exchange, dice: &mut Pcg32) -> Option<SessionId> {
    let sessions: Vec<_> = exchange.clients.keys().copied().collect();
    (!sessions.is_empty()).then(|| sessions[dice.random_range(0..sessions.len())])
}

/// One random thing that clients do: come, go, come back, join, steer, stall, wake up.
fn disturb(exchange: &mut Exchange, dice: &mut Pcg32) {
    let deed = dice.random_range(0..100);
    if deed < 6 && exchange.clients.len() < 12 {
        let session = exchange.open(if dice.random_ratio(1, 6) { Role::Board } else { Role::Play });
        if dice.random_ratio(5, 6) {
            exchange.join_in(session, "someone", Hull::of_bits(dice.random()));
        }
        return;
    }
    let Some(session) = any_session(exchange, dice) else { return };
    match deed {
        0..=1 => take_back(exchange, session),
        2..=8 => exchange.close(session),
        9..=14 => exchange.join_in(session, "again", Hull::of_bits(dice.random())),
        15..=20 => exchange.clients.get_mut(&session).unwrap().stalls = true,
        21..=40 => {
            let client = exchange.clients.get_mut(&session).unwrap();
            client.stalls = false;
            client.read();
        }
        _ => exchange.steer(session, Controls::unpack(dice.random())),
    }
}

/// Another session takes the player of this one back, whose connection is gone or still there.
fn take_back(exchange: &mut Exchange, session: SessionId) {
    let token = exchange.client(session).token();
    if exchange.clients.len().is_multiple_of(2) {
        exchange.close(session);
    }
    exchange.open_again(Role::Play, token);
}

fn run(seed: u64, ticks: u32) {
    let mut dice = Pcg32::seed_from_u64(seed);
    let arena_size = [1024, 1500, 4096][dice.random_range(0..3)];
    let tick_hz = [10, 30, 60][dice.random_range(0..3)];
    let drones = dice.random_range(0..40);
    let mode = Mode::ALL[dice.random_range(0..Mode::ALL.len())];
    // Short, so that several rounds begin and end.
    let (round_ms, podium_ms) = (dice.random_range(500..4000), dice.random_range(100..1500));
    let mut exchange = Exchange::new(Config {
        tick_hz,
        arena_size,
        seed,
        drones,
        mode,
        round_ms,
        podium_ms,
        ..Config::default()
    });
    for _ in 0..ticks {
        for _ in 0..dice.random_range(0..4) {
            disturb(&mut exchange, &mut dice);
        }
        exchange.step();
        exchange.compare();
    }
}

#[test]
fn replicas_equal_what_their_sessions_may_see_after_every_frame() {
    let cases = std::env::var("CONVERGENCE_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(60);
    for seed in 0..cases {
        run(seed, 200 + 200 * u32::from(seed % 4 == 0));
    }
    println!("{cases} random worlds converged after every frame");
}
