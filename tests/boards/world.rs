//! Standings to serve: lives that are made by number, put into a folder before a server starts in it.

use e2e::http::{self, Answer};
use e2e::server::Server;
use serde_json::Value;
use shared::name::PlayerName;
use standings::{LifeId, LifeResult, Outcome, PlayerKey, Standings, UnixMs};
use std::path::Path;
use std::sync::{Arc, mpsc};
use tempfile::TempDir;

pub const DAY: u64 = 86_400_000;

pub fn now() -> UnixMs {
    UnixMs::now()
}

pub fn player(number: u32) -> PlayerKey {
    PlayerKey((u128::from(number) + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835))
}

pub fn life(of: u32, score: u32, at: UnixMs) -> LifeResult {
    LifeResult {
        life: LifeId::random(at).unwrap(),
        player: player(of),
        name: PlayerName::clean(&format!("p{of}")).unwrap(),
        score,
        kills: 1,
        duration_ms: 60_000,
        arena: 1,
        at,
    }
}

/// Hands lives in, in their order, and waits until all are recorded.
pub fn record(standings: &Standings, lives: impl IntoIterator<Item = LifeResult>) {
    let (tell, told) = mpsc::channel();
    let mut count = 0;
    for life in lives {
        let tell = tell.clone();
        standings.submit(life, move |outcome| tell.send(outcome).unwrap()).unwrap();
        count += 1;
    }
    for outcome in told.iter().take(count) {
        assert!(matches!(outcome, Outcome::Recorded(_)), "{outcome:?}");
    }
}

/// A folder with these lives; the clock stands still while they are put in.
pub fn folder(lives: impl IntoIterator<Item = LifeResult>) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    record(&open(folder.path()), lives);
    folder
}

pub fn open(folder: &Path) -> Standings {
    Standings::open(folder, Arc::new(UnixMs::now), None).unwrap()
}

/// What proves to be a player of this folder's.
pub fn token(folder: &Path, number: u32) -> String {
    open(folder).signer().sign(player(number)).text()
}

pub async fn start(folder: &Path) -> Server {
    Server::start(&["--drones", "0", "--data-dir", folder.to_str().unwrap()]).await
}

pub async fn ok(server: &Server, path: &str) -> Value {
    let answer = http::get(server.address(), path).await;
    assert_eq!(answer.status, 200, "{path}: {answer:?}");
    answer.json()
}

pub async fn get(server: &Server, path: &str) -> Answer {
    http::get(server.address(), path).await
}

/// The numbers of a page's entries, as (rank, score).
pub fn ranks(page: &Value) -> Vec<(u64, u64)> {
    let entries = page["entries"].as_array().unwrap();
    entries.iter().map(|entry| (entry["rank"].as_u64().unwrap(), entry["score"].as_u64().unwrap())).collect()
}
