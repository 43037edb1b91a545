//! Flying: the controls of now into the prediction, those of each tick to the server.
//!
//! Enters: the pilot, the passing of time. Leaves: inputs, each for its tick, and the same controls to the world. It runs
//! before a control changes, so that what was held until now counts for the ticks until now, and after, so that the change
//! shows in the next draw.

use shared::protocol::codec::encode_client;

use super::game::Game;
use super::session::Phase;
use crate::dom;

/// A round trip before any was measured, in milliseconds.
const USUAL_ROUND_TRIP_MS: f64 = 60.0;

impl Game {
    /// A life begins, or goes on after the connection was lost.
    pub(super) fn take_off(&mut self) {
        self.steering.reset();
        let round_trip_ms = self.pings.round_trip_ms().unwrap_or(USUAL_ROUND_TRIP_MS);
        if let Some(world) = &mut self.world {
            world.take_off(round_trip_ms, dom::now_ms());
        }
        self.steer();
    }

    /// Flies on to now: sends the controls of the ticks that are over, and holds those of now.
    pub fn steer(&mut self) {
        let Some(tick_hz) = self.session.welcome().map(|welcome| welcome.tick_hz) else { return };
        let Some(world) = self.world.as_mut().filter(|_| self.session.phase() == Phase::Playing) else {
            return;
        };
        let tick = world.fly_on(dom::now_ms());
        for closed in self.steering.close(tick, tick_hz) {
            world.close(closed.tick, closed.controls);
            let seen = world.seen_before(closed.tick);
            if closed.send
                && let Some(input) = self.session.input(closed, seen)
            {
                world.asked(dom::now_ms());
                self.link.send(&encode_client(&input));
            }
        }
        let live = self.pilot.controls(self.own_place);
        world.hold(self.steering.hold(live));
    }
}
