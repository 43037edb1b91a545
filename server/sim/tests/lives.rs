//! Lives that end, what is recorded of them, and how players and watchers hear of their ranks.
#![allow(clippy::unwrap_used, clippy::panic, clippy::wildcard_enum_match_arm, reason = "tests may")]

mod exchange;

use exchange::{Exchange, arena, pilot};
use shared::identity::PlayerKey;
use shared::protocol::{Recorded, RecordedPlace, Role, ServerMessage};
use shared::tuning;
use sim::Config;
use sim::ports::Command;

#[test]
fn a_life_that_ends_by_leaving_is_noted_once_under_the_players_public_id() {
    let mut exchange = arena(0);
    let ada = pilot(&mut exchange, "Ada");
    let score = exchange.gather_a_shard(ada);
    exchange.close(ada);
    exchange.steps(2);
    assert_eq!(exchange.sim.take_ended_lives(), [], "a player in limbo still lives");
    exchange.steps(exchange.rules.ticks(tuning::LIMBO_MS));
    let lives = exchange.sim.take_ended_lives();
    let [life] = &lives[..] else { panic!("{lives:?}") };
    assert_eq!((life.key, life.name.as_str()), (PlayerKey(ada.0.into()), "Ada"));
    assert!(life.life.score >= score && life.life.ticks > 0, "{life:?}");
    assert_eq!(exchange.sim.take_ended_lives(), []);
}

#[test]
fn a_player_who_does_not_wait_is_gone_at_once_and_his_life_is_noted() {
    let mut exchange = arena(0);
    let ada = pilot(&mut exchange, "Ada");
    let score = exchange.gather_a_shard(ada);
    let token = exchange.client(ada).token();
    exchange.send(Command::End { session: ada });
    exchange.steps(2);
    let lives = exchange.sim.take_ended_lives();
    assert_eq!(lives.iter().map(|life| life.life.score).collect::<Vec<_>>(), [score]);
    assert_eq!(exchange.sim.population(), 0);
    let again = exchange.open_again(Role::Play, token);
    exchange.steps(2);
    assert!(exchange.client(again).ship().is_none(), "nobody can be taken back");
}

#[test]
fn lives_in_flight_end_with_the_arena() {
    let mut exchange = arena(0);
    let ada = pilot(&mut exchange, "Ada");
    let score = exchange.gather_a_shard(ada);
    exchange.sim.end_lives();
    let lives = exchange.sim.take_ended_lives();
    assert_eq!(lives.iter().map(|life| life.life.score).collect::<Vec<_>>(), [score]);
}

#[test]
fn lives_of_drones_and_lives_without_a_point_are_not_recorded() {
    let mut exchange = arena(12);
    let ada = exchange.open(Role::Play);
    exchange.join(ada, "Ada");
    exchange.steps(3000);
    exchange.close(ada);
    exchange.steps(exchange.rules.ticks(tuning::LIMBO_MS) + 2);
    let lives = exchange.sim.take_ended_lives();
    assert!(lives.iter().all(|life| life.name.as_str() == "Ada" && life.life.score > 0), "{lives:?}");
}

#[test]
fn whoever_lived_is_told_of_the_record_and_no_other() {
    let mut exchange = arena(0);
    let (ada, bob) = (pilot(&mut exchange, "Ada"), pilot(&mut exchange, "Bob"));
    let player = exchange.client(ada).ship().unwrap().player;
    let place = RecordedPlace { period: "day".to_owned(), rank: 17, total: 40, best: true };
    let recorded = Recorded { score: 640, places: vec![place] };
    exchange.send(Command::Recorded { player, recorded: recorded.clone() });
    exchange.steps(2);
    let told = |session| {
        let heard = &exchange.client(session).heard;
        heard.iter().filter(|message| **message == ServerMessage::Recorded(recorded.clone())).count()
    };
    assert_eq!((told(ada), told(bob)), (1, 0));
}

#[test]
fn a_player_below_the_short_board_hears_of_the_neighbours() {
    let mut exchange = arena(0);
    let pilots: Vec<_> = (0..20).map(|n| pilot(&mut exchange, &format!("Pilot {n}"))).collect();
    exchange.steps(exchange.rules.ticks(2000));
    for pilot in pilots {
        let client = exchange.client(pilot);
        let rank = client.replica.status().rank;
        let around = client.heard.iter().rev().find_map(|message| match message {
            ServerMessage::Around { rank, rows } => Some(*rank..*rank + rows.len() as u32),
            _ => None,
        });
        assert!(
            rank <= 10 || around.clone().is_some_and(|ranks| ranks.contains(&rank)),
            "{rank}: {around:?}"
        );
        assert!(rank != 20 || around == Some(18..21), "the last sees two above");
    }
}

#[test]
fn many_watchers_hear_of_changes_together_and_miss_none() {
    let mut exchange = arena(12);
    let watchers: Vec<_> = (0..500).map(|_| exchange.open(Role::Board)).collect();
    exchange.steps(600);
    // Every third tick it is their turn; tick 600 is one.
    let rows: Vec<_> = exchange.sim.board().rows_from(0).cloned().collect();
    for watcher in [watchers[0], watchers[499]] {
        assert_eq!(exchange.board_of(watcher).rows(), rows);
        let messages = exchange.client(watcher).heard.len();
        assert!((20..=202).contains(&messages), "{messages} messages in 600 ticks");
    }
}

#[test]
fn a_watcher_of_a_large_board_has_the_best_at_once_and_soon_everyone_however_the_scores_change() {
    let mut exchange = Exchange::new(Config { drones: 20, seed: 3, ..Config::default() });
    exchange.steps(20);
    let early = exchange.open(Role::Board);
    // Without their sessions players stay on the board for a while.
    let pilots: Vec<_> = (0..1280).map(|_| exchange.open(Role::Play)).collect();
    pilots.iter().for_each(|session| exchange.join(*session, "pilot"));
    exchange.step();
    pilots.into_iter().for_each(|session| exchange.close(session));
    exchange.steps(5);
    let all = exchange.sim.population();
    assert!(all > 1200, "{all}");
    let late = exchange.open(Role::Board);
    exchange.step();
    let [best, known] = [late, early].map(|watcher| exchange.board_of(watcher).rows());
    assert!(best.len() == 500 && best == known[..500]);
    exchange.steps(2);
    assert!(exchange.board_of(late).len() < all, "page by page");
    exchange.steps(2);
    assert!(exchange.board_of(late).rows() == exchange.board_of(early).rows());
    exchange.steps(10);
    assert!(exchange.board_of(late).rows() == exchange.board_of(early).rows());
    assert_eq!(exchange.board_of(late).len(), all);
}
