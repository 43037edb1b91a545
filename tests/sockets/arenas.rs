//! Several arenas in one process: worlds of their own, found by name or by where people are.

use bots::client::{Client, JoinAnswer};
use e2e::http;
use e2e::patience::{SOON, until};
use e2e::scene;
use e2e::server::Server;
use serde_json::Value;
use shared::protocol::{CloseReason, Role};

const TWO: [&str; 4] = ["--arenas", "2", "--drones", "0"];

/// A player called `name` in the arena called `arena`.
pub(super) async fn player_in(server: &Server, arena: &str, name: &str) -> Client {
    let mut client = Client::connect(&server.ws()).await.expect("the server takes connections");
    client.say_hello_in(Role::Play, Some(arena.to_owned())).await.expect("the server listens");
    let answer = client.join(name, SOON).await.expect("the server answers Join");
    assert!(matches!(answer, JoinAnswer::Joined(_)), "{answer:?}");
    client
}

/// People by arena.
async fn people(server: &Server) -> Vec<u64> {
    let answer = http::get(server.address(), "/api/arenas").await;
    let arenas: Vec<Value> = serde_json::from_str(&answer.body).expect("a list of arenas");
    arenas.iter().filter_map(|arena| arena["players"].as_u64()).collect()
}

async fn until_people_are(server: &Server, expected: &[u64]) {
    until("people are where they should be", SOON, async || (people(server).await == expected).then_some(()))
        .await;
}

#[tokio::test]
async fn who_names_an_arena_is_in_that_one() {
    let server = Server::start(&TWO).await;
    let _bob = player_in(&server, "2", "bob").await;
    until_people_are(&server, &[0, 1]).await;
    server.stop().await;
}

#[tokio::test]
async fn who_names_none_goes_where_people_are() {
    let server = Server::start(&TWO).await;
    let _bob = player_in(&server, "2", "bob").await;
    until_people_are(&server, &[0, 1]).await;
    let _ada = scene::player(&server.ws(), "ada").await;
    until_people_are(&server, &[0, 2]).await;
    server.stop().await;
}

#[tokio::test]
async fn each_arena_has_a_live_board_of_its_own() {
    let server = Server::start(&TWO).await;
    let _bob = player_in(&server, "2", "bob").await;
    let mut first = Client::connect(&server.ws()).await.expect("the server takes connections");
    first.say_hello_in(Role::Board, Some("1".to_owned())).await.expect("the server listens");
    let mut second = Client::connect(&server.ws()).await.expect("the server takes connections");
    second.say_hello_in(Role::Board, Some("2".to_owned())).await.expect("the server listens");
    second.wait_until(SOON, |client| client.board().rows().len() == 1).await.expect("bob is on it");
    let _ada = player_in(&server, "1", "ada").await;
    first.wait_until(SOON, |client| client.board().rows().len() == 1).await.expect("ada is on it");
    let name = |client: &Client| client.board().rows()[0].name.to_string();
    assert_eq!((name(&first), name(&second)), ("ada".to_owned(), "bob".to_owned()));
    server.stop().await;
}

#[tokio::test]
async fn an_arena_that_is_not_there_is_closed_with_4009() {
    let server = Server::start(&TWO).await;
    let mut client = Client::connect(&server.ws()).await.expect("the server takes connections");
    client.say_hello_in(Role::Play, Some("7".to_owned())).await.expect("the server listens");
    let farewell = client.wait_for_close(SOON).await.expect("the server closes the session");
    assert_eq!(farewell.code, Some(CloseReason::NoArena.code()));
    server.until_arena("it is counted", |arena| arena.closed(CloseReason::NoArena) == 1).await;
    server.stop().await;
}

#[tokio::test]
async fn metrics_tell_every_stage_of_every_arena() {
    let server = Server::start(&TWO).await;
    let answer = http::get(server.address(), "/metrics").await;
    assert_eq!(answer.status, 200);
    for stage in sim::Stage::ALL {
        for arena in ["1", "2"] {
            let sample =
                format!("starfray_stage_seconds_count{{arena=\"{arena}\",stage=\"{}\"}}", stage.label());
            assert!(answer.body.contains(&sample), "{sample}");
        }
    }
    for name in
        ["frames_total", "frames_skipped_total", "checksum_mismatches_total", "sessions", "sent_bytes_total"]
    {
        assert!(answer.body.contains(&format!("starfray_{name}")), "{name}");
    }
    server.stop().await;
}
