//! A server's worth of standings for tests: a clock that is set by hand, lives that are made by number, and waiting
//! for a condition instead of for a time.
#![allow(dead_code, reason = "each test binary uses its part")]

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use shared::name::PlayerName;
use standings::{Bucket, Clock, LifeId, LifeResult, Outcome, PlayerKey, Recorded, Standings, UnixMs};

/// 2026-11-21 12:00 UTC, a Saturday of week 47.
pub const NOON: u64 = 1_795_262_400_000;
pub const DAY: u64 = 86_400_000;

#[derive(Clone)]
pub struct Hands(Arc<AtomicU64>);

impl Hands {
    pub fn at(ms: u64) -> Self {
        Self(Arc::new(AtomicU64::new(ms)))
    }

    pub fn set(&self, ms: u64) {
        self.0.store(ms, Ordering::SeqCst);
    }

    pub fn now(&self) -> UnixMs {
        UnixMs(self.0.load(Ordering::SeqCst))
    }

    pub fn clock(&self) -> Clock {
        let hands = self.clone();
        Arc::new(move || hands.now())
    }
}

pub fn open(folder: &Path, hands: &Hands) -> Standings {
    Standings::open(folder, hands.clock(), None).unwrap()
}

pub fn player(number: u32) -> PlayerKey {
    // Spread as random ids are, and told apart.
    PlayerKey((u128::from(number) + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835))
}

pub fn life(id: u128, of: u32, score: u32, at: u64) -> LifeResult {
    LifeResult {
        life: LifeId(id),
        player: player(of),
        name: PlayerName::clean(&format!("p{of}")).unwrap(),
        score,
        kills: score / 100,
        duration_ms: 60_000,
        arena: 1,
        at: UnixMs(at),
    }
}

/// Hands a life in and waits until it is told of.
pub fn record(standings: &Standings, life: LifeResult) -> Recorded {
    match outcome(standings, life) {
        Outcome::Recorded(recorded) => recorded,
        Outcome::Lost => panic!("lost"),
    }
}

pub fn outcome(standings: &Standings, life: LifeResult) -> Outcome {
    let (tell, told) = mpsc::channel();
    standings.submit(life, move |outcome| tell.send(outcome).unwrap()).unwrap();
    told.recv_timeout(Duration::from_secs(30)).expect("an answer within 30 s")
}

pub fn flush(standings: &Standings) {
    let (tell, told) = mpsc::channel();
    standings.flush(move || tell.send(()).unwrap()).unwrap();
    told.recv_timeout(Duration::from_secs(60)).expect("an answer within a minute");
}

pub fn wait_until(what: &str, holds: impl Fn() -> bool) {
    let begin = Instant::now();
    while !holds() {
        assert!(begin.elapsed() < Duration::from_secs(60), "waited a minute until {what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

pub fn bucket(text: &str) -> Bucket {
    text.parse().unwrap()
}

/// A number from the environment; in a debug build another default than in a release build.
pub fn amount(name: &str, debug: usize, release: usize) -> usize {
    let default = if cfg!(debug_assertions) { debug } else { release };
    std::env::var(name).map_or(default, |text| text.parse().expect("a number"))
}
