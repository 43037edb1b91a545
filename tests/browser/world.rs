//! Standings for a server to begin with: lives that are made by number.

use shared::name::PlayerName;
use standings::{LifeId, LifeResult, Outcome, PlayerKey, Standings, UnixMs};
use std::path::Path;
use std::sync::{Arc, mpsc};
use tempfile::TempDir;

pub const DAY_MS: u64 = 86_400_000;

/// Who has this number: `p7` has fewer points than `p6`.
fn player(number: u32) -> PlayerKey {
    PlayerKey((u128::from(number) + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835))
}

/// A folder in which players 1 to `count` have each a life that ended `ago_ms` ago, all of another score.
pub fn folder(count: u32, ago_ms: u64) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    add(folder.path(), count, ago_ms);
    folder
}

/// Adds such lives.
pub fn add(folder: &Path, count: u32, ago_ms: u64) {
    let at = UnixMs(UnixMs::now().0 - ago_ms);
    submit(folder, at, (1..=count).map(|number| life(number, at)).collect());
}

/// Adds so many lives of one player, each worth a point.
pub fn add_lives_of(folder: &Path, number: u32, count: u32) {
    let at = UnixMs::now();
    submit(folder, at, (0..count).map(|_| LifeResult { score: 1, ..life(number, at) }).collect());
}

fn submit(folder: &Path, at: UnixMs, lives: Vec<LifeResult>) {
    let standings = open(folder, at);
    for some in lives.chunks(1000) {
        let (tell, told) = mpsc::channel();
        for life in some {
            let tell = tell.clone();
            standings.submit(life.clone(), move |outcome| tell.send(outcome).unwrap()).unwrap();
        }
        drop(tell);
        assert!(told.iter().all(|outcome| matches!(outcome, Outcome::Recorded(_))));
    }
}

fn life(number: u32, at: UnixMs) -> LifeResult {
    LifeResult {
        life: LifeId::random(at).unwrap(),
        player: player(number),
        name: PlayerName::clean(&format!("p{number}")).unwrap(),
        score: 1_000_000 - number,
        kills: 1,
        duration_ms: 60_000,
        arena: 1,
        at,
    }
}

/// A script that makes the browser the one of the player with this number.
pub fn being(folder: &Path, number: u32) -> String {
    let identity = open(folder, UnixMs::now()).signer().sign(player(number)).text();
    format!("if (location.protocol === 'http:') localStorage.setItem('starfray.identity', '{identity}');")
}

fn open(folder: &Path, now: UnixMs) -> Standings {
    Standings::open(folder, Arc::new(move || now), None).unwrap()
}
