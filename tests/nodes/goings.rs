//! What it costs those who play when a server goes: killed, it costs points of the last second; stopped, a moment. What it came to
//! is printed.

use crate::game::{DEADLY, Game};
use crate::ledger::account;
use crate::people::People;
use crate::seen::{Absence, Seen};
use bots::pilot::Behaviour;
use e2e::balancer::Balancer;
use e2e::link::{Conditions, Link};
use e2e::patience::{LATER, until};
use e2e::redis::Redis;
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};
use tokio::time::sleep;

/// How many play.
const CROWD: u64 = 30;

/// An arena is saved every 0.9 s. A machine that does other things, too, may take as long again to write it.
const SAVE_AGE_TICKS: u32 = 60;

/// A life that ended so long before its server was killed was on that server's disk.
const SETTLED: Duration = Duration::from_secs(1);

async fn crowd(game: Game) -> (Game, Balancer, People) {
    game.is_spread().await;
    let balancer = Balancer::start(game.addresses.each_ref().map(String::as_str)).await;
    let people = People::come(&balancer.ws(), CROWD, Behaviour::Hunt).await;
    sleep(Duration::from_secs(8)).await;
    (game, balancer, people)
}

/// The tick of what is saved of each arena.
async fn saved_ticks(redis: &Redis) -> BTreeMap<String, u32> {
    let mut ticks = BTreeMap::new();
    for arena in ["1", "2", "3"] {
        let save: String = redis.ask(&["GET", &format!("starfray:save:{arena}")]).await.unwrap();
        let save: Value = serde_json::from_str(&save).unwrap();
        ticks.insert(arena.to_owned(), u32::try_from(save["tick"].as_u64().unwrap()).unwrap());
    }
    ticks
}

/// Waits until all who were in these arenas have flown there since then.
async fn all_fly(people: &People, arenas: &[String], since: Instant) {
    let fly = async || {
        let seen = people.seen();
        let mut there = seen.iter().filter(|seen| arenas.contains(&seen.arena));
        there.all(|seen| seen.last.is_some_and(|last| last.flies && last.at > since)).then_some(())
    };
    until("everyone flies again", LATER, fly).await;
}

fn longest<'a>(absences: impl Iterator<Item = &'a Absence>) -> (usize, Duration, Duration) {
    let mut lengths: Vec<Duration> = absences.map(Absence::length).collect();
    lengths.sort_unstable();
    let at = |index: usize| lengths.get(index).copied().unwrap_or_default();
    (lengths.len(), at(lengths.len() / 2), at(lengths.len().saturating_sub(1)))
}

#[tokio::test]
async fn a_server_that_is_killed_costs_its_players_no_more_than_they_earned_since_the_last_save() {
    let (mut game, _balancer, people) = crowd(Game::start(DEADLY).await).await;
    let (holders, killed) = (game.holders().await, Instant::now());
    game.kill(0).await;
    let saved = saved_ticks(&game.redis).await;
    let seen_before = people.seen();
    let after = async || {
        let now = game.holders().await;
        let moved = |arena: &String| holders[arena] != now[arena];
        let moved: Vec<String> = holders.keys().filter(|arena| moved(arena)).cloned().collect();
        Some(moved).filter(|moved| !moved.is_empty())
    };
    let moved = until("another server has the arena", LATER, after).await;
    all_fly(&people, &moved, killed + SETTLED).await;
    let seen = people.seen();
    game.begin_again(0).await;
    let settled: Vec<Seen> = before(&seen_before, killed - SETTLED);
    let even = async || Some(account(&game, &settled).await).filter(|account| account.is_even());
    let account_settled = until("every life that was on a disk is on all servers", LATER, even).await;
    sleep(SETTLED * 3).await;
    let account_last = account(&game, &before(&seen_before, killed + SETTLED)).await;
    tell_of_kill(&seen, &moved, &saved);
    println!(
        "{} lives ended in the last second before, of which servers miss {}",
        account_last.seen - account_settled.seen,
        account_last.missing
    );
    assert!(seen.iter().all(|seen| seen.anew == 0), "nobody was lost");
    for seen in seen.iter().filter(|seen| moved.contains(&seen.arena)) {
        for back in seen.returns(false) {
            let age = back.before.tick.saturating_sub(saved[&seen.arena]);
            assert!(age < SAVE_AGE_TICKS, "the save was {age} ticks old");
            let kept = seen.score_at(saved[&seen.arena]).unwrap();
            assert!(back.after.score >= kept, "{} of the {kept} that were saved", back.after.score);
        }
    }
    people.leave().await;
    game.stop().await;
}

