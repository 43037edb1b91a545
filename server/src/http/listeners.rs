//! Who waits for a board to change: event streams and long polls. One beat wakes them all, at most four times a
//! second, however often boards change; what each then gets is encoded once.

use std::sync::Arc;
use std::time::Duration;

use standings::{Bucket, Period};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, sleep_until, timeout};

use super::error::ApiError;
use super::live::Live;
use crate::boards::Boards;

/// Listeners at once, half of the connections that may speak HTTP. Beyond, 503.
const LISTENERS: usize = 512;
/// Time between two beats at least.
const PACE: Duration = Duration::from_millis(250);

/// Beats when something on any board may have changed.
#[derive(Debug, Clone)]
pub(crate) struct Beat(watch::Receiver<()>);

impl Beat {
    /// Starts beating, until the task is aborted.
    pub(crate) fn start(boards: Arc<Boards>, live: Arc<Live>) -> (Self, JoinHandle<()>) {
        let (beat, heard) = watch::channel(());
        (Self(heard), tokio::spawn(run(boards, live, beat)))
    }
}

async fn run(boards: Arc<Boards>, live: Arc<Live>, beat: watch::Sender<()>) {
    let mut changed = boards.changed.clone();
    let mut current = buckets(&boards);
    loop {
        let written = matches!(timeout(PACE, changed.changed()).await, Ok(Ok(())));
        // A day may end without anybody's doing.
        let now = buckets(&boards);
        if live.take() | written | (now != current) {
            current = now;
            let next = Instant::now() + PACE;
            beat.send_replace(());
            sleep_until(next).await;
        }
        if changed.has_changed().is_err() {
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
}

/// One who listens.
#[derive(Debug)]
pub(super) struct Listener {
    beat: watch::Receiver<()>,
    _place: OwnedSemaphorePermit,
}

impl Listeners {
    pub(super) fn new(beat: Beat) -> Self {
        Self { beat, places: Arc::new(Semaphore::new(LISTENERS)) }
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        LISTENERS - self.places.available_permits()
    }

    /// One more. It hears every change from here on.
    ///
    /// # Errors
    /// 503 when there are too many.
    pub(super) fn join(&self) -> Result<Listener, ApiError> {
        let place = self.places.clone().try_acquire_owned().map_err(|_| {
            ApiError::later("too many are listening", 10).hint("ask for the board every few seconds instead")
        })?;
        let mut beat = self.beat.0.clone();
        beat.mark_unchanged();
        Ok(Listener { beat, _place: place })
    }
}

impl Listener {
    /// Waits for the next beat; false when the server stops.
    pub(super) async fn hear(&mut self) -> bool {
        self.beat.changed().await.is_ok()
    }
}
