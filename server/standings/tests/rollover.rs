//! Days and weeks that end, with the clock in the test's hands.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod world;

use standings::{Bucket, GRACE_MS, Period, Ranks, Standings};
use world::{DAY, Hands, NOON, bucket, flush, life, open, player, record, wait_until};

const MIDNIGHT: u64 = NOON + DAY / 2;

fn closed(standings: &Standings) -> Vec<String> {
    standings.boards().iter().filter(|board| board.closed).map(|board| board.bucket.to_string()).collect()
}

fn scores(standings: &Standings, of: &str, now: u64) -> Vec<u32> {
    let page = standings.page(bucket(of), 1_000, None, Ranks::Standard, standings::UnixMs(now)).unwrap();
    page.entries.iter().map(|entry| entry.score).collect()
}

/// The writer looks at its clock at least once after this was called.
fn look(standings: &Standings) {
    flush(standings);
    flush(standings);
}

#[test]
fn at_midnight_a_new_day_begins_and_after_the_grace_the_old_one_is_final() {
    let folder = tempfile::tempdir().unwrap();
    let hands = Hands::at(MIDNIGHT - 1);
    let standings = open(folder.path(), &hands);
    record(&standings, life(1, 1, 10, MIDNIGHT - 1));
    hands.set(MIDNIGHT);
    record(&standings, life(2, 2, 20, MIDNIGHT));
    // It ended before midnight, and comes after.
    record(&standings, life(3, 3, 30, MIDNIGHT - 1));
    assert_eq!(standings.current(Period::Day, hands.now()), bucket("2026-11-22"));
    assert_eq!(scores(&standings, "2026-11-21", MIDNIGHT), [30, 10]);
    assert_eq!(scores(&standings, "2026-11-22", MIDNIGHT), [20]);
    hands.set(MIDNIGHT + GRACE_MS - 1);
    look(&standings);
    assert_eq!(closed(&standings), [""; 0]);
    hands.set(MIDNIGHT + GRACE_MS);
    wait_until("the day is closed", || closed(&standings) == ["2026-11-21"]);
    assert_eq!(scores(&standings, "2026-11-21", MIDNIGHT), [30, 10]);
    // Too late for the day, whose ranks are final; it counts in the next, and in its week.
    let late = record(&standings, life(4, 4, 40, MIDNIGHT - 1));
    assert_eq!(late.ranks[0].standing.bucket, bucket("2026-11-22"));
    assert_eq!(scores(&standings, "2026-11-21", MIDNIGHT), [30, 10]);
    assert_eq!(scores(&standings, "2026-W47", MIDNIGHT), [40, 30, 20, 10]);
}

#[test]
fn on_monday_a_new_week_begins() {
    let folder = tempfile::tempdir().unwrap();
    let monday = MIDNIGHT + DAY;
    let hands = Hands::at(monday - 1);
    let standings = open(folder.path(), &hands);
    record(&standings, life(1, 1, 10, monday - 1));
    hands.set(monday + GRACE_MS);
    record(&standings, life(2, 2, 20, monday));
    wait_until("day and week are closed", || closed(&standings) == ["2026-11-22", "2026-W47"]);
    assert_eq!(scores(&standings, "2026-W47", monday), [10]);
    assert_eq!(scores(&standings, "2026-W48", monday), [20]);
    assert_eq!(scores(&standings, "all", monday), [20, 10]);
}

#[test]
fn a_leap_second_repeats_a_second_of_its_day_and_nothing_is_lost() {
    // 2016-12-31 23:59:60 UTC: Unix time goes back by a second at midnight.
    let midnight = 1_483_228_800_000;
    let folder = tempfile::tempdir().unwrap();
    let hands = Hands::at(midnight - 1);
    let standings = open(folder.path(), &hands);
    record(&standings, life(1, 1, 10, midnight - 1));
    hands.set(midnight);
    record(&standings, life(2, 2, 20, midnight));
    hands.set(midnight - 1_000);
    record(&standings, life(3, 3, 30, midnight - 1_000));
    hands.set(midnight + GRACE_MS);
    wait_until("the day is closed", || closed(&standings).contains(&"2016-12-31".to_owned()));
    assert_eq!(scores(&standings, "2016-12-31", midnight), [30, 10]);
    assert_eq!(scores(&standings, "2017-01-01", midnight), [20]);
}

