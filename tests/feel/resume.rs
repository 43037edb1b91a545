//! A cut connection is resumed with the same ship and score, within a second, every time.

use crate::ALONE;
use bots::client::Client;
use e2e::link::{Conditions, Link};
use e2e::patience::SOON;
use e2e::scene;
use e2e::server::Server;
use shared::ids::{NetId, PlayerId, Token};
use shared::protocol::Role;
use std::time::{Duration, Instant};

const PILOTS: u32 = 10;
const CUTS: u32 = 10;
const REACH: Duration = Duration::from_secs(1);

/// Who one is, in which ship, with how many points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Standing {
    player: Option<PlayerId>,
    ship: NetId,
    score: u32,
}

fn standing(client: &Client) -> Option<Standing> {
    let view = client.view()?;
    client.ship()?;
    Some(Standing { player: client.player(), ship: view.focus().ship, score: view.status().score })
}

#[tokio::test]
async fn a_hundred_cuts_are_resumed_with_the_same_ship_and_score_within_a_second_each() {
    let server = Server::start(&ALONE).await;
    let link = Link::to(server.address(), Conditions::calm(5)).await;
    let mut pilots = Vec::new();
    for number in 0..PILOTS {
        pilots.push(scene::player(&link.ws(), &format!("pilot {number}")).await);
    }
    let mut took = Vec::new();
    for _ in 0..CUTS {
        let before: Vec<_> = pilots.iter().map(|pilot| (standing(pilot), token(pilot))).collect();
        link.cut();
        let cut = Instant::now();
        let returns = before.into_iter().map(|(before, token)| back(&link, cut, before, token));
        let back = futures_util::future::join_all(returns).await;
        (pilots, took) =
            back.into_iter().fold((Vec::new(), took), |(mut pilots, mut took), (pilot, time)| {
                pilots.push(pilot);
                took.push(time);
                (pilots, took)
            });
    }
    took.sort();
    let within = took.iter().filter(|time| **time < REACH).count();
    let (median, longest) = (took[took.len() / 2], took[took.len() - 1]);
    println!(
        "resumed with the same ship and score within 1 s: {within} of {}; median {median:?}, longest {longest:?}",
        took.len()
    );
    assert_eq!((within, took.len()), (100, 100));
    server.stop().await;
}

fn token(client: &Client) -> Token {
    client.welcome().expect("it was welcomed").token
}

/// Comes back as soon as it can; gives how long that took since the cut.
async fn back(link: &Link, cut: Instant, before: Option<Standing>, token: Token) -> (Client, Duration) {
    let mut client = Client::connect(&link.ws()).await.expect("the link takes connections");
    client.say_hello_as(Role::Play, None, Some(token)).await.expect("the server listens");
    client.wait_until(SOON, |client| client.ship().is_some()).await.expect("the ship is still there");
    let took = cut.elapsed();
    let (before, after) = (before.expect("it flew"), standing(&client).expect("it flies"));
    assert_eq!((after.player, after.ship), (before.player, before.ship));
    // A shard may have come to lie where the ship is.
    assert!(after.score >= before.score && client.welcome().is_some_and(|welcome| welcome.resumed));
    (client, took)
}
