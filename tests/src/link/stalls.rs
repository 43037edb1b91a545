//! When a link stands still. Everything on it does at the same times, as where a phone changes its cell.

use super::Stall;
use std::time::{Duration, Instant};

/// The stalls of one link.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stalls {
    began: Instant,
    stall: Stall,
}

impl Stalls {
    pub(super) fn new(began: Instant, stall: Stall) -> Self {
        Self { began, stall }
    }

    /// When the stall ends that is going on at `at`, if one is.
    pub(super) fn end_at(&self, at: Instant) -> Option<Instant> {
        let begun = self.begun(at)?;
        (at < begun + self.stall.length).then_some(begun + self.stall.length)
    }

    /// When the first stall after `at` begins.
    pub(super) fn next_after(&self, at: Instant) -> Instant {
        self.begun(at).unwrap_or(self.began) + self.stall.every
    }

    /// When the last stall before `at` began, if there was one.
    fn begun(&self, at: Instant) -> Option<Instant> {
        let passed = at.saturating_duration_since(self.began).as_micros();
        let over = passed / self.stall.every.as_micros().max(1);
        let micros = u64::try_from(over * self.stall.every.as_micros()).ok()?;
        (over > 0).then(|| self.began + Duration::from_micros(micros))
    }
}
