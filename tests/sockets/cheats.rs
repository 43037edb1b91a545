//! Who sends more, earlier, later or twice flies and fires no better than who plays fair. An innocent bystander judges by
//! what everyone sees.

use bots::client::Client;
use e2e::patience::{LATER, SOON, until};
use e2e::scene::{id, next_frame, player};
use e2e::server::Server;
use shared::angle::Angle;
use shared::controls::{Controls, Steer};
use shared::entity::EntityState;
use shared::hull::Hull;
use shared::ids::{NetId, PlayerId};
use shared::motion::{Body, Rules};
use shared::protocol::{ClientMessage, CloseReason};
use shared::replica::Replica;
use shared::ship::ShipState;
use shared::tuning::{ARENA_SIZE_RANGE, INPUT_AHEAD_MS, TICK_HZ};
use shared::units::Point;
use std::collections::BTreeMap;

/// Nobody else, and so small that everyone sees everyone.
const SMALL: [&str; 4] = ["--drones", "0", "--arena-size", "1024"];

/// Frames that are watched: three seconds.
const WATCHED: u32 = 90;

/// Flights of who plays fair, of which one is to go well.
const FLIGHTS: usize = 4;

/// Boost and the trigger held.
const EVERYTHING: Controls =
    Controls { aim: Angle(0), steer: Steer::Right, thrust: true, fire: true, boost: true, shield: false };

/// What a bystander saw of a ship.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Feats {
    shots: usize,
    /// Subunits per tick, in the median: an asteroid may push anyone.
    speed: i32,
    /// 1/65536 turns within a tick, at most.
    turn: u16,
}

/// What a bystander sees of a ship whose pilot does `deed` at each frame, for three seconds.
async fn feats(deed: impl AsyncFnMut(&mut Client, u32)) -> (Feats, Server) {
    let server = Server::start(&SMALL).await;
    let (mut bystander, mut pilot) =
        (player(&server.ws(), "bystander").await, player(&server.ws(), "pilot").await);
    let whose = id(&pilot);
    bystander.wait_until(LATER, |client| client.ship_of(whose).is_some()).await.expect("they see each other");
    let flying = async {
        let mut deed = deed;
        loop {
            let now = tick(&pilot);
            deed(&mut pilot, now).await;
            next_frame(&mut pilot).await;
        }
    };
    let seen = tokio::select! {
        seen = watch(&mut bystander, whose) => seen,
        () = flying => unreachable!("the pilot flies for ever"),
    };
    (seen, server)
}

fn tick(client: &Client) -> u32 {
    client.view().map_or(0, |view| view.tick().0)
}

async fn watch(bystander: &mut Client, whose: PlayerId) -> Feats {
    let (mut flying, mut feats) = (BTreeMap::new(), Feats { shots: 0, speed: 0, turn: 0 });
    let (mut heading, mut speeds) = (None, Vec::new());
    for _ in 0..WATCHED {
        next_frame(bystander).await;
        let view = bystander.view().expect("it was welcomed");
        let now: BTreeMap<NetId, u8> =
            view.entities().filter_map(|(id, state)| shot_of(id, &state, whose)).collect();
        // A number is given again when its shot has ended; a new one has more ticks left than the old one had.
        feats.shots +=
            now.iter().filter(|(id, left)| flying.get(*id).is_none_or(|before| before < *left)).count();
        flying = now;
        let Some(ship) = bystander.ship_of(whose) else { continue };
        speeds.push(ship.body.vel.length());
        let turned = heading
            .replace(ship.body.heading.0)
            .map_or(0, |before: u16| ship.body.heading.0.wrapping_sub(before));
        feats.turn = feats.turn.max(turned.min(turned.wrapping_neg()));
    }
    speeds.sort_unstable();
    feats.speed = speeds.get(speeds.len() / 2).copied().unwrap_or_default();
    feats
}

/// A shot of that player, with the ticks it has left.
fn shot_of(id: NetId, state: &EntityState, whose: PlayerId) -> Option<(NetId, u8)> {
    match state {
        EntityState::Shot(shot) if shot.owner == whose => Some((id, shot.left)),
        EntityState::Shot(_)
        | EntityState::Ship(_)
        | EntityState::Shard(_)
        | EntityState::Rock(_)
        | EntityState::Power(_) => None,
    }
}

/// Flies fair. A shot that meets an asteroid as it leaves the gun is seen by nobody: of a few flights one is without such.
async fn honest() -> Feats {
    let mut flights = Vec::new();
    while flights.len() < FLIGHTS {
        let (feats, server) = feats(async |pilot, _| {
            pilot.input(EVERYTHING).await.expect("the session goes on");
        })
        .await;
        server.stop().await;
        if feats.shots > 10 && feats.speed > 0 && feats.turn > 0 {
            return feats;
        }
        flights.push(feats);
    }
    unreachable!("who plays fair flies and fires: {flights:?}")
}

/// A cheat gained nothing: neither speed nor turn beyond the rules' nor more shots than the gun can fire.
fn assert_no_better(cheat: Feats, honest: Feats) {
    // One may be in the air when the watch begins.
    let cooldown = Rules::new(TICK_HZ, 1024).hull(Hull::default()).cooldown;
    let most = (WATCHED.div_ceil(cooldown.into()) + 1) as usize;
    assert!(cheat.shots <= most.min(honest.shots + 1), "{cheat:?} {honest:?}");
    assert!(cheat.turn <= honest.turn, "{cheat:?} {honest:?}");
    // Walls and asteroids slow either down as chance will have it, so speeds are held against the rules'.
    assert!(cheat.speed <= fastest(), "{cheat:?}, the rules allow {}", fastest());
}

