//! What the prediction promises.

use super::*;
use shared::angle::Angle;
use shared::hull::Hull;
use shared::ids::PlayerId;
use shared::units::{Point, Vector};

const SHIP: u32 = 7;

fn controls(tick: u32) -> Controls {
    Controls {
        aim: Angle((tick * 4096) as u16),
        thrust: tick % 5 < 3,
        fire: tick % 7 < 5,
        boost: tick % 40 > 12,
        shield: tick % 50 < 7,
        ..Controls::default()
    }
}

fn ship() -> ShipState {
    let body = Body { pos: Point::from_units(2000, 2000), ..Body::default() };
    ShipState::launched(PlayerId(1), false, Hull::Wasp, body, &rules())
}

fn rules() -> Rules {
    Rules::new(30, 4096)
}

/// Flies 90 ticks, 6 ahead of a server that does what it is told and then what `touch` does.
fn flown(touch: impl Fn(u32, &mut Body)) -> Prediction {
    let (mut prediction, mut server) = (Prediction::new(rules()), ship());
    for tick in 0..90 {
        prediction.close(tick + 6, controls(tick + 6));
        prediction.fly(controls(tick + 7));
        if tick >= 6 {
            server.controls = controls(tick);
        }
        server = server.step(&rules());
        touch(tick, &mut server.body);
        prediction.confirm(tick, Some((SHIP, &server)));
        prediction.at(f64::from(tick) + 6.5);
    }
    prediction
}

#[test]
fn without_contact_the_server_says_what_was_predicted_to_the_bit() {
    let prediction = flown(|_, _| {});
    assert_eq!((prediction.corrections(), prediction.correction()), (0, 0.0));
}

#[test]
fn a_held_trigger_fires_at_once_and_then_as_fast_as_gun_and_bar_allow() {
    let mut prediction = Prediction::new(rules());
    prediction.confirm(10, Some((SHIP, &ship())));
    let fire = Controls { fire: true, ..Controls::default() };
    let mut fired = Vec::new();
    for tick in 11..40 {
        prediction.close(tick, fire);
        fired.extend(prediction.fired(tick).map(|_| tick));
    }
    let cooldown = u32::from(rules().hull(Hull::Wasp).cooldown);
    assert!(fired.len() > 3 && fired.windows(2).all(|pair| pair[1] - pair[0] == cooldown), "{fired:?}");
    assert_eq!(fired[0], 11);
}

#[test]
fn a_bump_is_blended_away_without_a_jump() {
    let push = |tick, body: &mut Body| {
        if tick == 89 {
            body.vel = Vector { x: 20_000, y: 0 };
        }
    };
    let (mut smooth, mut bumped) = (flown(|_, _| {}), flown(push));
    let [before, after] = [&mut smooth, &mut bumped].map(|ship| ship.at(95.0).unwrap().at);
    assert!((before[0] - after[0]).abs() < 0.05, "{before:?} {after:?}");
    assert!(bumped.correction() > 10.0);
    (0..12).for_each(|_| bumped.blend(1.0 / 60.0));
    assert!(bumped.correction() < 2.0);
    (0..60).for_each(|_| bumped.blend(1.0 / 60.0));
    assert_eq!(bumped.correction(), 0.0);
}

#[test]
fn a_ship_that_is_elsewhere_is_not_blended() {
    let moved = flown(|tick, body| {
        if tick == 89 {
            body.pos = Point::from_units(100, 100);
        }
    });
    assert_eq!((moved.corrections(), moved.correction()), (1, 0.0));
}

#[test]
fn controls_of_now_show_before_their_tick_is_over() {
    let mut prediction = Prediction::new(rules());
    prediction.confirm(10, Some((SHIP, &ship())));
    prediction.close(11, Controls::default());
    let still = prediction.at(11.5).unwrap();
    prediction.fly(Controls { thrust: true, ..Controls::default() });
    let moving = prediction.at(11.5).unwrap();
    assert!(moving.at[0] > still.at[0] && moving.thrust && !still.thrust);
}

#[test]
fn without_a_ship_nothing_is_predicted() {
    let mut prediction = flown(|_, _| {});
    prediction.confirm(90, None);
    assert_eq!(prediction.at(96.0), None);
}
