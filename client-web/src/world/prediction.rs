//! The own ship ahead of the server's word: what it will say, if nothing touches the ship.
//!
//! Owns: the own controls by tick, and the ship's bodies from the server's last one on. Enters: the server's state of the
//! ship per frame, the controls of each tick. Leaves: the ship at any moment up to the tick that is flown now. It runs the
//! very rule the server runs, so without contact the two are equal to the bit; what a contact changes is blended away over a
//! few draws. It must never change anything but what is drawn.

use std::collections::VecDeque;
use std::f32::consts::{PI, TAU};

use shared::controls::Controls;
use shared::entity::ShipState;
use shared::motion::{Body, Rules};
use shared::units::to_units;

/// Half of a correction is gone after this many seconds: nine tenths after a tenth of a second.
const HALF_SECONDS: f32 = 0.03;

/// A correction larger than this many world units is not blended: the ship is elsewhere.
const SNAP: f32 = 220.0;

/// A correction smaller than this many world units, or radians, is over.
const NOTHING: f32 = 0.01;

/// How far ahead of the server's word a ship is flown, in seconds; beyond it stands still.
const LONGEST_SECONDS: u32 = 1;

/// The own ship as it is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Flight {
    /// Its centre, in world units.
    pub at: [f32; 2],
    /// World units per tick.
    pub velocity: [f32; 2],
    /// Radians, clockwise on the screen.
    pub heading: f32,
    /// Engine on.
    pub thrust: bool,
}

/// The own ship, predicted.
#[derive(Debug)]
pub struct Prediction {
    rules: Rules,
    /// Its NetId; 0 while there is none.
    ship: u32,
    /// The tick of the server's word, and the controls that held then.
    base: u32,
    held: Controls,
    /// From `base` on, one per tick.
    bodies: Vec<Body>,
    /// Controls of ticks that are over, from `first` on.
    over: VecDeque<Controls>,
    first: u32,
    /// Controls of the tick that is flown now.
    now: Controls,
    /// What is still to be blended away: where the ship is drawn, from where it is.
    offset: [f32; 2],
    turn: f32,
    corrections: u32,
}

impl Prediction {
    /// No ship yet.
    pub fn new(rules: Rules) -> Self {
        Self {
            rules,
            ship: 0,
            base: 0,
            held: Controls::default(),
            bodies: Vec::new(),
            over: VecDeque::new(),
            first: 0,
            now: Controls::default(),
            offset: [0.0; 2],
            turn: 0.0,
            corrections: 0,
        }
    }

    /// Forgets the controls: the server holds what it last had, until `tick` begins.
    pub fn release(&mut self, tick: u32) {
        self.over.clear();
        self.first = tick;
    }

    /// Controls count for the tick that is flown now.
    pub fn fly(&mut self, controls: Controls) {
        self.now = controls;
    }

    /// `tick` is over: `controls` were sent for it, or held.
    pub fn close(&mut self, tick: u32, controls: Controls) {
        if tick != self.next() {
            self.release(tick);
        }
        self.forget_unsure();
        self.over.push_back(controls);
        let most = LONGEST_SECONDS * u32::from(self.rules.tick_hz) * 2;
        while self.over.len() > most as usize {
            self.over.pop_front();
            self.first += 1;
        }
    }

    /// The first tick whose controls may still change.
    fn next(&self) -> u32 {
        self.first + self.over.len() as u32
    }

    /// The server's word at `tick`: the ship with that NetId, or none.
    pub fn confirm(&mut self, tick: u32, ship: Option<(u32, &ShipState)>) {
        let Some((id, ship)) = ship else {
            self.bodies.clear();
            self.ship = 0;
            return;
        };
        self.forget_unsure();
        let compared = self.next().saturating_sub(1).max(tick);
        let before = (self.ship == id).then(|| self.body(compared)).flatten();
        (self.ship, self.base, self.held) = (id, tick, ship.controls);
        self.bodies.clear();
        self.bodies.push(ship.body);
        match before.zip(self.body(compared)) {
            Some((before, after)) if before != after => self.correct(&before, &after),
            Some(_) => {}
            None => (self.offset, self.turn) = ([0.0; 2], 0.0),
        }
    }

