//! The tick loop: the only clock of an arena. It steps the simulation at its rate, measures each step, and publishes
//! what it saw. A step that takes too long is counted; the loop catches up a few ticks at most and never spirals.
//!
//! A panic in the simulation ends that arena's world alone: its lives are recorded as they were, its sessions are closed,
//! and a new world begins in its place; one that panics again and again is given up. The process goes on.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering::Relaxed};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::arenas::{Arena, Load};
use crate::private::Lease;
use crate::records::Recorder;
use crate::saves::ArenaSaves;
use cluster::Hold;
use serde::Serialize;
use sim::ports::Ports;
use sim::{Config, Report, Save, Simulation, Stage};

/// Ticks that may be run at once to catch up. What is missed beyond is skipped.
const CATCH_UP: u32 = 3;
/// Ticks over which tick times are reported: about half a minute at 30 ticks a second.
const WINDOW: usize = 1024;
/// Worlds that an arena may begin anew within [`FAULTS_WITHIN`]. After one more it is given up.
const FAULTS: usize = 3;
const FAULTS_WITHIN: Duration = Duration::from_secs(60);
/// Shares of the time between ticks that steps take on average over a second: above the first watchers are shed, above the
/// second newcomers; below the third all are welcome again.
const HEAVY: f64 = 0.75;
const OVERLOAD: f64 = 0.9;
const RECOVERED: f64 = 0.6;
/// The share of a tick's time that a tick takes longer when it was ordered to be slow.
const SLOW: f64 = 0.97;
/// Time between two saves of an arena. What is lived after the last one is lost when the server dies.
const SAVE_EVERY: Duration = Duration::from_millis(900);

/// Percentiles of a duration, in milliseconds.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub(crate) struct Percentiles {
    p50: f64,
    p99: f64,
    max: f64,
}

/// What the tick loop last published.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Pulse {
    /// What the simulation reported.
    pub report: Report,
    /// Ticks that began late or took longer than they may.
    pub overruns: u64,
    /// Time of a step over the last [`WINDOW`] ticks.
    pub tick_ms: Percentiles,
}

/// A running tick loop.
pub(crate) struct Clock {
    stop: Arc<AtomicU8>,
    thread: JoinHandle<Option<Save>>,
}

/// A world that can be made again.
pub(crate) struct Cradle {
    /// What the operator chose.
    pub config: Config,
    /// The simulation's doors, the same for every world of an arena.
    pub ports: Ports,
}

impl Cradle {
    fn world(&self, save: Option<&Save>) -> Simulation {
        let Ports { commands, shards } = &self.ports;
        let ports = Ports { commands: commands.clone(), shards: shards.clone() };
        match save {
            Some(save) => Simulation::restored(self.config, ports, save),
            None => Simulation::new(self.config, ports),
        }
    }

    /// Another world, for none of those who were in the last one. What they still ask for is dropped.
    fn world_anew(&mut self) -> Simulation {
        self.config.seed = self.config.seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        self.ports.commands.try_iter().for_each(drop);
        self.world(None)
    }
}

/// What is done for an arena beside its ticks.
#[derive(Default)]
pub(crate) struct Care {
    /// Records lives; none where they count for nothing.
    pub recorder: Option<Recorder>,
    /// Ends the arena when nobody is in it any more; none where it stays as long as the server.
    pub lease: Option<Lease>,
    /// The right to run it: without, it stands still. None on a server alone.
    pub hold: Option<Hold>,
    /// Where it is saved once a second.
    pub saves: Option<ArenaSaves>,
}

/// How a loop is to end.
const RUN: u8 = 0;
const STOP: u8 = 1;
const LEAVE: u8 = 2;

impl Clock {
    /// Starts the loop on a thread of its own, where the world is made, too, or goes on with what was saved: a network thread
    /// may ask for one. It publishes what it sees in `arena` after each tick.
    pub(crate) fn start(
        cradle: Cradle,
        arena: Arc<Arena>,
        care: Care,
        save: Option<Save>,
    ) -> std::io::Result<Self> {
        let stop = Arc::new(AtomicU8::new(RUN));
        let (name, stopped) = (format!("arena-{}", arena.label()), stop.clone());
        let begin = move || Ticker::new(cradle, arena, care, save.as_ref(), stopped).run();
        let thread = std::thread::Builder::new().name(name).spawn(begin)?;
        Ok(Self { stop, thread })
    }

