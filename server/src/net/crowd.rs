//! Who may speak HTTP at once. When all places are taken, whoever has been silent for longest makes room for who comes next,
//! or whoever has let his answer wait for longest: otherwise a crowd that connects and says nothing, or asks and takes
//! nothing, would keep everyone out for as long as a head, or an answer, may take.
//!
//! Owns the places, and which of them have not had a whole request yet or have an answer that waits. Enters: newcomers.
//! Leaves: places, and the order to go. Must never: send away one that was heard and takes what he is sent, or one that just
//! came.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

use crate::counters::{Counters, Limit};

/// How long one may be silent in any case: several times what a head takes over a slow line.
const GRACE: Duration = Duration::from_millis(500);
/// How long an answer may wait in any case: several times what is lost over a bad line.
const PATIENCE: Duration = Duration::from_secs(1);

/// All places.
#[derive(Debug)]
pub(super) struct Crowd {
    most: usize,
    places: Arc<Semaphore>,
    state: Mutex<State>,
    counters: Arc<Counters>,
}

/// Who is waited for.
#[derive(Debug, Default)]
struct State {
    /// To say what they want.
    silent: Queue,
    /// To take what they are sent.
    slow: Queue,
}

/// Those who are waited for, by the order in which that began.
#[derive(Debug, Default)]
struct Queue {
    next: u64,
    since: BTreeMap<u64, (Instant, Arc<Notify>)>,
}

impl Queue {
    fn enter(&mut self, leave: Arc<Notify>) -> u64 {
        let number = self.next;
        self.next += 1;
        self.since.insert(number, (Instant::now(), leave));
        number
    }

    /// Sends away the first, if he is waited for as long as he may be. Otherwise gives how long it is until then.
    fn send_away(&mut self, grace: Duration) -> Result<(), Duration> {
        let Some(oldest) = self.since.first_entry() else { return Err(grace) };
        let waits = oldest.get().0.elapsed();
        if waits < grace {
            return Err(grace.saturating_sub(waits));
        }
        oldest.remove().1.notify_one();
        Ok(())
    }
}

/// Room for whoever comes next. Dropped, it is free again.
#[derive(Debug)]
pub(super) struct Room(OwnedSemaphorePermit);

/// One place. Dropped, it is free again.
#[derive(Debug)]
pub(super) struct Place {
    crowd: Arc<Crowd>,
    number: u64,
    leave: Arc<Notify>,
    _permit: OwnedSemaphorePermit,
}

/// An answer that waits. Dropped, it waits no more.
#[derive(Debug)]
pub(super) struct Waiting {
    crowd: Arc<Crowd>,
    number: u64,
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.crowd.state().slow.since.remove(&self.number);
    }
}

impl Crowd {
    /// So many places.
    pub(super) fn new(most: u32, counters: Arc<Counters>) -> Arc<Self> {
        let places = Arc::new(Semaphore::new(most as usize));
        Arc::new(Self { most: most as usize, places, state: Mutex::default(), counters })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until there is room for one more.
    pub(super) async fn room(&self) -> Room {
        loop {
            let waiting = self.places.clone().acquire_owned();
            let free = match self.places.clone().try_acquire_owned() {
                Ok(free) => Ok(Ok(free)),
                Err(_) => tokio::time::timeout(self.make_room(), waiting).await,
            };
            // Nobody closes the places; if one did, waiting would be all that is left.
            if let Ok(Ok(permit)) = free {
                return Room(permit);
            }
        }
    }

    /// Somebody has come, and takes the room that there is. He is silent from here on: before, there was nobody to be heard.
    pub(super) fn place(self: &Arc<Self>, Room(permit): Room) -> Place {
        let leave = Arc::new(Notify::new());
        let number = self.state().silent.enter(leave.clone());
        Place { crowd: self.clone(), number, leave, _permit: permit }
    }

    /// Sends away who has been silent for longest, or else whose answer waits for longest, if it is long enough. Gives how long
    /// to wait for what comes of it.
    fn make_room(&self) -> Duration {
        let mut state = self.state();
        let silent = state.silent.send_away(GRACE).map(|()| Limit::Silent);
        let sent = silent.or_else(|soon| match state.slow.send_away(PATIENCE) {
            Ok(()) => Ok(Limit::Untaken),
            Err(later) => Err(soon.min(later)),
        });
        match sent {
            Ok(limit) => {
                self.counters.refused(limit);
                // Soon the next one goes, if this one takes its time.
                Duration::from_millis(1)
            }
            Err(soon) => soon,
        }
    }

    /// Are there so many that nobody should stay for another request?
    pub(super) fn is_tight(&self) -> bool {
        self.places.available_permits() < self.most / 2
    }
}

impl Place {
    /// A whole request came: it may stay until that is answered.
    pub(super) fn is_heard(&self) {
        self.crowd.state().silent.since.remove(&self.number);
    }

    /// Some of an answer waits to be taken, from here on.
    pub(super) fn waits(&self) -> Waiting {
        let number = self.crowd.state().slow.enter(self.leave.clone());
        Waiting { crowd: self.crowd.clone(), number }
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
    use tokio::time::{sleep, timeout};

    async fn come(crowd: &Arc<Crowd>) -> Place {
        let room = crowd.room().await;
        crowd.place(room)
    }

    #[tokio::test]
    async fn who_just_came_is_not_silent_for_as_long_as_there_was_room_for_him() {
        let crowd = Crowd::new(1, Arc::default());
        let room = crowd.room().await;
        sleep(GRACE).await;
        let newcomer = crowd.place(room);
        let asked = {
            let crowd = crowd.clone();
            tokio::spawn(async move { crowd.room().await })
        };
        assert!(timeout(GRACE / 2, newcomer.must_leave()).await.is_err());
        newcomer.must_leave().await;
        drop(newcomer);
        asked.await.unwrap();
    }

    #[tokio::test]
    async fn who_was_silent_for_longest_makes_room_but_not_at_once_and_not_who_was_heard() {
        let crowd = Crowd::new(3, Arc::default());
        let begun = Instant::now();
        let (heard, oldest, newest) = (come(&crowd).await, come(&crowd).await, come(&crowd).await);
        heard.is_heard();
        let asked = {
            let crowd = crowd.clone();
            tokio::spawn(async move { come(&crowd).await })
        };
        oldest.must_leave().await;
        assert!(begun.elapsed() >= GRACE);
        drop(oldest);
        let _place = asked.await.unwrap();
        assert!(timeout(Duration::from_millis(5), heard.must_leave()).await.is_err());
        assert!(timeout(Duration::from_millis(5), newest.must_leave()).await.is_err());
        assert!(crowd.is_tight());
    }

    #[tokio::test]
    async fn whose_answer_waits_for_longest_makes_room_when_nobody_is_silent_but_not_at_once() {
        let crowd = Crowd::new(3, Arc::default());
        let (first, second, taking) = (come(&crowd).await, come(&crowd).await, come(&crowd).await);
        [&first, &second, &taking].iter().for_each(|place| place.is_heard());
        drop(taking.waits());
        let begun = Instant::now();
        let (_waits, _waits_too) = (second.waits(), first.waits());
        let asked = {
            let crowd = crowd.clone();
            tokio::spawn(async move { come(&crowd).await })
        };
        second.must_leave().await;
        assert!(begun.elapsed() >= PATIENCE);
        drop(second);
        let _place = asked.await.unwrap();
        assert!(timeout(Duration::from_millis(5), first.must_leave()).await.is_err());
        assert!(timeout(Duration::from_millis(5), taking.must_leave()).await.is_err());
    }
}