    fn correct(&mut self, before: &Body, after: &Body) {
        self.corrections += 1;
        let missed = [before.pos.x - after.pos.x, before.pos.y - after.pos.y].map(to_units);
        self.offset = [0, 1].map(|axis| self.offset[axis] + missed[axis]);
        self.turn += shortest(before.heading.to_radians() - after.heading.to_radians());
        if self.correction() > SNAP {
            (self.offset, self.turn) = ([0.0; 2], 0.0);
        }
    }

    /// Blends away what a correction left, `seconds` after the last draw.
    pub fn blend(&mut self, seconds: f32) {
        let share = 0.5f32.powf(seconds / HALF_SECONDS);
        self.offset = self.offset.map(|part| part * share);
        self.turn *= share;
        if self.correction() < NOTHING && self.turn.abs() < NOTHING {
            (self.offset, self.turn) = ([0.0; 2], 0.0);
        }
    }

    /// The ship after the step of `tick`; none without a ship, or before the server's word.
    fn body(&mut self, tick: u32) -> Option<Body> {
        let most = self.base + LONGEST_SECONDS * u32::from(self.rules.tick_hz);
        let steps = tick.min(most).checked_sub(self.base)? as usize;
        while self.bodies.len() <= steps {
            let next = self.base + self.bodies.len() as u32;
            let body = self.bodies.last()?.step(self.controls(next), &self.rules);
            self.bodies.push(body);
        }
        self.bodies.get(steps).copied()
    }

    fn controls(&self, tick: u32) -> Controls {
        match tick.checked_sub(self.first) {
            None => self.held,
            Some(index) => self.over.get(index as usize).copied().unwrap_or(self.now),
        }
    }

    /// The ship at `moment`, in ticks; none while there is none.
    pub fn at(&mut self, moment: f64) -> Option<Flight> {
        let whole = moment.max(f64::from(self.base)).floor();
        let share = (moment - whole).clamp(0.0, 1.0) as f32;
        let tick = whole as u32;
        self.forget_unsure();
        let (from, to) = (self.body(tick)?, self.body(tick + 1)?);
        let mix = |from: i32, to: i32| to_units(from) + to_units(to.wrapping_sub(from)) * share;
        let place = [mix(from.pos.x, to.pos.x), mix(from.pos.y, to.pos.y)];
        let from_heading = from.heading.to_radians();
        Some(Flight {
            at: [0, 1].map(|axis| place[axis] + self.offset[axis]),
            velocity: [to_units(to.vel.x), to_units(to.vel.y)],
            heading: from_heading + shortest(to.heading.to_radians() - from_heading) * share + self.turn,
            thrust: self.controls(tick + 1).thrust,
        })
    }

    /// Bodies of the tick that is flown now and later depend on controls that may have changed since they were made.
    fn forget_unsure(&mut self) {
        let sure = self.next().max(self.base + 1) - self.base;
        self.bodies.truncate(sure as usize);
    }

    /// The body after the step of `tick` when its controls cannot change any more, for what starts from it.
    pub fn settled(&mut self, tick: u32) -> Option<Body> {
        (tick < self.next()).then(|| self.body(tick)).flatten()
    }

    /// How far from its place the ship is drawn, in world units. It is 0 unless something touched the ship.
    pub fn correction(&self) -> f32 {
        self.offset[0].hypot(self.offset[1])
    }

    /// How often the server's word was another than expected.
    pub fn corrections(&self) -> u32 {
        self.corrections
    }
}

/// The same turn, the shorter way round.
fn shortest(turn: f32) -> f32 {
    (turn + PI).rem_euclid(TAU) - PI
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::angle::Angle;
    use shared::units::{Point, Vector};

    const SHIP: u32 = 7;

    fn controls(tick: u32) -> Controls {
        Controls { aim: Angle((tick * 4096) as u16), thrust: tick % 5 < 3, ..Controls::default() }
    }

    fn ship() -> ShipState {
        let body = Body { pos: Point::from_units(2000, 2000), ..Body::default() };
        ShipState { body, ..ShipState::default() }
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
}