/// The same people, with the lives that had ended by then.
fn before(seen: &[Seen], then: Instant) -> Vec<Seen> {
    let mut seen = seen.to_vec();
    seen.iter_mut().for_each(|seen| seen.ends.retain(|(at, _)| *at < then));
    seen
}

fn tell_of_kill(seen: &[Seen], moved: &[String], saved: &BTreeMap<String, u32>) {
    let there = seen.iter().filter(|seen| moved.contains(&seen.arena));
    let backs: Vec<(&Seen, &Absence)> =
        there.flat_map(|seen| seen.returns(false).map(move |back| (seen, back))).collect();
    let lost = |(_, back): &(&Seen, &Absence)| back.before.score.saturating_sub(back.after.score);
    let worst = backs.iter().max_by_key(|back| lost(back));
    let age = |(seen, back): &(&Seen, &Absence)| back.before.tick.saturating_sub(saved[&seen.arena]);
    let (count, half, all) = longest(backs.iter().map(|(_, back)| *back));
    println!(
        "a server killed: {count} back in their ships, half within {half:?}, all within {all:?}; most points lost {} of {}, \
         in all {} of {}; the save was {} ticks old",
        worst.map_or(0, lost),
        worst.map_or(0, |(_, back)| back.before.score),
        backs.iter().map(lost).sum::<u32>(),
        backs.iter().map(|(_, back)| back.before.score).sum::<u32>(),
        backs.iter().map(age).max().unwrap_or_default(),
    );
}

#[tokio::test]
async fn a_player_who_is_moved_when_servers_are_started_anew_one_by_one_sees_nothing_for_a_moment() {
    /// The wish is a second; a machine that does other things, too, may take longer.
    const MOMENT: Duration = Duration::from_secs(2);
    let (mut game, _balancer, people) = crowd(Game::start(DEADLY).await).await;
    for index in 0..3 {
        game.drain(index).await;
        game.begin_again(index).await;
        game.is_spread().await;
        sleep(Duration::from_secs(1)).await;
    }
    let seen = people.leave().await;
    let even = async || Some(account(&game, &seen).await).filter(|account| account.is_even());
    let account = until("every server has every life", LATER, even).await;
    let (count, half, all) = longest(seen.iter().flat_map(|seen| seen.returns(true)));
    let untold = seen.iter().flat_map(|seen| seen.returns(false)).count();
    let lost: u32 = seen.iter().map(|seen| seen.anew).sum();
    println!(
        "three servers started anew one by one: {count} moves, without a frame for {half:?} by half of them, for {all:?} by all; \
         {untold} untold, {lost} lost; {} lives, on three servers missing {}, twice {}",
        account.seen, account.missing, account.twice,
    );
    assert_eq!((lost, account.missing, account.twice), (0, 0, 0));
    assert!(count >= CROWD as usize && all < MOMENT, "{count} moves, the longest {all:?}");
    game.stop().await;
}

#[tokio::test]
async fn a_server_that_is_stopped_while_connections_to_redis_are_reset_loses_nobody() {
    let redis = Redis::start().await;
    let link = Link::to(&redis.address(), Conditions::default()).await;
    let game = Game::over(redis, format!("redis://{}", link.address()), DEADLY).await;
    let (mut game, _balancer, people) = crowd(game).await;
    let resets = async {
        for pause_ms in [300, 100, 500, 200, 50, 400].into_iter().cycle().take(24) {
            link.tear(3000);
            sleep(Duration::from_millis(pause_ms)).await;
        }
        link.tear(0);
    };
    let stops = async {
        sleep(SETTLED).await;
        game.drain(0).await;
    };
    tokio::join!(resets, stops);
    game.begin_again(0).await;
    all_fly(&people, &["1", "2", "3"].map(str::to_owned), Instant::now()).await;
    let seen = people.leave().await;
    let even = async || Some(account(&game, &seen).await).filter(|account| account.is_even());
    let account = until("every server has every life", LATER, even).await;
    let (count, _, all) = longest(seen.iter().flat_map(|seen| &seen.absences));
    println!(
        "a server stopped while connections to Redis are reset: {count} moves, the longest {all:?}; {} lives, on three servers \
         missing {}, twice {}",
        account.seen, account.missing, account.twice,
    );
    assert_eq!((seen.iter().map(|seen| seen.anew).sum::<u32>(), account.twice), (0, 0));
    assert!(count > 0, "the server had an arena");
    game.stop().await;
}
