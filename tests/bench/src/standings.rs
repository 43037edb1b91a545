//! Standings: submit, rank, top ten and around-me in process, beside a Redis over loopback that does the same with a
//! sorted set; and how many results a second reach the disk.

use std::hint::black_box;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;
use redis::Pipeline;
use shared::name::PlayerName;
use standings::{Bucket, LifeId, LifeResult, PlayerKey, Ranks, Standings, UnixMs};

use crate::redis_server::{self, Redis};
use crate::{cpu, table};

/// Calls that are measured one by one.
const CALLS: usize = 20_000;
/// Commands of Redis that are measured one by one; each is a round trip.
const ROUND_TRIPS: usize = 5_000;
/// Commands sent at once.
const PIPELINE: usize = 100;
/// Lives handed in to measure how fast they are taken.
const SUBMITS: u32 = 100_000;
const ALL: Bucket = Bucket::ALL_TIME;
/// 2026-11-21 12:00 UTC.
const NOW: UnixMs = UnixMs(1_795_262_400_000);

/// Measures boards of these sizes, and prints tables.
///
/// # Errors
/// When a server can't be started or the disk can't be written.
pub fn run(sizes: &[u32], beside_redis: bool) -> io::Result<()> {
    let mut redis = if beside_redis { Redis::start()? } else { None };
    if redis.is_none() && beside_redis {
        println!("No redis-server here, so nothing to compare with: apt-get install redis-server\n");
    }
    let mut rows = Vec::new();
    for &size in sizes {
        let ours = measure_ours(size)?;
        let theirs = redis.as_mut().map(|redis| measure_redis(redis, size)).transpose()?;
        rows.extend(compare(size, &ours, theirs.as_ref()));
    }
    println!(
        "Boards, microseconds a call: median (99th percentile). Redis alone per round trip, and per command of 100 sent at once."
    );
    table::print(
        &["entries", "what", "in process", "redis", "redis, pipelined", "times faster", "KiB/1000", "redis"],
        &rows,
    );
    durable()
}

/// Times of calls, and the memory of an entry.
struct Measured {
    submit: Times,
    rank: Times,
    top: Times,
    around: Times,
    bytes: f64,
}

/// Microseconds.
struct Times {
    median: f64,
    p99: f64,
    /// Per call, of many at once.
    together: f64,
}

fn times(mut each: Vec<f64>, together: f64) -> Times {
    each.sort_by(f64::total_cmp);
    let at = |share: f64| each[((each.len() - 1) as f64 * share) as usize];
    Times { median: at(0.5), p99: at(0.99), together }
}

fn micros(run: impl FnOnce()) -> f64 {
    let begin = Instant::now();
    run();
    begin.elapsed().as_secs_f64() * 1e6
}

fn player(number: u32) -> PlayerKey {
    PlayerKey((u128::from(number) + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835))
}

/// Spread over a million, with ties.
fn score(number: u32) -> u32 {
    number.wrapping_mul(0x9e37_79b1) >> 12
}

fn life(id: u128, of: u32, score: u32, name: &PlayerName) -> LifeResult {
    let (life, player) = (LifeId(id), player(of));
    LifeResult { life, player, name: name.clone(), score, kills: 3, duration_ms: 60_000, arena: 1, at: NOW }
}

fn name() -> io::Result<PlayerName> {
    PlayerName::clean("Ada Lovelace").ok_or_else(|| io::Error::other("no name"))
}

fn measure_ours(size: u32) -> io::Result<Measured> {
    let name = name()?;
    let resident = || cpu::usage(std::process::id()).map(|usage| usage.resident_kib * 1024.0);
    let before = resident()?;
    let lives = (0..size).map(|of| life(of.into(), of, score(of), &name));
    let board =
        Standings::in_memory_with("a benchmark", Arc::new(|| NOW), lives).map_err(io::Error::other)?;
    let bytes = (resident()? - before) / f64::from(size);
    let mut dice = Pcg64Mcg::seed_from_u64(1);
    let mut measure = |call: &mut dyn FnMut(u32)| {
        let each = (0..CALLS).map(|_| dice.random_range(0..size)).map(|of| micros(|| call(of))).collect();
        times(each, 0.0)
    };
    let rank = measure(&mut |of| {
        let _ = black_box(board.standing(ALL, player(of), Ranks::Standard));
    });
    let top = measure(&mut |_| {
        black_box(board.top(ALL, 10, Ranks::Standard));
    });
    let around = measure(&mut |of| {
        let _ = black_box(board.around(ALL, player(of), 10, Ranks::Standard, NOW));
    });
    let submit = submit(&board, size, &name)?;
    Ok(Measured { submit, rank, top, around, bytes })
}

/// Hands lives in as fast as they are taken, until all are told of: microseconds a life. They better their players'
/// scores, so each is a change of the board.
fn submit(board: &Standings, size: u32, name: &PlayerName) -> io::Result<Times> {
    let lives = (0..SUBMITS).map(|n| {
        let of = n.wrapping_mul(0x9e37_79b1) % size;
        life((1 << 64) + u128::from(n), of, score(of) + 1 + n, name)
    });
    let each = hand_in(board, lives)?.as_secs_f64() * 1e6 / f64::from(SUBMITS);
    Ok(Times { median: f64::NAN, p99: f64::NAN, together: each })
}

