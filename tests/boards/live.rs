//! The live board over HTTP: the same rows as a watcher of the WebSocket has, in the same order.

use crate::world::{get, ok};
use bots::client::Client;
use e2e::events::Events;
use e2e::patience::{SOON, until};
use e2e::scene;
use e2e::server::Server;
use serde_json::{Value, json};
use shared::leaderboard::BoardRow;
use shared::protocol::Role;

fn row(rank: usize, row: &BoardRow) -> Value {
    let standing = row.standing;
    json!({
        "rank": rank, "player": row.key.map(|key| key.to_string()), "name": row.name.as_str(),
        "score": standing.score, "at": null, "drone": row.drone, "kills": standing.kills, "deaths": standing.deaths,
    })
}

fn rows(client: &Client) -> Value {
    client.board().rows().iter().zip(1..).map(|(one, rank)| row(rank, one)).collect()
}

/// Drones that do nothing would be still; people who do not fly keep the board as it is.
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

#[tokio::test]
async fn websocket_events_long_poll_and_page_show_the_same_board() {
    let (server, _people, watcher) = quiet().await;
    let page = until("all are on the page", SOON, async || {
        Some(ok(&server, "/api/boards/live?limit=10").await).filter(|page| page["total"] == 3)
    })
    .await;
    assert_eq!(page["entries"], rows(&watcher));
    let mut events = Events::open(server.address(), "/api/boards/live/events?limit=10", &[]).await;
    assert_eq!(events.next().await.json(), page);
    assert_eq!(ok(&server, "/api/boards/live?limit=10&wait=5&since=0").await, page);
    server.stop().await;
}

#[tokio::test]
async fn cursors_and_around_work_in_an_arena_too() {
    let (server, _people, watcher) = quiet().await;
    let first = until("all are on the page", SOON, async || {
        Some(ok(&server, "/api/boards/live?limit=2").await).filter(|page| page["total"] == 3)
    })
    .await;
    let next = format!("/api/boards/live?limit=2&cursor={}", first["next"].as_str().unwrap());
    let second = ok(&server, &next).await;
    let all = watcher.board().rows().to_vec();
    assert_eq!((&second["entries"], &second["next"]), (&json!([row(3, &all[2])]), &Value::Null));
    let key = all[1].key.expect("people have an id");
    let around = ok(&server, &format!("/api/boards/live/around/{key}?limit=1")).await;
    assert_eq!((&around["rank"], &around["percentile"]), (&2.into(), &50.0.into()));
    assert_eq!(around["entries"], json!([row(2, &all[1])]));
    let tied = ok(&server, "/api/boards/live?ranks=competition").await;
    assert!(tied["entries"].as_array().unwrap().iter().all(|entry| entry["rank"] == 1), "{tied}");
    let found = ok(&server, "/api/boards/live?name=BO").await;
    assert_eq!(found["entries"][0]["name"], "bob");
    let gone = format!("/api/boards/live?cursor=0000{}{}", "0".repeat(18), "00000001");
    assert_eq!(get(&server, &gone).await.status, 410);
    server.stop().await;
}
