//! Live boards of arenas that another server runs are had from every server, and what an operator says to one reaches all.

use e2e::events::Events;
use e2e::http;
use e2e::patience::{LATER, SOON, until};
use e2e::process::binary;
use e2e::redis::Redis;
use e2e::scene::player;
use e2e::server::Server;
use serde_json::Value;
use shared::protocol::Role;
use tokio::process::Command;

async fn node(redis: &Redis, arenas: &str, more: &[&str]) -> Server {
    let args = ["--drones", "0", "--no-data", "--redis", &redis.url(), "--arenas", arenas];
    Server::start(&[&args[..], more].concat()).await
}

async fn json(server: &Server, path: &str) -> Value {
    let answer = http::get(server.address(), path).await;
    assert_eq!(answer.status, 200, "{path}: {answer:?}");
    answer.json()
}

/// Waits until a server runs so many arenas.
async fn until_runs(server: &Server, count: usize) {
    until(&format!("it runs {count} arenas"), LATER, async || {
        let arenas = json(server, "/api/arenas").await;
        let here = arenas.as_array().unwrap().iter().filter(|arena| arena["here"] == true).count();
        (here == count).then_some(())
    })
    .await;
}

/// Waits until the first arena's board at a server has so many lines.
async fn until_board(server: &Server, lines: usize) -> Value {
    until(&format!("{lines} are on the board"), SOON, async || {
        let page = json(server, "/api/boards/live?arena=1").await;
        (page["total"] == lines).then_some(page)
    })
    .await
}

#[tokio::test]
async fn the_live_board_of_an_arena_elsewhere_is_had_in_every_form_and_goes_with_its_server() {
    let redis = Redis::start().await;
    let first = node(&redis, "1", &[]).await;
    until_runs(&first, 1).await;
    let second = node(&redis, "1", &[]).await;
    let _ada = player(&first.ws(), "Ada").await;
    let here = until_board(&first, 1).await;
    let there = until_board(&second, 1).await;
    assert_eq!((&there["entries"], &there["arena"]), (&here["entries"], &here["arena"]));
    let mut events = Events::open(second.address(), "/api/boards/live/events?arena=1", &[]).await;
    assert_eq!(events.next().await.json()["total"], 1);
    let version = there["version"].as_u64().unwrap();
    let poll = format!("/api/boards/live?arena=1&wait=20&since={version}");
    let ws = first.ws();
    let (polled, bob) = tokio::join!(json(&second, &poll), player(&ws, "Bob"));
    assert!(polled["version"].as_u64() > Some(version), "{polled}");
    let mut names = Vec::new();
    while names.len() < 2 {
        let event = events.next().await.json();
        names = event["entries"].as_array().unwrap().iter().map(|entry| entry["name"].clone()).collect();
    }
    assert!(names.contains(&"Ada".into()) && names.contains(&"Bob".into()), "{names:?}");
    until("the lobby counts everyone", SOON, async || {
        (json(&second, "/api/lobby").await["players"] == 2).then_some(())
    })
    .await;
    drop(bob);
    redis.hang();
    until_board(&second, 0).await;
    assert_eq!(json(&first, "/api/boards/live?arena=1").await["entries"][0]["rank"], 1, "play goes on");
    redis.go_on();
    until("it is there again", SOON, async || {
        (json(&second, "/api/boards/live?arena=1").await["total"] != 0).then_some(())
    })
    .await;
    second.stop().await;
    first.stop().await;
}

#[tokio::test]
async fn of_more_arenas_than_a_server_listens_to_each_board_is_there_at_the_first_question() {
    let redis = Redis::start().await;
    let first = node(&redis, "24", &[]).await;
    until_runs(&first, 24).await;
    let second = node(&redis, "24", &[]).await;
    let mut ada = bots::client::Client::connect(&first.ws()).await.unwrap();
    ada.say_hello_in(Role::Play, Some("24".to_owned())).await.unwrap();
    ada.wait_until(SOON, |client| client.welcome().is_some()).await.unwrap();
    ada.join("Ada", SOON).await.unwrap();
    // Others are listened to, so that this server is known to listen.
    let heard = async || (json(&second, "/api/arenas").await[0]["tick"] != 0).then_some(());
    until("some arenas are heard", SOON, heard).await;
    assert_eq!(json(&second, "/api/arenas").await[23]["tick"], 0, "this one is not");
    let page = json(&second, "/api/boards/live?arena=24").await;
    assert_eq!((&page["total"], &page["entries"][0]["name"]), (&1.into(), &"Ada".into()), "{page}");
    second.stop().await;
    first.stop().await;
}

#[tokio::test]
async fn what_an_operator_says_to_one_server_reaches_the_players_of_all() {
    let (redis, folder) = (Redis::start().await, tempfile::tempdir().unwrap());
    let file = folder.path().join("key");
    std::fs::write(&file, "an-operators-key-of-many-letters\n").unwrap();
    let key = file.to_str().unwrap();
    let first = node(&redis, "2", &["--operator-key", key]).await;
    let second = node(&redis, "2", &["--operator-key", key]).await;
    tokio::join!(until_runs(&first, 1), until_runs(&second, 1));
    let mut players = [player(&first.ws(), "Ada").await, player(&second.ws(), "Bob").await];
    let listen = async || redis.ask::<(String, u64)>(&["PUBSUB", "NUMSUB", "starfray:announce"]).await;
    until("both listen", SOON, async || listen().await.filter(|(_, count)| *count == 2)).await;
    let mut command = Command::new(binary("starfray"));
    command.args(["announce", "--url", &second.url(""), "--operator-key", key, "We restart at ten."]);
    let done = command.output().await.unwrap();
    assert!(done.status.success() && String::from_utf8_lossy(&done.stderr).contains("2 servers"), "{done:?}");
    for player in &mut players {
        let told = player.wait_until(SOON, |player| player.announced() == Some("We restart at ten."));
        told.await.expect("everyone is told");
    }
    second.stop().await;
    first.stop().await;
}
