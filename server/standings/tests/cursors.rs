//! Pages do not drift: whoever follows a cursor reads one version of the board to its end, whatever is written
//! meanwhile, or is told that it has expired.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod world;

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;
use standings::{Bucket, CursorError, Page, Ranks, ReadError, Standings, UnixMs};
use world::{Hands, NOON, amount, flush, life, open};

const ALL: Bucket = Bucket::ALL_TIME;
const NOW: UnixMs = UnixMs(NOON);

fn fill(standings: &Standings, players: u32) {
    for of in 0..players {
        standings.submit(life(u128::from(of), of, of % 97, NOON), |_| {}).unwrap();
    }
    flush(standings);
}

/// Reads a board from its top to its end; None when the cursor expired on the way.
fn walk(standings: &Standings, rng: &mut Pcg64Mcg, ranks: Ranks) -> Option<Vec<Page>> {
    let limit = rng.random_range(20..400);
    let mut pages = vec![standings.page(ALL, limit, None, ranks, NOW).unwrap()];
    while let Some(next) = pages.last().and_then(|page| page.next.clone()) {
        let limit = rng.random_range(20..400);
        match standings.page(ALL, limit, Some(&next), ranks, NOW) {
            Ok(page) => pages.push(page),
            Err(ReadError::Cursor(CursorError::Expired)) => return None,
            Err(error) => panic!("{error}"),
        }
    }
    Some(pages)
}

fn is_one_board(pages: &[Page], ranks: Ranks) {
    let entries: Vec<_> = pages.iter().flat_map(|page| &page.entries).collect();
    assert!(pages.iter().all(|page| (page.version, page.total) == (pages[0].version, pages[0].total)));
    assert_eq!(entries.len() as u64, pages[0].total);
    let players: BTreeSet<_> = entries.iter().map(|entry| entry.player).collect();
    assert_eq!(players.len(), entries.len(), "nobody twice");
    assert!(entries.is_sorted_by_key(|entry| (std::cmp::Reverse(entry.score), entry.at)));
    for (at, entry) in entries.iter().enumerate() {
        let above = entries.partition_point(|other| other.score > entry.score);
        let before = if ranks == Ranks::Standard { at } else { above };
        assert_eq!(entry.rank, before as u64 + 1);
    }
}

#[test]
fn pages_do_not_drift_while_others_write() {
    let folder = tempfile::tempdir().unwrap();
    let standings = open(folder.path(), &Hands::at(NOON));
    fill(&standings, 2_000);
    let done = AtomicBool::new(false);
    let commits = amount("CURSOR_COMMITS", 4, 60) as u64;
    let walks = amount("CURSOR_WALKS", 20, 400);
    let whole: usize = std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut rng = Pcg64Mcg::seed_from_u64(1);
            for id in 1_000_000u128.. {
                if done.load(Ordering::Relaxed) {
                    break;
                }
                let of = rng.random_range(0..3_000);
                let life = life(id, of, rng.random_range(0..200), NOON + rng.random_range(0..1_000));
                // A full queue is waited for, not overrun.
                if standings.submit(life, |_| {}).is_err() || id % 50 == 0 {
                    std::thread::sleep(Duration::from_millis(1));
                }
            }
        });
        let readers: Vec<_> = (2..5)
            .map(|seed| {
                let standings = &standings;
                scope.spawn(move || {
                    let mut rng = Pcg64Mcg::seed_from_u64(seed);
                    let enough = |n| n >= walks && standings.health().commits >= commits + 2;
                    let walked = (0..).take_while(|n| !enough(*n)).filter(|n| {
                        let ranks = if n % 2 == 0 { Ranks::Standard } else { Ranks::Competition };
                        walk(standings, &mut rng, ranks).is_some_and(|pages| {
                            is_one_board(&pages, ranks);
                            true
                        })
                    });
                    walked.count()
                })
            })
            .collect();
        let whole = readers.into_iter().map(|reader| reader.join().unwrap()).sum();
        done.store(true, Ordering::Relaxed);
        whole
    });
    let commits = standings.health().commits;
    println!("{whole} walks came to the end, during {commits} commits");
    assert!(whole * 2 > walks * 3 && commits > 4);
}

