//! The truth about the connection, in one list: for the overlay and for the probe's `net`.
//!
//! Enters: the game as it is. Leaves: numbers with their names. The overlay shows them in this order.

use wasm_bindgen::JsValue;

use super::game::Game;
use crate::hud::overlay::{READINGS, Reading};
use crate::probe::Record;
use crate::world::World;

impl Game {
    /// Every reading, in the order of [`READINGS`].
    pub(super) fn readings(&self) -> [f64; READINGS.len()] {
        READINGS.map(|reading| self.reading(reading))
    }

    fn reading(&self, reading: Reading) -> f64 {
        let rates = self.meter.rates();
        match reading {
            Reading::Ping => self.pings.round_trip_ms().unwrap_or_default(),
            Reading::Draws => rates.draws,
            Reading::DrawTime => rates.draw_ms,
            Reading::Head => rates.head,
            Reading::Deltas => rates.deltas,
            Reading::Keyframes => rates.keyframes,
            Reading::Messages => rates.messages,
            Reading::Jitter
            | Reading::Lead
            | Reading::Margin
            | Reading::Correction
            | Reading::Delay
            | Reading::Missed => self.world.as_ref().map_or(0.0, |world| self.of_world(reading, world)),
        }
    }

    fn of_world(&self, reading: Reading, world: &World) -> f64 {
        let tick_ms = 1000.0 / self.session.welcome().map_or(1.0, |welcome| f64::from(welcome.tick_hz));
        match reading {
            Reading::Jitter => world.jitter().ms(),
            Reading::Lead => world.lead().ahead() * tick_ms,
            Reading::Margin => world.lead().margin(),
            Reading::Correction => world.prediction().correction().into(),
            Reading::Delay => world.playout().behind() * tick_ms,
            Reading::Missed => world.resets().into(),
            Reading::Ping
            | Reading::Draws
            | Reading::DrawTime
            | Reading::Head
            | Reading::Deltas
            | Reading::Keyframes
            | Reading::Messages => 0.0,
        }
    }

    /// The probe's `net`.
    pub(super) fn net(&self) -> JsValue {
        let record = Record::new().number("corrections", self.corrections().into());
        READINGS
            .iter()
            .zip(self.readings())
            .fold(record, |record, (reading, number)| record.number(reading.key(), number))
            .build()
    }

    fn corrections(&self) -> u32 {
        self.world.as_ref().map_or(0, |world| world.prediction().corrections())
    }

    /// Shows the overlay, or hides it.
    pub fn toggle_overlay(&mut self) {
        if let Err(problem) = self.hud.overlay.toggle() {
            crate::dom::complain("the overlay cannot be shown", &problem);
        }
    }

    /// Brings rates and overlay up to date, a few times a second.
    pub(super) fn measure(&mut self, now_ms: f64) {
        self.meter.turn(now_ms);
        if self.hud.overlay.is_shown() {
            let readings = self.readings();
            self.hud.overlay.show(&readings);
        }
    }
}
