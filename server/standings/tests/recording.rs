//! Lives in, ranks out, and that they are there again after a restart.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod world;

use std::sync::mpsc;

use shared::name::PlayerName;
use standings::{Bucket, CursorError, Keeping, OpenError, Period, Ranks, ReadError, Standings, UnixMs};
use world::{Hands, NOON, bucket, flush, life, open, player, record, wait_until};

const NOW: UnixMs = UnixMs(NOON);

fn ranks(standings: &Standings, bucket: Bucket, ranks: Ranks) -> Vec<(u64, String, u32)> {
    let page = standings.page(bucket, 100, None, ranks, NOW).unwrap();
    page.entries.into_iter().map(|e| (e.rank, e.name.unwrap().to_string(), e.score)).collect()
}

fn entry(rank: u64, name: &str, score: u32) -> (u64, String, u32) {
    (rank, name.to_owned(), score)
}

#[test]
fn a_life_enters_today_this_week_and_all_time_and_its_player_is_told_his_ranks() {
    let folder = tempfile::tempdir().unwrap();
    let standings = open(folder.path(), &Hands::at(NOON));
    record(&standings, life(1, 1, 500, NOON));
    let recorded = record(&standings, life(2, 2, 300, NOON + 1));
    assert!(!recorded.again);
    let told: Vec<_> =
        recorded.ranks.iter().map(|r| (r.standing.bucket.to_string(), r.standing.rank, r.best)).collect();
    assert_eq!(told, [("2026-11-21".into(), 2, true), ("2026-W47".into(), 2, true), ("all".into(), 2, true)]);
    assert!(standings.health().is_well(), "{:?}", standings.health());
    for period in Period::ALL {
        assert_eq!(standings.board(standings.current(period, NOW)).total, 2);
    }
}

#[test]
fn the_best_life_counts_and_the_same_life_counts_once() {
    let folder = tempfile::tempdir().unwrap();
    let standings = open(folder.path(), &Hands::at(NOON));
    assert!(record(&standings, life(1, 1, 500, NOON)).ranks.iter().all(|r| r.best));
    assert!(
        record(&standings, life(2, 1, 400, NOON + 1))
            .ranks
            .iter()
            .all(|r| !r.best && r.standing.score == 500)
    );
    let again = record(&standings, life(1, 1, 900, NOON + 2));
    assert!(again.again && again.ranks.iter().all(|r| r.standing.score == 500));
    assert_eq!(standings.stored(player(1)).unwrap().unwrap().results.len(), 2);
}

#[test]
fn equal_scores_rank_by_who_was_first_and_may_share_a_rank() {
    let folder = tempfile::tempdir().unwrap();
    let standings = open(folder.path(), &Hands::at(NOON));
    for (of, score, at) in [(1, 70, 50), (2, 90, 90), (3, 70, 20), (4, 90, 90), (5, 10, 0)] {
        record(&standings, life(u128::from(of), of, score, NOON + at));
    }
    let standard =
        [entry(1, "p2", 90), entry(2, "p4", 90), entry(3, "p3", 70), entry(4, "p1", 70), entry(5, "p5", 10)];
    assert_eq!(ranks(&standings, Bucket::ALL_TIME, Ranks::Standard), standard);
    let shared: Vec<_> =
        ranks(&standings, Bucket::ALL_TIME, Ranks::Competition).iter().map(|e| e.0).collect();
    assert_eq!(shared, [1, 1, 3, 3, 5]);
    let standing = standings.standing(Bucket::ALL_TIME, player(1), Ranks::Competition).unwrap().unwrap();
    assert_eq!((standing.rank, standing.total), (3, 5));
    assert!((standing.percentile - 25.0).abs() < 1e-9);
}

#[test]
fn everything_is_there_again_after_a_restart_with_a_later_version_and_the_same_secret() {
    let folder = tempfile::tempdir().unwrap();
    let hands = Hands::at(NOON);
    let (before, version, token);
    {
        let standings = open(folder.path(), &hands);
        for of in 0..300 {
            record_later(&standings, of);
        }
        flush(&standings);
        before = ranks(&standings, Bucket::ALL_TIME, Ranks::Standard);
        version = standings.board(Bucket::ALL_TIME).version;
        token = standings.signer().sign(player(3)).text();
    }
    let standings = open(folder.path(), &hands);
    assert_eq!(ranks(&standings, Bucket::ALL_TIME, Ranks::Standard), before);
    assert!(standings.board(Bucket::ALL_TIME).version > version);
    assert_eq!(standings.signer().verify(&token), Some(player(3)));
    drop(standings);
    standings::check(folder.path()).unwrap();
}

fn record_later(standings: &Standings, of: u32) {
    standings.submit(life(u128::from(of), of, of * 7 % 100, NOON), |_| {}).unwrap();
}

