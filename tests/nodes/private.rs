//! Private arenas among several servers: each is at one of them, goes to another when that goes, and is forgotten when it ends.

use crate::arenas::{LIMIT, end_of, node, pilot_in, until_known};
use bots::client::Client;
use e2e::patience::{LATER, until};
use e2e::redis::Redis;
use e2e::server::Server;
use rustix::process::Signal;
use shared::protocol::{CloseReason, Role};
use std::time::Duration;

const NAME: &str = "red-green-blue";

/// Someone with the link, who flies there.
async fn guest(server: &Server, name: &str) -> Client {
    pilot_in(server, name, Some(NAME)).await
}

/// Comes back to `server` as who `before` was, and flies.
async fn comes_back(before: &Client, server: &Server) -> Client {
    let welcome = *before.welcome().unwrap();
    until("the player is back", LATER, async || {
        let mut client = Client::connect(&server.ws()).await.ok()?;
        client.come_as(welcome.identity?);
        client.say_hello_as(Role::Play, Some(NAME.to_owned()), Some(welcome.token)).await.ok()?;
        client.wait_until(Duration::from_secs(3), |client| client.ship().is_some()).await.ok()?;
        assert!(client.welcome().unwrap().resumed, "the ship that flies is the one of before");
        Some(client)
    })
    .await
}

async fn until_saved(redis: &Redis, player: &str) {
    let saved = async || {
        let save: String = redis.ask(&["GET", &format!("starfray:save:{NAME}")]).await?;
        save.contains(&format!("{player:?}")).then_some(())
    };
    until("the arena is saved", LATER, saved).await;
}

#[tokio::test]
async fn who_has_the_link_is_sent_to_the_server_that_has_the_private_arena() {
    let redis = Redis::start().await;
    let (first, second) = (node(&redis, "1").await, node(&redis, "1").await);
    until_known(&redis, 2).await;
    let ada = guest(&first, "Ada").await;
    let sent = async || {
        let mut bob = Client::connect(&second.ws()).await.ok()?;
        bob.say_hello_in(Role::Board, Some(NAME.to_owned())).await.ok()?;
        let end = end_of(&mut bob).await;
        // Until the second server has heard of it, there is none for who only watches.
        (end == Some(CloseReason::Restart)).then(|| bob.moved().map(str::to_owned))?
    };
    assert_eq!(until("it is told where", LATER, sent).await, first.url("").trim_end_matches('/'));
    drop(ada);
    second.stop().await;
    first.stop().await;
}

#[tokio::test]
async fn a_private_arena_goes_on_at_another_server_when_its_own_is_killed_and_then_when_that_drains() {
    let redis = Redis::start().await;
    let (mut first, mut second) = (node(&redis, "1").await, node(&redis, "1").await);
    until_known(&redis, 2).await;
    let mut ada = guest(&first, "Ada").await;
    until_saved(&redis, "Ada").await;
    first.signal(Signal::KILL);
    first.ended().await;
    assert!(end_of(&mut ada).await.is_none(), "nobody said goodbye");
    let mut ada = comes_back(&ada, &second).await;
    let third = node(&redis, "1").await;
    until_known(&redis, 2).await;
    second.signal(Signal::TERM);
    assert_eq!(end_of(&mut ada).await, Some(CloseReason::Restart));
    assert_eq!(ada.moved(), Some(third.url("").trim_end_matches('/')));
    let ada = comes_back(&ada, &third).await;
    assert_eq!(ada.name().unwrap().as_str(), "Ada");
    assert!(second.ended().await.success());
    third.stop().await;
}

#[tokio::test]
async fn nothing_is_left_of_a_private_arena_that_has_ended() {
    let redis = Redis::start().await;
    let url = redis.url();
    let server =
        Server::start(&["--drones", "0", "--no-data", "--redis", &url, "--private-linger", "0"]).await;
    let mut ada = Client::connect(&server.ws()).await.unwrap();
    ada.say_hello_in(Role::Play, Some(NAME.to_owned())).await.unwrap();
    ada.wait_until(LIMIT, |client| client.welcome().is_some()).await.unwrap();
    let held = async || redis.ask::<String>(&["HGET", "starfray:arenas", NAME]).await;
    until("it is in the directory", LATER, held).await;
    drop(ada);
    for key in ["starfray:arenas", "starfray:epochs", "starfray:people"] {
        let forgotten = async || (redis.ask::<u64>(&["HEXISTS", key, NAME]).await == Some(0)).then_some(());
        until(&format!("{key} forgets it"), LATER, forgotten).await;
    }
    server.stop().await;
}
