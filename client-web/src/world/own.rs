//! The own ship in the world: where it is drawn, and the clock it is flown by.
//!
//! Enters: the controls of each tick, the moment of a draw. Leaves: the own ship moved to where its pilot is, in the list
//! of what is drawn. Everything else in that list stays at the playout's moment.

use shared::controls::Controls;
use shared::entity::ShipState;
use shared::timing::Lead;

use super::World;
use super::prediction::{Flight, Prediction};
use super::seen::{Kind, Seen};

/// Where a key must show, at least this much of its tick is drawn.
const SHOWN: f64 = 0.1;

impl World {
    /// The clock the own ship is flown by.
    pub fn lead(&self) -> &Lead {
        &self.lead
    }

    /// The own ship ahead of the server's word.
    pub fn prediction(&self) -> &Prediction {
        &self.prediction
    }

    /// A ship flies from now on; a round trip takes `round_trip_ms`.
    pub fn take_off(&mut self, round_trip_ms: f64, now_ms: f64) {
        self.lead.start(round_trip_ms, now_ms);
        self.lead.advance(now_ms);
        self.prediction.release(self.lead.tick());
        self.shots.reset();
    }

    /// Runs the pilot's clock on to `now_ms`; returns the tick that is flown now.
    pub fn fly_on(&mut self, now_ms: f64) -> u32 {
        self.lead.advance(now_ms);
        self.lead.tick()
    }

    /// The controls of a tick that is over.
    pub fn close(&mut self, tick: u32, controls: Controls) {
        self.prediction.close(tick, controls);
        if let Some(shot) = self.prediction.fired(tick) {
            self.shots.close(tick, &shot);
        }
    }

    /// The controls of the tick that is flown now.
    pub fn hold(&mut self, controls: Controls) {
        self.fresh |= self.prediction.fly(controls);
    }

    /// An input was sent.
    pub fn asked(&mut self, now_ms: f64) {
        self.lead.asked(now_ms);
    }

    /// How many ticks before `tick` the others are drawn, as far as an input can say it.
    pub fn seen_before(&self, tick: u32) -> u8 {
        (f64::from(tick) - self.playout.moment()).round().clamp(0.0, 255.0) as u8
    }

    /// How far the own ship is flown ahead of the moment in which the others are drawn, in ticks: how far back hits are judged.
    pub fn rewind(&self, ms: f64) -> f64 {
        if self.lead.runs() { self.lead.moment(ms) - self.playout.moment() } else { 0.0 }
    }

    pub(super) fn confirm(&mut self, tick: u32) {
        let ship = own_ship(&self.replica);
        self.prediction.confirm(tick, ship);
        if let (Some((_, ship)), Some(latest)) = (ship, self.history.latest()) {
            self.shots.confirm(latest, ship.player.0);
        }
    }

    /// Puts the own ship where its pilot is. One that has ended is not drawn any more, though the playout is not there yet.
    pub(super) fn place_own(&mut self, seconds: f32, ms: f64, own: u32) {
        self.prediction.blend(seconds);
        let id = own_ship(&self.replica).map(|(id, _)| id);
        self.now.retain(|seen| Some(seen.id) == id || !is_ship_of(seen, own));
        let Some(id) = id.filter(|_| self.lead.runs()) else { return };
        let moment = self.own_moment(ms);
        let Some(flight) = self.prediction.at(moment) else { return };
        let Some(latest) = self.history.latest().and_then(|latest| latest.find(id)).copied() else { return };
        let seen = flown(&latest, &flight);
        match self.now.binary_search_by_key(&id, |seen| seen.id) {
            Ok(index) => self.now[index] = seen,
            Err(index) => self.now.insert(index, seen),
        }
        if let Some(latest) = self.history.latest() {
            self.shots.place(latest, moment, own, &mut self.now);
        }
    }
}

impl World {
    /// The moment in which the own ship is drawn. A draw is dated when it began; where a key came after that and in the next
    /// tick, the draw shows a little of that tick, so that the key shows.
    fn own_moment(&mut self, ms: f64) -> f64 {
        let moment = self.lead.moment(ms);
        let begun = f64::from(self.lead.tick() - 1);
        if std::mem::take(&mut self.fresh) { moment.max(begun + SHOWN) } else { moment }
    }
}

fn own_ship(replica: &shared::replica::Replica) -> Option<(u32, &ShipState)> {
    let focus = replica.focus();
    replica.ship(focus.ship).filter(|_| focus.own).map(|ship| (focus.ship.0, ship))
}

fn is_ship_of(seen: &Seen, player: u32) -> bool {
    match seen.kind {
        Kind::Ship(look) => player != 0 && look.player == player,
        Kind::Shot { .. } | Kind::Shard { .. } | Kind::Rock { .. } | Kind::Power { .. } => false,
    }
}

/// The ship as the server last said, but where its pilot is.
fn flown(seen: &Seen, flight: &Flight) -> Seen {
    let Flight { at, velocity, heading, thrust, boosts, shields, energy } = *flight;
    let kind = match seen.kind {
        Kind::Ship(mut look) => {
            (look.thrust, look.boosts, look.shields, look.energy) = (thrust, boosts, shields, energy);
            Kind::Ship(look)
        }
        other @ (Kind::Shot { .. } | Kind::Shard { .. } | Kind::Rock { .. } | Kind::Power { .. }) => other,
    };
    Seen { id: seen.id, kind, at, velocity, heading }
}
