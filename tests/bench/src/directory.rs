//! What several servers ask of their one Redis: signs of life, which bring back what has changed, and lives. With
//! the scripts that servers run there, against a real Redis, one call after the other: its one thread does no more.

use std::io;
use std::time::{Duration, Instant};

use redis::{Script, Value};
use serde_json::json;

use crate::redis_server::Redis;
use crate::table;

/// Signs of life that a node gives in a second, as `server/cluster/src/directory/beats` has it.
const BEATS: f64 = 2.0;

/// Signs of which one asks how many people are where, as there.
const PEOPLE_EVERY: u32 = 8;

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
        "Signs of life, {arenas} arenas a node, {BEATS} a second each; of each node something changes every ten seconds"
    );
    let heads =
        ["nodes", "us, no changes", "us a sign", "us, told all", "Redis, of a core", "MB/s from Redis"];
    table::print(&heads, &rows);
    let mut redis = Redis::start()?.ok_or_else(none)?;
    let rate = lives(&mut redis, 200)?;
    println!("lives taken into boards and stream: {rate:.0} a second");
    Ok(())
}

/// All nodes' signs of life, in turn: while everything stays as it is, while of each node something changes every ten seconds (a
/// private arena opens, or ends), and when each is told everything.
fn beats(redis: &mut Redis, nodes: u32, arenas: u32) -> io::Result<Vec<String>> {
    let mut field =
        Field { script: Script::new(include_str!("../../../server/cluster/src/directory/beat.lua")), arenas };
    // Everyone says that he has arenas.
    (0..nodes).try_for_each(|node| field.sign(redis, node, 0, "", false).map(|_| ()))?;
    let [calm, busy, all] =
        [Told::Nothing, Told::Changes, Told::All].map(|told| field.round(redis, nodes, told));
    let (calm, busy, all) = (calm?, busy?, all?);
    let rate = BEATS * f64::from(nodes);
    Ok(vec![
        nodes.to_string(),
        format!("{:.0}", calm.0 * 1e6),
        format!("{:.0}", busy.0 * 1e6),
        format!("{:.0}", all.0 * 1e6),
        format!("{:.1} %", 100.0 * busy.0 * rate),
        format!("{:.2}", busy.1 * rate / 1e6),
    ])
}

/// What a node hears.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    Nothing,
    Changes,
    All,
}

/// Signs between two changes of a node.
const CHANGES_EVERY: u32 = 20;

/// What is in a hash, if it came.
type Hash = Option<Vec<String>>;

struct Field {
    script: Script,
    arenas: u32,
}

impl Field {
    /// Seconds and bytes of a sign on average, over two seconds.
    fn round(&mut self, redis: &mut Redis, nodes: u32, told: Told) -> io::Result<(f64, f64)> {
        let mut versions = vec![String::new(); nodes as usize];
        let (mut begun, mut bytes, mut count, mut turn) = (Instant::now(), 0, 0_u32, 0_u32);
        while begun.elapsed() < Duration::from_secs(2) {
            for (node, version) in (0..nodes).zip(&mut versions) {
                let known = if told == Told::All { "" } else { version.as_str() };
                // Nodes change and ask one after the other, not all with the same turn.
                let age = if told == Told::Changes { (turn + node) / CHANGES_EVERY } else { 0 };
                let (now, back) =
                    self.sign(redis, node, age, known, (turn + node).is_multiple_of(PEOPLE_EVERY))?;
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
    fn sign(
        &self,
        redis: &mut Redis,
        node: u32,
        age: u32,
        version: &str,
        people: bool,
    ) -> io::Result<(String, usize)> {
        let arenas = || (0..self.arenas).map(|arena| format!("{node}.{arena}"));
        // Of one of them the epoch grows, as when it has been elsewhere.
        let own: Vec<_> =
            arenas().enumerate().map(|(at, arena)| (arena, if at == 0 { 1 + age } else { 1 })).collect();
        let crowd: serde_json::Map<_, _> = arenas().map(|arena| (arena, json!(100))).collect();
        let about = json!({ "url": format!("https://n{node}.example.org"), "draining": false, "room": true });
        let sign = json!({
            "node": format!("{node:016x}"), "about": about.to_string(), "draining": false, "lease": 3_600_000, "version": version,
            "own": own, "ended": [], "open": [], "private": [],
        });
        let mut call = self.script.prepare_invoke();
        for key in ["nodes", "alive", "arenas", "epochs", "changes", "people:"] {
            call.key(format!("starfray:{key}"));
        }
        call.arg(sign.to_string()).arg(json!(crowd).to_string()).arg(u8::from(people));
        let back: (String, u8, Hash, Hash, Hash) =
            call.invoke(redis.connection()).map_err(io::Error::other)?;
        let texts = [back.2, back.3, back.4].into_iter().flatten().flatten();
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
