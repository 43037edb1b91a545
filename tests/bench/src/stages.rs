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
use shared::mode::Mode;
use shared::name::PlayerName;
use shared::protocol::Role;
use shared::tick::Tick;
use sim::ports::{
    Batch, Command, Delivery, Gate, Outbox, Ports, SessionOpen, ShardPort, batch_queue, command_queue,
};
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
/// A round ends so many ticks after those that are measured.
const UNTIL_TURN: u32 = 20;

/// What is measured: ships, the side of an arena that gives each the same room, how it is played.
const CASES: [(usize, u32, Mode); 7] = [
    (100, 1300, Mode::FreeForAll),
    (1000, 4096, Mode::FreeForAll),
    (3000, 7100, Mode::FreeForAll),
    (3000, 7100, Mode::Teams),
    (3000, 7100, Mode::Rounds),
    (3000, 7100, Mode::TeamRounds),
    (5000, 9200, Mode::FreeForAll),
];

struct Load {
    sim: Simulation,
    commands: Sender<Command>,
    batches: Receiver<Batch>,
    gates: Vec<Arc<Gate>>,
    dice: Pcg32,
    tick: Tick,
    podium: bool,
}

/// Measures 100 to 5,000 ships, 3,000 of them in every mode, and prints a table.
///
/// # Errors
/// None so far; the signature is that of all benchmarks.
pub fn run() -> io::Result<()> {
    let rows: Vec<_> = CASES.into_iter().map(measure).collect();
    println!(
        "Time of a tick's stages in us (median), sessions that steer about once a second; of replicate,"
    );
    println!("encode is what all sessions share: per cell, and what is left per session's frame; turn is");
    println!("the tick in which a round ends, every life with it");
    let mut headings = vec!["ships", "mode"];
    headings.extend(Stage::ALL.map(Stage::label));
    headings.extend(["tick p50", "tick p99", "turn", "encode", "ns/cell", "ns/frame"]);
    table::print(&headings, &rows);
    Ok(())
}

fn measure((ships, arena_size, mode): (usize, u32, Mode)) -> Vec<String> {
    let mut load = Load::new(ships, arena_size, mode);
    let mut ticks: Vec<StageTimes> = (0..WARM_UP + TICKS).map(|_| load.taken_tick()).collect();
    let ticks = ticks.split_off(WARM_UP as usize);
    let turn = load.turn();
    // Whoever flew has to fly again.
    (0..WARM_UP).for_each(|_| {
        load.taken_tick();
    });
    let encoding = load.encoding();
    let cells = Grid::new(arena_size.cast_signed()).cells();
    let mut row = vec![ships.to_string(), mode.label().to_owned()];
    for stage in 0..Stage::ALL.len() {
        row.push(median(&ticks, stage).as_micros().to_string());
    }
    let mut whole: Vec<Duration> = ticks.iter().map(|tick| tick.iter().sum()).collect();
    row.extend([micros(&mut whole, 0.5), micros(&mut whole, 0.99)]);
    row.push(turn.map_or_else(|| "–".to_owned(), |turn| turn.as_micros().to_string()));
    let frames = median(&ticks, REPLICATE).saturating_sub(encoding);
    row.push(encoding.as_micros().to_string());
    row.push((encoding.as_nanos() / cells as u128).to_string());
    row.push((frames.as_nanos() / ships as u128).to_string());
    row
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
    fn new(ships: usize, arena_size: u32, mode: Mode) -> Self {
        let (commands, inbox) = command_queue();
        let (to_shard, batches) = batch_queue();
        let shard = ShardPort { batches: to_shard, wake: Arc::new(|| ()) };
        let usual = Config::default();
        let round_ms = (WARM_UP + TICKS + UNTIL_TURN) * 1000 / u32::from(usual.tick_hz);
        let drones = 0;
        let config = Config {
            arena_size,
            drones,
            seed: 1,
            max_players: 10_000,
            mode,
            round_ms,
            podium_ms: 500,
            ..usual
        };
        let sim = Simulation::new(config, Ports { commands: inbox, shards: vec![shard] });
        let gates: Vec<Arc<Gate>> = (0..ships).map(|_| Arc::default()).collect();
        let (dice, tick) = (Pcg32::seed_from_u64(1), Tick::default());
        let load = Self { sim, commands, batches, gates, dice, tick, podium: false };
        for (index, gate) in load.gates.iter().enumerate() {
            let session = SessionId(index as u32);
            let outbox = Outbox { shard: 0, gate: gate.clone() };
            let token = Token((index as u128).to_le_bytes());
            let (role, resume, identity, only_back) = (Role::Play, None, None, false);
            let open = SessionOpen { session, role, outbox, token, resume, identity, only_back };
            load.say(Command::Open(Box::new(open)));
            load.say(Command::Join {
                session,
                name: PlayerName::clean("bench"),
                hull: Hull::of_bits(index as u8),
            });
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
        (self.tick, self.podium) = (report.tick, report.round.is_some_and(|round| round.podium));
        times
    }

    /// One tick whose frames are taken.
    fn taken_tick(&mut self) -> StageTimes {
        let times = self.tick();
        self.take();
        times
    }

    /// The tick in which the round ends; none where it does not.
    fn turn(&mut self) -> Option<Duration> {
        let mut turned = None;
        for _ in 0..2 * UNTIL_TURN {
            let times = self.taken_tick();
            if self.podium && turned.is_none() {
                turned = Some(times.iter().sum());
            }
        }
        turned
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
