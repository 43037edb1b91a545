//! The rules of motion: pure functions of a state and its controls, on integers. The server flies ships by them; a
//! client runs the same ones, and so knows where everything is without being told.

use crate::angle::{Angle, DIRECTION_ONE};
use crate::balance::{self, HullRow};
use crate::controls::{Controls, Steer};
use crate::grid::Grid;
use crate::hull::Hull;
use crate::ship::rapid;
use crate::tuning;
use crate::units::{Point, SUBUNITS, Vector};

/// The numbers of one hull per tick.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HullRules {
    /// Hull points of a fresh ship.
    pub points: u8,
    /// Gain of speed per tick of thrust, in subunits per tick.
    pub thrust: i32,
    /// What boost adds to that.
    pub boost: i32,
    /// Loss of speed per tick, in 1/65536.
    pub drag: i32,
    /// Most it turns in a tick, in 1/65536 turn.
    pub turn: u16,
    /// Speed of its shots, in subunits per tick.
    pub shot_speed: i32,
    /// Ticks its shots fly.
    pub shot_life: u8,
    /// Hull points a shot of it takes.
    pub damage: u8,
    /// Ticks between two of its shots,
    pub cooldown: u8,
    /// and under [`crate::power::PowerUp::Rapid`].
    pub rapid_cooldown: u8,
    /// What a shot costs, in parts of [`balance::ENERGY_ONE`],
    pub shot_energy: u16,
    /// and under [`crate::power::PowerUp::Rapid`].
    pub rapid_energy: u16,
}

/// The energy bar per tick, in parts of [`balance::ENERGY_ONE`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EnergyRules {
    /// What comes back,
    pub refill: u16,
    /// and to a ship that rests.
    pub resting: u16,
    /// The square of the speed below which a ship rests, in square subunits per square tick.
    pub rest_speed_squared: i64,
    /// What boost costs.
    pub boost: u16,
    /// What the shield costs.
    pub shield: u16,
}

/// The numbers of [`tuning`] and [`balance`] per tick, for one tick rate and arena size. Both ends make theirs from the
/// same two numbers, which Welcome carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// Ticks per second.
    pub tick_hz: u16,
    /// Side of the arena, in subunits.
    pub arena: i32,
    /// The interest grid over that arena.
    pub grid: Grid,
    /// The energy bar.
    pub energy: EnergyRules,
    /// Ticks in which a new ship cannot be harmed.
    pub safe: u8,
    /// Ticks that the effect of a power-up lasts.
    pub effect: u16,
    hulls: [HullRules; balance::HULLS.len()],
}

impl HullRules {
    fn new(row: &HullRow, tick_hz: u16) -> Self {
        let hz = i32::from(tick_hz);
        let thrust = row.thrust * SUBUNITS / (hz * hz);
        let cooldown = ticks(row.cooldown_ms, tick_hz);
        let shot_energy = u32::from(row.shot_energy_tenths) * u32::from(balance::ENERGY_ONE) / 10;
        Self {
            points: row.points,
            thrust,
            boost: thrust * balance::BOOST_PERCENT / 100 - thrust,
            drag: row.drag_milli * 65_536 / 1000 / hz,
            turn: (row.turn_milli * 65_536 / 1000 / hz) as u16,
            shot_speed: row.shot_speed * SUBUNITS / hz,
            shot_life: ticks(row.shot_life_ms, tick_hz) as u8,
            damage: row.damage,
            cooldown: cooldown as u8,
            rapid_cooldown: rapid(cooldown) as u8,
            shot_energy: shot_energy as u16,
            rapid_energy: rapid(shot_energy) as u16,
        }
    }
}

impl EnergyRules {
    fn new(tick_hz: u16) -> Self {
        let per_tick = |points: u32| (points * u32::from(balance::ENERGY_ONE) / u32::from(tick_hz)) as u16;
        let rest = i64::from(balance::REST_SPEED * SUBUNITS / i32::from(tick_hz));
        Self {
            refill: per_tick(balance::REFILL),
            resting: (u32::from(per_tick(balance::REFILL)) * balance::REST_PERCENT / 100) as u16,
            rest_speed_squared: rest * rest,
            boost: per_tick(balance::BOOST_COST),
            shield: per_tick(balance::SHIELD_COST),
        }
    }
}

