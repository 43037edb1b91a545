//! The rules of motion: pure functions of a state and its controls, on integers. The server flies ships by them; a
//! client runs the same ones, and so knows where everything is without being told.

use crate::angle::{Angle, DIRECTION_ONE};
use crate::controls::{Controls, Steer};
use crate::grid::Grid;
use crate::tuning;
use crate::units::{Point, SUBUNITS, Vector};

/// The numbers of [`tuning`] per tick, for one tick rate and arena size. Both ends make theirs from the same two
/// numbers, which Welcome carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// Ticks per second.
    pub tick_hz: u16,
    /// Side of the arena, in subunits.
    pub arena: i32,
    /// The interest grid over that arena.
    pub grid: Grid,
    /// Gain of speed per tick of thrust, in subunits per tick.
    pub thrust: i32,
    /// Loss of speed per tick, in 1/65536.
    pub drag: i32,
    /// Most a ship turns in a tick, in 1/65536 turn.
    pub turn: u16,
    /// Speed of a shot, in subunits per tick.
    pub shot_speed: i32,
    /// Ticks a shot flies.
    pub shot_life: u8,
    /// Ticks between two shots of one ship.
    pub shot_cooldown: u32,
}

impl Rules {
    /// The rules at `tick_hz` ticks per second in an arena of `arena_size` world units. Both are brought into the
    /// ranges of [`tuning`].
    #[must_use]
    pub fn new(tick_hz: u16, arena_size: u32) -> Self {
        let tick_hz = tick_hz.clamp(*tuning::TICK_HZ_RANGE.start(), *tuning::TICK_HZ_RANGE.end());
        let size = arena_size.clamp(*tuning::ARENA_SIZE_RANGE.start(), *tuning::ARENA_SIZE_RANGE.end());
        let (hz, size) = (i32::from(tick_hz), size.cast_signed());
        Self {
            tick_hz,
            arena: size * SUBUNITS,
            grid: Grid::new(size),
            thrust: tuning::SHIP_THRUST * SUBUNITS / (hz * hz),
            drag: tuning::SHIP_DRAG_MILLI * 65_536 / 1000 / hz,
            turn: (tuning::SHIP_TURN_MILLI * 65_536 / 1000 / hz) as u16,
            shot_speed: tuning::SHOT_SPEED * SUBUNITS / hz,
            shot_life: ticks(tuning::SHOT_LIFE_MS, tick_hz) as u8,
            shot_cooldown: ticks(tuning::SHOT_COOLDOWN_MS, tick_hz),
        }
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
    /// One tick of flight under `controls`: turn, thrust, drag, move, bounce off the walls.
    #[must_use]
    #[inline]
    pub fn step(self, controls: Controls, rules: &Rules) -> Self {
        let heading = turned(self.heading, controls, rules.turn);
        // Without a branch, here and in the turn: what others do is not to be guessed, by a processor neither.
        let vel = self.vel + scaled(heading.direction(), rules.thrust * i32::from(controls.thrust));
        let vel = Vector { x: dragged(vel.x, rules.drag), y: dragged(vel.y, rules.drag) };
        let (x, vx) = bounced(self.pos.x.wrapping_add(vel.x), vel.x, rules.arena);
        let (y, vy) = bounced(self.pos.y.wrapping_add(vel.y), vel.y, rules.arena);
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

    fn thrusting(heading: u16) -> Controls {
        Controls { aim: Angle(heading), thrust: true, ..Controls::default() }
    }

    #[test]
    fn full_thrust_ends_at_the_stated_speed() {
        let rules = Rules::new(30, 16_000);
        let mut body = Body { pos: Point::from_units(100, 8000), ..Body::default() };
        for _ in 0..300 {
            body = body.step(thrusting(0), &rules);
        }
        let units_per_second = body.vel.x * 30 / SUBUNITS;
        assert!((380..=410).contains(&units_per_second), "{units_per_second}");
    }

    #[test]
    fn a_ship_without_thrust_comes_to_rest() {
        let rules = Rules::new(30, 4096);
        let vel = Vector { x: 9_000, y: -7_000 };
        let mut body = Body { pos: Point::from_units(2000, 2000), vel, ..Body::default() };
        for _ in 0..400 {
            body = body.step(Controls::default(), &rules);
        }
        assert_eq!(body.vel, Vector::default());
    }

    #[test]
    fn walls_hold_at_any_speed() {
        for hz in [10, 30, 120] {
            let rules = Rules::new(hz, 1024);
            let mut body = Body { pos: Point::from_units(500, 500), ..Body::default() };
            for i in 0..5000_u16 {
                body = body.step(thrusting((i / 150).wrapping_mul(9973)), &rules);
                assert!(rules.contains(body.pos));
            }
        }
    }

    #[test]
    fn the_game_runs_alike_at_every_tick_rate() {
        let far = |hz: u16| {
            let rules = Rules::new(hz, 4096);
            let mut body = Body { pos: Point::from_units(100, 2000), ..Body::default() };
            for _ in 0..hz * 2 {
                body = body.step(thrusting(0), &rules);
            }
            body.pos.x / SUBUNITS
        };
        for hz in [20, 60, 120] {
            assert!((far(hz) - far(30)).abs() < 25, "{hz}: {} beside {}", far(hz), far(30));
        }
    }
}
