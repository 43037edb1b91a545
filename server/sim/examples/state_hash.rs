//! Runs an arena with scripted pilots and prints the hash of its state: `--seed N --ticks N`. The same in every build,
//! on every machine.

use std::sync::Arc;

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg32;
use shared::controls::Controls;
use shared::hull::Hull;
use shared::ids::{SessionId, Token};
use shared::name::PlayerName;
use shared::protocol::Role;
use shared::tick::Tick;
use sim::ports::{Command, Gate, Outbox, Ports, SessionOpen, ShardPort, batch_queue, command_queue};
use sim::{Config, Simulation};

fn argument(name: &str, default: u64) -> u64 {
    let mut arguments = std::env::args().skip_while(|argument| argument != name).skip(1);
    arguments.next().and_then(|value| value.parse().ok()).unwrap_or(default)
}

fn main() {
    let (seed, ticks) = (argument("--seed", 1), argument("--ticks", 2000));
    let (commands, inbox) = command_queue();
    let (to_shard, batches) = batch_queue();
    let shard = ShardPort { batches: to_shard, wake: Arc::new(|| ()) };
    let config = Config { seed, drones: 20, ..Config::default() };
    let mut sim = Simulation::new(config, Ports { commands: inbox, shards: vec![shard] });
    let mut dice = Pcg32::seed_from_u64(seed);
    let mut hash = 0_u64;
    for tick in 0..ticks {
        script(tick, &mut dice).into_iter().for_each(|command| drop(commands.try_send(command)));
        sim.step();
        batches.try_iter().for_each(drop);
        hash = hash.rotate_left(1) ^ sim.state_hash();
    }
    println!("{hash:016x}");
}

/// Eight pilots who join early on, steer at random, and fly again when they can.
fn script(tick: u64, dice: &mut Pcg32) -> Vec<Command> {
    let session = SessionId((tick % 8) as u32 + 1);
    if tick < 8 {
        let outbox = Outbox { shard: 0, gate: Arc::new(Gate::default()) };
        let (token, resume) = (Token([tick as u8; 16]), None);
        let open = SessionOpen {
            session,
            role: Role::Play,
            outbox,
            token,
            resume,
            identity: None,
            only_back: false,
        };
        return vec![Command::Open(Box::new(open))];
    }
    let (sequence, meant, seen) = (tick as u16, Tick(tick as u32 + 1), tick as u8 % 8);
    let controls = Controls::unpack(dice.random());
    let steer = Command::Input { session, sequence, tick: meant, seen, controls };
    vec![
        Command::Join {
            session,
            name: PlayerName::clean(&format!("pilot {session}")),
            hull: Hull::of_bits(session.0 as u8),
        },
        steer,
    ]
}
