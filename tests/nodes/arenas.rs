//! Each arena is run by one server: joins elsewhere are sent there, and when a server goes another one goes on with its
//! arenas and everyone who played in them.

use bots::client::Client;
use e2e::http;
use e2e::patience::{LATER, until};
use e2e::redis::Redis;
use e2e::server::Server;
use rustix::process::Signal;
use shared::protocol::{CloseReason, Role};
use std::time::Duration;

pub(crate) const LIMIT: Duration = Duration::from_secs(20);

/// A server of a game with so many arenas.
pub(crate) async fn node(redis: &Redis, arenas: &str) -> Server {
    Server::start(&["--drones", "0", "--no-data", "--redis", &redis.url(), "--arenas", arenas]).await
}

/// Which arenas a server runs, by its own account.
pub async fn runs(server: &Server) -> Vec<String> {
    let arenas = http::get(server.address(), "/api/arenas").await.json();
    let here = arenas.as_array().unwrap().iter().filter(|arena| arena["here"] == true);
    here.map(|arena| arena["id"].as_str().unwrap().to_owned()).collect()
}

/// Waits until a server runs so many arenas.
pub async fn until_runs(server: &Server, count: usize) -> Vec<String> {
    until(&format!("it runs {count} arenas"), LATER, async || {
        Some(runs(server).await).filter(|arenas| arenas.len() == count)
    })
    .await
}

/// Someone who flies in an arena of this server.
pub async fn pilot(server: &Server, name: &str) -> Client {
    pilot_in(server, name, None).await
}

/// Someone who flies in that arena of this server, or in any.
pub async fn pilot_in(server: &Server, name: &str, arena: Option<&str>) -> Client {
    let mut client = Client::connect(&server.ws()).await.unwrap();
    client.say_hello_in(Role::Play, arena.map(str::to_owned)).await.unwrap();
    client.wait_until(LIMIT, |client| client.welcome().is_some()).await.unwrap();
    client.join(name, LIMIT).await.unwrap();
    client.wait_until(LIMIT, |client| client.ship().is_some()).await.unwrap();
    client
}

/// Waits until so many servers are known to live, so that each may have what another had.
pub async fn until_known(redis: &Redis, count: u64) {
    let known = async || (redis.ask::<u64>(&["HLEN", "starfray:nodes"]).await == Some(count)).then_some(());
    until("the servers are known", LATER, known).await;
}

/// Waits until somebody is in what is saved of the first arena.
pub async fn until_saved(redis: &Redis, name: &str) {
    let saved = async || {
        let save: String = redis.ask(&["GET", "starfray:save:1"]).await?;
        save.contains(&format!("{name:?}")).then_some(())
    };
    until("the arena is saved", LATER, saved).await;
}

/// Listens until the session ends; why it did.
pub async fn end_of(client: &mut Client) -> Option<CloseReason> {
    let end = async {
        loop {
            if let Err(bots::client::ClientError::Closed(farewell)) = client.next().await {
                return farewell.reason();
            }
        }
    };
    tokio::time::timeout(LATER, end).await.expect("the session ends")
}

/// Comes back to `server` as who `before` was, and flies.
pub async fn comes_back(before: &Client, server: &Server) -> Client {
    let welcome = *before.welcome().unwrap();
    until("the player is back", LATER, async || {
        let mut client = Client::connect(&server.ws()).await.ok()?;
        client.come_as(welcome.identity?);
        client.say_hello_as(Role::Play, None, Some(welcome.token)).await.ok()?;
        client.wait_until(Duration::from_secs(3), |client| client.ship().is_some()).await.ok()?;
        assert!(client.welcome().unwrap().resumed, "the ship that flies is the one of before");
        Some(client)
    })
    .await
}

#[tokio::test]
async fn every_arena_is_run_by_one_server_and_the_others_send_players_there() {
    let redis = Redis::start().await;
    let first = node(&redis, "2").await;
    until_runs(&first, 2).await;
    let second = node(&redis, "2").await;
    let mut lost = Client::connect(&second.ws()).await.unwrap();
    let sent = async || {
        let mut client = Client::connect(&second.ws()).await.ok()?;
        client.say_hello_in(Role::Play, Some("2".to_owned())).await.ok()?;
        assert_eq!(end_of(&mut client).await, Some(CloseReason::Restart));
        client.moved().map(str::to_owned)
    };
    let url = until("it is told where the arena is", LATER, sent).await;
    assert_eq!(url, first.url("").trim_end_matches('/'));
    assert!(runs(&second).await.is_empty());
    lost.say_hello(Role::Play).await.unwrap();
    assert_eq!(end_of(&mut lost).await, Some(CloseReason::Restart), "who names none is sent, too");
    assert!(lost.moved().is_some());
    second.stop().await;
    first.stop().await;
}