#[test]
fn a_new_name_shows_in_old_entries_and_is_a_change_of_the_board() {
    let folder = tempfile::tempdir().unwrap();
    let standings = open(folder.path(), &Hands::at(NOON));
    record(&standings, life(1, 1, 500, NOON));
    let before = standings.board(Bucket::ALL_TIME).version;
    let (tell, told) = mpsc::channel();
    let name = PlayerName::clean("Zoë").unwrap();
    standings.rename(player(1), name.clone(), move |done| tell.send(done).unwrap()).unwrap();
    assert_eq!(told.recv().unwrap(), Ok(true));
    assert_eq!(ranks(&standings, Bucket::ALL_TIME, Ranks::Standard), [entry(1, "Zoë", 500)]);
    assert!(standings.board(Bucket::ALL_TIME).version > before);
    assert_eq!(standings.named("zo", 5).unwrap(), [(player(1), name)]);
    assert_eq!(standings.named("p", 5).unwrap(), []);
}

#[test]
fn who_has_himself_removed_is_nowhere_but_past_boards_keep_his_rank() {
    let folder = tempfile::tempdir().unwrap();
    let hands = Hands::at(NOON);
    let standings = open(folder.path(), &hands);
    for of in 0..5 {
        record(&standings, life(u128::from(of), of, 100 - of, NOON));
    }
    hands.set(NOON + world::DAY);
    let yesterday = bucket("2026-11-21");
    wait_until("the day is closed", || standings.board(yesterday).closed);
    let (tell, told) = mpsc::channel();
    standings.remove(player(1), move |done| tell.send(done).unwrap()).unwrap();
    assert_eq!(told.recv().unwrap(), Ok(true));
    assert_eq!(standings.stored(player(1)).unwrap(), None);
    assert_eq!(standings.name(player(1)), None);
    assert_eq!(standings.standing(Bucket::ALL_TIME, player(1), Ranks::Standard).unwrap(), None);
    assert_eq!(standings.board(Bucket::ALL_TIME).total, 4);
    let page = standings.page(yesterday, 10, None, Ranks::Standard, NOW).unwrap();
    let entries: Vec<_> = page.entries.iter().map(|e| (e.rank, e.player, e.score)).collect();
    assert_eq!(entries[1], (2, None, 99));
    assert_eq!(entries[2], (3, Some(player(2)), 98));
    assert_eq!(page.entries[1].name, None);
    drop(standings);
    standings::check(folder.path()).unwrap();
    let bytes = std::fs::read(folder.path().join("standings.db")).unwrap();
    let id = player(1).0.to_be_bytes();
    assert!(!bytes.windows(16).any(|window| window == id), "his id is still in the file");
}

#[test]
fn what_is_stored_about_a_player_is_all_of_his_lives_and_past_ranks() {
    let folder = tempfile::tempdir().unwrap();
    let hands = Hands::at(NOON);
    let standings = open(folder.path(), &hands);
    record(&standings, life(1, 1, 10, NOON));
    record(&standings, life(2, 1, 30, NOON + 5));
    record(&standings, life(3, 2, 20, NOON + 6));
    hands.set(NOON + world::DAY);
    wait_until("the day is frozen", || {
        standings.stored(player(1)).unwrap().is_some_and(|stored| stored.past.len() == 1)
    });
    let stored = serde_json::to_value(standings.stored(player(1)).unwrap().unwrap()).unwrap();
    assert_eq!(stored["name"], "p1");
    assert_eq!(stored["results"][1]["score"], 30);
    assert_eq!(stored["results"].as_array().unwrap().len(), 2);
    assert_eq!(stored["past"][0]["bucket"], "2026-11-21");
    assert_eq!(stored["past"][0]["rank"], 1);
}

#[test]
fn a_folder_is_used_by_one_server_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let hands = Hands::at(NOON);
    let first = open(folder.path(), &hands);
    assert!(matches!(Standings::open(folder.path(), hands.clock(), None), Err(OpenError::InUse(_))));
    drop(first);
    open(folder.path(), &hands);
}

#[test]
fn in_memory_all_works_and_health_says_why() {
    let standings = Standings::in_memory("the disk is on fire", Hands::at(NOON).clock(), None).unwrap();
    record(&standings, life(1, 1, 500, NOON));
    assert_eq!(ranks(&standings, Bucket::ALL_TIME, Ranks::Standard), [entry(1, "p1", 500)]);
    assert_eq!(standings.health().keeping, Keeping::Memory { why: "the disk is on fire".to_owned() });
    assert!(!standings.health().is_well());
    assert!(standings.stored(player(1)).unwrap().is_some());
}

