//! Who waits for a board to change: event streams and long polls. One beat wakes them all, at most four times a
//! second, however often boards change; what each then gets is encoded once.
//!
//! They are the first to go when an arena has too much to do, before the sessions that watch.

use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use standings::{Bucket, Period};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use super::error::ApiError;
use super::live::Live;
use crate::arenas::{Arenas, Load};
use crate::boards::Boards;
use crate::counters::{Counters, Limit};
use crate::net::Ear;

/// Time between two beats at least.
const PACE: Duration = Duration::from_millis(250);

/// Beats when something on any board may have changed, and when there is too much to do.
#[derive(Debug, Clone)]
pub(crate) struct Beat(watch::Receiver<Mood>);

/// What a beat says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mood {
    /// All are welcome to listen.
    Calm,
    /// Nobody listens any more.
    Busy,
}

impl Mood {
    fn of(arenas: &Arenas) -> Self {
        if arenas.all().iter().any(|arena| arena.load() > Load::Calm) { Self::Busy } else { Self::Calm }
    }
}

impl Beat {
    /// Starts beating, until the task is aborted.
    pub(crate) fn start(boards: Arc<Boards>, live: Arc<Live>, arenas: Arc<Arenas>) -> (Self, JoinHandle<()>) {
        let (beat, heard) = watch::channel(Mood::Calm);
        (Self(heard), tokio::spawn(run(boards, live, arenas, beat)))
    }
}

async fn run(boards: Arc<Boards>, live: Arc<Live>, arenas: Arc<Arenas>, beat: watch::Sender<Mood>) {
    let mut changed = boards.changed.clone();
    let (mut current, mut written) = (buckets(&boards), false);
    loop {
        // A day may end without anybody's doing.
        let now = buckets(&boards);
        let mood = Mood::of(&arenas);
        let news = live.take() | written | (now != current) | (mood != *beat.borrow());
        current = now;
        if news {
            beat.send_replace(mood);
            sleep(PACE).await;
        }
        let heard = timeout(if news { Duration::ZERO } else { PACE }, changed.changed()).await;
        written = matches!(heard, Ok(Ok(())));
        if let Ok(Err(_)) = heard {
            // The writer is gone, and would be found so again at once.
            sleep(PACE).await;
        }
    }
}

fn buckets(boards: &Boards) -> [Bucket; 3] {
    let now = (boards.clock)();
    Period::ALL.map(|period| boards.standings.current(period, now))
}

/// Everyone who listens.
#[derive(Debug)]
pub(super) struct Listeners {
    beat: Beat,
    places: Arc<Semaphore>,
    /// How many there are, for those who shed watchers after them.
    counters: Arc<Counters>,
}

/// One who listens.
#[derive(Debug)]
pub(super) struct Listener {
    beat: watch::Receiver<Mood>,
    counters: Arc<Counters>,
    _place: OwnedSemaphorePermit,
    _ear: Ear,
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.counters.listeners.fetch_sub(1, Relaxed);
    }
}

impl Listeners {
    /// At most so many at once. Beyond, 503.
    pub(super) fn new(most: u32, beat: Beat, counters: Arc<Counters>) -> Self {
        Self { beat, places: Arc::new(Semaphore::new(most as usize)), counters }
    }

    /// One more, with what its address listens with. It hears every change from here on.
    ///
    /// # Errors
    /// 503 when there are too many.
    pub(super) fn join(&self, ear: Ear) -> Result<Listener, ApiError> {
        let place = self.places.clone().try_acquire_owned().map_err(|_| {
            ApiError::later("too many are listening", 10).hint("ask for the board every few seconds instead")
        })?;
        let mut beat = self.beat.0.clone();
        beat.mark_unchanged();
        self.counters.listeners.fetch_add(1, Relaxed);
        Ok(Listener { beat, counters: self.counters.clone(), _place: place, _ear: ear })
    }
}

impl Listener {
    /// Waits for the next beat; false when the server stops, or has too much to do.
    pub(super) async fn hear(&mut self) -> bool {
        let heard = self.beat.changed().await.is_ok();
        let shed = *self.beat.borrow_and_update() == Mood::Busy;
        if heard && shed {
            self.counters.refused(Limit::Overload);
        }
        heard && !shed
    }
}