/// The highest speed of a ship that flies straight on and boosts as long as it can, with nothing in its way; subunits per
/// tick.
fn fastest() -> i32 {
    let rules = Rules::new(TICK_HZ, *ARENA_SIZE_RANGE.end());
    let body = Body { pos: Point::from_units(1000, 8000), ..Body::default() };
    let ship = ShipState::launched(PlayerId::default(), false, Hull::default(), body, &rules);
    let controls = Controls { steer: Steer::default(), fire: false, ..EVERYTHING };
    let flight = std::iter::successors(Some(ShipState { controls, ..ship }), |ship| Some(ship.step(&rules)));
    flight.take(WATCHED as usize).map(|ship| ship.body.vel.length()).max().unwrap_or_default()
}

#[tokio::test]
async fn inputs_for_far_ticks_are_passed_over_and_gain_nothing() {
    let (cheat, server) = feats(async |pilot, tick| {
        for ahead in [INPUT_AHEAD_MS * u32::from(TICK_HZ) / 1000 + 20, 5000, u32::MAX / 2] {
            pilot.input_for(tick.wrapping_add(ahead), 0, EVERYTHING).await.expect("the session goes on");
        }
    })
    .await;
    let arena = server.arena().await;
    assert!(arena.refused_inputs > 200, "{arena:?}");
    assert_eq!((cheat.shots, arena.inputs), (0, 0), "nothing of it counts");
    server.stop().await;
}

#[tokio::test]
async fn inputs_for_every_tick_ahead_gain_nothing() {
    let (cheat, server) = feats(async |pilot, tick| {
        for ahead in [2, 6, 10, 14] {
            pilot.input_for(tick + ahead, 0, EVERYTHING).await.expect("the session goes on");
        }
    })
    .await;
    assert_no_better(cheat, honest().await);
    server.stop().await;
}

#[tokio::test]
async fn inputs_for_the_past_count_from_now_on_and_gain_nothing() {
    let (cheat, server) = feats(async |pilot, tick| {
        for ago in [60, 3, 1] {
            pilot
                .input_for(tick.saturating_sub(ago), u8::MAX, EVERYTHING)
                .await
                .expect("the session goes on");
        }
    })
    .await;
    assert!(server.arena().await.late_inputs > 100);
    assert_no_better(cheat, honest().await);
    server.stop().await;
}

#[tokio::test]
async fn the_same_input_again_is_passed_over_and_gains_nothing() {
    let (cheat, server) = feats(async |pilot, tick| {
        let sequence = pilot.input(EVERYTHING).await.expect("the session goes on");
        let again = ClientMessage::Input { sequence, tick: tick + 3, seen: 0, controls: EVERYTHING };
        for _ in 0..3 {
            pilot.send(&again).await.expect("the session goes on");
        }
    })
    .await;
    assert!(server.arena().await.refused_inputs > 200);
    assert_no_better(cheat, honest().await);
    server.stop().await;
}

#[tokio::test]
async fn as_many_inputs_as_are_let_through_gain_nothing() {
    let (cheat, server) = feats(async |pilot, _| {
        for _ in 0..4 {
            pilot.input(EVERYTHING).await.expect("the session goes on");
        }
    })
    .await;
    assert_no_better(cheat, honest().await);
    server.stop().await;
}

#[tokio::test]
async fn a_flood_of_inputs_is_closed_with_4004_and_leaves_the_ship_alone() {
    let server = Server::start(&SMALL).await;
    let mut pilot = player(&server.ws(), "pilot").await;
    for _ in 0..5000 {
        // Once the server has had enough, the rest cannot be sent.
        if pilot.input(EVERYTHING).await.is_err() {
            break;
        }
    }
    let farewell = pilot.wait_for_close(SOON).await.expect("the server closes the session");
    assert_eq!(farewell.reason(), Some(CloseReason::Flooding));
    until("it is counted", SOON, async || {
        (server.arena().await.closed(CloseReason::Flooding) == 1).then_some(())
    })
    .await;
    server.stop().await;
}

#[tokio::test]
async fn a_player_who_does_not_come_back_within_the_grace_time_is_gone_with_the_ship() {
    let server = Server::start(&SMALL).await;
    let mut bystander = player(&server.ws(), "bystander").await;
    let pilot = player(&server.ws(), "pilot").await;
    let (whose, secret) = (id(&pilot), pilot.welcome().expect("it was welcomed").token);
    bystander.wait_until(LATER, |client| client.ship_of(whose).is_some()).await.expect("they see each other");
    drop(pilot);
    let left = tick(&bystander);
    bystander.wait_until(LATER, |client| client.ship_of(whose).is_none()).await.expect("the ship leaves");
    let stayed = tick(&bystander) - left;
    let grace = shared::tuning::LIMBO_MS * u32::from(TICK_HZ) / 1000;
    assert!((grace - 5..grace + 60).contains(&stayed), "{stayed} ticks of {grace}");
    let mut late = Client::connect(&server.ws()).await.expect("the server takes connections");
    late.say_hello_as(shared::protocol::Role::Play, None, Some(secret)).await.expect("the server listens");
    late.wait_until(SOON, |client| client.welcome().is_some()).await.expect("the server answers Hello");
    assert!(late.welcome().is_some_and(|welcome| !welcome.resumed));
    assert_eq!(late.view().map(Replica::mismatches), Some(0));
    server.stop().await;
}
