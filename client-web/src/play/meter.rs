//! What the connection and the draws cost, by the second.
//!
//! Enters: bytes as they arrive, draws with how long they took. Leaves: rates over the last while, for the overlay and the
//! probe. It must never read a clock: times come in, in milliseconds.

use shared::replica::Applied;

/// Rates are taken over this long, in milliseconds.
const WINDOW_MS: f64 = 500.0;

/// Counts of one window, or their rates per second.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Rates {
    /// Bytes of frames' heads.
    pub head: f64,
    /// Bytes of deltas.
    pub deltas: f64,
    /// Bytes of keyframes and arrivals.
    pub keyframes: f64,
    /// Bytes of messages.
    pub messages: f64,
    /// Draws.
    pub draws: f64,
    /// Milliseconds spent in draws.
    pub draw_ms: f64,
}

/// The counts of the window that runs, and the rates of the last one.
#[derive(Debug, Default)]
pub struct Meter {
    counts: Rates,
    rates: Rates,
    since_ms: f64,
}

impl Meter {
    /// A frame was applied.
    pub fn frame(&mut self, applied: &Applied) {
        self.counts.head += applied.head_bytes as f64;
        self.counts.deltas += applied.delta_bytes as f64;
        self.counts.keyframes += applied.keyframe_bytes as f64;
    }

    /// A message of so many bytes came.
    pub fn message(&mut self, bytes: usize) {
        self.counts.messages += bytes as f64;
    }

    /// A draw took `ms`.
    pub fn drew(&mut self, ms: f64) {
        self.counts.draws += 1.0;
        self.counts.draw_ms += ms;
    }

    /// Ends the window if it is over by `now_ms`. Returns whether there are new rates.
    pub fn turn(&mut self, now_ms: f64) -> bool {
        let seconds = (now_ms - self.since_ms) / 1000.0;
        if seconds * 1000.0 < WINDOW_MS {
            return false;
        }
        let counts = std::mem::take(&mut self.counts);
        self.rates = Rates {
            head: counts.head / seconds,
            deltas: counts.deltas / seconds,
            keyframes: counts.keyframes / seconds,
            messages: counts.messages / seconds,
            draws: counts.draws / seconds,
            draw_ms: counts.draw_ms / counts.draws.max(1.0),
        };
        self.since_ms = now_ms;
        true
    }

    /// The rates of the last window, per second; `draw_ms` is per draw.
    pub fn rates(&self) -> Rates {
        self.rates
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_become_rates_per_second_at_the_end_of_a_window() {
        let mut meter = Meter::default();
        (0..30).for_each(|_| meter.drew(2.0));
        meter.message(100);
        assert!(!meter.turn(499.0));
        assert!(meter.turn(500.0));
        let rates = meter.rates();
        assert_eq!((rates.draws, rates.draw_ms, rates.messages), (60.0, 2.0, 200.0));
        assert!(meter.turn(1000.0));
        assert_eq!(meter.rates(), Rates::default());
    }
}