#[test]
fn the_page_before_the_next_is_the_same_page_again() {
    let folder = tempfile::tempdir().unwrap();
    let standings = open(folder.path(), &Hands::at(NOON));
    fill(&standings, 500);
    let read = |cursor: Option<&str>| standings.page(ALL, 50, cursor, Ranks::Standard, NOW).unwrap();
    let first = read(None);
    fill_more(&standings);
    let second = read(first.next.as_deref());
    assert_eq!(second.entries[0].rank, 51);
    assert_eq!(read(second.prev.as_deref()), first);
    assert_ne!(read(None), first);
}

fn fill_more(standings: &Standings) {
    for of in 0..100 {
        standings.submit(life(5_000 + u128::from(of), of, 1_000, NOON), |_| {}).unwrap();
    }
    flush(standings);
}

#[test]
fn a_cursor_expires_two_minutes_after_its_last_use_or_when_too_much_has_changed() {
    let folder = tempfile::tempdir().unwrap();
    let standings = open(folder.path(), &Hands::at(NOON));
    fill(&standings, 300);
    let read =
        |cursor: &str, at: u64| standings.page(ALL, 10, Some(cursor), Ranks::Standard, UnixMs(NOON + at));
    let first = standings.page(ALL, 10, None, Ranks::Standard, NOW).unwrap().next.unwrap();
    fill_more(&standings);
    assert!(read(&first, 119_000).is_ok());
    assert!(read(&first, 238_000).is_ok());
    assert_eq!(read(&first, 500_000), Err(ReadError::Cursor(CursorError::Expired)));
    // A clock that jumped back ends nothing early.
    let next = standings.page(ALL, 10, None, Ranks::Standard, NOW).unwrap().next.unwrap();
    assert!(standings.page(ALL, 10, Some(&next), Ranks::Standard, UnixMs(0)).is_ok());
    for round in 1..40u32 {
        for of in 0..300 {
            let id = u128::from(round * 1_000 + of) << 32;
            standings.submit(life(id, of, 2_000 + round, NOON), |_| {}).unwrap();
        }
        flush(&standings);
    }
    assert_eq!(read(&next, 0), Err(ReadError::Cursor(CursorError::Expired)));
}

#[test]
fn a_cursor_serves_its_own_board_and_ranks_alone() {
    let folder = tempfile::tempdir().unwrap();
    let standings = open(folder.path(), &Hands::at(NOON));
    fill(&standings, 100);
    let cursor = standings.page(ALL, 10, None, Ranks::Standard, NOW).unwrap().next.unwrap();
    let other = Err(ReadError::Cursor(CursorError::OtherBoard));
    assert_eq!(standings.page(world::bucket("2026-W47"), 10, Some(&cursor), Ranks::Standard, NOW), other);
    assert_eq!(standings.page(world::bucket("1999-12-31"), 10, Some(&cursor), Ranks::Standard, NOW), other);
    assert_eq!(standings.page(ALL, 10, Some(&cursor), Ranks::Competition, NOW), other);
}

#[test]
fn no_text_is_a_cursor_that_was_not_handed_out() {
    let folder = tempfile::tempdir().unwrap();
    let standings = open(folder.path(), &Hands::at(NOON));
    fill(&standings, 100);
    let cursor = standings.page(ALL, 10, None, Ranks::Standard, NOW).unwrap().next.unwrap();
    let mut rng = Pcg64Mcg::seed_from_u64(9);
    for _ in 0..amount("CURSOR_TEXTS", 5_000, 200_000) {
        let mut text = cursor.clone().into_bytes();
        for _ in 0..rng.random_range(1..4) {
            let at = rng.random_range(0..text.len());
            text[at] = rng.random_range(b' '..b'~');
        }
        text.truncate(if rng.random_ratio(1, 9) { rng.random_range(0..60) } else { 60 });
        let text = String::from_utf8(text).unwrap();
        if text != cursor {
            let read = standings.page(ALL, 10, Some(&text), Ranks::Standard, NOW);
            assert_eq!(read, Err(ReadError::Cursor(CursorError::Malformed)), "{text}");
        }
    }
}
