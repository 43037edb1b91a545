//! What is told of arenas, and what becomes of what is heard.

use super::*;
use crate::arenas::Arena;
use crate::args::Args;
use crate::boards::Boards;
use clap::Parser;
use shared::identity::PlayerKey;
use shared::ids::PlayerId;
use shared::leaderboard::{BoardRow, Standing};
use shared::mode::Mode;
use shared::name::PlayerName;
use shared::protocol::{Podium, PodiumRow, Totals};
use shared::tick::Tick;
use standings::UnixMs;
use std::time::Duration;

fn row(player: u32) -> BoardRow {
    let standing = Standing { player: PlayerId(player), score: 10 * player, ..Standing::default() };
    let (name, key) = (PlayerName::clean(&format!("p{player}")).unwrap(), Some(PlayerKey(player.into())));
    BoardRow { standing, name, drone: false, key, team: None }
}

fn board(players: u32) -> Arc<BoardSnapshot> {
    let podium = Podium {
        rows: vec![PodiumRow {
            player: PlayerId(1),
            name: PlayerName::clean("p1").unwrap(),
            drone: false,
            team: None,
            score: 7,
        }],
        ..Podium::default()
    };
    let totals = Some(Totals { points: [3, 4], members: [5, 6] });
    let contest = Contest { totals, until: Some(Tick(900)), podium: Some(Arc::new(podium)) };
    Arc::new(BoardSnapshot::copied(1, (1..=players).map(row).collect(), contest))
}

fn report(players: u16) -> Report {
    Report { tick: Tick(30), players, drones: 2, ..Report::default() }
}

fn booth() -> (BoardBooth, Arc<Arena>) {
    let (booth, all) = booth_of(1);
    (booth, all[0].clone())
}

fn booth_of(count: u16) -> (BoardBooth, Vec<Arc<Arena>>) {
    let args = Args::parse_from(["starfray", "--no-data"]);
    let boards = Arc::new(Boards::open(&args, Arc::new(UnixMs::now)).unwrap());
    let arena = |index| Arc::new(Arena::new(index, Mode::FreeForAll, sim::ports::command_queue_of(1).0));
    let all: Vec<_> = (0..count).map(arena).collect();
    let map = Arc::new(Map::new("a".to_owned()));
    let arenas = Arc::new(Arenas::new(all.clone(), 0, 100).among(map.clone()));
    let (private, spare) = (arenas.private.clone(), tokio::sync::mpsc::channel(1).0);
    let seats = Arc::new(Seats::new(Vec::new(), private, boards, None, spare));
    let announcer = Arc::new(Announcer::new(arenas.clone()));
    (BoardBooth::new(arenas, seats, map, announcer), all)
}

/// What a server tells at first of an arena with so many players that it has under this right.
fn told(players: u32, epoch: u64) -> (Last, Vec<u8>) {
    let now = Instant::now();
    let mut last = Last::new(now);
    let (whole, told) = last.word(&board(players), &report(players as u16), epoch, now).unwrap();
    assert!(whole);
    (last, told)
}

#[tokio::test]
async fn a_board_comes_through_as_it_was_with_all_that_is_known_of_the_arena() {
    let (booth, arena) = booth();
    assert_eq!(booth.elsewhere(), ["1"]);
    assert_eq!(booth.hear("1", &told(300, 4).1), Heard::Taken);
    let (shown, wanted) = (arena.board.load_full(), board(300));
    assert!(shown.rows_from(0).eq(wanted.rows_from(0)) && shown.len() == 300);
    assert_eq!((shown.contest(), arena.report().players, arena.report().drones), (wanted.contest(), 300, 2));
    booth.silent("1");
    assert!(arena.board.load().is_empty() && arena.report().players == 0);
}

#[tokio::test]
async fn what_is_older_or_of_an_arena_that_is_here_is_passed_over() {
    let (booth, arena) = booth();
    let (older, newer) = (told(3, 4).1, told(5, 5).1);
    assert_eq!(booth.hear("1", &newer), Heard::Taken);
    assert_eq!((booth.hear("1", &older), arena.board.load().len()), (Heard::Passed, 5));
    let shown = arena.board.load_full();
    assert_eq!(booth.hear("1", &newer), Heard::Taken);
    assert!(Arc::ptr_eq(&shown, &arena.board.load_full()), "what is known is not put there again");
    assert_eq!(booth.hear("2", &newer), Heard::Passed);
    arena.set_here(true);
    assert_eq!(booth.hear("1", &told(7, 6).1), Heard::Passed);
    assert_eq!((arena.board.load().len(), booth.elsewhere().len()), (5, 0));
}

