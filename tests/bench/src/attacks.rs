//! What attackers do to those who play: for each kind, bots play beside it, and their lost sessions, their gaps between
//! frames and the server's memory are held against a quiet run. One server goes through all of it.

use std::io;
use std::net::SocketAddr;
use std::process::Command;
use std::time::Duration;

use crate::cpu::usage;
use crate::fanout::sibling;
use crate::soak::{Census, Watched};
use crate::table;
use attackers::{Kind, Target, attack};
use clap::ValueEnum;
use serde_json::Value;

/// Over how long the bots connect: their address may not connect faster.
const RAMP: Duration = Duration::from_secs(3);
/// The limits by address count here, too.
const LIMITS: [&str; 8] = [
    "--max-per-address",
    "256",
    "--handshakes-per-address",
    "20",
    "--handshakes",
    "500",
    "--requests-per-address",
    "50",
];

/// Measures all of `kinds`, and prints them beside a quiet run.
///
/// # Errors
/// When a process can't be started, or does not say what it should.
pub fn run(bots: u32, attackers: u8, [time, settle]: [Duration; 2], kinds: &[Kind]) -> io::Result<()> {
    let server = Watched::start(&[&["--drones", "0"], &LIMITS[..]].concat())?;
    let target = Target::new(server.address).ok_or(io::ErrorKind::AddrNotAvailable)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let kinds = if kinds.is_empty() { Kind::value_variants() } else { kinds };
    // The first run brings memory to what it takes to play at all.
    play(bots, time, server.address)?;
    let quiet = play(bots, time, server.address)?;
    let usual = number(&quiet, "/frame_gap_ms/p99");
    println!("{bots} bots, {attackers} attackers of each kind, {} s each", time.as_secs());
    let mut rows = vec![row("none", &quiet, usual, None)];
    std::thread::sleep(settle);
    let mut before = server.census()?;
    for kind in kinds {
        let attacking = runtime.block_on(async { attack(target, *kind, attackers) });
        let report = play(bots, time, server.address)?;
        let during = usage(server.id())?.resident_kib;
        drop(attacking);
        std::thread::sleep(settle);
        let after = server.census()?;
        rows.push(row(&name(*kind), &report, usual, Some((before, during, after))));
        eprintln!("{:?}", rows.last());
        before = after;
    }
    let headings = [
        "attack",
        "lost",
        "mismatches",
        "gap p99 ms",
        "x quiet",
        "MiB before",
        "during",
        "after",
        "sessions left",
    ];
    table::print(&headings, &rows);
    Ok(())
}

fn name(kind: Kind) -> String {
    kind.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
}

/// Lets bots play, and gives their report.
fn play(bots: u32, time: Duration, address: SocketAddr) -> io::Result<Value> {
    let mut command = Command::new(sibling("bots")?);
    let output = command
        .args(["--url", &format!("ws://{address}/ws"), "--count", &bots.to_string(), "--report", "json"])
        .args(["--ramp", &format!("{}s", RAMP.as_secs()), "--duration", &format!("{}s", time.as_secs())])
        .output()?;
    serde_json::from_slice(&output.stdout).map_err(io::Error::other)
}

fn number(report: &Value, at: &str) -> f64 {
    report.pointer(at).and_then(Value::as_f64).unwrap_or(f64::NAN)
}

fn row(name: &str, report: &Value, usual: f64, memory: Option<(Census, f64, Census)>) -> Vec<String> {
    let mib = |kib: f64| format!("{:.1}", kib / 1024.0);
    let lost = number(report, "/disconnects") + number(report, "/failed");
    let gap = number(report, "/frame_gap_ms/p99");
    let mut row = vec![
        name.to_owned(),
        format!("{lost}"),
        format!("{}", number(report, "/checksum_mismatches")),
        format!("{gap:.1}"),
        format!("{:.2}", gap / usual),
    ];
    if let Some((before, during, after)) = memory {
        row.extend([
            mib(before.resident_kib),
            mib(during),
            mib(after.resident_kib),
            format!("{}", after.sessions),
        ]);
    }
    row
}