impl Rules {
    /// The rules at `tick_hz` ticks per second in an arena of `arena_size` world units. Both are brought into the
    /// ranges of [`tuning`].
    #[must_use]
    pub fn new(tick_hz: u16, arena_size: u32) -> Self {
        let tick_hz = tick_hz.clamp(*tuning::TICK_HZ_RANGE.start(), *tuning::TICK_HZ_RANGE.end());
        let size = arena_size.clamp(*tuning::ARENA_SIZE_RANGE.start(), *tuning::ARENA_SIZE_RANGE.end());
        Self {
            tick_hz,
            arena: size.cast_signed() * SUBUNITS,
            grid: Grid::new(size.cast_signed()),
            energy: EnergyRules::new(tick_hz),
            safe: ticks(balance::SAFE_MS, tick_hz) as u8,
            effect: ticks(balance::EFFECT_MS, tick_hz) as u16,
            hulls: balance::HULLS.map(|row| HullRules::new(&row, tick_hz)),
        }
    }

    /// The numbers of one hull.
    #[must_use]
    #[inline]
    pub fn hull(&self, hull: Hull) -> &HullRules {
        &self.hulls[hull.index()]
    }

    /// The most of something, over all hulls.
    #[must_use]
    pub fn most(&self, of: impl Fn(&HullRules) -> i32) -> i32 {
        self.hulls.iter().map(of).fold(0, i32::max)
    }

    /// `ms` milliseconds in ticks, at least one.
    #[must_use]
    pub fn ticks(&self, ms: u32) -> u32 {
        ticks(ms, self.tick_hz)
    }

    /// Side of the arena, in world units.
    #[must_use]
    pub fn arena_size(&self) -> u32 {
        (self.arena / SUBUNITS).cast_unsigned()
    }

    /// Is `p` within the walls?
    #[must_use]
    pub fn contains(&self, p: Point) -> bool {
        (0..self.arena).contains(&p.x) && (0..self.arena).contains(&p.y)
    }
}

fn ticks(ms: u32, hz: u16) -> u32 {
    (ms * u32::from(hz) / 1000).max(1)
}

/// Where a ship is and how it moves.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Body {
    /// Its centre.
    pub pos: Point,
    /// Subunits per tick.
    pub vel: Vector,
    /// Where its nose points.
    pub heading: Angle,
}

impl Body {
    /// One tick of flight under `controls`, with an engine that gives so much speed: turn, thrust, drag, move, bounce off
    /// the walls of an arena of that side.
    #[must_use]
    #[inline]
    pub fn step(self, controls: Controls, engine: i32, hull: &HullRules, arena: i32) -> Self {
        let heading = turned(self.heading, controls, hull.turn);
        let vel = self.vel + scaled(heading.direction(), engine);
        let vel = Vector { x: dragged(vel.x, hull.drag), y: dragged(vel.y, hull.drag) };
        let (x, vx) = bounced(self.pos.x.wrapping_add(vel.x), vel.x, arena);
        let (y, vy) = bounced(self.pos.y.wrapping_add(vel.y), vel.y, arena);
        Self { pos: Point { x, y }, vel: Vector { x: vx, y: vy }, heading }
    }
}

/// A direction (in 1/16384) made `length` subunits long.
#[must_use]
#[inline]
pub fn scaled(direction: Vector, length: i32) -> Vector {
    let scale = |part: i32| (i64::from(part) * i64::from(length) / i64::from(DIRECTION_ONE)) as i32;
    Vector { x: scale(direction.x), y: scale(direction.y) }
}

#[inline]
fn turned(heading: Angle, controls: Controls, step: u16) -> Angle {
    let way = i32::from(heading.shortest_to(controls.aim));
    let step = i32::from(step);
    let by = match controls.steer {
        Steer::Aim => way.clamp(-step, step),
        Steer::Left => -step,
        Steer::Right => step,
        Steer::Hold => 0,
    };
    heading.plus(Angle(by as u16))
}

/// One subunit beyond the share, so that a ship without thrust comes to rest instead of creeping for ever.
#[inline]
fn dragged(speed: i32, drag: i32) -> i32 {
    let lost = (i64::from(speed) * i64::from(drag) / 65_536) as i32 + speed.signum();
    speed - lost
}

