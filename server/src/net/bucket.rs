//! A token bucket: so much at once, so much a second over a longer time. Time is a parameter.

use std::time::Instant;

/// How a bucket fills.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Rate {
    /// Tokens a second.
    pub per_second: f64,
    /// Tokens it holds.
    pub burst: f64,
}

impl Rate {
    /// So many a second, and `times` as many at once.
    pub(crate) fn new(per_second: u32, times: f64) -> Self {
        let per_second = f64::from(per_second);
        Self { per_second, burst: per_second * times }
    }
}

/// What is left of an allowance.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bucket {
    tokens: f64,
    refilled: Instant,
}

impl Bucket {
    /// A full one.
    pub(crate) fn full(rate: Rate, now: Instant) -> Self {
        Self { tokens: rate.burst, refilled: now }
    }

    /// Takes `cost` tokens, if they are there. Who is refused pays nothing, so that asking too often keeps nobody out for ever.
    pub(crate) fn take(&mut self, rate: Rate, cost: f64, now: Instant) -> bool {
        self.refill(rate, now);
        let enough = self.tokens >= cost;
        if enough {
            self.tokens -= cost;
        }
        enough
    }

    /// Is it full again?
    pub(crate) fn is_full(&mut self, rate: Rate, now: Instant) -> bool {
        self.refill(rate, now);
        self.tokens >= rate.burst
    }

    fn refill(&mut self, rate: Rate, now: Instant) {
        let passed = now.saturating_duration_since(self.refilled).as_secs_f64();
        self.refilled = now;
        self.tokens = (self.tokens + passed * rate.per_second).min(rate.burst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_steady_stream_within_the_rate_passes_and_a_flood_does_not() {
        let (rate, start) = (Rate::new(150, 2.0), Instant::now());
        let mut steady = Bucket::full(rate, start);
        let pace = Duration::from_secs_f64(1.0 / rate.per_second);
        assert!((1..5000).all(|n| steady.take(rate, 1.0, start + pace * n)));
        let mut flood = Bucket::full(rate, start);
        assert_eq!((0..1000).filter(|_| flood.take(rate, 1.0, start)).count(), 300);
        assert!(!flood.is_full(rate, start) && flood.is_full(rate, start + Duration::from_secs(3)));
    }
}
