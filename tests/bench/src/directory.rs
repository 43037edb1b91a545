//! What several servers ask of their one Redis: signs of life, each of which brings everyone's arenas back, and lives. With
//! the scripts that servers run there, against a real Redis, one call after the other: its one thread does no more.

use std::io;
use std::time::{Duration, Instant};

use redis::{Script, Value};

use crate::redis_server::Redis;
use crate::table;

/// Signs of life that a node gives in a second, as `server/cluster/src/directory/beats.rs` has it.
const BEATS: f64 = 2.0;

/// Lives of one call, as `server/cluster/src/exchange/send.rs` has it.
const BATCH: usize = 250;

/// Prints how much of one core Redis needs for so many nodes with so many arenas each, and how many lives it takes a second.
///
/// # Errors
/// When there is no Redis here, or it does not answer.
pub fn run(nodes: &[u32], arenas: u32) -> io::Result<()> {
    let none = || io::Error::other("there is no redis-server here");
    let mut rows = Vec::new();
    for nodes in nodes {
        let mut redis = Redis::start()?.ok_or_else(none)?;
        rows.push(beats(&mut redis, *nodes, arenas)?);
    }
    println!("Signs of life, {arenas} arenas a node, {BEATS} a second each");
    table::print(&["nodes", "us a sign", "bytes back", "Redis, of a core", "MB/s from Redis"], &rows);
    let mut redis = Redis::start()?.ok_or_else(none)?;
    let rate = lives(&mut redis, 200)?;
    println!("lives taken into boards and stream: {rate:.0} a second");
    Ok(())
}

fn beats(redis: &mut Redis, nodes: u32, arenas: u32) -> io::Result<Vec<String>> {
    let script = Script::new(include_str!("../../../server/cluster/src/directory/beat.lua"));
    // Everyone takes arenas of his own, then says that he has them.
    for node in 0..nodes {
        beat(redis, &script, node, arenas, true)?;
    }
    let (begun, mut bytes, mut count) = (Instant::now(), 0, 0_u32);
    while begun.elapsed() < Duration::from_secs(2) {
        for node in 0..nodes {
            bytes = beat(redis, &script, node, arenas, false)?;
            count += 1;
        }
    }
    let each = begun.elapsed().as_secs_f64() / f64::from(count);
    let rate = BEATS * f64::from(nodes);
    Ok(vec![
        nodes.to_string(),
        format!("{:.0}", each * 1e6),
        bytes.to_string(),
        format!("{:.1} %", 100.0 * each * rate),
        format!("{:.2}", bytes as f64 * rate / 1e6),
    ])
}

/// One sign; the bytes that come back.
fn beat(redis: &mut Redis, script: &Script, node: u32, arenas: u32, first: bool) -> io::Result<usize> {
    let mut call = script.prepare_invoke();
    call.key("starfray:nodes").key("starfray:arenas").key("starfray:epochs").key("starfray:heard");
    call.arg(format!("{node:016x}")).arg(format!("https://n{node}.example.org")).arg(0).arg(3_600_000);
    call.arg(if first { 0 } else { arenas });
    for arena in 0..arenas {
        call.arg(format!("{node}-{arena}"));
        call.arg(u8::from(!first));
        if !first {
            call.arg(100);
        }
    }
    let (nodes, held): (String, String) = call.invoke(redis.connection()).map_err(io::Error::other)?;
    Ok(nodes.len() + held.len())
}

fn lives(redis: &mut Redis, batches: usize) -> io::Result<f64> {
    let script = Script::new(include_str!("../../../server/cluster/src/exchange/record.lua"));
    let begun = Instant::now();
    for batch in 0..batches {
        let (before, last) = (batch * BATCH, (batch + 1) * BATCH);
        let mut call = script.prepare_invoke();
        let keys = ["starfray:", "starfray:results", "starfray:sent", "starfray:removed", "starfray:events"];
        keys.iter().for_each(|key| {
            call.key(*key);
        });
        call.arg("node").arg(before).arg(last).arg(100_000).arg(0);
        for life in before..last {
            let (id, player, score, at) =
                (format!("{life:032x}"), format!("{:032x}", life / 3), life % 9973, life);
            let json = format!(
                r#"{{"life":"{id}","player":"{player}","name":"somebody","score":{score},"kills":1,"duration_ms":60000,"arena":1,"at":{at}}}"#
            );
            call.arg(&id).arg(&player).arg(score).arg(at).arg(json);
            ["2026-11-21", "2026-W47", "all"].iter().for_each(|bucket| {
                call.arg(*bucket).arg(0);
            });
        }
        let _at: Value = call.invoke(redis.connection()).map_err(io::Error::other)?;
    }
    Ok((batches * BATCH) as f64 / begun.elapsed().as_secs_f64())
}
