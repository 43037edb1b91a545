//! SIGTERM with time to drain: nobody new comes in, those who play may play on, and what they did is recorded.

use super::raw::Raw;
use bots::client::Client;
use bots::pilot::Behaviour;
use e2e::http;
use e2e::patience::{SOON, until};
use e2e::scene::{fly_as, next_frame, player, session};
use e2e::server::Server;
use rustix::process::Signal;
use shared::protocol::{CloseReason, Role};

#[tokio::test]
async fn while_the_server_drains_nobody_new_comes_in_and_those_who_play_play_on_and_are_recorded() {
    let data = tempfile::tempdir().unwrap();
    let args = ["--drones", "0", "--arena-size", "1024", "--data-dir", data.path().to_str().unwrap()];
    let mut server = Server::start(&[&args[..], &["--drain-timeout", "600"]].concat()).await;
    let mut ada = player(&server.ws(), "Ada").await;
    let mut unborn = session(&server.ws(), Role::Play).await;
    let mut watcher = session(&server.ws(), Role::Board).await;
    fly_as(&mut ada, Behaviour::Play, |ada| ada.view().is_some_and(|view| view.status().score > 0)).await;
    let mut early = Client::connect(&server.ws()).await.unwrap();
    server.signal(Signal::TERM);
    until("it is not ready", SOON, async || {
        let ready = http::get(server.address(), "/readyz").await;
        (ready.status == 503 && ready.body == "draining\n").then_some(())
    })
    .await;
    assert_eq!(http::get(server.address(), "/livez").await.status, 200);
    for client in [&mut ada, &mut unborn, &mut watcher] {
        client.wait_until(SOON, |client| client.closing().is_some()).await.expect("everyone is told");
        assert!((590..=600).contains(&client.closing().unwrap()), "{:?}", client.closing());
    }
    // One whose handshake was before, and whose Hello comes now.
    early.hello(Role::Board, SOON).await.unwrap();
    early.wait_until(SOON, |early| early.closing().is_some()).await.expect("and who comes later");
    let answer = Raw::connect(server.address()).await.shake_hands(server.address(), "/ws", "").await;
    assert!(answer.starts_with("HTTP/1.1 503 ") && answer.contains("retry-after: "), "{answer}");
    unborn.say_join("late").await.unwrap();
    let farewell = unborn.wait_for_close(SOON).await.unwrap();
    assert_eq!(farewell.reason(), Some(CloseReason::Restart), "nobody joins any more");
    for _ in 0..30 {
        next_frame(&mut ada).await;
    }
    // The operator has no more patience.
    server.signal(Signal::TERM);
    let (farewell, ended) = tokio::join!(ada.wait_for_close(SOON), server.ended());
    assert_eq!(farewell.unwrap().reason(), Some(CloseReason::Restart));
    assert!(ended.success());
    let again = Server::start(&args).await;
    let board = http::get(again.address(), "/api/boards/day").await.json();
    assert_eq!((&board["total"], &board["entries"][0]["name"]), (&1.into(), &"Ada".into()), "{board}");
    again.stop().await;
}

#[tokio::test]
async fn private_arenas_are_told_too_and_without_a_time_to_drain_nobody_is() {
    let mut server = Server::start(&["--drones", "0", "--drain-timeout", "600"]).await;
    let mut ada = Client::connect(&server.ws()).await.unwrap();
    ada.say_hello_in(Role::Play, Some("one-two-three".to_owned())).await.unwrap();
    ada.wait_until(SOON, |ada| ada.welcome().is_some()).await.unwrap();
    ada.join("Ada", SOON).await.unwrap();
    for _ in 0..3 {
        next_frame(&mut ada).await;
    }
    server.signal(Signal::TERM);
    ada.wait_until(SOON, |ada| ada.closing().is_some()).await.expect("she is told");
    ada.leave().await.unwrap();
    assert!(server.ended().await.success());
    let mut server = Server::start(&["--drones", "0"]).await;
    let mut bob = player(&server.ws(), "Bob").await;
    server.signal(Signal::TERM);
    assert_eq!(bob.wait_for_close(SOON).await.unwrap().reason(), Some(CloseReason::Restart));
    assert_eq!(bob.closing(), None);
    assert!(server.ended().await.success());
}

#[tokio::test]
async fn the_drain_ends_when_nobody_plays_and_when_its_time_is_over() {
    let mut server = Server::start(&["--drones", "0", "--drain-timeout", "600"]).await;
    let ada = player(&server.ws(), "Ada").await;
    server.signal(Signal::TERM);
    ada.leave().await.unwrap();
    assert!(server.ended().await.success());
    let mut server = Server::start(&["--drones", "0", "--drain-timeout", "1"]).await;
    let mut ada = player(&server.ws(), "Ada").await;
    server.signal(Signal::TERM);
    assert_eq!(ada.wait_for_close(SOON).await.unwrap().reason(), Some(CloseReason::Restart));
    assert!(server.ended().await.success());
}
