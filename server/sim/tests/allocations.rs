//! The budget of allocations: a steady tick allocates a few times for the whole arena, however many sessions watch.
#![allow(clippy::unwrap_used, reason = "tests may")]

mod exchange;

use exchange::Exchange;
use shared::controls::Controls;
use shared::protocol::Role;
use sim::Config;

/// Allocations per tick for the arena itself: batches, the frames' shared buffer, the short board, commands of bevy.
const PER_TICK: u64 = 60;
/// Allocations per session and tick, in thousandths: none but what steering and crossing
/// cells, boosting half of the time, cost now and then.
const PER_SESSION_MILLI: u64 = 60;

#[test]
fn a_steady_tick_keeps_to_its_budget_of_allocations() {
    let sessions = 200;
    let mut exchange = Exchange::new(Config { drones: 0, seed: 9, ..Config::default() });
    let pilots: Vec<_> = (0..sessions).map(|_| exchange.open(Role::Play)).collect();
    pilots.iter().for_each(|session| exchange.join(*session, "pilot"));
    exchange.steps(200);
    let (ticks, mut spent) = (100_u64, 0);
    for tick in 0..ticks as usize {
        let controls = Controls { fire: false, ..Controls::unpack((tick * 7919) as u16) };
        exchange.steer(pilots[tick % sessions], controls);
        spent += allocation_counter::measure(|| {
            exchange.sim.step();
        })
        .count_total;
        exchange.deliver();
    }
    let budget = PER_TICK + sessions as u64 * PER_SESSION_MILLI / 1000;
    println!("{} allocations per tick with {sessions} sessions; the budget is {budget}", spent / ticks);
    assert!(spent / ticks <= budget, "{} allocations per tick, the budget is {budget}", spent / ticks);
}
