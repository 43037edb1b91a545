//! Killed at any moment: everything that was told of is there, and nothing is half there. A child process, which is
//! this test binary again, records lives as fast as it can, with days and weeks rolling over under it, prints the id of
//! each it is told of, and is killed by SIGKILL. `CRASHES` sets how often.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod world;

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;
use standings::{LifeId, Outcome, Standings, UnixMs};
use world::{NOON, amount, life};

/// Milliseconds of the child's clock in one of ours: a day in 400 ms, so that every kind of step is hit.
const HURRY: u64 = world::DAY / 400;

/// A new folder after this many crashes, so that the last is checked as fast as the first.
const CRASHES_PER_FOLDER: usize = 10;

/// Not a test: what is killed.
#[test]
#[ignore = "the crash test starts it"]
fn child() {
    let Ok(folder) = std::env::var("CRASH_FOLDER") else { return };
    let run: u64 = std::env::var("CRASH_RUN").unwrap().parse().unwrap();
    let begin = Instant::now();
    // Each run goes on 20 days after the one before.
    let clock = move || UnixMs(NOON + run * 20 * world::DAY + begin.elapsed().as_millis() as u64 * HURRY);
    let standings = Standings::open(Path::new(&folder), Arc::new(clock), None).unwrap();
    print_line("\nopen");
    let mut rng = Pcg64Mcg::seed_from_u64(run);
    for id in (u128::from(run) << 64).. {
        let life = life(id, rng.random_range(0..3_000), score(LifeId(id)), clock().0);
        let id = life.life;
        let tell = move |outcome| match outcome {
            Outcome::Recorded(_) => print_line(&format!("ack {id}")),
            Outcome::Lost => print_line("lost"),
        };
        if standings.submit(life, tell).is_err() || rng.random_ratio(1, 100) {
            std::thread::sleep(Duration::from_millis(1));
        }
    }
}

fn print_line(text: &str) {
    let mut out = std::io::stdout().lock();
    // Whoever reads may be gone already.
    let _ = out.write_all(format!("{text}\n").as_bytes()).and_then(|()| out.flush());
}

fn score(life: LifeId) -> u32 {
    (life.0 ^ (life.0 >> 64)) as u32 % 1_000
}

/// Starts a child, kills it at some moment after it has opened the store, and returns the lives that it was told of.
fn crash(folder: &Path, run: u64, after: Duration) -> Vec<LifeId> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["child", "--exact", "--ignored", "--nocapture"])
        .env("CRASH_FOLDER", folder)
        .env("CRASH_RUN", run.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).split(b'\n');
    let reader = std::thread::spawn(move || {
        let mut kill_at = None;
        let (mut told, mut child) = (Vec::new(), child);
        for line in lines {
            let line = String::from_utf8(line.unwrap()).unwrap();
            assert_ne!(line, "lost");
            if line == "open" {
                kill_at = Some(Instant::now() + after);
            }
            // A line that the kill has cut is shorter than an id.
            told.extend(line.strip_prefix("ack ").and_then(|id| id.parse::<LifeId>().ok()));
            if kill_at.is_some_and(|at| Instant::now() >= at) {
                child.kill().unwrap();
                kill_at = None;
            }
        }
        child.wait().unwrap();
        told
    });
    reader.join().unwrap()
}

fn stored(folder: &Path) -> HashMap<LifeId, u32> {
    let mut lines = Vec::new();
    standings::export(folder, &mut lines).unwrap();
    let lines = lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    let values = lines.map(|line| serde_json::from_slice::<serde_json::Value>(line).unwrap());
    let lives = values.filter(|value| value["kind"] == "life");
    lives
        .map(|life| {
            let id = life["life"].as_str().unwrap().parse().unwrap();
            (id, u32::try_from(life["score"].as_u64().unwrap()).unwrap())
        })
        .collect()
}

#[test]
fn nothing_that_was_told_is_lost_and_nothing_is_half_there() {
    let mut rng = Pcg64Mcg::seed_from_u64(7);
    let crashes = amount("CRASHES", 3, 20);
    let mut folder = tempfile::tempdir().unwrap();
    let (mut told, mut all, mut frozen) = (Vec::new(), 0, 0);
    for run in 0..crashes {
        if run % CRASHES_PER_FOLDER == 0 {
            folder = tempfile::tempdir().unwrap();
            told.clear();
        }
        let after =
            Duration::from_micros(rng.random_range(0..if run % 3 == 0 { 1_200_000 } else { 300_000 }));
        let new = crash(folder.path(), run as u64, after);
        all += new.len();
        told.extend(new);
        // As it lies there, before anyone has opened it to go on.
        standings::check(folder.path()).unwrap_or_else(|error| panic!("after crash {run}: {error}"));
        let stored = stored(folder.path());
        for life in &told {
            assert_eq!(stored.get(life), Some(&score(*life)), "told of, and lost in crash {run}: {life}");
        }
        assert!(stored.iter().all(|(life, points)| score(*life) == *points));
        if (run + 1) % CRASHES_PER_FOLDER == 0 {
            frozen += finish(folder.path(), run as u64);
        }
    }
    println!("{crashes} crashes, {all} lives told of, {frozen} buckets frozen, none lost");
    assert!(all > 0);
}

/// Opens once more and lets it freeze what has ended; past boards are whole.
fn finish(folder: &Path, run: u64) -> usize {
    let hands = world::Hands::at(NOON + (run + 2) * 20 * world::DAY);
    let standings = world::open(folder, &hands);
    let done = || standings.boards().iter().all(|board| board.closed || board.bucket.end().is_none());
    world::wait_until("all buckets are closed", done);
    let closed = standings.boards().iter().filter(|board| board.closed).count();
    drop(standings);
    standings::check(folder).unwrap();
    closed
}