    /// Ends the loop after the tick that is running, and every life in the arena.
    pub(crate) fn stop(self) {
        self.end(STOP);
    }

    /// Ends the loop after the tick that is running. Lives in it are not ended, but taken down as they are.
    pub(crate) fn leave(self) -> Option<Save> {
        self.end(LEAVE)
    }

    fn end(self, how: u8) -> Option<Save> {
        self.stop.store(how, Relaxed);
        self.thread.join().unwrap_or_else(|_| {
            tracing::error!("the arena's thread ended by a panic");
            None
        })
    }

    /// Does the loop still run?
    pub(crate) fn is_alive(&self) -> bool {
        !self.thread.is_finished()
    }
}

struct Ticker {
    simulation: Simulation,
    cradle: Cradle,
    period: Duration,
    times: Vec<u32>,
    pulse: Pulse,
    /// The share of the time that steps take, on average over a second.
    busy: f64,
    load: Load,
    /// When a world ended by a fault.
    faults: VecDeque<Instant>,
    arena: Arc<Arena>,
    care: Care,
    /// When it was saved last.
    saved: Instant,
    stop: Arc<AtomicU8>,
}

impl Ticker {
    fn new(cradle: Cradle, arena: Arc<Arena>, care: Care, save: Option<&Save>, stop: Arc<AtomicU8>) -> Self {
        Self {
            simulation: cradle.world(save),
            period: Duration::from_secs(1) / u32::from(cradle.config.tick_hz),
            cradle,
            times: Vec::with_capacity(WINDOW),
            pulse: Pulse::default(),
            busy: 0.0,
            load: Load::Calm,
            faults: VecDeque::new(),
            arena,
            care,
            saved: Instant::now(),
            stop,
        }
    }

    fn run(mut self) -> Option<Save> {
        let mut due = Instant::now();
        while self.stop.load(Relaxed) == RUN {
            let now = Instant::now();
            if now < due {
                std::thread::sleep(due - now);
                continue;
            }
            if self.stands_still() {
                due = now + self.period;
                continue;
            }
            // A world that a panic has left is only asked for its lives, and then dropped.
            if catch_unwind(AssertUnwindSafe(|| self.tick())).is_err() && !self.recover() {
                return None;
            }
            let players = self.pulse.report.players;
            if self.care.lease.as_mut().is_some_and(|lease| lease.is_over(players)) {
                return None;
            }
            self.save_now_and_then();
            due = self.next_due(due + self.period);
        }
        if self.stop.load(Relaxed) == LEAVE {
            return Some(self.simulation.save());
        }
        // Those in flight have done what they have done.
        self.end_lives();
        None
    }

    /// Without the right to run it, nothing happens in the arena: another server may have it by now. Whoever looks after
    /// that says what comes next.
    fn stands_still(&self) -> bool {
        let still = self.care.hold.as_ref().is_some_and(|hold| !hold.is_good());
        if still {
            self.arena.beat(self.load);
        }
        still
    }

    fn save_now_and_then(&mut self) {
        if let Some(saves) = &self.care.saves
            && self.saved.elapsed() >= SAVE_EVERY
        {
            saves.put(self.simulation.save());
            self.saved = Instant::now();
        }
    }

    fn end_lives(&mut self) {
        self.simulation.end_lives();
        self.record();
    }

    /// Begins anew after a panic, which the process's hook has logged. False when it has happened too often.
    fn recover(&mut self) -> bool {
        if catch_unwind(AssertUnwindSafe(|| self.end_lives())).is_err() {
            tracing::error!(arena = self.arena.label(), "not every life could be recorded");
        }
        let now = Instant::now();
        self.faults.push_back(now);
        while self.faults.front().is_some_and(|fault| now.duration_since(*fault) > FAULTS_WITHIN) {
            self.faults.pop_front();
        }
        if self.faults.len() > FAULTS {
            tracing::error!(
                arena = self.arena.label(),
                "an arena is given up: it ended by a fault too often"
            );
            self.arena.give_up();
            return false;
        }
        tracing::error!(arena = self.arena.label(), "an arena ended by a fault, and begins anew");
        self.simulation = self.cradle.world_anew();
        self.arena.begin_anew();
        true
    }

