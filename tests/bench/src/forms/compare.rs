//! Measures all forms, each in a process of its own, under the same load: rounds in which every form has its turn, so
//! that what else the machine does meets all of them alike, and medians over the rounds.
//!
//! The load is in the measuring process: `count` loopback connections that take a frame of 120 bytes each per tick and
//! send an input of 12 bytes each per tick, spread evenly. A form's cost is the processor time, user and system, of its
//! process alone, per frame that arrived at the load. What should have arrived is told by the clock of the measuring
//! process, so a form that ticks too slowly shows.

use std::io;
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::thread;
use std::time::{Duration, Instant};

use super::{Form, HEADER};
use crate::child::{self, Process};
use crate::cpu::{busy, usage};
use crate::load::Load;
use crate::table;
use clap::ValueEnum;

const TICK_HZ: u32 = 30;
const FRAME_BYTES: usize = 120;
const INPUT_BYTES: u8 = 12;
/// From the last connect to the measurement.
const SETTLE: Duration = Duration::from_millis(800);
/// The load goes on so long after the measurement.
const REST: Duration = Duration::from_millis(100);

/// What one form did in one round.
#[derive(Debug, Clone, Copy)]
struct Turn {
    frames: f64,
    expected: f64,
    micros_per_frame: f64,
    kib_per_connection: f64,
}

/// Measures every form `rounds` times for `time` with `count` connections, and prints a table.
///
/// # Errors
/// When a process can't be started, or a form loses a connection.
pub fn run(count: usize, time: Duration, rounds: usize) -> io::Result<()> {
    let forms = Form::value_variants();
    let mut turns: Vec<Vec<Turn>> = vec![Vec::new(); forms.len()];
    for round in 0..rounds {
        // Each round begins with another form, so that none always follows the same one.
        for place in 0..forms.len() {
            let form = (place + round) % forms.len();
            turns[form].push(measure(forms[form], count, time)?);
        }
    }
    println!(
        "{count} connections, {TICK_HZ} frames/s of {FRAME_BYTES} bytes and as many inputs of {INPUT_BYTES} each;"
    );
    println!("{rounds} rounds of {} s: medians, and the range over the rounds", time.as_secs());
    let headings =
        ["form", "frames/s", "arrived %", "CPU us/frame", "least", "most", "x floor", "KiB/connection"];
    let seconds = time.as_secs_f64();
    let rows: Vec<_> =
        forms.iter().zip(&turns).map(|(form, own)| row(*form, own, &turns[0], seconds)).collect();
    table::print(&headings, &rows);
    Ok(())
}

fn row(form: Form, turns: &[Turn], floor: &[Turn], seconds: f64) -> Vec<String> {
    let sum = |of: fn(&Turn) -> f64| turns.iter().map(of).sum::<f64>();
    let costs = sorted(turns.iter().map(|turn| turn.micros_per_frame));
    let ratios = turns.iter().zip(floor).map(|(own, floor)| own.micros_per_frame / floor.micros_per_frame);
    let frames = sum(|turn| turn.frames);
    vec![
        form.label().to_owned(),
        format!("{:.0}", frames / turns.len() as f64 / seconds),
        format!("{:.1}", 100.0 * frames / sum(|turn| turn.expected)),
        format!("{:.2}", middle(&costs)),
        format!("{:.2}", costs.first().copied().unwrap_or_default()),
        format!("{:.2}", costs.last().copied().unwrap_or_default()),
        format!("{:.2}", middle(&sorted(ratios))),
        format!("{:.1}", middle(&sorted(turns.iter().map(|turn| turn.kib_per_connection)))),
    ]
}

fn sorted(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values
}

fn middle(sorted: &[f64]) -> f64 {
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}

/// One form's turn: its process is started, loaded, measured and ended.
fn measure(form: Form, count: usize, time: Duration) -> io::Result<Turn> {
    let name = form.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default();
    let (bytes, hz) = (FRAME_BYTES.to_string(), TICK_HZ.to_string());
    let mut command = Command::new(std::env::current_exe()?);
    let (process, mut lines) = child::start(command.args(["form", &name, "--bytes", &bytes, "--hz", &hz]))?;
    let address = child::line(&mut lines)?.parse().map_err(io::Error::other)?;
    let empty = usage(process.0.id())?.resident_kib;
    let load = Load::connect(address, count, INPUT_BYTES)?;
    let received = AtomicU64::new(0);
    let observed = thread::scope(|scope| {
        let loading = scope.spawn(|| load.run(TICK_HZ.into(), SETTLE + time + REST, &received));
        let observed = observe(&process, &received, time);
        loading.join().map_err(|_| io::Error::other("the load failed"))??;
        observed
    })?;
    let frames = observed.bytes / (HEADER + FRAME_BYTES) as f64;
    Ok(Turn {
        frames,
        expected: observed.passed.as_secs_f64() * f64::from(TICK_HZ) * count as f64,
        micros_per_frame: observed.cpu.as_secs_f64() * 1e6 / frames,
        kib_per_connection: (observed.resident_kib - empty) / count as f64,
    })
}

/// What was seen of a form while it was measured.
struct Observed {
    passed: Duration,
    bytes: f64,
    cpu: Duration,
    resident_kib: f64,
}

/// Looks on for `time`, once the load has settled.
fn observe(process: &Process, received: &AtomicU64, time: Duration) -> io::Result<Observed> {
    let id = process.0.id();
    thread::sleep(SETTLE);
    let (begun, bytes, cpu) = (Instant::now(), received.load(Relaxed), busy(id)?);
    thread::sleep(time);
    Ok(Observed {
        passed: begun.elapsed(),
        bytes: (received.load(Relaxed) - bytes) as f64,
        cpu: busy(id)?.saturating_sub(cpu),
        resident_kib: usage(id)?.resident_kib,
    })
}
