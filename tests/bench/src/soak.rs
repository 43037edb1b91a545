//! A long run: bots come and go, and what the server holds is looked at every so often while nobody is there. It should
//! be the same at the end as at the beginning; the slope says by how much it is not.

use std::io::{self, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{ChildStdout, Command};
use std::time::{Duration, Instant};

use crate::child::{Process, line, start};
use crate::cpu::usage;
use crate::fanout::sibling;
use crate::table;
use serde_json::Value;

/// How long bots play before others come.
const ROUND: Duration = Duration::from_secs(20);
/// How long the server is left alone before it is looked at: players without a connection stay for 20 s.
const REST: Duration = Duration::from_secs(24);

/// A server under observation.
pub struct Watched {
    process: Process,
    _lines: BufReader<ChildStdout>,
    /// Where it listens.
    pub address: SocketAddr,
}

/// What a server holds at a moment.
#[derive(Debug, Clone, Copy, Default)]
pub struct Census {
    /// Resident memory, in KiB.
    pub resident_kib: f64,
    /// Open file descriptors.
    pub descriptors: f64,
    /// Threads.
    pub threads: f64,
    /// Sessions.
    pub sessions: f64,
    /// Views that a client found not to match, so far.
    pub mismatches: f64,
}

impl Watched {
    /// Starts one.
    ///
    /// # Errors
    /// When it can't be started.
    pub fn start(args: &[&str]) -> io::Result<Self> {
        let mut command = Command::new(sibling("starfray")?);
        let (process, mut lines) = start(command.args(["--listen", "127.0.0.1:0", "--no-data"]).args(args))?;
        let page = line(&mut lines)?;
        let address =
            page.trim_start_matches("http://").trim_end_matches('/').parse().map_err(io::Error::other)?;
        Ok(Self { process, _lines: lines, address })
    }

    /// Its process.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.process.0.id()
    }

    /// What it holds now.
    ///
    /// # Errors
    /// When it has ended, or does not answer.
    pub fn census(&self) -> io::Result<Census> {
        let count = |folder: &str| -> io::Result<f64> {
            Ok(std::fs::read_dir(format!("/proc/{}/{folder}", self.id()))?.count() as f64)
        };
        let metrics = self.metrics()?;
        let metric = |name: &str| {
            let lines = metrics.lines().filter_map(|line| line.strip_prefix(name));
            lines.filter_map(|rest| rest.rsplit(' ').next()?.parse::<f64>().ok()).sum()
        };
        Ok(Census {
            resident_kib: usage(self.id())?.resident_kib,
            descriptors: count("fd")?,
            threads: count("task")?,
            sessions: metric("starfray_sessions "),
            mismatches: metric("starfray_checksum_mismatches_total"),
        })
    }

    fn metrics(&self) -> io::Result<String> {
        let mut stream = TcpStream::connect(self.address)?;
        write!(stream, "GET /metrics HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\r\n", self.address)?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    }
}

/// Runs for `time` with up to `bots` at a time, and prints what was seen and how it changed.
///
/// # Errors
/// When a process can't be started; when sessions, descriptors or threads are left over, or a view did not match.
pub fn run(time: Duration, bots: u32) -> io::Result<()> {
    let server = Watched::start(&["--drones", "12", "--arenas", "2"])?;
    // The first round brings memory to what it takes to play at all.
    round(&server, bots, 0)?;
    let (begun, mut seen) = (Instant::now(), Vec::new());
    let first = server.census()?;
    seen.push((0.0, first));
    let mut number = 1;
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
    let all: [(&str, Read); 5] = [
        ("memory, KiB", |census| census.resident_kib),
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
