//! Lives that are really played: recorded when they end, told of when they are on the disk, there after the worst end.

use bots::client::{Client, JoinAnswer};
use bots::pilot::Behaviour;
use e2e::patience::{LATER, SOON, until};
use e2e::server::Server;
use e2e::{http, scene};
use rustix::process::{Pid, Resource, Rlimit, Signal, prlimit};
use shared::identity::{Identity, PlayerKey};
use shared::protocol::{Recorded, Role};

/// Ada gathers points, and Bob sinks her.
async fn a_life(server: &Server) -> Client {
    let mut ada = scene::player(&server.ws(), "Ada").await;
    let points = |client: &Client| client.view().is_some_and(|view| view.status().score > 0);
    scene::fly_as(&mut ada, Behaviour::Play, points).await;
    scene::let_go(&mut ada).await;
    let mut bob = scene::player(&server.ws(), "Bob").await;
    let sunk = ada.wait_until(LATER, |client| client.last_death().is_some());
    let (sunk, ()) =
        tokio::join!(sunk, scene::fly_as(&mut bob, Behaviour::Hunt, |bob| bob.last_kill().is_some()));
    sunk.expect("she is sunk");
    ada
}

/// The same, and she hears what became of her life.
async fn a_life_told_of(server: &Server) -> (Identity, u32, Recorded) {
    let mut ada = a_life(server).await;
    ada.wait_until(LATER, |client| client.recorded().is_some()).await.expect("she is told");
    let identity = ada.welcome().and_then(|welcome| welcome.identity).expect("a player has an identity");
    let score = ada.last_death().expect("she was sunk").life.score;
    (identity, score, ada.recorded().expect("she was told").clone())
}

async fn today(server: &Server) -> serde_json::Value {
    let answer = http::get(server.address(), "/api/boards/day").await;
    serde_json::from_str(&answer.body).expect("a page is JSON")
}

#[tokio::test]
async fn a_life_that_was_told_of_is_on_the_board_even_after_a_kill() {
    let data = tempfile::tempdir().unwrap();
    let folder = data.path().to_str().unwrap();
    let args = ["--drones", "0", "--arena-size", "1024", "--seed", "5", "--data-dir", folder];
    let mut server = Server::start(&args).await;
    let (identity, score, recorded) = a_life_told_of(&server).await;
    assert_eq!(recorded.score, score);
    let periods: Vec<_> = recorded.places.iter().map(|place| (place.period.as_str(), place.rank)).collect();
    assert_eq!(periods, [("day", 1), ("week", 1), ("all", 1)]);
    assert!(recorded.places.iter().all(|place| place.best && place.total == 1), "{recorded:?}");
    server.signal(Signal::KILL);
    server.ended().await;

    let again = Server::start(&args).await;
    let page = today(&again).await;
    let entry = &page["entries"][0];
    assert_eq!(page["total"], 1, "{page}");
    assert_eq!((&entry["name"], &entry["score"]), (&"Ada".into(), &score.into()), "{page}");
    assert_eq!(entry["player"], identity.key.to_string());

    // The same identity is the same player to the server that came back.
    let mut ada = Client::connect(&again.ws()).await.unwrap();
    ada.come_as(identity);
    let welcome = ada.hello(Role::Play, SOON).await.unwrap();
    assert_eq!(welcome.identity, Some(identity));
}

#[tokio::test]
async fn nobody_is_told_of_a_record_that_is_only_in_memory() {
    let server = Server::start(&["--drones", "0", "--arena-size", "1024", "--seed", "5", "--no-data"]).await;
    let mut ada = a_life(&server).await;
    while today(&server).await["total"] != 1 {
        scene::next_frame(&mut ada).await;
    }
    for _ in 0..10 {
        scene::next_frame(&mut ada).await;
    }
    assert_eq!(ada.recorded(), None);
}

/// The largest file that this server may write from now on, in bytes; none to lift the limit.
fn limit_files(server: &Server, bytes: Option<u64>) {
    let id = i32::try_from(server.process()).ok().and_then(Pid::from_raw);
    let limit = Rlimit { current: bytes, maximum: None };
    prlimit(id, Resource::Fsize, limit).expect("our own child can be limited");
}

#[tokio::test]
async fn play_goes_on_while_the_disk_takes_nothing_and_what_waits_is_written_when_it_does_again() {
    let server = Server::start(&["--drones", "0", "--arena-size", "1024", "--seed", "5"]).await;
    limit_files(&server, Some(0));
    let mut ada = a_life(&server).await;
    until("the server says that a result waits", SOON, async || {
        let health = http::get(server.address(), "/healthz").await.body;
        health.starts_with("degraded: 1 results wait in memory").then_some(())
    })
    .await;
    let metrics = http::get(server.address(), "/metrics").await.body;
    for line in
        ["starfray_standings_failing 1", "starfray_standings_waiting 1", "starfray_standings_lost_total 0"]
    {
        assert!(metrics.contains(line), "{line}");
    }
    let flies = ada.join("Ada", SOON).await.expect("the server answers Join");
    assert!(matches!(flies, JoinAnswer::Joined(_)), "{flies:?}");
    ada.wait_until(SOON, |ada| ada.ship().is_some()).await.expect("she flies on");
    assert_eq!((ada.recorded(), today(&server).await["total"].as_u64()), (None, Some(0)));

    limit_files(&server, None);
    ada.wait_until(LATER, |ada| ada.recorded().is_some()).await.expect("she is told when it is written");
    assert_eq!(today(&server).await["total"], 1);
    assert_eq!(http::get(server.address(), "/healthz").await.body, "ok\n");
    server.stop().await;
}

#[tokio::test]
async fn an_identity_that_the_server_did_not_sign_is_not_taken() {
    let server = Server::start(&["--drones", "0"]).await;
    let mut ada = scene::session(&server.ws(), Role::Play).await;
    let real = ada.welcome().and_then(|welcome| welcome.identity).unwrap();
    let mut forged = [real, real];
    forged[0].proof[31] ^= 1;
    forged[1].key = PlayerKey(real.key.0 ^ 1);
    for identity in forged {
        let mut thief = Client::connect(&server.ws()).await.unwrap();
        thief.come_as(identity);
        let welcome = thief.hello(Role::Play, SOON).await.unwrap();
        let given = welcome.identity.expect("he is someone new");
        assert!(given.key != identity.key && given.key != real.key, "{given:?}");
    }
    let watcher = scene::session(&server.ws(), Role::Board).await;
    assert_eq!(watcher.welcome().and_then(|welcome| welcome.identity), None);
    scene::next_frame(&mut ada).await;
}
