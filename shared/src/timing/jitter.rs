//! How evenly frames arrive.
//!
//! Enters: the tick of each frame and when it arrived. Leaves: the jitter, how far arrivals stray from an even pace. It
//! needs no clock that agrees with the server's: only differences count.

/// The weight of one arrival.
const WEIGHT: f64 = 0.05;

/// An arrival counts as at most this many ticks off: a stall is no jitter.
const OUTLIER: f64 = 4.0;

/// Strays of an arrival that cover nearly all of them.
const COVER: f64 = 2.0;

/// The arrivals of one connection.
#[derive(Debug, Clone, Copy)]
pub struct Jitter {
    ticks_per_ms: f64,
    /// How late frames are on average, in ticks from the clock's zero.
    average: Option<f64>,
    stray: f64,
}

impl Jitter {
    /// No arrivals yet; `tick_hz` is ticks per second.
    #[must_use]
    pub fn new(tick_hz: f64) -> Self {
        Self { ticks_per_ms: tick_hz / 1000.0, average: None, stray: 0.05 }
    }

    /// A frame for `tick` arrived. `reset`: after a gap, from which nothing can be told.
    pub fn arrived(&mut self, tick: u32, now_ms: f64, reset: bool) {
        let late = now_ms * self.ticks_per_ms - f64::from(tick);
        let average = self.average.filter(|_| !reset).unwrap_or(late);
        let off = (late - average).clamp(-OUTLIER, OUTLIER);
        self.average = Some(average + off * WEIGHT);
        self.stray += (off.abs() - self.stray) * WEIGHT;
    }

    /// The jitter in ticks: nearly all frames arrive within as much of their time.
    #[must_use]
    pub fn ticks(&self) -> f64 {
        self.stray * COVER
    }

    /// The jitter in milliseconds.
    #[must_use]
    pub fn ms(&self) -> f64 {
        self.ticks() / self.ticks_per_ms
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(late_ms: impl Fn(u32) -> f64) -> f64 {
        let mut jitter = Jitter::new(30.0);
        (0..300)
            .for_each(|tick| jitter.arrived(tick, f64::from(tick) * 1000.0 / 30.0 + late_ms(tick), false));
        jitter.ms()
    }

    #[test]
    fn even_arrivals_have_no_jitter_however_far_away_the_server_is() {
        assert!(after(|_| 250.0) < 0.1);
    }

    #[test]
    fn jitter_covers_what_arrivals_stray() {
        let ms = after(|tick| f64::from(tick * 7919 % 31));
        assert!((10.0..25.0).contains(&ms), "{ms}");
    }
}
