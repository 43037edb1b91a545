//! A node's right to run an arena: it lasts for a lease, counted from before it was asked for, and is looked at before each
//! tick. So a node that was stopped for a while, or can't reach Redis, stops before another may begin.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

/// One arena's, shared by who renews it and who runs the arena. Clones are the same one.
#[derive(Debug, Clone)]
pub struct Hold {
    /// Counts up with each node that has the arena.
    pub epoch: u64,
    begun: Instant,
    /// Milliseconds after that.
    until: Arc<AtomicU64>,
}

impl Hold {
    /// A right that lasts until then.
    pub(crate) fn new(epoch: u64, until: Instant) -> Self {
        let hold = Self { epoch, begun: Instant::now(), until: Arc::default() };
        hold.extend(until);
        hold
    }

    /// A right that has yet to be given.
    #[must_use]
    pub fn awaited(epoch: u64) -> Self {
        Self::new(epoch, Instant::now())
    }

    /// Are both the same one?
    pub(crate) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.until, &other.until)
    }

    /// Was it there by then?
    pub(crate) fn is_older_than(&self, then: Instant) -> bool {
        self.begun < then
    }

    /// It lasts until then, or longer if it did before.
    pub(crate) fn extend(&self, until: Instant) {
        let ms = until.saturating_duration_since(self.begun).as_millis();
        self.until.fetch_max(u64::try_from(ms).unwrap_or(u64::MAX), Relaxed);
    }

    /// May the arena do its next tick?
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.begun.elapsed() < Duration::from_millis(self.until.load(Relaxed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_right_ends_by_itself_and_is_never_shortened() {
        let now = Instant::now();
        let hold = Hold::new(1, now + Duration::from_secs(60));
        hold.extend(now);
        assert!(hold.is_good());
        let over = Hold::new(2, now);
        assert!(!over.is_good());
        let of_who_renews = over.clone();
        of_who_renews.extend(now + Duration::from_secs(60));
        assert!(over.is_good() && of_who_renews.is_good(), "and can be had again");
    }
}
