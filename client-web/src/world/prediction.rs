//! The own ship ahead of the server's word: what it will say, if nothing touches the ship.
//!
//! Owns: the ship's states from the server's last one on; with `record`, the own controls by tick, and with `offset`, what is
//! left of corrections. Enters: the server's state of the
//! ship per frame, the controls of each tick. Leaves: the ship at any moment up to the tick that is flown now. It runs the
//! very rule the server runs, so without contact the two are equal to the bit; what a contact changes is blended away over a
//! few draws. It must never change anything but what is drawn.

use shared::balance::ENERGY_FULL;
use shared::controls::Controls;
use shared::entity::{ShipState, ShotState};
use shared::motion::{Body, Rules};
use shared::units::to_units;

use super::offset::{Offset, shortest};
use super::record::Hands;

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
    /// The boost works.
    pub boosts: bool,
    /// The shield is up.
    pub shields: bool,
    /// Energy left, as a share of a full bar.
    pub energy: f32,
}

/// The own ship, predicted.
#[derive(Debug)]
pub struct Prediction {
    rules: Rules,
    /// Its NetId; 0 while there is none.
    ship: u32,
    /// The tick of the server's word.
    base: u32,
    /// From `base` on, one per tick, and whether its gun fired in it.
    ships: Vec<(ShipState, bool)>,
    hands: Hands,
    offset: Offset,
    corrections: u32,
}

impl Prediction {
    /// No ship yet.
    pub fn new(rules: Rules) -> Self {
        Self {
            rules,
            ship: 0,
            base: 0,
            ships: Vec::new(),
            hands: Hands::new(2 * LONGEST_SECONDS * u32::from(rules.tick_hz)),
            offset: Offset::default(),
            corrections: 0,
        }
    }

    /// Forgets the controls: the server holds what it last had, until `tick` begins.
    pub fn release(&mut self, tick: u32) {
        self.hands.release(tick);
    }

    /// Controls count for the tick that is flown now. Returns whether they are others than before.
    pub fn fly(&mut self, controls: Controls) -> bool {
        self.hands.hold(controls)
    }

    /// `tick` is over: `controls` were sent for it, or held.
    pub fn close(&mut self, tick: u32, controls: Controls) {
        // Before it counts as sure, what was flown with the controls of now is forgotten.
        self.hands.release_unless_next(tick);
        self.forget_unsure();
        self.hands.close(controls);
    }

    /// The server's word at `tick`: the ship with that NetId, or none.
    pub fn confirm(&mut self, tick: u32, ship: Option<(u32, &ShipState)>) {
        let Some((id, ship)) = ship else {
            self.ships.clear();
            self.ship = 0;
            return;
        };
        self.forget_unsure();
        let compared = self.hands.next().saturating_sub(1).max(tick);
        let before = (self.ship == id).then(|| self.body(compared)).flatten();
        (self.ship, self.base) = (id, tick);
        self.hands.held(ship.controls);
        self.ships.clear();
        self.ships.push((*ship, false));
        match before.zip(self.body(compared)) {
            Some((before, after)) if before != after => self.correct(&before, &after),
            Some(_) => {}
            None => self.offset = Offset::default(),
        }
    }

    fn correct(&mut self, before: &Body, after: &Body) {
        self.corrections += 1;
        self.offset.add(before, after);
    }

    /// Blends away what a correction left, `seconds` after the last draw.
    pub fn blend(&mut self, seconds: f32) {
        self.offset.shrink(seconds);
    }

    fn body(&mut self, tick: u32) -> Option<Body> {
        self.ship(tick).map(|(ship, _)| ship.body)
    }

    /// The ship after the step of `tick`, and whether its gun fired in it; none without a ship, or before the server's word.
    fn ship(&mut self, tick: u32) -> Option<(ShipState, bool)> {
        let most = self.base + LONGEST_SECONDS * u32::from(self.rules.tick_hz);
        let steps = tick.min(most).checked_sub(self.base)? as usize;
        while self.ships.len() <= steps {
            let next = self.base + self.ships.len() as u32;
            let (ship, _) = *self.ships.last()?;
            let ship = ShipState { controls: self.hands.at(next), ..ship };
            self.ships.push(ship.step_and_fire(&self.rules));
        }
        self.ships.get(steps).copied()
    }

    /// The ship at `moment`, in ticks; none while there is none.
    pub fn at(&mut self, moment: f64) -> Option<Flight> {
        let whole = moment.max(f64::from(self.base)).floor();
        let share = (moment - whole).clamp(0.0, 1.0) as f32;
        let tick = whole as u32;
        self.forget_unsure();
        let (before, after) = (self.ship(tick)?.0, self.ship(tick + 1)?.0);
        let (from, to) = (before.body, after.body);
        let flown = ShipState { controls: self.hands.at(tick + 1), ..before };
        let mix = |from: i32, to: i32| to_units(from) + to_units(to.wrapping_sub(from)) * share;
        let place = [mix(from.pos.x, to.pos.x), mix(from.pos.y, to.pos.y)];
        let from_heading = from.heading.to_radians();
        Some(Flight {
            at: [0, 1].map(|axis| place[axis] + self.offset.place()[axis]),
            velocity: [to_units(to.vel.x), to_units(to.vel.y)],
            heading: from_heading
                + shortest(to.heading.to_radians() - from_heading) * share
                + self.offset.turn(),
            thrust: flown.controls.thrust || flown.boosts(&self.rules),
            boosts: flown.boosts(&self.rules),
            shields: flown.shields(&self.rules),
            energy: f32::from(after.energy) / f32::from(ENERGY_FULL),
        })
    }

    /// States of the tick that is flown now and later depend on controls that may have changed since they were made.
    fn forget_unsure(&mut self) {
        let sure = self.hands.next().max(self.base + 1) - self.base;
        self.ships.truncate(sure as usize);
    }

    /// The shot that the own gun fired in the step of `tick`, when its controls cannot change any more.
    pub fn fired(&mut self, tick: u32) -> Option<ShotState> {
        let (ship, fires) = (tick < self.hands.next()).then(|| self.ship(tick)).flatten()?;
        ship.fired(&self.rules).filter(|_| fires)
    }

    /// How far from its place the ship is drawn, in world units. It is 0 unless something touched the ship.
    pub fn correction(&self) -> f32 {
        self.offset.length()
    }

    /// How often the server's word was another than expected.
    pub fn corrections(&self) -> u32 {
        self.corrections
    }
}

#[cfg(test)]
#[path = "prediction_tests.rs"]
mod tests;
