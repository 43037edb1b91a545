//! How the node does with the others, for `/healthz` and `/metrics`, and until when it knows what they did.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use standings::{Clock, UnixMs};

/// Which way something goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// From this node to Redis.
    Out,
    /// From Redis to this node.
    In,
    /// Who has which arena.
    Arenas,
}

const WAYS: usize = 3;

/// Shared by who does the work and who tells of it.
#[derive(Debug)]
pub struct State {
    trouble: Mutex<[Option<String>; WAYS]>,
    pub(crate) sent: AtomicU64,
    pub(crate) taken: AtomicU64,
    /// When Redis answered the directory of arenas last.
    answered: Mutex<Option<Instant>>,
}

/// Redis that has not answered for so long can't be reached, whatever comes of it later.
const SILENCE: Duration = Duration::from_millis(1200);

/// Nothing is known before Redis has answered once.
impl Default for State {
    fn default() -> Self {
        let unknown = || Some("Redis: not reached yet".to_owned());
        let trouble = Mutex::new([unknown(), unknown(), unknown()]);
        Self { trouble, sent: AtomicU64::new(0), taken: AtomicU64::new(0), answered: Mutex::default() }
    }
}

/// The state at one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// Why Redis can't be used now; None when it can.
    pub trouble: Option<String>,
    /// Does Redis answer the directory of arenas?
    pub reaches_redis: bool,
    /// Lives that were sent to Redis.
    pub sent: u64,
    /// Lives that came from other nodes.
    pub taken: u64,
}

impl State {
    /// How it is now.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        let troubles = self.trouble();
        let trouble = troubles.iter().flatten().next().cloned();
        Snapshot {
            trouble,
            reaches_redis: self.reaches_redis(),
            sent: self.sent.load(Relaxed),
            taken: self.taken.load(Relaxed),
        }
    }

    /// Redis has answered the directory.
    pub(crate) fn answered(&self) {
        *self.answered.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    /// Has it of late?
    pub(crate) fn reaches_redis(&self) -> bool {
        let answered = *self.answered.lock().unwrap_or_else(PoisonError::into_inner);
        answered.is_some_and(|answered| answered.elapsed() < SILENCE)
    }

    fn trouble(&self) -> std::sync::MutexGuard<'_, [Option<String>; WAYS]> {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The time up to which this node knows what the others did: it stands still while Redis is away. Boards are not closed
    /// before then, so that a life which comes late counts on the same board everywhere.
    #[must_use]
    pub fn in_touch(self: &Arc<Self>, clock: Clock) -> Clock {
        let (state, last) = (self.clone(), AtomicU64::new(0));
        Arc::new(move || {
            if state.trouble().iter().all(Option::is_none) {
                last.store(clock().0, Relaxed);
            }
            UnixMs(last.load(Relaxed))
        })
    }

    /// Notes what came of a try, and logs where it differs from the one before.
    pub(crate) fn note<T, E: std::fmt::Display>(&self, way: Way, outcome: &Result<T, E>) {
        let trouble = &mut self.trouble()[way as usize];
        match outcome {
            Ok(_) => {
                if trouble.take().is_some() {
                    tracing::info!(?way, "Redis does what it is asked");
                }
            }
            Err(error) => {
                let text = error.to_string();
                if trouble.as_ref() != Some(&text) {
                    tracing::warn!(?way, "{text}");
                }
                *trouble = Some(text);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boards_are_closed_up_to_the_time_that_redis_was_last_heard_of() {
        let (state, now) = (Arc::new(State::default()), Arc::new(AtomicU64::new(5)));
        let time = now.clone();
        let clock = state.in_touch(Arc::new(move || UnixMs(time.load(Relaxed))));
        let (good, bad): (Result<(), &str>, Result<(), &str>) = (Ok(()), Err("gone"));
        state.note(Way::In, &good);
        state.note(Way::Arenas, &good);
        assert_eq!(clock(), UnixMs(0), "nothing was sent yet");
        state.note(Way::Out, &good);
        assert_eq!(clock(), UnixMs(5));
        state.note(Way::In, &bad);
        now.store(9, Relaxed);
        assert_eq!((clock(), state.snapshot().trouble.as_deref()), (UnixMs(5), Some("gone")));
        state.note(Way::In, &good);
        assert_eq!((clock(), state.snapshot().trouble), (UnixMs(9), None));
    }
}
