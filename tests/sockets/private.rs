//! Private arenas: for those who have the link, bounded, and gone when nobody is in them.

use super::arenas::player_in;
use bots::client::Client;
use bots::pilot::Behaviour;
use e2e::http;
use e2e::patience::{SOON, until};
use e2e::scene::fly_as;
use e2e::server::Server;
use rustix::process::Signal;
use shared::protocol::{CloseReason, Role};

const TWO_PRIVATE: [&str; 6] = ["--drones", "0", "--private-arenas", "2", "--private-linger", "0"];

async fn metric(server: &Server, name: &str) -> f64 {
    let text = http::get(server.address(), "/metrics").await.body;
    let line = text.lines().find_map(|line| line.strip_prefix(&format!("starfray_{name} ")));
    line.expect("the metric is there").parse().expect("it is a number")
}

/// How a Hello that names this arena ends.
async fn refused(server: &Server, role: Role, arena: &str) -> Option<u16> {
    let mut client = Client::connect(&server.ws()).await.expect("the server takes connections");
    client.say_hello_in(role, Some(arena.to_owned())).await.expect("the server listens");
    client.wait_for_close(SOON).await.expect("the server closes the session").code
}

#[tokio::test]
async fn those_who_name_a_private_arena_meet_there_and_nobody_else_hears_of_it() {
    let server = Server::start(&TWO_PRIVATE).await;
    let mut ada = player_in(&server, "amber-otter-lagoon", "ada").await;
    let _bob = player_in(&server, "amber-otter-lagoon", "bob").await;
    ada.wait_until(SOON, |client| client.top().players == 2).await.expect("ada and bob are together");
    let _eve = player_in(&server, "1", "eve").await;
    assert_eq!(metric(&server, "private_arenas").await as u32, 1);
    until("two play privately", SOON, async || {
        (metric(&server, "private_players").await as u32 == 2).then_some(())
    })
    .await;
    for path in ["/metrics", "/api/arenas", "/api/lobby", "/api/boards", "/healthz"] {
        let body = http::get(server.address(), path).await.body;
        assert!(!body.contains("otter"), "{path} tells the secret");
    }
    for path in ["/api/arena?id=amber-otter-lagoon", "/api/boards/live?arena=amber-otter-lagoon"] {
        assert_eq!(http::get(server.address(), path).await.status, 404, "{path}");
    }
    assert_eq!(server.arena().await.players, 1, "eve is alone where all may go");
    server.stop().await;
}

#[tokio::test]
async fn there_are_never_more_private_arenas_than_allowed_and_one_more_is_told_so() {
    let server = Server::start(&TWO_PRIVATE).await;
    let mut ada = player_in(&server, "one-two-three", "ada").await;
    let mut watcher = Client::connect(&server.ws()).await.expect("the server takes connections");
    watcher.say_hello_in(Role::Play, Some("two-three-four".to_owned())).await.expect("the server listens");
    watcher.wait_until(SOON, |client| client.welcome().is_some()).await.expect("it is welcome");
    let full = Some(CloseReason::PrivateFull.code());
    assert_eq!(refused(&server, Role::Play, "three-four-five").await, full);
    drop(watcher);
    until("the arena in which nobody is ends", SOON, async || {
        (metric(&server, "private_arenas").await as u32 == 1).then_some(())
    })
    .await;
    let _bob = player_in(&server, "three-four-five", "bob").await;
    ada.wait_until(SOON, |client| client.ship().is_some()).await.expect("ada flies on");
    server.stop().await;
}

#[tokio::test]
async fn where_there_are_no_private_arenas_a_name_is_nobodys() {
    let server = Server::start(&["--drones", "0", "--private-arenas", "0"]).await;
    let nowhere = Some(CloseReason::NoArena.code());
    assert_eq!(refused(&server, Role::Play, "one-two-three").await, nowhere);
    assert_eq!(refused(&server, Role::Board, "one-two-three").await, nowhere);
    server.stop().await;
}

#[tokio::test]
async fn who_watches_the_board_of_a_private_arena_needs_it_to_be_there() {
    let server = Server::start(&TWO_PRIVATE).await;
    assert_eq!(refused(&server, Role::Board, "one-two-three").await, Some(CloseReason::NoArena.code()));
    let _ada = player_in(&server, "one-two-three", "ada").await;
    let mut watcher = Client::connect(&server.ws()).await.expect("the server takes connections");
    watcher.say_hello_in(Role::Board, Some("one-two-three".to_owned())).await.expect("the server listens");
    watcher.wait_until(SOON, |client| client.board().rows().len() == 1).await.expect("ada is on it");
    server.stop().await;
}

#[tokio::test]
async fn a_private_life_enters_no_standings() {
    let data = tempfile::tempdir().expect("a folder can be made");
    let folder = ["--data-dir", data.path().to_str().expect("its path is text"), "--arena-size", "1024"];
    let mut server = Server::start(&[TWO_PRIVATE.as_slice(), &folder].concat()).await;
    let scored = |client: &Client| client.view().is_some_and(|view| view.status().score > 0);
    let mut ada = player_in(&server, "one-two-three", "ada").await;
    fly_as(&mut ada, Behaviour::Play, scored).await;
    let mut bob = player_in(&server, "1", "bob").await;
    fly_as(&mut bob, Behaviour::Play, scored).await;
    // Lives that the stop ends are recorded.
    server.signal(Signal::INT);
    assert!(server.ended().await.success());
    let server = Server::start(&folder).await;
    let body = http::get(server.address(), "/api/boards/day").await.body;
    let page: serde_json::Value = serde_json::from_str(&body).expect("a page of the board");
    assert_eq!((&page["total"], &page["entries"][0]["name"]), (&1.into(), &"bob".into()));
    server.stop().await;
}

#[tokio::test]
async fn a_token_takes_its_player_back_into_a_private_arena_and_only_with_its_name() {
    let server = Server::start(&TWO_PRIVATE).await;
    let ada = player_in(&server, "one-two-three", "ada").await;
    let token = ada.welcome().expect("it was welcomed").token;
    drop(ada);
    let mut stranger = Client::connect(&server.ws()).await.expect("the server takes connections");
    stranger.say_hello_as(Role::Play, None, Some(token)).await.expect("the server listens");
    stranger.wait_until(SOON, |client| client.welcome().is_some()).await.expect("it is welcome");
    assert!(stranger.welcome().is_some_and(|welcome| !welcome.resumed), "it is somewhere else");
    let mut back = Client::connect(&server.ws()).await.expect("the server takes connections");
    back.say_hello_as(Role::Play, Some("one-two-three".to_owned()), Some(token)).await.expect("it listens");
    back.wait_until(SOON, |client| client.welcome().is_some()).await.expect("it is welcome");
    assert!(back.welcome().is_some_and(|welcome| welcome.resumed));
    server.stop().await;
}
