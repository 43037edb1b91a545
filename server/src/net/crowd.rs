//! Who may speak HTTP at once. When all places are taken, whoever has been silent for longest makes room for who comes next:
//! otherwise a crowd that connects and says nothing would keep everyone out for as long as a head may take.
//!
//! Owns the places, and which of them have not had a whole request yet. Enters: newcomers. Leaves: places, and the order to
//! go. Must never: send away one that was heard, or one that just came.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

use crate::counters::{Counters, Limit};

/// How long one may be silent in any case: several times what a head takes over a slow line.
const GRACE: Duration = Duration::from_millis(500);

/// All places.
#[derive(Debug)]
pub(super) struct Crowd {
    most: usize,
    places: Arc<Semaphore>,
    silent: Mutex<Silent>,
    counters: Arc<Counters>,
}

/// Those who have not had a whole request yet, by the order in which they came.
#[derive(Debug, Default)]
struct Silent {
    next: u64,
    since: BTreeMap<u64, (Instant, Arc<Notify>)>,
}

/// One place. Dropped, it is free again.
#[derive(Debug)]
pub(super) struct Place {
    crowd: Arc<Crowd>,
    number: u64,
    leave: Arc<Notify>,
    _permit: OwnedSemaphorePermit,
}

impl Crowd {
    /// So many places.
    pub(super) fn new(most: u32, counters: Arc<Counters>) -> Arc<Self> {
        let places = Arc::new(Semaphore::new(most as usize));
        Arc::new(Self { most: most as usize, places, silent: Mutex::default(), counters })
    }

    fn silent(&self) -> MutexGuard<'_, Silent> {
        self.silent.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a place.
    pub(super) async fn place(self: &Arc<Self>) -> Place {
        loop {
            let waiting = self.places.clone().acquire_owned();
            let free = match self.places.clone().try_acquire_owned() {
                Ok(free) => Ok(Ok(free)),
                Err(_) => tokio::time::timeout(self.make_room(), waiting).await,
            };
            // Nobody closes the places; if one did, waiting would be all that is left.
            if let Ok(Ok(permit)) = free {
                return self.take(permit);
            }
        }
    }

    fn take(self: &Arc<Self>, permit: OwnedSemaphorePermit) -> Place {
        let leave = Arc::new(Notify::new());
        let mut silent = self.silent();
        let number = silent.next;
        silent.next += 1;
        silent.since.insert(number, (Instant::now(), leave.clone()));
        drop(silent);
        Place { crowd: self.clone(), number, leave, _permit: permit }
    }

    /// Sends away who has been silent for longest, if it is long enough. Gives how long to wait for what comes of it.
    fn make_room(&self) -> Duration {
        let mut silent = self.silent();
        let Some(oldest) = silent.since.first_entry() else { return GRACE };
        let waits = oldest.get().0.elapsed();
        if waits < GRACE {
            return GRACE.saturating_sub(waits);
        }
        let (_, leave) = oldest.remove();
        leave.notify_one();
        self.counters.refused(Limit::Silent);
        // Soon the next one goes, if this one takes its time.
        Duration::from_millis(1)
    }

    /// Are there so many that nobody should stay for another request?
    pub(super) fn is_tight(&self) -> bool {
        self.places.available_permits() < self.most / 2
    }
}

impl Place {
    /// A whole request came: it may stay until that is answered.
    pub(super) fn is_heard(&self) {
        self.crowd.silent().since.remove(&self.number);
    }

    /// Waits for the order to go.
    pub(super) async fn must_leave(&self) {
        self.leave.notified().await;
    }

    /// Should the connection end with the next answer?
    pub(super) fn is_wanted(&self) -> bool {
        self.crowd.is_tight()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.is_heard();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::timeout;

    #[tokio::test]
    async fn who_was_silent_for_longest_makes_room_but_not_at_once_and_not_who_was_heard() {
        let crowd = Crowd::new(3, Arc::default());
        let begun = Instant::now();
        let (heard, oldest, newest) = (crowd.place().await, crowd.place().await, crowd.place().await);
        heard.is_heard();
        let asked = {
            let crowd = crowd.clone();
            tokio::spawn(async move { crowd.place().await })
        };
        oldest.must_leave().await;
        assert!(begun.elapsed() >= GRACE);
        drop(oldest);
        let _place = asked.await.unwrap();
        assert!(timeout(Duration::from_millis(5), heard.must_leave()).await.is_err());
        assert!(timeout(Duration::from_millis(5), newest.must_leave()).await.is_err());
        assert!(crowd.is_tight());
    }
}
