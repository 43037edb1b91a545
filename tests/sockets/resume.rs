//! A connection is lost, and the same player comes back over another one.

use bots::client::Client;
use e2e::patience::{LATER, SOON};
use e2e::scene::{fly_to, id, player};
use e2e::server::Server;
use shared::ids::Token;
use shared::protocol::{CloseReason, Role};
use shared::units::{Point, SUBUNITS};

const SMALL: [&str; 4] = ["--drones", "0", "--arena-size", "1024"];

fn token(client: &Client) -> Token {
    client.welcome().expect("it was welcomed").token
}

/// A new session with that token, welcomed.
async fn back(server: &Server, token: Token) -> Client {
    let mut client = Client::connect(&server.ws()).await.expect("the server takes connections");
    client.say_hello_as(Role::Play, None, Some(token)).await.expect("the server listens");
    client.wait_until(SOON, |client| client.welcome().is_some()).await.expect("the server answers Hello");
    client
}

#[tokio::test]
async fn a_lost_connection_is_resumed_with_the_same_ship_and_score() {
    let server = Server::start(&SMALL).await;
    let mut ada = player(&server.ws(), "ada").await;
    let shard = |client: &Client| {
        let own = client.ship()?.body.pos;
        let shards = client.view()?.shards().map(|(_, shard)| shard.pos);
        shards.min_by_key(|at| own.to(*at).length_squared())
    };
    let nearest = shard(&ada).expect("a shard is in view");
    let scored = |client: &Client| client.view().is_some_and(|view| view.status().score > 0);
    fly_to(&mut ada, nearest, scored).await;
    let (secret, who) = (token(&ada), id(&ada));
    let before = ada.view().expect("it was welcomed");
    let (ship, score) = (before.focus().ship, before.status().score);
    drop(ada);
    let mut ada = back(&server, secret).await;
    assert!(ada.welcome().is_some_and(|welcome| welcome.resumed));
    ada.wait_until(SOON, |client| client.ship().is_some()).await.expect("the ship is still there");
    let after = ada.view().expect("it was welcomed");
    assert_eq!((after.focus().ship, id(&ada)), (ship, who));
    assert!(after.status().score >= score);
    server.stop().await;
}

#[tokio::test]
async fn a_resumed_ship_answers_its_inputs() {
    let server = Server::start(&SMALL).await;
    let ada = player(&server.ws(), "ada").await;
    let secret = token(&ada);
    drop(ada);
    let mut ada = back(&server, secret).await;
    ada.wait_until(SOON, |client| client.ship().is_some()).await.expect("the ship is still there");
    let from = ada.ship().expect("it flies").body.pos;
    let goal = Point::from_units(if from.x > 512 * SUBUNITS { 100 } else { 900 }, 512);
    let moved =
        |client: &Client| client.ship().is_some_and(|ship| from.to(ship.body.pos).length() > 60 * SUBUNITS);
    fly_to(&mut ada, goal, moved).await;
    server.stop().await;
}

#[tokio::test]
async fn of_two_sessions_with_one_token_the_older_is_closed_with_4010() {
    let server = Server::start(&SMALL).await;
    let mut older = player(&server.ws(), "ada").await;
    let mut newer = back(&server, token(&older)).await;
    let farewell = older.wait_for_close(LATER).await.expect("the server closes the older one");
    assert_eq!(farewell.code, Some(CloseReason::Replaced.code()));
    newer.wait_until(SOON, |client| client.ship().is_some()).await.expect("the newer one flies");
    server.stop().await;
}

#[tokio::test]
async fn a_token_that_nobody_gave_takes_nobody_back() {
    let server = Server::start(&SMALL).await;
    let _ada = player(&server.ws(), "ada").await;
    let stranger = back(&server, Token([0; 16])).await;
    assert!(stranger.welcome().is_some_and(|welcome| !welcome.resumed));
    assert!(stranger.ship().is_none());
    server.stop().await;
}
