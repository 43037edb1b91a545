//! A long run: bots come and go, and what the server holds is looked at every so often while nobody is there. It should
//! be the same at the end as at the beginning; the slope says by how much it is not. Standings are on the disk, as an
//! operator has them, and grow: each bot is a new player. How many there are is shown beside.

use std::io;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::census::{Census, Watched};
use crate::fanout::sibling;
use crate::table;
use serde_json::Value;

/// How long bots play before others come.
const ROUND: Duration = Duration::from_secs(20);
/// How long the server is left alone before it is looked at: players without a connection stay for 20 s.
const REST: Duration = Duration::from_secs(24);

/// Time at the beginning that no slope is taken of: buffers, queues and the allocator grow to what they need.
const WARM_UP: Duration = Duration::from_secs(150);

/// Runs for `time` with up to `bots` at a time, and prints what was seen and how it changed.
///
/// # Errors
/// When a process can't be started; when sessions, descriptors or threads are left over, or a view did not match.
pub fn run(time: Duration, bots: u32) -> io::Result<()> {
    let data = tempfile::tempdir()?;
    let folder = data.path().display().to_string();
    let server = Watched::start(&["--drones", "12", "--arenas", "2", "--data-dir", &folder])?;
    let (warm, mut number) = (Instant::now(), 0);
    while warm.elapsed() < WARM_UP.min(time / 3) {
        round(&server, bots, number)?;
        number += 1;
    }
    let (begun, mut seen) = (Instant::now(), Vec::new());
    let first = server.census()?;
    seen.push((0.0, first));
    while begun.elapsed() < time {
        let lost = round(&server, bots, number)?;
        let now = server.census()?;
        seen.push((begun.elapsed().as_secs_f64() / 3600.0, now));
        eprintln!("{:.1} min: {lost} lost, {now:?}", begun.elapsed().as_secs_f64() / 60.0);
        number += 1;
    }
    report(&seen);
    let last = seen.last().map_or(first, |(_, census)| *census);
    let kept = last.sessions == 0.0 && last.descriptors <= first.descriptors && last.threads <= first.threads;
    if kept && last.mismatches == 0.0 { Ok(()) } else { Err(io::Error::other("something was left over")) }
}

/// Half of the bots play to the end, the others come in the middle and go before it; some watch. Gives how many were lost.
fn round(server: &Watched, bots: u32, number: u64) -> io::Result<u64> {
    let fleet = |count: u32, seconds: u64, seed: u64| {
        let mut command = Command::new(sibling("bots")?);
        command.args(["--url", &format!("ws://{}/ws", server.address), "--count", &count.to_string()]);
        command.args(["--watchers", "5", "--ramp", "2s", "--report", "json", "--arena", "1,2"]);
        command.args(["--duration", &format!("{seconds}s"), "--seed", &seed.to_string()]);
        command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::null()).spawn()
    };
    let long = fleet(bots.div_ceil(2), ROUND.as_secs(), number * 2)?;
    std::thread::sleep(ROUND / 4);
    let short = fleet((bots / 2).max(1), ROUND.as_secs() / 4, number * 2 + 1)?;
    let mut lost = 0;
    for fleet in [short, long] {
        let output = fleet.wait_with_output()?;
        let report: Value = serde_json::from_slice(&output.stdout).map_err(io::Error::other)?;
        lost += ["disconnects", "failed"].iter().filter_map(|name| report[name].as_u64()).sum::<u64>();
    }
    std::thread::sleep(REST);
    Ok(lost)
}

fn report(seen: &[(f64, Census)]) {
    type Read = fn(&Census) -> f64;
    let all: [(&str, Read); 8] = [
        ("memory, KiB", |census| census.resident_kib),
        ("of it the process's own", |census| census.anonymous_kib),
        ("results recorded", |census| census.results),
        ("players on the board", |census| census.players),
        ("file descriptors", |census| census.descriptors),
        ("threads", |census| census.threads),
        ("sessions", |census| census.sessions),
        ("mismatches", |census| census.mismatches),
    ];
    let rows = all.map(|(name, read)| {
        let points: Vec<(f64, f64)> = seen.iter().map(|(hours, census)| (*hours, read(census))).collect();
        let value = |point: Option<&(f64, f64)>| format!("{:.0}", point.map_or(0.0, |(_, value)| *value));
        vec![name.to_owned(), value(points.first()), value(points.last()), format!("{:+.1}", slope(&points))]
    });
    table::print(&["while nobody is there", "first", "last", "per hour"], &rows);
    let grown: Vec<(f64, f64)> =
        seen.iter().map(|(_, census)| (census.players, census.anonymous_kib * 1024.0)).collect();
    println!("{:.0} bytes of its own memory a new player", slope(&grown));
}

/// Least squares.
fn slope(points: &[(f64, f64)]) -> f64 {
    let count = points.len() as f64;
    let mean = |read: fn(&(f64, f64)) -> f64| points.iter().map(read).sum::<f64>() / count;
    let (x, y) = (mean(|point| point.0), mean(|point| point.1));
    let spread: f64 = points.iter().map(|point| (point.0 - x).powi(2)).sum();
    let both: f64 = points.iter().map(|point| (point.0 - x) * (point.1 - y)).sum();
    if spread == 0.0 { 0.0 } else { both / spread }
}
