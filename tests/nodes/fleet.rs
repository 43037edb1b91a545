//! A crowd behind a real balancer, while servers are killed, drained and started again one by one, and while Redis is away:
//! nobody is lost, and no view is wrong. What it took is printed.

use e2e::balancer::Balancer;
use e2e::link::{Conditions, Link};
use e2e::patience::{LATER, until};
use e2e::process::binary;
use e2e::redis::Redis;
use e2e::server::Server;
use rustix::process::Signal;
use serde_json::Value;
use std::process::Stdio;
use std::time::Duration;
use tempfile::TempDir;
use tokio::process::{Child, Command};

/// Three servers of one game, each with a folder that outlives it.
struct Game {
    redis: Redis,
    /// The servers' way to it.
    url: String,
    folders: [TempDir; 3],
    servers: [Option<Server>; 3],
    addresses: [String; 3],
}

const ARENAS: &str = "3";

impl Game {
    async fn start() -> Self {
        let redis = Redis::start().await;
        let url = redis.url();
        Self::over(redis, url).await
    }

    async fn over(redis: Redis, url: String) -> Self {
        let folders = std::array::from_fn(|_| tempfile::tempdir().unwrap());
        let mut game =
            Self { redis, url, folders, servers: [None, None, None], addresses: Default::default() };
        for index in 0..3 {
            game.begin(index, "127.0.0.1:0").await;
        }
        game
    }

    async fn begin(&mut self, index: usize, address: &str) {
        let (redis, folder) = (self.url.clone(), self.folders[index].path().to_str().unwrap());
        let args = ["--drones", "0", "--redis", &redis, "--arenas", ARENAS, "--data-dir", folder];
        // All come from one address.
        let crowd = ["--arena-size", "8192", "--max-per-address", "2000", "--handshakes-per-address", "2000"];
        let server = Server::listen(address, &[&args[..], &crowd[..]].concat()).await;
        self.addresses[index] = server.address().to_owned();
        self.servers[index] = Some(server);
    }

    async fn begin_again(&mut self, index: usize) {
        let address = self.addresses[index].clone();
        self.begin(index, &address).await;
    }

    /// Ends one at once.
    async fn kill(&mut self, index: usize) {
        let mut server = self.servers[index].take().unwrap();
        server.signal(Signal::KILL);
        server.ended().await;
    }

    /// Ends one as an operator would.
    async fn drain(&mut self, index: usize) {
        self.servers[index].take().unwrap().stop().await;
    }

    /// Which servers have arenas, as Redis has it: how many each.
    async fn spread(&self) -> Vec<usize> {
        let held = self.redis.ask::<Vec<String>>(&["HVALS", "starfray:arenas"]).await.unwrap_or_default();
        let mut counts = std::collections::BTreeMap::new();
        for held in held {
            let held: Value = serde_json::from_str(&held).unwrap();
            *counts.entry(held["node"].as_str().unwrap().to_owned()).or_insert(0_usize) += 1;
        }
        counts.into_values().collect()
    }

    async fn stop(self) {
        for server in self.servers.into_iter().flatten() {
            server.stop().await;
        }
    }
}

/// Bots that come back when they are lost, for so long; their report is awaited by [`report`].
fn fleet(balancer: &Balancer, count: u32, duration: &str) -> Child {
    let mut bots = Command::new(binary("bots"));
    bots.args([
        "--url",
        &balancer.ws(),
        "--count",
        &count.to_string(),
        "--duration",
        duration,
        "--ramp",
        "4s",
    ]);
    bots.args(["--persist", "--behaviour", "wander", "--arena", "1,2,3", "--report", "json"]);
    bots.stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true).spawn().unwrap()
}

