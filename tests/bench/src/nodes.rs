//! Two servers with a Redis beside one server: the same bots in the same two arenas. All servers share one core, and the bots
//! have another, so that what is compared is what the same work costs and how far one core goes with it; or each server has a
//! core of its own, and the bots have what those leave.

use std::io::{self, BufReader, Read};
use std::process::{ChildStdout, Command};
use std::time::{Duration, Instant};

use crate::child::{Process, line, start};
use crate::cpu::busy;
use crate::fanout::{arena_at, number, sibling};
use crate::redis_server::Redis;
use crate::table;
use serde_json::Value;

/// The arenas, each with half of the bots.
const ARENAS: [&str; 2] = ["1", "2"];
/// Room for a thousand bots to see some 17 ships each.
const SIZE: &str = "10000";
/// The cores that servers have: all the first one, or one each.
const CORES: [&str; 2] = ["0", "1"];
/// Time for the bots to come, and to settle before anything is measured.
const RAMP: Duration = Duration::from_secs(4);
const SETTLE: Duration = Duration::from_secs(3);
/// How long servers may take to share the arenas out.
const PATIENCE: Duration = Duration::from_secs(30);

/// Servers that share the arenas, and what they share them by.
struct Game {
    redis: Option<Redis>,
    servers: Vec<Server>,
    /// Each has a core of its own.
    apart: bool,
}

struct Server {
    process: Process,
    /// Host and port.
    address: String,
    /// It must have somewhere to print to.
    _lines: BufReader<ChildStdout>,
}

/// Prints a row for so many servers and so many bots each.
///
/// # Errors
/// When a process can't be started or does not answer.
pub fn run(servers: &[usize], counts: &[usize], time: Duration, apart: bool) -> io::Result<()> {
    let mut rows = Vec::new();
    for servers in servers {
        for count in counts {
            rows.push(measure(*servers, *count, time, apart)?);
        }
    }
    let cores = match apart {
        true => "each server on a core of its own, the bots on what they leave",
        false => "all servers on one core, the bots on another",
    };
    println!("Bots that wander in {} arenas; {cores}; {time:?} each", ARENAS.len());
    let headings = [
        "servers",
        "bots",
        "frames/s",
        "servers' CPU s per million frames",
        "of a core",
        "Redis, of a core",
        "bots' CPU s, joining counted",
        "frame gap p99 ms",
        "lost",
    ];
    table::print(&headings, &rows);
    Ok(())
}

fn measure(servers: usize, count: usize, time: Duration, apart: bool) -> io::Result<Vec<String>> {
    let game = Game::start(servers, apart)?;
    let (_bots, mut told) = game.bots(count, time)?;
    std::thread::sleep(RAMP + SETTLE);
    let before = (Instant::now(), game.frames()?, game.busy()?);
    std::thread::sleep(time);
    let (passed, frames, after) = (before.0.elapsed(), game.frames()? - before.1, game.busy()?);
    let mut report = String::new();
    told.read_to_string(&mut report)?;
    let report: Value = serde_json::from_str(&report).map_err(io::Error::other)?;
    let [servers_busy, redis_busy] = [0, 1].map(|which| (after[which] - before.2[which]).as_secs_f64());
    let of_a_core = |busy: f64| format!("{:.1} %", 100.0 * busy / passed.as_secs_f64());
    Ok(vec![
        if servers == 1 { "1".to_owned() } else { format!("{servers} and Redis") },
        count.to_string(),
        format!("{:.0}", frames / passed.as_secs_f64()),
        format!("{:.2}", servers_busy / frames * 1e6),
        of_a_core(servers_busy),
        of_a_core(redis_busy),
        format!("{:.1}", number(&report, "cpu_seconds")),
        report["frame_gap_ms"]["p99"].to_string(),
        (number(&report, "disconnects") + number(&report, "failed")).to_string(),
    ])
}

