//! Scripted players: what tests over sockets have in common.

use crate::patience::{LATER, SOON};
use bots::client::{Client, Event, JoinAnswer};
use bots::pilot::{Behaviour, Pilot};
use shared::angle::Angle;
use shared::controls::Controls;
use shared::ids::PlayerId;
use shared::protocol::{Role, ServerMessage};
use shared::replica::Replica;
use shared::units::Point;

/// A session in `role`, welcomed.
///
/// # Panics
/// When the server does not welcome it.
pub async fn session(url: &str, role: Role) -> Client {
    let mut client = Client::connect(url).await.expect("the server takes connections");
    client.hello(role, SOON).await.expect("the server answers Hello");
    client
}

/// A player called `name`, whose ship flies and is in view.
///
/// # Panics
/// When it cannot join.
pub async fn player(url: &str, name: &str) -> Client {
    let mut client = session(url, Role::Play).await;
    let answer = client.join(name, SOON).await.expect("the server answers Join");
    assert!(matches!(answer, JoinAnswer::Joined(_)), "{answer:?}");
    client.wait_until(SOON, |client| client.ship().is_some()).await.expect("the ship comes into view");
    client
}

/// The number of a player who has joined.
///
/// # Panics
/// When it has not.
#[must_use]
pub fn id(client: &Client) -> PlayerId {
    client.player().expect("it has joined")
}

/// Flies `client` towards `goal` until `so` holds.
///
/// # Panics
/// When it never does, or the session ends.
pub async fn fly_to(client: &mut Client, goal: Point, so: impl Fn(&Client) -> bool) {
    let flight = async {
        while !so(client) {
            if let Some(ship) = client.ship() {
                let aim = Angle::of(ship.body.pos.to(goal));
                let controls = Controls { aim, thrust: true, ..Controls::default() }.quantised();
                client.input(controls).await.expect("the session goes on");
            }
            next_frame(client).await;
        }
    };
    tokio::time::timeout(LATER, flight).await.expect("the ship gets there");
}

/// Lets a pilot fly `client` by `behaviour` until `so` holds.
///
/// # Panics
/// When it never does, or the session ends.
pub async fn fly_as(client: &mut Client, behaviour: Behaviour, so: impl Fn(&Client) -> bool) {
    let mut pilot = Pilot::new(behaviour, 1);
    let flight = async {
        while !so(client) {
            if let Some(controls) = client.view().and_then(|view| pilot.fly(view)) {
                client.input(controls).await.expect("the session goes on");
            }
            next_frame(client).await;
        }
    };
    tokio::time::timeout(LATER, flight).await.expect("the pilot gets it done");
}

/// Lets go of the controls.
///
/// # Panics
/// When the session has ended.
pub async fn let_go(client: &mut Client) {
    client.input(Controls::default()).await.expect("the session goes on");
}

/// Takes what is heard up to the next frame.
///
/// # Panics
/// When the session ends.
pub async fn next_frame(client: &mut Client) {
    let tick = client.view().map(Replica::tick);
    let later = |client: &Client| client.view().map(Replica::tick) != tick;
    client.wait_until(SOON, later).await.expect("frames keep coming");
}

/// Hunts until the session ends, and joins again after each death.
pub async fn hunt_for_ever(client: &mut Client, name: &str) {
    fly_for_ever(client, name, Behaviour::Hunt, 1).await;
}

/// Flies by `behaviour` until the session ends, and joins again after each death. `seed` is of what is left to chance.
pub async fn fly_for_ever(client: &mut Client, name: &str, behaviour: Behaviour, seed: u64) {
    let mut pilot = Pilot::new(behaviour, seed);
    while let Ok(event) = client.next().await {
        let sent = match event {
            Event::Message { message: ServerMessage::Died { .. }, .. } => client.say_join(name).await,
            Event::Frame { .. } => match client.view().and_then(|view| pilot.fly(view)) {
                Some(controls) => client.input(controls).await.map(|_sequence| ()),
                None => Ok(()),
            },
            Event::Message { .. } | Event::Skipped { .. } | Event::Fault { .. } => Ok(()),
        };
        if sent.is_err() {
            return;
        }
    }
}
