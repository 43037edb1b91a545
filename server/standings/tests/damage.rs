//! A store that was cut or overwritten somewhere, and a disk that is full or can't be written: a clear error, or all is
//! as it was; never a panic. `DAMAGES` sets how many cases.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod world;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc;

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;
use standings::{Bucket, OpenError, Outcome, Ranks, Standings, StoreError, UnixMs};
use world::{DAY, Hands, NOON, amount, flush, life, open, record, wait_until};

const FILES: [&str; 2] = ["standings.db", "standings.db-wal"];

fn copy(from: &Path, to: &Path) {
    for name in FILES {
        if from.join(name).exists() {
            std::fs::copy(from.join(name), to.join(name)).unwrap();
        }
    }
}

/// A store with a past day, and another as it lies there while the server runs, with much in the write-ahead log.
fn stores(folder: &Path) -> [PathBuf; 2] {
    let (closed, running) = (folder.join("closed"), folder.join("running"));
    std::fs::create_dir_all(&running).unwrap();
    let hands = Hands::at(NOON);
    for part in 0..2u32 {
        let standings = open(&closed, &hands);
        for of in 0..400 {
            let id = u128::from(part * 1_000 + of);
            standings.submit(life(id, of, of * 13 % 170, NOON + u64::from(part) * DAY), |_| {}).unwrap();
        }
        flush(&standings);
        hands.set(NOON + DAY);
        wait_until("the day is closed", || standings.boards().iter().any(|board| board.closed));
        if part == 1 {
            copy(&closed, &running);
        }
    }
    [closed, running]
}

fn lines(folder: &Path) -> Result<BTreeSet<String>, String> {
    let mut text = Vec::new();
    standings::export(folder, &mut text).map_err(|error| error.to_string())?;
    Ok(String::from_utf8(text).unwrap().lines().map(str::to_owned).collect())
}

fn harm(file: &Path, rng: &mut Pcg64Mcg) -> String {
    let mut bytes = std::fs::read(file).unwrap();
    let at = rng.random_range(0..bytes.len());
    let what = match rng.random_range(0..5u8) {
        0 => {
            bytes.truncate(at);
            "cut"
        }
        1 => {
            bytes[at] ^= 1 << rng.random_range(0..8);
            "flipped a bit"
        }
        2 => {
            let end = (at + rng.random_range(1..5_000)).min(bytes.len());
            bytes[at..end].fill(0);
            "zeroed"
        }
        3 => {
            let end = (at + rng.random_range(1..300)).min(bytes.len());
            bytes[at..end].iter_mut().for_each(|byte| *byte = rng.random());
            "overwrote"
        }
        4.. => {
            // In the header, which decides how the rest is read.
            let at = rng.random_range(0..100.min(bytes.len()));
            bytes[at] = rng.random();
            "changed the header"
        }
    };
    std::fs::write(file, bytes).unwrap();
    format!("{what} at {at} of {}", file.display())
}

#[test]
fn a_damaged_store_opens_with_a_clear_error_or_is_consistent() {
    let folder = tempfile::tempdir().unwrap();
    let stores = stores(folder.path());
    let whole = stores.each_ref().map(|store| lines(store).unwrap());
    assert!(whole.iter().all(|lines| lines.len() > 1_200));
    let mut rng = Pcg64Mcg::seed_from_u64(3);
    let (mut refused, mut opened) = (0, 0);
    for case in 0..amount("DAMAGES", 60, 1_000) {
        let broken = tempfile::tempdir().unwrap();
        let which = case % 2;
        copy(&stores[which], broken.path());
        let file = broken.path().join(FILES[usize::from(which == 1 && rng.random_ratio(2, 3))]);
        let what = harm(&file, &mut rng);
        match Standings::open(broken.path(), Hands::at(NOON + DAY).clock(), None) {
            Err(error) => {
                refused += 1;
                let text = error.to_string();
                assert!(text.contains("Move") || text.contains("Start the newer"), "{what}: {text}");
            }
            Ok(standings) => {
                opened += 1;
                for board in standings.boards() {
                    let page = standings.page(board.bucket, 1_000, None, Ranks::Standard, UnixMs(NOON));
                    let page = page.unwrap_or_else(|error| panic!("{what}: {error}"));
                    assert_eq!(page.entries.len() as u64, board.total, "{what}");
                }
                drop(standings);
                standings::check(broken.path()).unwrap_or_else(|error| panic!("{what}: {error}"));
                let found = lines(broken.path()).unwrap();
                // Of a log that is cut, the commits before the cut are left.
                let strange: Vec<_> = found.iter().filter(|line| !known(&whole[which], line)).collect();
                assert!(strange.is_empty(), "{what}: {:?}", &strange[..strange.len().min(3)]);
            }
        }
    }
    println!("{refused} refused, {opened} opened as consistent as they were");
    assert!(refused > 10 && opened > 10);
}

