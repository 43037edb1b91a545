//! A disk that refuses: what waits is kept, told of only when it is written, and bounded.

use std::path::Path;
use std::sync::atomic::Ordering;
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use shared::name::PlayerName;

use crate::{Bucket, LifeId, LifeResult, Outcome, PlayerKey, Standings, UnixMs, check};

fn open(folder: &Path) -> Standings {
    Standings::open(folder, Arc::new(|| UnixMs(1_795_262_400_000)), None).unwrap()
}

fn life(id: u32, name: &str) -> LifeResult {
    let (life, player) = (LifeId(id.into()), PlayerKey(u128::from(id) + 1));
    let name = PlayerName::clean(name).unwrap();
    LifeResult {
        life,
        player,
        name,
        score: id,
        kills: 0,
        duration_ms: 1,
        arena: 1,
        at: UnixMs(1_795_262_400_000),
    }
}

fn wait_until(what: &str, holds: impl Fn() -> bool) {
    let begin = Instant::now();
    while !holds() {
        assert!(begin.elapsed() < Duration::from_secs(60), "waited a minute until {what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Hands in lives until the disk refuses, then a hundred more; heals it; all are told of, and are there.
fn survives(refuse: impl Fn(&Standings), heal: impl Fn(&Standings), says: &str) {
    let folder = tempfile::tempdir().unwrap();
    let standings = open(folder.path());
    let (tell, told) = mpsc::channel();
    let hand_in = |id| {
        let tell = tell.clone();
        standings.submit(life(id, "Ada"), move |outcome| tell.send((id, outcome)).unwrap()).unwrap();
    };
    hand_in(0);
    assert!(matches!(told.recv().unwrap(), (0, Outcome::Recorded(_))));
    refuse(&standings);
    // Enough to need new pages.
    (1..3_000).for_each(hand_in);
    wait_until("the disk refuses", || standings.health().failing.is_some());
    let health = standings.health();
    assert!(health.failing.as_ref().is_some_and(|text| text.contains(says)), "{health:?}");
    assert!(!health.is_well());
    let before = told.try_iter().count();
    let total = standings.board(Bucket::ALL_TIME).total;
    assert_eq!(total, 1 + before as u64, "the boards show what is written and no more");
    heal(&standings);
    for _ in before..2_999 {
        assert!(matches!(told.recv_timeout(Duration::from_secs(60)).unwrap(), (_, Outcome::Recorded(_))));
    }
    wait_until("it is well", || standings.health().is_well());
    assert_eq!(standings.board(Bucket::ALL_TIME).total, 3_000);
    assert_eq!(standings.health().lost, 0);
    drop(standings);
    check(folder.path()).unwrap();
    assert_eq!(open(folder.path()).board(Bucket::ALL_TIME).total, 3_000);
}

#[test]
fn a_full_disk_keeps_results_waiting_until_there_is_room() {
    let limit = |standings: &Standings, pages| standings.faults.pages.store(pages, Ordering::Relaxed);
    survives(|standings| limit(standings, 1), |standings| limit(standings, 0), "disk is full");
}

#[test]
fn a_store_that_becomes_read_only_keeps_results_waiting_until_it_can_be_written() {
    let set = |standings: &Standings, on| standings.faults.read_only.store(on, Ordering::Relaxed);
    survives(|standings| set(standings, true), |standings| set(standings, false), "can't be written");
}

#[test]
fn more_than_can_wait_is_lost_counted_and_told_so() {
    let folder = tempfile::tempdir().unwrap();
    let standings = open(folder.path());
    standings.faults.read_only.store(true, Ordering::Relaxed);
    let (tell, told) = mpsc::channel();
    let (room, more) = (5_000, 500);
    standings.faults.waiting.store(room, Ordering::Relaxed);
    for id in 0..room + more {
        let tell = tell.clone();
        if id % 1_000 == 0 {
            flush(&standings);
        }
        standings.submit(life(id, "Ada"), move |outcome| tell.send(outcome).unwrap()).unwrap();
    }
    for _ in 0..more {
        assert_eq!(told.recv_timeout(Duration::from_secs(60)).unwrap(), Outcome::Lost);
    }
    let health = standings.health();
    assert_eq!((health.waiting, health.lost), (u64::from(room), u64::from(more)));
    standings.faults.read_only.store(false, Ordering::Relaxed);
    wait_until("all is written", || standings.health().recorded == u64::from(room));
    assert!(!standings.health().is_well(), "what is lost is not forgotten");
}

/// Waits until the writer has taken up what is in the queue.
fn flush(standings: &Standings) {
    let (tell, told) = mpsc::channel();
    standings.flush(move || tell.send(()).unwrap()).unwrap();
    told.recv_timeout(Duration::from_secs(60)).unwrap();
}

#[test]
fn removing_and_renaming_say_so_when_the_disk_refuses() {
    let folder = tempfile::tempdir().unwrap();
    let standings = open(folder.path());
    let (tell, told) = mpsc::channel();
    standings.submit(life(1, "Ada"), move |outcome| tell.send(outcome).unwrap()).unwrap();
    assert!(matches!(told.recv().unwrap(), Outcome::Recorded(_)));
    let remove = || {
        let (tell, told) = mpsc::channel();
        standings.remove(PlayerKey(2), move |done| tell.send(done).unwrap()).unwrap();
        told.recv().unwrap()
    };
    standings.faults.read_only.store(true, Ordering::Relaxed);
    assert!(remove().is_err());
    assert!(standings.name(PlayerKey(2)).is_some());
    standings.faults.read_only.store(false, Ordering::Relaxed);
    assert_eq!(remove(), Ok(true));
    assert_eq!(remove(), Ok(false));
    wait_until("it is well", || standings.health().is_well());
}

#[test]
fn who_has_nothing_but_a_life_that_waits_for_the_disk_is_removed_with_it_and_told_so() {
    let folder = tempfile::tempdir().unwrap();
    let standings = open(folder.path());
    standings.faults.read_only.store(true, Ordering::Relaxed);
    standings.submit(life(1, "Ada"), |_| ()).unwrap();
    flush(&standings);
    let remove = || {
        let (tell, told) = mpsc::channel();
        standings.remove(PlayerKey(2), move |done| tell.send(done).unwrap()).unwrap();
        told.recv().unwrap()
    };
    assert_eq!(remove(), Ok(true));
    standings.faults.read_only.store(false, Ordering::Relaxed);
    wait_until("it is well", || standings.health().is_well());
    assert_eq!((standings.name(PlayerKey(2)), remove()), (None, Ok(false)));
}
