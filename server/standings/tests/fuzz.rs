//! Texts of strangers that reach the standings: cursors, players' tokens, and lines to import, each right at first and
//! then changed at random. For `FUZZ_SECONDS` each, from a seed that is printed; never a panic, and nothing half done.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod world;

use std::time::{Duration, Instant};

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;
use standings::{Bucket, Identity, Period, PlayerKey, Ranks, Signer};
use world::{Hands, NOON, flush, life, open};

/// Does `deed` with dice again and again.
fn for_a_while(mut deed: impl FnMut(&mut Pcg64Mcg)) {
    let seconds = std::env::var("FUZZ_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(1);
    let seed = std::env::var("FUZZ_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(20_261_121);
    let (begun, mut dice, mut times) = (Instant::now(), Pcg64Mcg::seed_from_u64(seed), 0_u64);
    while begun.elapsed() < Duration::from_secs(seconds) {
        deed(&mut dice);
        times += 1;
    }
    println!("{times} times, seed {seed}");
}

/// Changes a few bytes: another, one more, one less, a part twice.
fn change(bytes: &mut Vec<u8>, dice: &mut Pcg64Mcg) {
    for _ in 0..dice.random_range(1..6) {
        let at = dice.random_range(0..=bytes.len().saturating_sub(1));
        match dice.random_range(0..5_u8) {
            0 if !bytes.is_empty() => bytes[at] = dice.random(),
            1 if !bytes.is_empty() => bytes[at] ^= 1 << dice.random_range(0..8),
            2 if !bytes.is_empty() => drop(bytes.remove(at)),
            3 => bytes
                .insert(at, *b"\"{}[]:,\\09eE-\0\xff".get(dice.random_range(0..16_usize)).unwrap_or(&b' ')),
            _ => {
                let end = dice.random_range(at..=bytes.len());
                let part = bytes[at..end].to_vec();
                bytes.splice(at..at, part.into_iter().take(200));
            }
        }
    }
}

#[test]
fn fuzz_no_cursor_but_ours_is_followed() {
    let folder = tempfile::tempdir().unwrap();
    let hands = Hands::at(NOON);
    let standings = open(folder.path(), &hands);
    (0..50).for_each(|of| standings.submit(life(of.into(), of, of, NOON), |_| {}).unwrap());
    flush(&standings);
    let day: Bucket = standings.current(Period::Day, hands.now());
    let page = |cursor: &str| standings.page(day, 5, Some(cursor), Ranks::Standard, hands.now());
    let first = standings.page(day, 5, None, Ranks::Standard, hands.now()).unwrap();
    let ours = first.next.unwrap();
    assert!(page(&ours).is_ok());
    for_a_while(|dice| {
        let mut bytes = ours.clone().into_bytes();
        change(&mut bytes, dice);
        let text = String::from_utf8_lossy(&bytes);
        assert!(page(&text).is_err() || text == ours, "{text}");
    });
}

#[test]
fn fuzz_no_token_but_ours_is_a_player() {
    let signer = Signer::random().unwrap();
    let ours = signer.sign(PlayerKey(7)).text();
    for_a_while(|dice| {
        let mut bytes = ours.clone().into_bytes();
        change(&mut bytes, dice);
        let text = String::from_utf8_lossy(&bytes);
        assert!(signer.verify(&text).is_none() || text == ours, "{text}");
        if let Ok(identity) = text.parse::<Identity>() {
            assert_eq!(identity.text(), text);
        }
    });
}

#[test]
fn fuzz_lines_that_are_not_an_export_change_nothing() {
    let source = tempfile::tempdir().unwrap();
    let standings = open(source.path(), &Hands::at(NOON));
    (0..20).for_each(|of| standings.submit(life(of.into(), of, of, NOON), |_| {}).unwrap());
    flush(&standings);
    drop(standings);
    let mut right = Vec::new();
    standings::export(source.path(), &mut right).unwrap();
    let empty = tempfile::tempdir().unwrap();
    let exported = |folder: &std::path::Path| {
        let mut text = Vec::new();
        standings::export(folder, &mut text).map(|_| text)
    };
    drop(open(empty.path(), &Hands::at(NOON)));
    let before = exported(empty.path()).unwrap();
    for_a_while(|dice| {
        let mut bytes = right.clone();
        change(&mut bytes, dice);
        if standings::import(empty.path(), &mut bytes.as_slice()).is_err() {
            assert_eq!(exported(empty.path()).unwrap(), before, "all or nothing");
        } else {
            // It was still an export. Begin anew.
            std::fs::read_dir(empty.path())
                .unwrap()
                .for_each(|file| std::fs::remove_file(file.unwrap().path()).unwrap());
            drop(open(empty.path(), &Hands::at(NOON)));
        }
    });
}
