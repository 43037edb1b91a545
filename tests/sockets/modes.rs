//! Teams and rounds over sockets: what an operator sets is what players meet.

use super::arenas::player_in;
use bots::client::Client;
use bots::pilot::Behaviour;
use e2e::http;
use e2e::patience::{LATER, SOON};
use e2e::scene::fly_as;
use e2e::server::Server;
use serde_json::Value;
use shared::mode::{Mode, Team};
use shared::protocol::Role;

const SMALL: [&str; 4] = ["--drones", "0", "--arena-size", "1024"];

async fn server(args: &[&str]) -> Server {
    Server::start(&[&SMALL[..], args].concat()).await
}

/// The team of a client whose ship flies.
async fn team(client: &mut Client) -> Option<Team> {
    client.wait_until(SOON, |client| client.ship().is_some()).await.expect("the ship comes into view");
    client.ship().and_then(|ship| ship.team)
}

#[tokio::test]
async fn each_arena_is_played_as_the_operator_says() {
    let server = server(&["--arenas", "3", "--modes", "ffa,teams"]).await;
    for (path, list) in [("/api/arenas", ""), ("/api/lobby", "/arenas")] {
        let answer = http::get(server.address(), path).await;
        let body: Value = serde_json::from_str(&answer.body).expect("JSON");
        let arenas = body.pointer(list).and_then(Value::as_array).expect("a list");
        let modes: Vec<_> = arenas.iter().map(|arena| arena["mode"].as_str().unwrap_or("none")).collect();
        assert_eq!(modes, ["ffa", "teams", "ffa"], "{path}");
    }
    let mut ada = player_in(&server, "2", "ada").await;
    let mut bob = player_in(&server, "2", "bob").await;
    assert_eq!((ada.mode(), team(&mut ada).await), (Mode::Teams, Some(Team::Suns)));
    assert_eq!(team(&mut bob).await, Some(Team::Moons));
    ada.wait_until(SOON, |client| client.totals().is_some_and(|totals| totals.members == [1, 1]))
        .await
        .expect("the totals are told");
    let mut eve = player_in(&server, "1", "eve").await;
    assert_eq!((eve.mode(), team(&mut eve).await), (Mode::FreeForAll, None));
    server.stop().await;
}

#[tokio::test]
async fn a_round_ends_with_a_podium_and_its_lives_are_recorded() {
    let server = server(&["--modes", "rounds", "--round-time", "12s"]).await;
    let mut ada = player_in(&server, "1", "ada").await;
    fly_as(&mut ada, Behaviour::Play, |client| client.view().is_some_and(|view| view.status().score > 0))
        .await;
    let mut watcher = e2e::scene::session(&server.ws(), Role::Board).await;
    ada.wait_until(LATER, |client| client.podium().is_some()).await.expect("time is up");
    let podium = ada.podium().expect("there is one").clone();
    let best = podium.rows.first().expect("ada has points");
    assert!(best.name.as_str() == "ada" && best.score > 0, "{podium:?}");
    watcher.wait_until(SOON, |client| client.podium().is_some()).await.expect("watchers see it, too");
    let mut late = player_in(&server, "1", "late").await;
    assert_eq!(late.podium(), Some(&podium), "and so does who comes now");
    assert!(late.ship().is_none(), "who flies when it goes on");
    ada.wait_until(SOON, |client| client.recorded().is_some()).await.expect("the life is recorded");
    for client in [&mut ada, &mut late] {
        client.wait_until(SOON, |client| client.ship().is_some()).await.expect("the next round begins");
        assert!(client.round().is_some_and(|round| !round.podium));
    }
    server.stop().await;
}

#[tokio::test]
async fn a_private_arena_is_played_as_the_operator_says() {
    let server = server(&["--private-mode", "team-rounds"]).await;
    let mut ada = player_in(&server, "one-two-three", "ada").await;
    assert_eq!((ada.mode(), team(&mut ada).await), (Mode::TeamRounds, Some(Team::Suns)));
    assert!(ada.round().is_some_and(|round| round.ticks > 8000), "five minutes");
    server.stop().await;
}