async fn report(fleet: Child) -> Value {
    let output = tokio::time::timeout(LATER, fleet.wait_with_output()).await.expect("the bots end").unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

async fn pause(seconds: u64) {
    tokio::time::sleep(Duration::from_secs(seconds)).await;
}

fn tell(what: &str, report: &Value) {
    let of = |key: &str| &report[key];
    println!(
        "{what}: {} bots, {} joined, {} lost, {} came back ({}), {} too late, {} mismatches",
        of("bots"),
        of("joined"),
        of("disconnects"),
        of("returned"),
        of("return_ms"),
        of("anew"),
        of("checksum_mismatches"),
    );
}

#[tokio::test]
async fn three_hundred_play_on_while_a_server_is_killed_and_all_are_started_anew_one_by_one() {
    let mut game = Game::start().await;
    until("each server has an arena", LATER, async || (game.spread().await == [1, 1, 1]).then_some(())).await;
    let balancer = Balancer::start(game.addresses.each_ref().map(String::as_str)).await;
    let bots = fleet(&balancer, 300, "26s");
    pause(8).await;
    game.kill(0).await;
    pause(6).await;
    game.begin_again(0).await;
    let two = async || game.spread().await.iter().all(|count| *count == 1).then_some(());
    until("the server that is back has an arena again", LATER, two).await;
    for index in 1..3 {
        game.drain(index).await;
        game.begin_again(index).await;
        pause(2).await;
    }
    let report = report(bots).await;
    tell("one killed, two drained", &report);
    assert_eq!((&report["joined"], &report["disconnects"]), (&300.into(), &0.into()), "{report}");
    assert_eq!((&report["anew"], &report["checksum_mismatches"]), (&0.into(), &0.into()), "{report}");
    assert!(report["returned"].as_u64().unwrap() >= 200, "{report}");
    game.stop().await;
}

#[tokio::test]
async fn play_goes_on_while_redis_is_gone_and_what_was_lived_meanwhile_reaches_all_once() {
    let mut game = Game::start().await;
    until("each server has an arena", LATER, async || (game.spread().await == [1, 1, 1]).then_some(())).await;
    let balancer = Balancer::start(game.addresses.each_ref().map(String::as_str)).await;
    let bots = fleet(&balancer, 60, "16s");
    pause(6).await;
    game.redis.hang();
    pause(5).await;
    game.redis.kill();
    pause(3).await;
    game.redis.begin().await;
    let report = report(bots).await;
    tell("Redis gone for 8 s", &report);
    assert_eq!((&report["joined"], &report["disconnects"]), (&60.into(), &0.into()), "{report}");
    assert_eq!((&report["returned"], &report["anew"]), (&0.into(), &0.into()), "nobody noticed: {report}");
    assert!(report["frame_gap_ms"]["max"].as_f64().unwrap() < 2500.0, "no arena stood still: {report}");
    let total = async |index: usize| {
        let server = game.servers[index].as_ref().unwrap();
        let board = e2e::http::get(server.address(), "/api/boards/all").await.json();
        board["total"].as_u64().unwrap()
    };
    // Their lives end with their sessions, after the usual time.
    let all = async || {
        let totals = [total(0).await, total(1).await, total(2).await];
        (totals[0] > 0 && totals == [totals[0]; 3]).then_some(totals[0])
    };
    let recorded = until("all servers have the same lives", LATER, all).await;
    println!("players on every board: {recorded}");
    game.stop().await;
}

#[tokio::test]
async fn a_redis_that_takes_two_seconds_to_answer_is_waited_for_by_nobody_who_plays() {
    let redis = Redis::start().await;
    let slow = Conditions { delay: Duration::from_secs(1), ..Conditions::default() };
    let link = Link::to(&redis.address(), slow).await;
    let game = Game::over(redis, format!("redis://{}", link.address())).await;
    until("all arenas are run", LATER, async || {
        (game.spread().await.iter().sum::<usize>() == 3).then_some(())
    })
    .await;
    let balancer = Balancer::start(game.addresses.each_ref().map(String::as_str)).await;
    // Those who come before an arena has begun come again.
    let report = report(fleet(&balancer, 60, "12s")).await;
    tell("Redis slow by 2 s", &report);
    assert_eq!((&report["joined"], &report["disconnects"]), (&60.into(), &0.into()), "{report}");
    assert_eq!((&report["anew"], &report["checksum_mismatches"]), (&0.into(), &0.into()), "{report}");
    assert!(report["frame_gap_ms"]["p99"].as_f64().unwrap() < 1000.0, "no arena stood still: {report}");
    game.stop().await;
}
