//! The tick loop: the only clock of an arena. It steps the simulation at its rate, measures each step, and publishes
//! what it saw. A step that takes too long is counted; the loop catches up a few ticks at most and never spirals.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::arenas::Arena;
use crate::records::Recorder;
use serde::Serialize;
use sim::{Report, Simulation};

/// Ticks that may be run at once to catch up. What is missed beyond is skipped.
const CATCH_UP: u32 = 3;
/// Ticks over which tick times are reported: about half a minute at 30 ticks a second.
const WINDOW: usize = 1024;

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
    stop: Arc<AtomicBool>,
    thread: JoinHandle<()>,
}

impl Clock {
    /// Starts the loop on a thread of its own. It publishes what it sees in `arena` after each tick.
    pub(crate) fn start(
        simulation: Simulation,
        tick_hz: u16,
        arena: Arc<Arena>,
        recorder: Recorder,
    ) -> std::io::Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let name = format!("arena-{}", arena.id);
        let ticker = Ticker {
            simulation,
            period: Duration::from_secs(1) / u32::from(tick_hz),
            times: Vec::with_capacity(WINDOW),
            pulse: Pulse::default(),
            arena,
            recorder,
            stop: stop.clone(),
        };
        let thread = std::thread::Builder::new().name(name).spawn(move || ticker.run())?;
        Ok(Self { stop, thread })
    }

    /// Ends the loop after the tick that is running.
    pub(crate) fn stop(self) {
        self.stop.store(true, Relaxed);
        if self.thread.join().is_err() {
            tracing::error!("the arena's thread ended by a panic");
        }
    }

    /// Does the loop still run?
    pub(crate) fn is_alive(&self) -> bool {
        !self.thread.is_finished()
    }
}

struct Ticker {
    simulation: Simulation,
    period: Duration,
    times: Vec<u32>,
    pulse: Pulse,
    arena: Arc<Arena>,
    recorder: Recorder,
    stop: Arc<AtomicBool>,
}

impl Ticker {
    fn run(mut self) {
        let mut due = Instant::now();
        while !self.stop.load(Relaxed) {
            let now = Instant::now();
            if now < due {
                std::thread::sleep(due - now);
                continue;
            }
            self.tick();
            due = self.next_due(due + self.period);
        }
        // Those in flight have done what they have done.
        self.simulation.end_lives();
        self.record();
    }

    fn tick(&mut self) {
        let begun = Instant::now();
        self.simulation.begin_at(wall_clock_us());
        let (mut since, mut stages) = (begun, self.arena.stages.iter());
        self.pulse.report = self.simulation.step_observed(|_| {
            let now = Instant::now();
            if let Some(histogram) = stages.next() {
                histogram.observe((now - since).as_secs_f64());
            }
            since = now;
        });
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
        self.record();
        self.publish();
    }

    fn record(&mut self) {
        for life in self.simulation.take_ended_lives() {
            self.recorder.record(life);
        }
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
