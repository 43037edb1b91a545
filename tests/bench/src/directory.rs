//! What several servers ask of their one Redis: signs of life, which bring back what has changed, and lives. With
//! the scripts that servers run there, against a real Redis, one call after the other: its one thread does no more.

use std::io;
use std::time::{Duration, Instant};

use redis::{Script, Value};
use serde_json::json;

use crate::redis_server::Redis;
use crate::table;

/// Signs of life that a node gives in a second, as `server/cluster/src/directory/beats.rs` has it.
const BEATS: f64 = 2.0;

/// Signs of which one asks how many people are where, as there.
const PEOPLE_EVERY: u32 = 4;

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
    println!(
        "Signs of life, {arenas} arenas a node, {BEATS} a second each: while nothing changes, and while something does each second"
    );
    let heads = ["nodes", "us a sign", "Redis, of a core", "us with all", "Redis, changes", "MB/s, changes"];
    table::print(&heads, &rows);
    let mut redis = Redis::start()?.ok_or_else(none)?;
    let rate = lives(&mut redis, 200)?;
    println!("lives taken into boards and stream: {rate:.0} a second");
    Ok(())
}

/// All nodes' signs of life, in turn, while everything stays as it is; then while some server comes or goes once a second, so that
/// each server is told everything once a second.
fn beats(redis: &mut Redis, nodes: u32, arenas: u32) -> io::Result<Vec<String>> {
    let mut field =
        Field { script: Script::new(include_str!("../../../server/cluster/src/directory/beat.lua")), arenas };
    // Everyone says that he has arenas.
    (0..nodes).try_for_each(|node| field.sign(redis, node, "", false).map(|_| ()))?;
    let calm = field.round(redis, nodes, false)?;
    let moved = field.round(redis, nodes, true)?;
    let rate = BEATS * f64::from(nodes);
    // Of two signs in a second one brings everything.
    let busy = (calm.0 + moved.0) / 2.0;
    Ok(vec![
        nodes.to_string(),
        format!("{:.0}", calm.0 * 1e6),
        format!("{:.1} %", 100.0 * calm.0 * rate),
        format!("{:.0}", moved.0 * 1e6),
        format!("{:.1} %", 100.0 * busy * rate),
        format!("{:.2}", moved.1 * f64::from(nodes) / 1e6),
    ])
}

/// What is in a hash, if it came.
type Hash = Option<Vec<String>>;

struct Field {
    script: Script,
    arenas: u32,
}

impl Field {
    /// Seconds and bytes of a sign on average, over two seconds.
    fn round(&mut self, redis: &mut Redis, nodes: u32, moved: bool) -> io::Result<(f64, f64)> {
        let mut versions = vec![String::new(); nodes as usize];
        let (mut begun, mut bytes, mut count, mut turn) = (Instant::now(), 0, 0_u32, 0_u32);
        while begun.elapsed() < Duration::from_secs(2) {
            for (node, version) in (0..nodes).zip(&mut versions) {
                let known = if moved { "" } else { version.as_str() };
                let (now, back) = self.sign(redis, node, known, turn.is_multiple_of(PEOPLE_EVERY))?;
                *version = now;
                (bytes, count) = (bytes + back, count + 1);
            }
            turn += 1;
            if turn == 1 {
                // Until here versions were learnt.
                (begun, bytes, count) = (Instant::now(), 0, 0);
            }
        }
        Ok((begun.elapsed().as_secs_f64() / f64::from(count.max(1)), bytes as f64 / f64::from(count.max(1))))
    }

    /// One sign; the version, and the bytes that come back.
    fn sign(&self, redis: &mut Redis, node: u32, version: &str, people: bool) -> io::Result<(String, usize)> {
        let own: Vec<_> = (0..self.arenas).map(|arena| (format!("{node}.{arena}"), 1, 100)).collect();
        let about = json!({ "url": format!("https://n{node}.example.org"), "draining": false, "room": true });
        let sign = json!({
            "node": format!("{node:016x}"), "about": about.to_string(), "draining": false, "lease": 3_600_000, "version": version,
            "people": people, "own": own, "ended": [], "open": [], "private": [],
        });
        let mut call = self.script.prepare_invoke();
        for key in ["nodes", "alive", "arenas", "people", "epochs", "version"] {
            call.key(format!("starfray:{key}"));
        }
        let back: (String, Hash, Hash, Hash) =
            call.arg(sign.to_string()).invoke(redis.connection()).map_err(io::Error::other)?;
        let texts = [back.1, back.2, back.3].into_iter().flatten().flatten();
        let bytes = texts.map(|text| text.len()).sum();
        Ok((back.0, bytes))
    }
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