#[tokio::test]
async fn a_server_that_is_killed_is_followed_by_another_with_its_players_in_their_ships() {
    let redis = Redis::start().await;
    let mut first = node(&redis, "1").await;
    until_runs(&first, 1).await;
    let second = node(&redis, "1").await;
    let mut ada = pilot(&first, "Ada").await;
    until_saved(&redis, "Ada").await;
    first.signal(Signal::KILL);
    first.ended().await;
    assert!(end_of(&mut ada).await.is_none(), "nobody said goodbye");
    let ada = comes_back(&ada, &second).await;
    assert_eq!(ada.name().unwrap().as_str(), "Ada");
    assert_eq!(until_runs(&second, 1).await, ["1"]);
    second.stop().await;
}

#[tokio::test]
async fn a_server_that_drains_hands_its_arenas_over_and_says_where_they_are() {
    let redis = Redis::start().await;
    let mut first = node(&redis, "1").await;
    until_runs(&first, 1).await;
    let second = node(&redis, "1").await;
    until_known(&redis, 2).await;
    let mut ada = pilot(&first, "Ada").await;
    first.signal(Signal::TERM);
    assert_eq!(end_of(&mut ada).await, Some(CloseReason::Restart));
    assert_eq!(ada.moved(), Some(second.url("").trim_end_matches('/')));
    let ada = comes_back(&ada, &second).await;
    assert_eq!(ada.name().unwrap().as_str(), "Ada");
    assert!(first.ended().await.success());
    second.stop().await;
}

#[tokio::test]
async fn players_of_an_arena_that_nobody_took_are_told_to_come_back_and_not_that_something_went_wrong() {
    let mut redis = Redis::start().await;
    let url = redis.url();
    let args = ["--drones", "0", "--no-data", "--redis", &url, "--drain-timeout", "8"];
    let mut first = Server::start(&args).await;
    until_runs(&first, 1).await;
    let second = node(&redis, "1").await;
    // Pages may go to every server that is known.
    let known = async || {
        let page = http::get(first.address(), "/").await;
        page.header("content-security-policy")?.contains(second.address()).then_some(())
    };
    until("the other one is known", LATER, known).await;
    let mut ada = pilot(&first, "Ada").await;
    redis.kill();
    first.signal(Signal::TERM);
    assert_eq!(end_of(&mut ada).await, Some(CloseReason::Restart));
    assert!(ada.moved().is_none(), "the arena is where it was");
    assert!(first.ended().await.success());
    second.stop().await;
}

#[tokio::test]
async fn a_server_that_stood_still_for_longer_than_its_lease_gives_its_arenas_up() {
    let redis = Redis::start().await;
    let first = node(&redis, "1").await;
    until_runs(&first, 1).await;
    let second = node(&redis, "1").await;
    let mut ada = pilot(&first, "Ada").await;
    until_saved(&redis, "Ada").await;
    first.signal(Signal::STOP);
    until_runs(&second, 1).await;
    first.signal(Signal::CONT);
    assert_eq!(end_of(&mut ada).await, Some(CloseReason::Restart));
    until_runs(&first, 0).await;
    let ada = comes_back(&ada, &second).await;
    assert_eq!(ada.name().unwrap().as_str(), "Ada");
    second.stop().await;
    first.stop().await;
}

#[tokio::test]
async fn an_arena_stays_where_it_is_when_redis_comes_back_and_has_forgotten_everything() {
    let mut redis = Redis::start().await;
    let first = node(&redis, "1").await;
    until_runs(&first, 1).await;
    let second = node(&redis, "1").await;
    let ada = pilot(&first, "Ada").await;
    redis.kill();
    redis.begin().await;
    let known = async || (redis.ask::<u64>(&["HLEN", "starfray:nodes"]).await == Some(2)).then_some(());
    until("both are back", LATER, known).await;
    let held = async || redis.ask::<String>(&["HGET", "starfray:arenas", "1"]).await;
    let held = until("the arena is somebody's again", LATER, held).await;
    let saved = async || redis.ask::<String>(&["GET", "starfray:save:1"]).await;
    until("the arena is saved again", LATER, saved).await;
    assert_eq!(
        redis.ask::<String>(&["HGET", "starfray:arenas", "1"]).await.map(|now| owner(&now)),
        Some(owner(&held))
    );
    assert!(runs(&second).await.is_empty());
    assert_eq!(runs(&first).await, ["1"]);
    drop(ada);
    second.stop().await;
    first.stop().await;
}

fn owner(held: &str) -> String {
    let held: serde_json::Value = serde_json::from_str(held).unwrap();
    held["node"].as_str().unwrap().to_owned()
}