/// The program, on these cores alone.
fn on(core: &str, program: &str) -> io::Result<Command> {
    let mut command = Command::new("taskset");
    command.args(["-c", core]).arg(sibling(program)?);
    Ok(command)
}

impl Game {
    fn start(servers: usize, apart: bool) -> io::Result<Self> {
        let redis = match servers {
            1 => None,
            _ => Some(Redis::start()?.ok_or_else(|| io::Error::other("there is no redis-server here"))?),
        };
        let mut game = Self { redis, servers: Vec::new(), apart };
        if let Some(redis) = &game.redis {
            let id = redis.id().to_string();
            Command::new("taskset").args(["-a", "-cp", CORES[0], &id]).output()?;
        }
        for _ in 0..servers {
            game.add()?;
        }
        let begun = Instant::now();
        while !game.is_shared_out()? {
            if begun.elapsed() > PATIENCE {
                return Err(io::Error::other("the servers did not share the arenas out"));
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        Ok(game)
    }

    fn add(&mut self) -> io::Result<()> {
        let core = if self.apart { CORES[self.servers.len() % CORES.len()] } else { CORES[0] };
        let mut starfray = on(core, "starfray")?;
        starfray.args(["--listen", "127.0.0.1:0", "--drones", "0", "--no-data", "--arenas"]);
        starfray.arg(ARENAS.len().to_string()).args(["--arena-size", SIZE]);
        if let Some(redis) = &self.redis {
            starfray.arg("--redis").arg(redis.url());
        }
        let (process, mut lines) = start(&mut starfray)?;
        let address = line(&mut lines)?.trim_start_matches("http://").trim_end_matches('/').to_owned();
        self.servers.push(Server { process, address, _lines: lines });
        Ok(())
    }

    /// Of each server, the arenas that it runs.
    fn arenas(&self) -> io::Result<Vec<Vec<Value>>> {
        let all = |Server { address, .. }: &Server| {
            let arenas = ARENAS.map(|id| arena_at(address, &format!("/api/arena?id={id}")));
            let arenas = arenas.into_iter().collect::<io::Result<Vec<_>>>()?;
            Ok(arenas.into_iter().filter(|arena| arena["here"] == true).collect())
        };
        self.servers.iter().map(all).collect()
    }

    fn is_shared_out(&self) -> io::Result<bool> {
        let each = ARENAS.len() / self.servers.len();
        Ok(self.arenas()?.iter().all(|arenas| arenas.len() == each))
    }

    fn frames(&self) -> io::Result<f64> {
        Ok(self.arenas()?.iter().flatten().map(|arena| number(arena, "frames")).sum())
    }

    /// Processor time of the servers, and of Redis.
    fn busy(&self) -> io::Result<[Duration; 2]> {
        let servers = self.servers.iter().map(|server| busy(server.process.0.id())).sum::<io::Result<_>>()?;
        let redis = self.redis.as_ref().map_or(Ok(Duration::ZERO), |redis| busy(redis.id()))?;
        Ok([servers, redis])
    }

    /// Bots that come to the first server, and go where it sends them.
    fn bots(&self, count: usize, time: Duration) -> io::Result<(Process, BufReader<ChildStdout>)> {
        let mut bots = if self.apart { on(&CORES.join(","), "bots")? } else { on(CORES[1], "bots")? };
        let ms = |time: Duration| format!("{}ms", time.as_millis());
        let first = self.servers.first().map(|server| format!("ws://{}/ws", server.address));
        bots.arg("--url").arg(first.unwrap_or_default()).arg("--count").arg(count.to_string());
        bots.args(["--behaviour", "wander", "--verify", "5", "--report", "json"]);
        bots.arg("--arena").arg(ARENAS.join(",")).arg("--ramp").arg(ms(RAMP));
        // They are measured, by themselves and here, until about the same moment.
        start(bots.arg("--duration").arg(ms(SETTLE + time)))
    }
}