#[inline]
fn bounced(at: i32, speed: i32, arena: i32) -> (i32, i32) {
    let margin = tuning::SHIP_RADIUS * SUBUNITS;
    let back = |speed: i32| (i64::from(speed) * i64::from(tuning::WALL_BOUNCE_MILLI) / -1000) as i32;
    if at < margin && speed < 0 || at > arena - margin && speed > 0 {
        return (at.clamp(margin, arena - margin), back(speed));
    }
    (at.clamp(margin, arena - margin), speed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ship::ShipState;

    fn thrusting(heading: u16) -> Controls {
        Controls { aim: Angle(heading), thrust: true, ..Controls::default() }
    }

    fn ship(class: Hull, x: i32, y: i32) -> ShipState {
        ShipState {
            class,
            body: Body { pos: Point::from_units(x, y), ..Body::default() },
            ..ShipState::default()
        }
    }

    #[test]
    fn full_thrust_ends_at_the_speed_of_the_hull() {
        let rules = Rules::new(30, 16_000);
        for (class, row) in Hull::ALL.into_iter().zip(balance::HULLS) {
            let mut ship = ShipState { controls: thrusting(0), ..ship(class, 100, 8000) };
            for _ in 0..300 {
                ship = ship.step(&rules);
            }
            let (speed, stated) = (ship.body.vel.x * 30 / SUBUNITS, row.thrust * 1000 / row.drag_milli);
            assert!((stated * 94 / 100..=stated).contains(&speed), "{class:?}: {speed} of {stated}");
        }
    }

    #[test]
    fn a_ship_without_thrust_comes_to_rest() {
        let rules = Rules::new(30, 4096);
        let mut ship = ship(Hull::Wasp, 2000, 2000);
        ship.body.vel = Vector { x: 9_000, y: -7_000 };
        for _ in 0..400 {
            ship = ship.step(&rules);
        }
        assert_eq!(ship.body.vel, Vector::default());
    }

    #[test]
    fn walls_hold_at_any_speed() {
        for hz in [10, 30, 120] {
            let rules = Rules::new(hz, 1024);
            for class in Hull::ALL {
                let mut ship = ShipState { energy: u16::MAX, ..ship(class, 500, 500) };
                for i in 0..5000_u16 {
                    ship.controls = Controls { boost: true, ..thrusting((i / 150).wrapping_mul(9973)) };
                    ship = ship.step(&rules);
                    assert!(rules.contains(ship.body.pos));
                }
            }
        }
    }

    #[test]
    fn the_game_runs_alike_at_every_tick_rate() {
        let far = |hz: u16, boost: bool| {
            let rules = Rules::new(hz, 4096);
            let full = balance::ENERGY_FULL;
            let mut ship = ShipState {
                controls: Controls { boost, ..thrusting(0) },
                energy: full,
                ..ship(Hull::Corsair, 100, 2000)
            };
            for _ in 0..hz * 2 {
                ship = ship.step(&rules);
            }
            (ship.body.pos.x / SUBUNITS, i32::from(ship.energy / balance::ENERGY_ONE))
        };
        for (hz, boost) in [20, 60, 120].into_iter().flat_map(|hz| [(hz, false), (hz, true)]) {
            let (here, there) = (far(hz, boost), far(30, boost));
            assert!(
                (here.0 - there.0).abs() < 40 && (here.1 - there.1).abs() < 4,
                "{hz}: {here:?} beside {there:?}"
            );
        }
    }

    #[test]
    fn the_numbers_of_every_hull_fit_at_every_tick_rate() {
        for hz in [10, 120] {
            let rules = Rules::new(hz, 4096);
            for (class, row) in Hull::ALL.into_iter().zip(balance::HULLS) {
                let hull = rules.hull(class);
                assert_eq!(u32::from(hull.shot_life), ticks(row.shot_life_ms, hz));
                assert_eq!(u32::from(rules.safe), ticks(balance::SAFE_MS, hz));
                assert!(
                    hull.cooldown > 0 && rules.energy.resting > 0 && hull.shot_energy < balance::ENERGY_FULL
                );
            }
        }
    }
}
