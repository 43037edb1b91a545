//! Two players in one small arena: they see each other fly, and one shoots the other.

use bots::client::{Client, Death};
use bots::pilot::Behaviour;
use e2e::patience::{LATER, SOON};
use e2e::scene::{fly_as, fly_to, id, let_go, next_frame, player};
use e2e::server::Server;
use shared::balance::KILL_POINTS;
use shared::entity::ShipState;
use shared::ids::PlayerId;
use shared::name::PlayerName;
use shared::replica::Replica;
use shared::tick::Tick;
use shared::units::{Point, SUBUNITS};
use tokio::join;

/// Small enough that two who fly to the middle see each other.
const SMALL: [&str; 4] = ["--drones", "0", "--arena-size", "1024"];
const MIDDLE: Point = Point::from_units(512, 512);

#[tokio::test]
async fn two_players_see_the_same_ships_at_the_same_tick() {
    let server = Server::start(&SMALL).await;
    let (mut ada, mut bob) = pair(&server).await;
    for round in 0..60 {
        let goal = Point::from_units(300 + round * 8, 700);
        join!(steer(&mut ada, goal), steer(&mut bob, MIDDLE));
        level(&mut ada, &mut bob).await;
        for player in [id(&ada), id(&bob)] {
            assert_eq!(seen(&ada, player), seen(&bob, player), "round {round}");
        }
    }
    assert_eq!((ada.mismatches(), bob.mismatches()), (0, 0));
    server.stop().await;
}

#[tokio::test]
async fn a_ship_that_thrusts_moves_in_the_view_of_the_other() {
    let server = Server::start(&SMALL).await;
    let (mut ada, mut bob) = pair(&server).await;
    let (mover, from) = (id(&ada), seen(&bob, id(&ada)).body.pos);
    let moved = |bob: &Client| {
        bob.ship_of(mover).is_some_and(|ship| from.to(ship.body.pos).length() > 100 * SUBUNITS)
    };
    let corner = Point::from_units(if from.x > MIDDLE.x { 100 } else { 900 }, 512);
    let far =
        move |ada: &Client| ada.ship().is_some_and(|ship| from.to(ship.body.pos).length() > 120 * SUBUNITS);
    let (_flown, watched) = join!(fly_to(&mut ada, corner, far), bob.wait_until(LATER, moved));
    watched.expect("bob sees it move");
    server.stop().await;
}

#[tokio::test]
async fn shooting_an_idle_ship_kills_it_and_both_are_told_and_it_flies_again() {
    let server = Server::start(&SMALL).await;
    let (mut ada, mut bob) = pair(&server).await;
    let_go(&mut bob).await;
    let (hunter, victim) = (id(&ada), id(&bob));
    let killed = |ada: &Client| ada.last_kill().is_some();
    let (_hunted, died) = join!(
        fly_as(&mut ada, Behaviour::Hunt, killed),
        bob.wait_until(LATER, |bob| bob.last_death().is_some())
    );
    died.expect("bob is told that he died");
    check_death(bob.last_death(), hunter);
    let kill = ada.last_kill().expect("ada has sunk someone");
    assert!(kill.victim == victim && kill.points >= KILL_POINTS, "{kill:?}");
    flies_again(&mut bob).await;
    assert_eq!((ada.mismatches(), bob.mismatches()), (0, 0));
    server.stop().await;
}

fn check_death(death: Option<&Death>, hunter: PlayerId) {
    let death = death.expect("bob has died");
    assert_eq!(death.by, hunter);
    assert_eq!(death.name.as_ref().map(PlayerName::as_str), Some("ada"));
    assert_eq!(death.life.kills, 0);
    assert!(death.life.ticks > 0);
}

async fn flies_again(bob: &mut Client) {
    let victim = id(bob);
    bob.join("bob", SOON).await.expect("bob may join again");
    bob.wait_until(SOON, |bob| bob.ship().is_some()).await.expect("bob flies again");
    assert_eq!(id(bob), victim, "it is the same player");
}

/// Ada and Bob, in the middle and in view of each other.
async fn pair(server: &Server) -> (Client, Client) {
    let (mut ada, mut bob) = join!(player_of(server, "ada"), player_of(server, "bob"));
    let (a, b) = (id(&ada), id(&bob));
    let sees = |whom: PlayerId| move |client: &Client| client.ship_of(whom).is_some();
    join!(fly_to(&mut ada, MIDDLE, sees(b)), fly_to(&mut bob, MIDDLE, sees(a)));
    (ada, bob)
}

async fn player_of(server: &Server, name: &str) -> Client {
    player(&server.ws(), name).await
}

/// One frame of flight towards `goal`.
async fn steer(client: &mut Client, goal: Point) {
    let tick = tick(client);
    fly_to(client, goal, |client| self::tick(client) != tick).await;
}

/// Brings both to the same tick.
async fn level(a: &mut Client, b: &mut Client) {
    while tick(a) != tick(b) {
        let behind = if tick(a) < tick(b) { &mut *a } else { &mut *b };
        next_frame(behind).await;
    }
}

fn tick(client: &Client) -> Option<Tick> {
    client.view().map(Replica::tick)
}

fn seen(client: &Client, whom: PlayerId) -> ShipState {
    *client.ship_of(whom).expect("the ship is in view")
}
