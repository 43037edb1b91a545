//! The live board over HTTP: the same rows as a watcher of the WebSocket has, in the same order.

use crate::world::{get, ok, ranks};
use bots::client::Client;
use e2e::events::Events;
use e2e::patience::{SOON, until};
use e2e::scene;
use e2e::server::Server;
use serde_json::{Value, json};
use shared::leaderboard::BoardRow;
use shared::mode::Team;
use shared::protocol::Role;
use std::collections::BTreeSet;

fn row(rank: usize, row: &BoardRow) -> Value {
    let standing = row.standing;
    json!({
        "rank": rank, "player": row.key.map(|key| key.to_string()), "name": row.name.as_str(),
        "score": standing.score, "at": null, "drone": row.drone, "team": row.team.map(|team| team as u8 + 1),
        "kills": standing.kills, "deaths": standing.deaths,
    })
}

fn rows(client: &Client) -> Value {
    client.board().rows().iter().zip(1..).map(|(one, rank)| row(rank, one)).collect()
}

/// Three people who do not fly, and one who watches.
async fn quiet() -> (Server, Vec<Client>, Client) {
    let server = Server::start(&["--drones", "0"]).await;
    let mut people = Vec::new();
    for name in ["ada", "bob", "eve"] {
        people.push(scene::player(&server.ws(), name).await);
    }
    let mut watcher = scene::session(&server.ws(), Role::Board).await;
    watcher.wait_until(SOON, |client| client.board().rows().len() == 3).await.expect("all are on the board");
    (server, people, watcher)
}

/// The board as page, event and long poll show it. Shards drift, so it may change in between: then once more.
async fn the_same_in_all_forms(server: &Server) -> Value {
    until("the board holds still", SOON, async || {
        let page = ok(server, "/api/boards/live?limit=10").await;
        let mut events = Events::open(server.address(), "/api/boards/live/events?limit=10", &[]).await;
        let event = events.next().await.json();
        let polled = ok(server, "/api/boards/live?limit=10&wait=5&since=0").await;
        let still = page["version"] == polled["version"] && page["total"] == 3;
        if still {
            assert_eq!((&event, &polled), (&page, &page));
        }
        still.then_some(page)
    })
    .await
}

#[tokio::test]
async fn websocket_events_long_poll_and_page_show_the_same_board() {
    let (server, _people, mut watcher) = quiet().await;
    let page = the_same_in_all_forms(&server).await;
    let same = |client: &Client| rows(client) == page["entries"];
    watcher.wait_until(SOON, same).await.expect("the watcher has the same board");
    server.stop().await;
}

#[tokio::test]
async fn cursors_and_around_work_in_an_arena_too() {
    let (server, _people, _watcher) = quiet().await;
    let first = until("all are on the page", SOON, async || {
        Some(ok(&server, "/api/boards/live?limit=2").await).filter(|page| page["total"] == 3)
    })
    .await;
    let next = format!("/api/boards/live?limit=2&cursor={}", first["next"].as_str().unwrap());
    let second = ok(&server, &next).await;
    assert_eq!((&second["version"], &second["next"]), (&first["version"], &Value::Null));
    let entries = || [&first, &second].into_iter().flat_map(|page| page["entries"].as_array().unwrap());
    assert_eq!(entries().map(|entry| entry["rank"].as_u64().unwrap()).collect::<Vec<_>>(), [1, 2, 3]);
    let names: BTreeSet<_> = entries().map(|entry| entry["name"].as_str().unwrap()).collect();
    assert_eq!(names, BTreeSet::from(["ada", "bob", "eve"]));
    let key = second["entries"][0]["player"].as_str().expect("people have an id");
    let around = ok(&server, &format!("/api/boards/live/around/{key}?limit=1")).await;
    assert_eq!(
        (&around["entries"][0]["player"], &around["entries"][0]["rank"]),
        (&key.into(), &around["rank"])
    );
    assert_eq!(around["percentile"].as_f64().unwrap(), 50.0 * (3.0 - around["rank"].as_f64().unwrap()));
    let found = ok(&server, "/api/boards/live?name=BO").await;
    assert_eq!(
        (&found["entries"][0]["name"], found["entries"].as_array().map(Vec::len)),
        (&"bob".into(), Some(1))
    );
    let gone = format!("/api/boards/live?cursor=0000{}{}", "0".repeat(18), "00000001");
    assert_eq!(get(&server, &gone).await.status, 410);
    server.stop().await;
}

#[tokio::test]
async fn equal_scores_share_a_rank_in_an_arena_when_asked() {
    let (server, _people, _watcher) = quiet().await;
    let page = ok(&server, "/api/boards/live?ranks=competition").await;
    let ranks = ranks(&page);
    for (rank, score) in &ranks {
        assert_eq!(*rank, 1 + ranks.iter().filter(|(_, other)| other > score).count() as u64, "{page}");
    }
    server.stop().await;
}

#[tokio::test]
async fn every_form_says_what_the_teams_have_how_long_the_round_lasts_and_who_has_won_it() {
    let played = ["--modes", "team-rounds", "--round-time", "8s", "--drones", "10", "--arena-size", "1024"];
    let server = Server::start(&played).await;
    let mut watcher = scene::session(&server.ws(), Role::Board).await;
    let mut events = Events::open(server.address(), "/api/boards/live/events?limit=5", &[]).await;
    let mut contest = events.next().await.json()["contest"].take();
    assert_eq!((&contest["mode"], &contest["podium"]), (&"team-rounds".into(), &Value::Null));
    // Before the arena's first tick nobody knows how long the round is.
    while contest["round"].is_null() {
        contest = events.next().await.json()["contest"].take();
    }
    assert!((1..=8000).contains(&left_ms(&contest)), "{contest}");
    let mut points = 0;
    while contest["podium"].is_null() {
        points = points.max(contest["points"][0].as_u64().unwrap_or(0));
        points = points.max(contest["points"][1].as_u64().unwrap_or(0));
        contest = events.next().await.json()["contest"].take();
    }
    assert!(points > 0, "the teams' points were told");
    assert!((1..=10_000).contains(&left_ms(&contest)), "{contest}");
    watcher.wait_until(SOON, |client| client.podium().is_some()).await.expect("the watcher sees it, too");
    let podium = watcher.podium().expect("there is one");
    let number = |team: Option<Team>| team.map(|team| team as u8 + 1);
    let entries: Value = podium
        .rows
        .iter()
        .map(|row| {
            let (name, drone) = (row.name.as_str(), row.drone);
            json!({"name": name, "drone": drone, "team": number(row.team), "score": row.score})
        })
        .collect();
    let same = json!({"winner": number(podium.winner), "entries": entries});
    let page = ok(&server, "/api/boards/live?limit=5").await;
    let polled = ok(&server, "/api/boards/live?limit=5&wait=5&since=0").await;
    for told in [&contest, &page["contest"], &polled["contest"]] {
        assert_eq!(told["podium"], same);
    }
    server.stop().await;
}

/// How long the round or its podium went on when this was said.
fn left_ms(contest: &Value) -> i64 {
    let moment = |key: &str| contest["round"][key].as_i64().expect("a moment");
    moment("ends_at") - moment("at")
}