/// Whether this line was written: what stands for a bucket or an entry may also have been frozen anew, from the lives.
fn known(whole: &BTreeSet<String>, line: &str) -> bool {
    whole.contains(line) || line.contains("\"kind\":\"entry\"") || line.contains("\"kind\":\"bucket\"")
}

#[test]
fn what_is_no_store_is_refused_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let open = |at: &Path| Standings::open(at, Hands::at(NOON).clock(), None).unwrap_err();
    let file = folder.path().join("standings.db");
    std::fs::write(&file, "this is a letter to my aunt, and long enough for a page".repeat(100)).unwrap();
    let error = open(folder.path());
    assert!(matches!(error, OpenError::Store { error: StoreError::Damaged(_), .. }), "{error:?}");
    // A folder that is a file.
    let error = open(&file);
    assert!(matches!(error, OpenError::Folder { .. }) && error.to_string().contains("--data-dir"), "{error}");
}

/// A small file system of its own; None where that is not allowed.
struct Mount(PathBuf);

impl Mount {
    fn new(at: &Path) -> Option<Self> {
        let mount = Self(at.to_owned());
        mount.run("mount", &["-t", "tmpfs", "-o", "size=1m", "tmpfs"]).then_some(mount)
    }

    fn run(&self, program: &str, arguments: &[&str]) -> bool {
        Command::new(program).args(arguments).arg(&self.0).status().is_ok_and(|status| status.success())
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        self.run("umount", &["-l"]);
    }
}

#[test]
fn on_a_disk_that_is_full_play_goes_on_and_results_are_written_when_there_is_room() {
    let folder = tempfile::tempdir().unwrap();
    // Where no file system may be mounted, the tests beside the source make SQLite refuse in the same way.
    let Some(mount) = Mount::new(folder.path()) else { return println!("not allowed to mount: not tested") };
    let standings = open(&mount.0, &Hands::at(NOON));
    record(&standings, life(0, 0, 0, NOON));
    let ballast = mount.0.join("ballast");
    let _ = std::fs::write(&ballast, vec![1; 2 << 20]);
    let (tell, told) = mpsc::channel();
    for id in 1..500 {
        let tell = tell.clone();
        standings.submit(life(id.into(), id, id, NOON), move |outcome| tell.send(outcome).unwrap()).unwrap();
    }
    wait_until("the disk is full", || standings.health().failing.is_some());
    assert!(standings.health().failing.unwrap().contains("make room"));
    assert!(standings.health().waiting > 0);
    std::fs::remove_file(&ballast).unwrap();
    for _ in 1..500 {
        assert!(matches!(
            told.recv_timeout(std::time::Duration::from_secs(60)).unwrap(),
            Outcome::Recorded(_)
        ));
    }
    wait_until("it is well", || standings.health().is_well());
    assert_eq!(standings.board(Bucket::ALL_TIME).total, 500);
    drop(standings);
    standings::check(&mount.0).unwrap();
}

#[test]
fn a_folder_that_can_not_be_written_is_refused_with_what_to_do_and_play_goes_on_in_memory() {
    let folder = tempfile::tempdir().unwrap();
    let Some(mount) = Mount::new(folder.path()) else { return println!("not allowed to mount: not tested") };
    drop(open(&mount.0, &Hands::at(NOON)));
    assert!(mount.run("mount", &["-o", "remount,ro"]));
    let error = Standings::open(&mount.0, Hands::at(NOON).clock(), None).unwrap_err();
    assert!(error.to_string().contains("right to write"), "{error}");
    let standings = Standings::in_memory(&error.to_string(), Hands::at(NOON).clock(), None).unwrap();
    record(&standings, life(1, 1, 1, NOON));
    assert!(!standings.health().is_well());
}
