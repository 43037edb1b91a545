//! How often something may happen in the arena: so much at once, so much a minute over a longer time. Time is in ticks.

use shared::tick::Tick;

/// How a pace fills.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rate {
    /// Times a minute, over a longer time.
    pub per_minute: u32,
    /// Times at once.
    pub burst: u32,
}

/// What is left of a rate. A new one is full.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Pace {
    /// What was taken and has not come back, in parts of which one time is 60 seconds' ticks.
    taken: u64,
    at: Tick,
}

impl Pace {
    /// May it happen once more, and leave so many times? Who is refused pays nothing.
    pub(crate) fn take(&mut self, rate: Rate, keep: u32, now: Tick, tick_hz: u16) -> bool {
        let once = 60 * u64::from(tick_hz);
        let back = u64::from(now.since(self.at)) * u64::from(rate.per_minute);
        (self.taken, self.at) = (self.taken.saturating_sub(back), now);
        let fits = self.taken + once * u64::from(1 + keep) <= once * u64::from(rate.burst);
        self.taken += if fits { once } else { 0 };
        fits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: Rate = Rate { per_minute: 120, burst: 5 };

    #[test]
    fn so_many_at_once_and_then_so_many_a_minute() {
        let mut pace = Pace::default();
        let mut times = |from: u32, ticks: u32| {
            (from..from + ticks).filter(|tick| pace.take(RATE, 0, Tick(*tick), 30)).count()
        };
        assert_eq!(times(0, 10), 5);
        assert_eq!(times(10, 600), 40, "two a second");
        assert_eq!(times(100_000, 10), 5, "no more than at once is saved up");
    }

    #[test]
    fn what_is_kept_for_others_is_left() {
        let mut pace = Pace::default();
        let all = [2, 2, 2, 2, 0, 0, 0].map(|keep| pace.take(RATE, keep, Tick(7), 30));
        assert_eq!(all, [true, true, true, false, true, true, false]);
    }
}
