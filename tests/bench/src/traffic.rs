//! What arenas send through the one Redis of several servers beside signs of life: saves, once a second, and live boards, to
//! every server that listens. With the script that servers run there, against a real Redis, by the processor time that it takes.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use redis::Script;

use crate::cpu::usage;
use crate::redis_server::Redis;
use crate::table;

/// Time between two saves of an arena in seconds, as `server/src/clock.rs` has it.
const SAVE_EVERY: f64 = 0.9;
/// Bytes of a save for each player: of what two servers with 100 bots sent, all but the live boards.
const SAVED_BYTES: u32 = 585;
/// Boards of an arena that are told in a second, and the bytes of one when there are as many as may be, as
/// `server/cluster/src/broadcast` has it.
const BOARDS: f64 = 4.0;
const BOARD_BYTES: usize = 16 * 1024;
const TELL: &str = include_str!("../../../server/cluster/src/broadcast/whole.lua");
/// Arenas of others whose boards a server listens to at most, as there.
const LISTENS: u32 = 16;
/// Players of an arena, as the README of deploying plans them.
const PLAYERS: u32 = 750;
/// How long each is measured.
const MEASURED: Duration = Duration::from_secs(2);

/// Prints how much of one core Redis needs for so many nodes with so many arenas each.
///
/// # Errors
/// When there is no Redis here, or it does not answer.
pub fn run(nodes: &[u32], arenas: u32) -> io::Result<()> {
    let none = || io::Error::other("there is no redis-server here");
    let mut redis = Redis::start()?.ok_or_else(none)?;
    let save = save(&mut redis)?;
    let [alone, heard] = [board(&mut redis, 0)?, board(&mut redis, 8)?];
    let delivery = (heard - alone).max(0.0) / 8.0;
    let rows: Vec<_> = nodes.iter().map(|nodes| row(*nodes, arenas, save, alone, delivery)).collect();
    println!(
        "Arenas of {PLAYERS}: {:.0} us of Redis a save of {} KB, {:.0} us a board of {} KB and {:.0} more for each who hears it",
        save * 1e6,
        PLAYERS * SAVED_BYTES / 1024,
        alone * 1e6,
        BOARD_BYTES / 1024,
        delivery * 1e6
    );
    let heads = ["nodes", "saves, of a core", "MB/s to Redis", "boards, of a core", "MB/s from Redis"];
    table::print(&heads, &rows);
    Ok(())
}

fn row(nodes: u32, arenas: u32, save: f64, board: f64, delivery: f64) -> Vec<String> {
    let all = f64::from(nodes * arenas);
    let saves = all / SAVE_EVERY;
    let heard = f64::from(nodes * LISTENS.min((nodes - 1) * arenas)) * BOARDS;
    vec![
        nodes.to_string(),
        format!("{:.1} %", 100.0 * saves * save),
        format!("{:.1}", saves * f64::from(PLAYERS * SAVED_BYTES) / 1e6),
        format!("{:.1} %", 100.0 * (all * BOARDS * board + heard * delivery)),
        format!("{:.1}", heard * BOARD_BYTES as f64 / 1e6),
    ]
}

/// Processor time of Redis for each call, in seconds.
fn cost(redis: &mut Redis, mut call: impl FnMut(&mut Redis) -> redis::RedisResult<()>) -> io::Result<f64> {
    let (begun, before) = (Instant::now(), usage(redis.id())?.cpu_seconds);
    let mut calls = 0_u32;
    while begun.elapsed() < MEASURED {
        call(redis).map_err(io::Error::other)?;
        calls += 1;
    }
    Ok((usage(redis.id())?.cpu_seconds - before) / f64::from(calls.max(1)))
}

fn save(redis: &mut Redis) -> io::Result<f64> {
    let script = Script::new(include_str!("../../../server/cluster/src/directory/save.lua"));
    let held = r#"{"node":"a","epoch":1}"#;
    redis::cmd("HSET")
        .arg("starfray:arenas")
        .arg("1")
        .arg(held)
        .exec(redis.connection())
        .map_err(io::Error::other)?;
    let text = "x".repeat((PLAYERS * SAVED_BYTES) as usize);
    cost(redis, |redis| {
        let mut call = script.prepare_invoke();
        for key in ["arenas", "epochs", "changes", "save:1", "wake:"] {
            call.key(format!("starfray:{key}"));
        }
        call.arg("a").arg("1").arg(1).arg(&text).arg(600).arg("");
        call.invoke(redis.connection())
    })
}

/// One that is told to so many who listen.
fn board(redis: &mut Redis, listeners: usize) -> io::Result<f64> {
    for _ in 0..listeners {
        let mut stream = TcpStream::connect(redis.address())?;
        stream.write_all(b"SUBSCRIBE starfray:live:1\r\n")?;
        // Ends with Redis.
        std::thread::spawn(move || while stream.read(&mut [0; 65536]).is_ok_and(|read| read > 0) {});
    }
    let text = "x".repeat(BOARD_BYTES);
    cost(redis, |redis| {
        let mut call = redis::cmd("EVAL");
        call.arg(TELL).arg(1).arg("starfray:live:1").arg(&text).arg(3000).exec(redis.connection())
    })
}