/// Hands all in, waiting when too many are on their way, until all are told of.
fn hand_in(board: &Standings, lives: impl Iterator<Item = LifeResult>) -> io::Result<Duration> {
    let told = Arc::new(AtomicU32::new(0));
    let begin = Instant::now();
    let mut sent = 0;
    for life in lives {
        while sent - told.load(Ordering::Relaxed) > 20_000 {
            std::thread::sleep(Duration::from_micros(200));
        }
        let told = told.clone();
        let tell = move |_| {
            told.fetch_add(1, Ordering::Relaxed);
        };
        board.submit(life, tell).map_err(io::Error::other)?;
        sent += 1;
    }
    while told.load(Ordering::Relaxed) < sent {
        std::thread::sleep(Duration::from_micros(200));
    }
    Ok(begin.elapsed())
}

/// Adds a command about a player to those that are sent.
type Step = dyn Fn(&mut Pipeline, u32);

fn measure_redis(redis: &mut Redis, size: u32) -> io::Result<Measured> {
    redis.clear()?;
    let resident = |redis: &Redis| cpu::usage(redis.id()).map(|usage| usage.resident_kib * 1024.0);
    let before = resident(redis)?;
    let mut from = 0;
    while from < size {
        let mut pipe = redis::pipe();
        let to = size.min(from + 10_000);
        (from..to).for_each(|of| redis_server::zadd(&mut pipe, &player(of).to_string(), score(of)));
        redis.send(&pipe)?;
        from = to;
    }
    let bytes = (resident(redis)? - before) / f64::from(size);
    let mut dice = Pcg64Mcg::seed_from_u64(1);
    let mut measure = |steps: &[&Step]| -> io::Result<Times> {
        let mut send = |commands: usize| -> io::Result<f64> {
            let picked: Vec<u32> = (0..commands).map(|_| dice.random_range(0..size)).collect();
            let mut took = 0.0;
            // What needs the answer of another command goes after it, in a round trip of its own.
            for step in steps {
                let mut pipe = redis::pipe();
                picked.iter().for_each(|of| step(&mut pipe, *of));
                let begin = Instant::now();
                redis.send(&pipe)?;
                took += begin.elapsed().as_secs_f64() * 1e6;
            }
            Ok(took)
        };
        let each = (0..ROUND_TRIPS).map(|_| send(1)).collect::<io::Result<Vec<_>>>()?;
        let batches = (0..ROUND_TRIPS / 20).map(|_| send(PIPELINE)).collect::<io::Result<Vec<_>>>()?;
        let together = batches.iter().sum::<f64>() / (batches.len() * PIPELINE) as f64;
        Ok(times(each, together))
    };
    let rank: &Step = &|pipe, of| redis_server::rank(pipe, &player(of).to_string());
    Ok(Measured {
        submit: measure(&[&|pipe, of| redis_server::zadd(pipe, &player(of).to_string(), score(of) + 1)])?,
        rank: measure(&[rank])?,
        top: measure(&[&|pipe, _| redis_server::range(pipe, 0)])?,
        around: measure(&[rank, &|pipe, of| redis_server::range(pipe, of.saturating_sub(5))])?,
        bytes,
    })
}

/// One row of the table.
type Pick = fn(&Measured) -> &Times;

fn compare(size: u32, ours: &Measured, theirs: Option<&Measured>) -> Vec<Vec<String>> {
    let pick: [(&str, Pick); 4] = [
        ("submit", |of| &of.submit),
        ("rank", |of| &of.rank),
        ("top 10", |of| &of.top),
        ("around me", |of| &of.around),
    ];
    let rows = pick.iter().map(|(what, of)| {
        let mine = of(ours);
        let cost = if mine.median.is_nan() { mine.together } else { mine.median };
        let shown = if mine.median.is_nan() { format!("{cost:.1} each") } else { alone(mine) };
        let mut row = vec![size.to_string(), (*what).to_owned(), shown];
        if let Some(theirs) = theirs {
            let other = of(theirs);
            row.extend([
                alone(other),
                format!("{:.1}", other.together),
                format!("{:.0}", other.median / cost),
            ]);
        } else {
            row.extend([const { String::new() }; 3]);
        }
        if *what == "submit" {
            row.push(format!("{:.0}", ours.bytes * 1000.0 / 1024.0));
            row.extend(theirs.map(|theirs| format!("{:.0}", theirs.bytes * 1000.0 / 1024.0)));
        }
        row
    });
    rows.collect()
}

fn alone(of: &Times) -> String {
    format!("{:.1} ({:.1})", of.median, of.p99)
}

/// Results a second that are on the disk when they are told of.
fn durable() -> io::Result<()> {
    let name = name()?;
    let mut rows = Vec::new();
    for players in [1_000, 100_000] {
        let folder = tempfile::tempdir()?;
        let board = Standings::open(folder.path(), Arc::new(|| NOW), None).map_err(io::Error::other)?;
        let count = 200_000u32;
        let mut dice = Pcg64Mcg::seed_from_u64(2);
        let lives = (0..count).map(|n| {
            let id = (u128::from(NOW.0) << 80) | (u128::from(n) << 40);
            life(id, dice.random_range(0..players), dice.random_range(0..1_000_000), &name)
        });
        let took = hand_in(&board, lives)?;
        let commits = board.health().commits;
        rows.push(vec![
            players.to_string(),
            format!("{:.0}", f64::from(count) / took.as_secs_f64()),
            format!("{:.0}", f64::from(count) / commits as f64),
        ]);
    }
    println!("Durable: {} results, each told of when it is on the disk (day, week and all time)", 200_000);
    table::print(&["players", "results a second", "results a commit"], &rows);
    Ok(())
}
