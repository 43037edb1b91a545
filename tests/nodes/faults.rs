//! What Redis can do to a game, and what becomes of those who play: nobody is lost, nothing stands still, no life is lost and
//! none counts twice. What it came to is printed.

use crate::game::{DEADLY, Game};
use crate::ledger::account;
use crate::people::{People, newcomer};
use crate::seen::Seen;
use bots::pilot::Behaviour;
use e2e::balancer::Balancer;
use e2e::link::{Conditions, Link};
use e2e::patience::{LATER, until};
use e2e::redis::Redis;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};
use tokio::time::sleep;

/// How many play.
const CROWD: u64 = 24;

/// Everything must be as if nothing had happened so long after Redis is back.
const CAUGHT_UP: Duration = Duration::from_secs(10);

/// Others may take arenas over again so long after Redis is back, and what is wrong would show.
const AFTERMATH: Duration = Duration::from_secs(8);

/// The longest that a healthy arena makes anyone wait for a frame on a machine that does other things, too.
const GAP: Duration = Duration::from_millis(2500);

/// Ticks of three arenas that may take too long for the same reason: Redis costs none.
const OVERRUNS: u64 = 60;

/// Three servers that reach Redis over a link of ours, and a crowd.
struct Trial {
    game: Game,
    link: Link,
    balancer: Balancer,
    people: People,
    holders: BTreeMap<String, (String, u64)>,
    overruns: u64,
    begun: Instant,
}

impl Trial {
    async fn begin() -> Self {
        let redis = Redis::start().await;
        let link = Link::to(&redis.address(), Conditions::default()).await;
        let game = Game::over(redis, format!("redis://{}", link.address()), DEADLY).await;
        game.is_spread().await;
        let balancer = Balancer::start(game.addresses.each_ref().map(String::as_str)).await;
        let people = People::come(&balancer.ws(), CROWD, Behaviour::Hunt).await;
        // Each server hears of the others' players.
        sleep(Duration::from_secs(4)).await;
        let (holders, overruns) = (game.holders().await, game.overruns().await);
        people.forget_gaps();
        Self { game, link, balancer, people, holders, overruns, begun: Instant::now() }
    }

    /// Somebody new comes to each arena while something else goes on.
    async fn newcomers(url: String) -> Duration {
        let (one, two, three) = tokio::join!(newcomer(&url, "1"), newcomer(&url, "2"), newcomer(&url, "3"));
        one.max(two).max(three)
    }

    /// Redis is back since now: sees what it came to.
    async fn end(self, what: &str, longest_join: Duration) {
        let Self { game, people, holders, overruns, begun, .. } = self;
        let (back, away) = (Instant::now(), begun.elapsed());
        let until_then = people.seen();
        let caught_up = async || {
            (game.is_well().await && account(&game, &until_then).await.is_even()).then(|| back.elapsed())
        };
        let caught_up = until("everything is caught up", LATER, caught_up).await;
        sleep(AFTERMATH.saturating_sub(back.elapsed())).await;
        let (holders_now, overruns_now) = (game.holders().await, game.overruns().await);
        let seen = people.leave().await;
        let even = async || Some(account(&game, &seen).await).filter(|account| account.is_even());
        let account = until("every server has every life", LATER, even).await;
        let overruns = overruns_now.saturating_sub(overruns);
        println!(
            "{what}: {CROWD} people for {:.1} s and {:.1} s after it; longest gap {:?}, {overruns} overruns, {} absences, \
             {} too late; newcomers fly within {longest_join:?}; caught up after {caught_up:?}; {} lives, on three servers \
             missing {}, twice {}",
            away.as_secs_f64(),
            back.elapsed().as_secs_f64(),
            longest_gap(&seen),
            seen.iter().map(|seen| seen.absences.len()).sum::<usize>(),
            seen.iter().map(|seen| seen.anew).sum::<u32>(),
            account.seen,
            account.missing,
            account.twice,
        );
        assert_eq!(holders, holders_now, "every arena is where it was");
        assert!(seen.iter().all(|seen| seen.absences.is_empty() && seen.anew == 0), "nobody was lost");
        assert!(seen.iter().all(|seen| seen.mismatches == 0), "no view was wrong");
        assert!(longest_gap(&seen) < GAP && overruns < OVERRUNS, "no arena stood still");
        assert!(caught_up < CAUGHT_UP && account.seen > 0 && account.twice == 0, "{account:?}");
        game.stop().await;
    }
}

fn longest_gap(seen: &[Seen]) -> Duration {
    seen.iter().map(|seen| seen.longest_gap).max().unwrap_or_default()
}

/// Seconds that Redis is gone for: `REDIS_GONE_SECONDS`, or eight.
fn gone() -> Duration {
    let seconds = std::env::var("REDIS_GONE_SECONDS").ok().and_then(|text| text.parse().ok());
    Duration::from_secs(seconds.unwrap_or(8))
}

#[tokio::test]
async fn play_goes_on_while_redis_is_gone_and_what_was_lived_meanwhile_reaches_all_once() {
    let mut trial = Trial::begin().await;
    let joins = tokio::spawn(Trial::newcomers(trial.balancer.ws()));
    trial.game.redis.hang();
    sleep(gone() * 5 / 8).await;
    trial.game.redis.kill();
    sleep(gone() * 3 / 8).await;
    let joins = joins.await.unwrap();
    trial.game.redis.begin().await;
    trial.end(&format!("Redis gone for {:?}, and empty", gone()), joins).await;
}

#[tokio::test]
async fn a_redis_that_hangs_and_goes_on_moves_no_arena() {
    let trial = Trial::begin().await;
    let joins = tokio::spawn(Trial::newcomers(trial.balancer.ws()));
    trial.game.redis.hang();
    sleep(Duration::from_secs(7)).await;
    trial.game.redis.go_on();
    trial.end("Redis hangs for 7 s", joins.await.unwrap()).await;
}

#[tokio::test]
async fn nobody_who_plays_notices_when_connections_to_redis_are_reset_in_the_middle_of_answers() {
    /// A sign of life's answer has some 600 bytes: a connection lasts for a few of them, or for less than one.
    const ANSWERS: u64 = 3000;
    let trial = Trial::begin().await;
    let joins = tokio::spawn(Trial::newcomers(trial.balancer.ws()));
    for pause_ms in [400, 150, 600, 250, 50, 700, 350].into_iter().cycle().take(21) {
        trial.link.tear(ANSWERS);
        sleep(Duration::from_millis(pause_ms)).await;
    }
    trial.link.tear(0);
    trial.end("connections to Redis reset again and again", joins.await.unwrap()).await;
}

#[tokio::test]
async fn nobody_who_plays_notices_when_redis_is_failed_over_to_a_replica_that_lacks_the_last_writes() {
    let mut trial = Trial::begin().await;
    let copies = Link::to(&trial.game.redis.address(), Conditions::default()).await;
    let replica = Redis::replica_of(&copies.address().to_string()).await;
    sleep(Duration::from_secs(1)).await;
    let joins = tokio::spawn(Trial::newcomers(trial.balancer.ws()));
    copies.sever();
    sleep(Duration::from_secs(2)).await;
    trial.game.redis.kill();
    replica.promote().await;
    sleep(Duration::from_secs(2)).await;
    trial.link.redirect(&replica.address());
    trial.game.redis = replica;
    trial.end("Redis failed over, the last two seconds of writes lost", joins.await.unwrap()).await;
}
