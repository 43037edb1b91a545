//! Three servers of one game, each with a folder that outlives it, and what they say of themselves.

use e2e::http;
use e2e::port;
use e2e::redis::Redis;
use e2e::server::Server;
use rustix::process::Signal;
use serde_json::Value;
use std::collections::BTreeMap;
use tempfile::TempDir;

/// All of it. Dropped, everything is killed.
pub struct Game {
    pub redis: Redis,
    /// The servers' way to it.
    url: String,
    /// Options of every server beside those that make them one game.
    options: &'static [&'static str],
    folders: [TempDir; 3],
    pub servers: [Option<Server>; 3],
    pub addresses: [String; 3],
}

const ARENAS: &str = "3";

/// All players come from one address.
const CROWD: [&str; 4] = ["--max-per-address", "2000", "--handshakes-per-address", "2000"];

/// Room for hundreds, who meet nobody else.
pub const ROOMY: &[&str] = &["--drones", "0", "--arena-size", "8192"];

/// So narrow, and so full of drones, that lives are short.
pub const DEADLY: &[&str] = &["--drones", "12", "--arena-size", "1024"];

impl Game {
    pub async fn start(options: &'static [&'static str]) -> Self {
        let redis = Redis::start().await;
        let url = redis.url();
        Self::over(redis, url, options).await
    }

    pub async fn over(redis: Redis, url: String, options: &'static [&'static str]) -> Self {
        let folders = std::array::from_fn(|_| tempfile::tempdir().unwrap());
        let (servers, addresses) = ([None, None, None], Default::default());
        let mut game = Self { redis, url, options, folders, servers, addresses };
        for index in 0..3 {
            game.begin(index, &port::free().to_string()).await;
        }
        game
    }

    async fn begin(&mut self, index: usize, address: &str) {
        let (redis, folder) = (self.url.clone(), self.folders[index].path().to_str().unwrap());
        let args = ["--redis", &redis, "--arenas", ARENAS, "--data-dir", folder];
        let server = Server::listen(address, &[&args[..], &CROWD[..], self.options].concat()).await;
        self.addresses[index] = server.address().to_owned();
        self.servers[index] = Some(server);
    }

    pub async fn begin_again(&mut self, index: usize) {
        let address = self.addresses[index].clone();
        self.begin(index, &address).await;
    }

    /// Ends one at once.
    pub async fn kill(&mut self, index: usize) {
        let mut server = self.servers[index].take().unwrap();
        server.signal(Signal::KILL);
        server.ended().await;
    }

    /// Ends one as an operator would.
    pub async fn drain(&mut self, index: usize) {
        self.servers[index].take().unwrap().stop().await;
    }

    /// Who has which arena, under which epoch, as Redis has it.
    pub async fn holders(&self) -> BTreeMap<String, (String, u64)> {
        let held = self.redis.ask::<BTreeMap<String, String>>(&["HGETALL", "starfray:arenas"]).await;
        let read = |held: String| {
            let held: Value = serde_json::from_str(&held).unwrap();
            (held["node"].as_str().unwrap().to_owned(), held["epoch"].as_u64().unwrap())
        };
        held.unwrap_or_default().into_iter().map(|(arena, held)| (arena, read(held))).collect()
    }

    /// Which servers have arenas, as Redis has it: how many each.
    pub async fn spread(&self) -> Vec<usize> {
        let mut counts = BTreeMap::new();
        for (node, _) in self.holders().await.into_values() {
            *counts.entry(node).or_insert(0_usize) += 1;
        }
        counts.into_values().collect()
    }

    /// Waits until each server runs one arena.
    pub async fn is_spread(&self) {
        let spread = async || (self.spread().await == [1, 1, 1]).then_some(());
        e2e::patience::until("each server has an arena", e2e::patience::LATER, spread).await;
    }

    /// Where the servers are that run.
    pub fn running(&self) -> impl Iterator<Item = &str> {
        self.servers.iter().flatten().map(Server::address)
    }

    /// Ticks that took too long since the arenas began where they are.
    pub async fn overruns(&self) -> u64 {
        let mut sum = 0;
        for server in self.servers.iter().flatten() {
            for arena in ["1", "2", "3"] {
                sum += server.arena_called(arena).await.overruns;
            }
        }
        sum
    }

    /// Do all servers say that Redis does what it is asked?
    pub async fn is_well(&self) -> bool {
        for address in self.running() {
            if http::get(address, "/healthz").await.body.contains("Redis") {
                return false;
            }
        }
        true
    }

    pub async fn stop(self) {
        for server in self.servers.into_iter().flatten() {
            server.stop().await;
        }
    }
}
