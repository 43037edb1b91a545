//! Where join tokens are needed, a ticket stands in for one that has run out, at the server that somebody is sent to.

use crate::arenas::{LIMIT, end_of, until_known};
use bots::client::{Client, ClientError};
use e2e::join_token::{SECRET, token};
use e2e::patience::{LATER, until};
use e2e::redis::Redis;
use e2e::server::Server;
use rustix::process::Signal;
use shared::protocol::{CloseReason, Role};
use std::path::Path;
use std::time::Duration;

async fn node(redis: &Redis, key: &Path) -> Server {
    let (url, key) = (redis.url(), key.to_str().unwrap());
    Server::start(&["--drones", "0", "--no-data", "--redis", &url, "--join-key", key]).await
}

#[tokio::test]
async fn who_was_let_in_once_is_let_in_where_its_arena_goes_when_its_join_token_has_run_out() {
    let folder = tempfile::tempdir().unwrap();
    let key = folder.path().join("key");
    std::fs::write(&key, SECRET).unwrap();
    let redis = Redis::start().await;
    let mut first = node(&redis, &key).await;
    until_known(&redis, 1).await;
    let second = node(&redis, &key).await;
    until_known(&redis, 2).await;
    // Clocks may differ by ten seconds: this one is as good as run out.
    let short = format!("join.{}", token(",\"name\":\"Ada\"", -8));
    let enter = async || {
        let mut ada = Client::connect_with(&first.ws(), std::slice::from_ref(&short)).await.ok()?;
        ada.say_hello(Role::Play).await.ok()?;
        ada.join("Mallory", LIMIT).await.ok()?;
        Some(ada)
    };
    let mut ada = until("the arena is open", LATER, enter).await;
    ada.wait_until(LIMIT, |client| client.ship().is_some()).await.unwrap();
    let welcome = *ada.welcome().unwrap();
    let refused = async || {
        matches!(
            Client::connect_with(&second.ws(), std::slice::from_ref(&short)).await,
            Err(ClientError::WebSocket(_))
        )
        .then_some(())
    };
    until("the token has run out", LATER, refused).await;
    first.signal(Signal::TERM);
    assert_eq!(end_of(&mut ada).await, Some(CloseReason::Restart));
    let ticket = format!("ticket.{}", ada.ticket().unwrap());
    let comes = async || {
        let mut back = Client::connect_with(&second.ws(), &[short.clone(), ticket.clone()]).await.ok()?;
        back.come_as(welcome.identity?);
        back.say_hello_as(Role::Play, None, Some(welcome.token)).await.ok()?;
        back.wait_until(Duration::from_secs(3), |client| client.ship().is_some()).await.ok()?;
        Some(back)
    };
    let back = until("the player is back", LATER, comes).await;
    assert!(back.welcome().unwrap().resumed);
    assert_eq!(back.name().unwrap().as_str(), "Ada");
    assert!(first.ended().await.success());
    second.stop().await;
}
