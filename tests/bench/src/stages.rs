//! The simulation alone: time of each stage, of a frame, and of a cell's encoding, with sessions that take every frame.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::table;
use crossbeam_channel::{Receiver, Sender};
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg32;
use shared::controls::Controls;
use shared::grid::Grid;
use shared::hull::Hull;
use shared::ids::{SessionId, Token};
use shared::protocol::Role;
use shared::tick::Tick;
use sim::ports::{Batch, Command, Delivery, Gate, Outbox, Ports, ShardPort, batch_queue, command_queue};
use sim::{Config, Simulation, Stage};

/// Ticks before anything is measured.
const WARM_UP: u32 = 90;
/// Ticks that are measured.
const TICKS: u32 = 300;

/// The time of each stage of one tick.
type StageTimes = [Duration; Stage::ALL.len()];

/// The place of [`Stage::Replicate`].
const REPLICATE: usize = 9;
/// Ticks without anyone to send to.
const UNSENT_TICKS: u32 = 60;

struct Load {
    sim: Simulation,
    commands: Sender<Command>,
    batches: Receiver<Batch>,
    gates: Vec<Arc<Gate>>,
    dice: Pcg32,
    tick: Tick,
}

/// Measures 100, 1,000 and 5,000 ships, in arenas that give each the same room, and prints a table.
///
/// # Errors
/// None so far; the signature is that of all benchmarks.
pub fn run() -> io::Result<()> {
    let mut rows = Vec::new();
    for (ships, arena_size) in [(100, 1300), (1000, 4096), (5000, 9200)] {
        let mut load = Load::new(ships, arena_size);
        for _ in 0..WARM_UP {
            load.tick();
            load.take();
        }
        let ticks: Vec<StageTimes> = (0..TICKS)
            .map(|_| {
                let times = load.tick();
                load.take();
                times
            })
            .collect();
        let encoding = load.encoding();
        let cells = Grid::new(arena_size.cast_signed()).cells();
        rows.push(row(ships, &ticks, encoding, cells));
    }
    println!(
        "Time of a tick's stages in us (median), sessions that steer about once a second; of replicate,"
    );
    println!("encode is what all sessions share: per cell, and what is left per session's frame");
    let mut headings = vec!["ships"];
    headings.extend(Stage::ALL.map(Stage::label));
    headings.extend(["tick p50", "tick p99", "encode", "ns/cell", "ns/frame"]);
    table::print(&headings, &rows);
    Ok(())
}

fn row(ships: usize, ticks: &[StageTimes], encoding: Duration, cells: usize) -> Vec<String> {
    let mut cells_of_row = vec![ships.to_string()];
    for stage in 0..Stage::ALL.len() {
        cells_of_row.push(median(ticks, stage).as_micros().to_string());
    }
    let mut whole: Vec<Duration> = ticks.iter().map(|tick| tick.iter().sum()).collect();
    cells_of_row.extend([micros(&mut whole, 0.5), micros(&mut whole, 0.99)]);
    let frames = median(ticks, REPLICATE).saturating_sub(encoding);
    cells_of_row.push(encoding.as_micros().to_string());
    cells_of_row.push((encoding.as_nanos() / cells as u128).to_string());
    cells_of_row.push((frames.as_nanos() / ships as u128).to_string());
    cells_of_row
}

fn median(ticks: &[StageTimes], stage: usize) -> Duration {
    let mut times: Vec<Duration> = ticks.iter().map(|tick| tick[stage]).collect();
    times.sort_unstable();
    times[times.len() / 2]
}

fn micros(times: &mut [Duration], share: f64) -> String {
    times.sort_unstable();
    let at = ((times.len() - 1) as f64 * share) as usize;
    times[at].as_micros().to_string()
}

impl Load {
    fn new(ships: usize, arena_size: u32) -> Self {
        let (commands, inbox) = command_queue();
        let (to_shard, batches) = batch_queue();
        let shard = ShardPort { batches: to_shard, wake: Arc::new(|| ()) };
        let config = Config { arena_size, drones: 0, seed: 1, max_players: 10_000, ..Config::default() };
        let sim = Simulation::new(config, Ports { commands: inbox, shards: vec![shard] });
        let gates: Vec<Arc<Gate>> = (0..ships).map(|_| Arc::default()).collect();
        let load =
            Self { sim, commands, batches, gates, dice: Pcg32::seed_from_u64(1), tick: Tick::default() };
        for (index, gate) in load.gates.iter().enumerate() {
            let session = SessionId(index as u32);
            let outbox = Outbox { shard: 0, gate: gate.clone() };
            let token = Token((index as u128).to_le_bytes());
            load.say(Command::Open {
                session,
                role: Role::Play,
                outbox,
                token,
                resume: None,
                identity: None,
            });
            load.say(Command::Join { session, name: "bench".into(), hull: Hull::of_bits(index as u8) });
        }
        load
    }

    fn say(&self, command: Command) {
        let _full = self.commands.try_send(command);
    }

    /// One tick and the time of each stage.
    fn tick(&mut self) -> StageTimes {
        for index in 0..self.gates.len() {
            if self.dice.random_ratio(1, 30) {
                let controls = Controls { fire: false, ..Controls::unpack(self.dice.random()) };
                let (session, sequence, tick) =
                    (SessionId(index as u32), self.tick.0 as u16, self.tick.next());
                self.say(Command::Input { session, sequence, tick, seen: 0, controls });
            }
        }
        let mut times = [Duration::ZERO; Stage::ALL.len()];
        let (mut at, mut since) = (times.iter_mut(), Instant::now());
        let report = self.sim.step_observed(|_| {
            let now = Instant::now();
            if let Some(time) = at.next() {
                *time = now - since;
            }
            since = now;
        });
        self.tick = report.tick;
        times
    }

    /// Time of the part of replicate that all sessions share: the median while nobody takes anything, so that no frames
    /// are made.
    fn encoding(&mut self) -> Duration {
        let ticks: Vec<StageTimes> = (0..UNSENT_TICKS).map(|_| self.tick()).collect();
        median(&ticks[ticks.len() / 2..], REPLICATE)
    }

    /// Takes every frame, as a socket would.
    fn take(&self) {
        for (session, delivery) in self.batches.try_iter().flat_map(|batch| batch.items) {
            if let Delivery::Message(bytes) = delivery {
                self.gates[session.0 as usize].taken(1, bytes.len() as u32);
            }
        }
    }
}
