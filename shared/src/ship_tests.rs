//! The rules of energy, guns, shields and power-ups.

use super::*;
use crate::units::{Point, Vector};

fn rules() -> Rules {
    Rules::new(30, 4096)
}

/// A Corsair that flies along, whole and charged, and no longer safe.
fn ship(controls: Controls) -> ShipState {
    let body = Body { pos: Point::from_units(2000, 2000), vel: Vector { x: 6000, y: 0 }, ..Body::default() };
    let ship = ShipState::launched(PlayerId(1), false, Hull::Corsair, body, &rules());
    ShipState { safe: 0, controls, ..ship }
}

fn boosting() -> Controls {
    Controls { boost: true, ..Controls::default() }
}

fn shielded() -> ShipState {
    ship(Controls { shield: true, fire: true, ..Controls::default() })
}

fn later(mut ship: ShipState, ticks: u32) -> ShipState {
    for _ in 0..ticks {
        ship = ship.step(&rules());
    }
    ship
}

#[test]
fn boost_is_faster_than_thrust_and_lasts_as_long_as_the_bar() {
    let (thrust, boost) =
        (later(ship(Controls { thrust: true, ..Controls::default() }), 30), later(ship(boosting()), 30));
    assert!(boost.body.vel.x > thrust.body.vel.x * 5 / 4);
    let spent = later(ship(boosting()), 30 * 4);
    assert!(spent.spent && !spent.boosts(&rules()));
}

#[test]
fn an_empty_bar_gives_neither_boost_nor_shield_until_a_fifth_of_it_is_back() {
    let mut ship = ShipState { energy: 0, ..ship(boosting()) };
    let mut waited = 0;
    ship = ship.step(&rules());
    while !ship.boosts(&rules()) {
        (ship, waited) = (ship.step(&rules()), waited + 1);
    }
    assert!(ship.energy >= RESTART && (30..60).contains(&waited), "{waited} ticks");
}

#[test]
fn a_ship_that_rests_refills_at_a_third_of_the_pace_of_one_that_flies() {
    let refilled = |vel: Vector| {
        let empty = ShipState { energy: 0, ..ship(Controls { thrust: vel.x > 0, ..Controls::default() }) };
        later(ShipState { body: Body { vel, ..empty.body }, ..empty }, 60).energy
    };
    let (rests, flies) = (refilled(Vector::default()), refilled(Vector { x: 6000, y: 0 }));
    assert!(rests > 0 && rests < flies / 3, "{rests} beside {flies}");
}

#[test]
fn every_shot_costs_energy_and_none_is_fired_without() {
    let mut ship = ship(Controls { fire: true, ..Controls::default() });
    let price = rules().hull(Hull::Corsair).shot_energy;
    let (after, fires) = ship.step_and_fire(&rules());
    assert!(fires && after.energy == ENERGY_FULL - price);
    ship.energy = price - rules().energy.refill - 1;
    assert!(!ship.step_and_fire(&rules()).1);
}

#[test]
fn a_shield_takes_the_hit_from_the_bar_and_silences_the_gun() {
    assert!(!shielded().step_and_fire(&rules()).1);
    let (after, lost) = shielded().struck(20, &rules());
    assert_eq!((after.hull, lost), (100, 0));
    assert_eq!(u32::from(shielded().energy - after.energy), 20 * (SHIELD_PRICE_CENTI * 256 / 100));
}

#[test]
fn a_shield_that_the_bar_cannot_pay_breaks_and_lets_the_rest_through() {
    let low = ShipState { energy: 5 * ENERGY_ONE, ..shielded() };
    let (after, lost) = low.struck(20, &rules());
    assert!((10..20).contains(&lost) && after.hull == 100 - lost);
    assert!(after.energy == 0 && after.spent && !after.shields(&rules()));
}

#[test]
fn a_new_ship_cannot_be_harmed_until_it_fires_or_the_time_is_over() {
    let new = ShipState { safe: rules().safe, ..ship(Controls::default()) };
    assert_eq!(new.struck(200, &rules()), (new, 0));
    assert_eq!(later(new, u32::from(rules().safe)).struck(20, &rules()).1, 20);
    let fired = ShipState { controls: Controls { fire: true, ..Controls::default() }, ..new }.step(&rules());
    assert_eq!(fired.struck(20, &rules()).1, 20);
}

#[test]
fn repair_mends_up_to_the_hull_and_charge_fills_beyond_the_end_of_the_bar() {
    let hurt = ShipState { hull: 10, ..ship(Controls::default()) };
    assert_eq!(hurt.given(PowerUp::Repair, &rules()).hull, 70);
    assert_eq!(ship(Controls::default()).given(PowerUp::Repair, &rules()).hull, 100);
    let charged = later(ship(Controls::default()).given(PowerUp::Charge, &rules()), 90);
    assert_eq!(charged.energy, ENERGY_MOST, "it stays until it is used");
}

#[test]
fn rapid_fire_shoots_more_for_less_while_it_lasts() {
    let shots = |mut ship: ShipState| {
        let mut shots = 0;
        for _ in 0..90 {
            let (next, fires) = ship.step_and_fire(&rules());
            (ship, shots) = (next, shots + u32::from(fires));
        }
        (shots, ship.effect)
    };
    let plain = ship(Controls { fire: true, ..Controls::default() });
    let (few, many) = (shots(plain).0, shots(plain.given(PowerUp::Rapid, &rules())).0);
    assert!(many > few * 3 / 2, "{few} and {many}");
    assert_eq!(later(plain.given(PowerUp::Rapid, &rules()), rules().effect.into()).effect, None);
}

#[test]
fn armour_halves_what_a_hit_takes() {
    assert_eq!(ship(Controls::default()).given(PowerUp::Armour, &rules()).struck(20, &rules()).1, 10);
}