#[test]
fn a_server_that_slept_over_two_periods_makes_up_for_them_at_start() {
    let folder = tempfile::tempdir().unwrap();
    let hands = Hands::at(NOON);
    {
        let standings = open(folder.path(), &hands);
        for of in 0..5_000 {
            standings.submit(life(u128::from(of), of, of % 700, NOON), |_| {}).unwrap();
        }
        flush(&standings);
    }
    let later = NOON + 16 * DAY;
    hands.set(later);
    let standings = open(folder.path(), &hands);
    wait_until("both are closed", || closed(&standings) == ["2026-11-21", "2026-W47"]);
    record(&standings, life(9_999, 1, 1, later));
    let now = standings::UnixMs(later);
    for (name, of) in [("day", "2026-11-21"), ("week", "2026-W47")] {
        wait_until("it is frozen", || !standings.stored(player(7)).unwrap().unwrap().past.is_empty());
        let page = standings.page_at(bucket(of), 4_990, 100, Ranks::Standard, now).unwrap();
        assert_eq!((page.total, page.entries.len(), page.entries[0].rank), (5_000, 11, 4_990), "{name}");
    }
    drop(standings);
    standings::check(folder.path()).unwrap();
}

#[test]
fn a_clock_that_jumps_back_reopens_nothing_and_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let hands = Hands::at(NOON);
    let standings = open(folder.path(), &hands);
    record(&standings, life(1, 1, 10, NOON));
    // Years ahead by mistake, and back.
    hands.set(NOON + 1_000 * DAY);
    wait_until("today is closed", || closed(&standings) == ["2026-11-21", "2026-W47"]);
    record(&standings, life(2, 2, 20, NOON + 1_000 * DAY));
    hands.set(NOON + 1);
    look(&standings);
    let recorded = record(&standings, life(3, 3, 30, NOON + 1));
    let counted: Vec<_> = recorded.ranks.iter().map(|rank| rank.standing.bucket.to_string()).collect();
    assert_eq!(counted, ["2026-11-22", "2026-W48", "all"]);
    assert_eq!(standings.current(Period::Day, hands.now()), bucket("2026-11-22"));
    assert_eq!(scores(&standings, "2026-11-21", NOON), [10]);
    // The days after are as ever.
    hands.set(NOON + DAY);
    let recorded = record(&standings, life(4, 4, 40, NOON + DAY));
    assert_eq!(recorded.ranks[0].standing.bucket, bucket("2026-11-22"));
    assert_eq!(scores(&standings, "all", NOON), [40, 30, 20, 10]);
    drop(standings);
    standings::check(folder.path()).unwrap();
}

#[test]
fn past_boards_are_paged_by_rank_and_their_cursors_do_not_expire() {
    let folder = tempfile::tempdir().unwrap();
    let hands = Hands::at(NOON);
    let standings = open(folder.path(), &hands);
    for of in 0..3_000 {
        standings.submit(life(u128::from(of), of, of % 100, NOON), |_| {}).unwrap();
    }
    flush(&standings);
    let open_page = standings.page(bucket("2026-11-21"), 10, None, Ranks::Standard, hands.now()).unwrap();
    hands.set(NOON + DAY);
    wait_until("the day is frozen", || !standings.stored(player(7)).unwrap().unwrap().past.is_empty());
    let read = |cursor: Option<&str>| {
        let much_later = standings::UnixMs(NOON + 300 * DAY);
        standings.page(bucket("2026-11-21"), 700, cursor, Ranks::Competition, much_later)
    };
    let (mut seen, mut cursor) = (Vec::new(), None);
    loop {
        let page = read(cursor.as_deref()).unwrap();
        seen.extend(page.entries.into_iter().map(|entry| (entry.rank, entry.score)));
        record(&standings, life(90_000 + seen.len() as u128, 5, 7, NOON));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    let expected: Vec<_> = (0..3_000u64).map(|n| (n / 30 * 30 + 1, 99 - (n / 30) as u32)).collect();
    assert_eq!(seen, expected);
    let stale =
        standings.page(bucket("2026-11-21"), 10, open_page.next.as_deref(), Ranks::Standard, hands.now());
    assert!(stale.unwrap_err().to_string().contains("expired"));
    let standing = standings.standing(bucket("2026-11-21"), player(2_999), Ranks::Standard).unwrap().unwrap();
    assert_eq!((standing.rank, standing.total, standing.score), (30, 3_000, 99));
    let around =
        standings.around(bucket("2026-11-21"), player(2_999), 5, Ranks::Standard, hands.now()).unwrap();
    assert_eq!(around.unwrap().entries[2].player, Some(player(2_999)));
    assert_eq!(standings.board(Bucket::ALL_TIME).total, 3_000);
}
