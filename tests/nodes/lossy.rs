//! The directory of arenas over a Redis that has lost its last writes, and over clocks that differ.

use crate::arenas::{comes_back, end_of, pilot, pilot_in, runs, until_runs, until_saved};
use e2e::link::{Conditions, Link};
use e2e::patience::{LATER, until};
use e2e::port;
use e2e::redis::Redis;
use e2e::server::Server;
use rustix::process::Signal;
use std::time::{Duration, Instant};

/// Writes that Redis is about to lose, with a replica that will not have them.
struct Lossy {
    redis: Redis,
    replica: Redis,
    copies: Link,
    /// The servers' way.
    link: Link,
}

impl Lossy {
    async fn start() -> Self {
        let redis = Redis::start().await;
        let copies = Link::to(&redis.address(), Conditions::default()).await;
        let replica = Redis::replica_of(&copies.address().to_string()).await;
        let link = Link::to(&redis.address(), Conditions::default()).await;
        Self { redis, replica, copies, link }
    }

    async fn node(&self, arenas: &str) -> Server {
        let url = format!("redis://{}", self.link.address());
        Server::start(&["--drones", "0", "--no-data", "--redis", &url, "--arenas", arenas]).await
    }

    /// Waits until the replica has what Redis has.
    async fn is_copied(&self) {
        let same = async || {
            let held = async |redis: &Redis| redis.ask::<Vec<String>>(&["HKEYS", "starfray:arenas"]).await;
            let (one, other) = (held(&self.redis).await?, held(&self.replica).await?);
            (one.len() == other.len() && !one.is_empty()).then_some(())
        };
        until("the replica has who has the arenas", LATER, same).await;
    }

    /// The replica takes the place of Redis.
    async fn fail_over(&mut self) {
        self.redis.kill();
        self.replica.promote().await;
        self.link.redirect(&self.replica.address());
    }
}

#[tokio::test]
async fn an_arena_is_run_again_that_was_handed_over_in_writes_which_redis_lost_with_its_new_server() {
    let mut lossy = Lossy::start().await;
    let first = lossy.node("2").await;
    until_runs(&first, 2).await;
    lossy.is_copied().await;
    lossy.copies.sever();
    let mut second = lossy.node("2").await;
    until_runs(&second, 1).await;
    second.signal(Signal::KILL);
    second.ended().await;
    lossy.fail_over().await;
    until_runs(&first, 2).await;
    first.stop().await;
}

#[tokio::test]
async fn an_arena_stays_with_its_new_server_when_redis_has_lost_that_it_went_there() {
    let mut lossy = Lossy::start().await;
    let first = lossy.node("2").await;
    until_runs(&first, 2).await;
    lossy.is_copied().await;
    lossy.copies.sever();
    let second = lossy.node("2").await;
    let moved = until_runs(&second, 1).await;
    let mut ada = pilot_in(&second, "Ada", Some(&moved[0])).await;
    lossy.fail_over().await;
    // As long as it takes to take an arena over, and more.
    let end = tokio::time::timeout(Duration::from_secs(8), end_of(&mut ada)).await;
    assert!(end.is_err(), "the session goes on: {end:?}");
    assert_eq!((runs(&first).await.len(), runs(&second).await), (1, moved));
    second.stop().await;
    first.stop().await;
}

#[tokio::test]
async fn an_arena_of_a_server_that_is_gone_is_taken_over_although_the_redis_before_was_ahead_of_time() {
    /// Half a minute, in milliseconds: longer than it may take.
    const AHEAD: &str = "30000";
    let mut lossy = Lossy::start().await;
    let mut first = lossy.node("1").await;
    until_runs(&first, 1).await;
    let second = lossy.node("1").await;
    let known =
        async || (lossy.replica.ask::<u64>(&["HLEN", "starfray:nodes"]).await == Some(2)).then_some(());
    until("the replica knows both", LATER, known).await;
    first.signal(Signal::KILL);
    first.ended().await;
    lossy.redis.kill();
    lossy.replica.promote().await;
    let shift = "local nodes = redis.call('ZRANGE', KEYS[1], 0, -1) \
                 for _, node in ipairs(nodes) do redis.call('ZINCRBY', KEYS[1], ARGV[1], node) end return #nodes";
    let shifted: Option<u64> = lossy.replica.ask(&["EVAL", shift, "1", "starfray:alive", AHEAD]).await;
    assert_eq!(shifted, Some(2));
    let begun = Instant::now();
    lossy.link.redirect(&lossy.replica.address());
    until_runs(&second, 1).await;
    assert!(begun.elapsed() < Duration::from_secs(20), "not when that clock would have said so");
    second.stop().await;
}

#[tokio::test]
async fn clocks_of_servers_may_be_a_minute_apart() {
    let redis = Redis::start().await;
    let args = ["--drones", "0", "--no-data", "--redis", &redis.url(), "--arenas", "1"];
    let mut first = Server::listen_at(&port::free().to_string(), &args, 60).await;
    until_runs(&first, 1).await;
    let second = Server::listen_at(&port::free().to_string(), &args, -60).await;
    let mut ada = pilot(&first, "Ada").await;
    until_saved(&redis, "Ada").await;
    // Much longer than a lease lasts.
    let end = tokio::time::timeout(Duration::from_secs(6), end_of(&mut ada)).await;
    assert!(end.is_err(), "nobody takes an arena from a server that lives: {end:?}");
    assert!(runs(&second).await.is_empty());
    first.signal(Signal::KILL);
    first.ended().await;
    let ada = comes_back(&ada, &second).await;
    assert_eq!(ada.name().unwrap().as_str(), "Ada");
    second.stop().await;
}