#[test]
fn an_export_imported_elsewhere_gives_the_same_boards_and_again_changes_nothing() {
    let (from, to) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let hands = Hands::at(NOON);
    {
        let standings = open(from.path(), &hands);
        for n in 0..500u32 {
            let at = NOON - u64::from(n % 3) * world::DAY;
            standings.submit(life(u128::from(n), n % 90, n * 37 % 50, at), |_| {}).unwrap();
        }
        flush(&standings);
        wait_until("past days are closed", || standings.boards().iter().filter(|b| b.closed).count() == 2);
        let (tell, told) = mpsc::channel();
        standings.remove(player(2), move |done| tell.send(done).unwrap()).unwrap();
        assert_eq!(told.recv().unwrap(), Ok(true));
    }
    let mut lines = Vec::new();
    standings::export(from.path(), &mut lines).unwrap();
    let first = standings::import(to.path(), &mut lines.as_slice()).unwrap();
    assert_eq!((first.players, first.buckets, first.known), (89, 2, 0));
    let again = standings::import(to.path(), &mut lines.as_slice()).unwrap();
    assert_eq!((again.players, again.buckets, again.lives), (0, 0, 0));
    standings::check(to.path()).unwrap();
    let mut copy = Vec::new();
    standings::export(to.path(), &mut copy).unwrap();
    assert_eq!(String::from_utf8(copy).unwrap(), String::from_utf8(lines).unwrap());
    let (one, other) = (open(from.path(), &hands), open(to.path(), &hands));
    for board in one.boards() {
        let page =
            |of: &Standings| of.page(board.bucket, 100, None, Ranks::Competition, NOW).unwrap().entries;
        assert_eq!(page(&one), page(&other), "{}", board.bucket);
    }
    assert_eq!(one.boards().len(), other.boards().len());
}

#[test]
fn an_import_with_a_bad_line_names_it_and_imports_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let good = "{\"kind\":\"standings\",\"format\":1}\n{\"kind\":\"player\",\"player\":\"00000000000000000000000000000001\",\"name\":\"A\"}\n";
    let bucket = "{\"kind\":\"bucket\",\"bucket\":\"2026-11-20\",\"total\":2}\n";
    for bad in [
        "{}",
        "nonsense",
        "{\"kind\":\"entry\"}",
        &"x".repeat(9_000),
        "{\"kind\":\"standings\",\"format\":1}",
        bucket,
    ] {
        let text = format!("{good}{bad}");
        let error = standings::import(folder.path(), &mut text.as_bytes()).unwrap_err().to_string();
        assert!(error.contains("line 3") || error.contains("line 4"), "{error}");
        assert!(error.contains("Nothing was imported"), "{error}");
    }
    assert_eq!(standings::import(folder.path(), &mut good.as_bytes()).unwrap().players, 1);
}

#[test]
fn a_backup_is_a_whole_store_and_never_overwrites() {
    let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let hands = Hands::at(NOON);
    let standings = open(folder.path(), &hands);
    record(&standings, life(1, 1, 500, NOON));
    let copy = other.path().join("standings.db");
    let backup = || {
        let (tell, told) = mpsc::channel();
        standings.backup(copy.clone(), move |done| tell.send(done).unwrap()).unwrap();
        told.recv().unwrap()
    };
    assert_eq!(backup(), Ok(()));
    assert!(backup().is_err());
    let restored = open(other.path(), &hands);
    assert_eq!(ranks(&restored, Bucket::ALL_TIME, Ranks::Standard), [entry(1, "p1", 500)]);
}

#[test]
fn around_me_shows_me_in_the_middle() {
    let folder = tempfile::tempdir().unwrap();
    let standings = open(folder.path(), &Hands::at(NOON));
    for of in 0..50 {
        standings.submit(life(u128::from(of), of, 1_000 - of, NOON), |_| {}).unwrap();
    }
    flush(&standings);
    let around =
        |of, limit| standings.around(Bucket::ALL_TIME, player(of), limit, Ranks::Standard, NOW).unwrap();
    let ranks: Vec<_> = around(20, 5).unwrap().entries.iter().map(|e| e.rank).collect();
    assert_eq!(ranks, [19, 20, 21, 22, 23]);
    assert_eq!(around(0, 5).unwrap().entries[0].player, Some(player(0)));
    assert_eq!(around(77, 5), None);
    let page = standings.page_at(Bucket::ALL_TIME, 48, 10, Ranks::Standard, NOW).unwrap();
    assert_eq!((page.entries.len(), page.next), (3, None));
    let wrong = standings.page(Bucket::ALL_TIME, 5, Some("x"), Ranks::Standard, NOW);
    assert_eq!(wrong, Err(ReadError::Cursor(CursorError::Malformed)));
}