#[tokio::test]
async fn nothing_that_is_told_ends_more_than_itself() {
    let (booth, _arena) = booth();
    let told = told(5, 5).1;
    for end in 0..told.len() {
        assert_ne!(booth.hear("1", &told[..end]), Heard::Taken, "{end} of {} bytes", told.len());
    }
    let other = String::from_utf8_lossy(&told).replacen("{\"v\":", "{\"v\":9", 1);
    for wrong in [&b"{}"[..], b"\n\n", &[0xff; 100], other.as_bytes()] {
        assert_eq!(booth.hear("1", wrong), Heard::Passed);
    }
}

#[tokio::test]
async fn of_many_arenas_those_are_heard_that_somebody_asked_for_last() {
    let (booth, all) = booth_of(2 * MOST_HEARD as u16);
    assert_eq!(booth.elsewhere().len(), MOST_HEARD);
    assert_eq!(booth.hear("1", &told(3, 1).1), Heard::Taken);
    assert!(all[20].ask() && !all[20].ask());
    let heard = booth.elsewhere();
    assert!(heard.len() == MOST_HEARD && heard[0] == "21", "{heard:?}");
    assert!(all[0].is_known(), "there is still room for the first");
    for arena in all.iter().rev().take(MOST_HEARD) {
        arena.ask();
    }
    assert!(!booth.elsewhere().contains(&"1".to_owned()));
    assert!(all[0].board.load().is_empty() && !all[0].is_known(), "nothing is kept of the others");
}

#[test]
fn a_board_is_told_when_it_has_changed_and_else_that_it_holds_and_now_and_then_again() {
    let begun = Instant::now();
    let at = |ms| begun + Duration::from_millis(ms);
    let (first, second) = (board(5), board(6));
    let mut last = Last::new(begun);
    let mut word = |board: &Arc<_>, ms| last.word(board, &report(5), 1, at(ms)).map(|(whole, _)| whole);
    assert_eq!((word(&first, 0), word(&second, 0), word(&second, 250)), (Some(true), None, Some(true)));
    assert_eq!((word(&second, 500), word(&second, 1_250), word(&second, 1_500)), (None, Some(false), None));
    assert_eq!(word(&second, 5_250), Some(true), "for those who missed it");
}

#[tokio::test]
async fn a_sign_of_a_board_that_was_missed_asks_for_it() {
    let ((booth, arena), begun) = (booth(), Instant::now());
    let mut last = Last::new(begun);
    let mut word = |players, ms| {
        let word = last.word(&board(players), &report(9), 5, begun + Duration::from_millis(ms));
        word.expect("it is time for one").1
    };
    let (first, second) = (word(5, 0), word(6, 250));
    let sign = form::written(&report(9), &Contest::default(), state_of(&second), None);
    assert!(sign.len() < 200, "{} bytes", sign.len());
    assert_eq!(booth.hear("1", &sign), Heard::Missing);
    assert_eq!((booth.hear("1", &first), booth.hear("1", &sign)), (Heard::Taken, Heard::Missing));
    assert_eq!((booth.hear("1", &second), booth.hear("1", &sign)), (Heard::Taken, Heard::Taken));
    assert_eq!((arena.board.load().len(), arena.report().players), (6, 9));
}

/// The epoch and state of what was told.
fn state_of(told: &[u8]) -> (u64, u64) {
    let (head, _) = form::read(told).unwrap();
    (head.epoch, head.state)
}

#[test]
fn a_large_board_is_told_more_seldom_so_that_bytes_a_second_have_a_bound() {
    let (begun, mut now, mut bytes) = (Instant::now(), Instant::now(), 0);
    let mut last = Last::new(begun);
    while now - begun < Duration::from_secs(20) {
        bytes += last.word(&board(2_000), &report(2_000), 1, now).map_or(0, |(_, told)| told.len());
        now += Duration::from_millis(250);
    }
    assert!((40_000..90_000).contains(&(bytes / 20)), "{} bytes a second", bytes / 20);
}