    fn tick(&mut self) {
        let begun = Instant::now();
        self.simulation.begin_at(wall_clock_us());
        let (mut since, mut stages) = (begun, self.arena.stages.iter());
        let fault = self.arena.fault.swap(false, Relaxed);
        self.pulse.report = self.simulation.step_observed(|stage| {
            #[allow(clippy::panic, reason = "it is what was asked for")]
            if fault && stage == Stage::Score {
                panic!("a fault, as ordered");
            }
            let now = Instant::now();
            if let Some(histogram) = stages.next() {
                histogram.observe((now - since).as_secs_f64());
            }
            since = now;
        });
        if self.arena.slow.load(Relaxed) {
            std::thread::sleep(self.period.mul_f64(SLOW));
        }
        let took = begun.elapsed();
        let slot = self.pulse.report.tick.0 as usize % WINDOW;
        let micros = u32::try_from(took.as_micros()).unwrap_or(u32::MAX);
        match self.times.get_mut(slot) {
            Some(time) => *time = micros,
            None => self.times.push(micros),
        }
        if took > self.period {
            self.pulse.overruns += 1;
            tracing::debug!(tick = self.pulse.report.tick.0, ?took, "a tick took longer than it may");
        }
        self.weigh(took);
        self.record();
        self.publish();
    }

    /// Sees who is to be shed.
    fn weigh(&mut self, took: Duration) {
        let share = took.as_secs_f64() / self.period.as_secs_f64();
        self.busy += (share - self.busy) * self.period.as_secs_f64().min(1.0);
        let load = match self.busy {
            busy if busy > OVERLOAD => Load::Overload,
            busy if busy > HEAVY => self.load.max(Load::Heavy),
            busy if busy > RECOVERED => self.load.min(Load::Heavy),
            _ => Load::Calm,
        };
        if load != self.load {
            tracing::warn!(
                arena = self.arena.label(),
                ?load,
                share = self.busy,
                "an arena's load has changed"
            );
        }
        self.load = load;
        self.arena.beat(load);
    }

    fn record(&mut self) {
        for life in self.simulation.take_ended_lives() {
            self.care.recorder.iter().for_each(|recorder| recorder.record(life.clone()));
        }
        let doings = self.simulation.take_doings();
        self.care.recorder.iter().for_each(|recorder| recorder.tell(&doings));
    }

    fn next_due(&mut self, due: Instant) -> Instant {
        let now = Instant::now();
        if now <= due + self.period * CATCH_UP {
            return due;
        }
        self.pulse.overruns += 1;
        now
    }

    fn publish(&mut self) {
        if self.pulse.report.tick.0.is_multiple_of(16) {
            self.pulse.tick_ms = percentiles(&mut self.times.clone());
        }
        self.arena.pulse.store(Arc::new(self.pulse));
        if self.arena.board.load().version() != self.simulation.board().version() {
            self.arena.board.store(Arc::new(self.simulation.board().clone()));
        }
    }
}

fn wall_clock_us() -> u32 {
    let since_1970 = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since_1970.map_or(0, |passed| passed.as_micros() as u32)
}

fn percentiles(micros: &mut [u32]) -> Percentiles {
    micros.sort_unstable();
    let at = |share: f64| {
        let index = (micros.len().saturating_sub(1)) as f64 * share;
        micros.get(index.round() as usize).map_or(0.0, |micros| f64::from(*micros) / 1000.0)
    };
    Percentiles { p50: at(0.5), p99: at(0.99), max: at(1.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_in_milliseconds_and_in_order() {
        let mut micros: Vec<u32> = (1..=100).rev().map(|ms| ms * 1000).collect();
        let of = percentiles(&mut micros);
        assert_eq!((of.p50, of.p99, of.max), (51.0, 99.0, 100.0));
        assert_eq!(percentiles(&mut []).max, 0.0);
    }
}
