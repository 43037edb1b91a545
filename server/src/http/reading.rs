//! Reading that may wait for the disk: on threads of its own, a few at a time, so that whoever asks for much makes
//! himself wait and nobody else.

use std::sync::Arc;
use std::time::Duration;

use standings::Standings;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::error::ApiError;

/// Reads at once. More would only wait for each other: the store reads on one connection.
const READS: usize = 4;
/// How long a read waits for its turn. Beyond, it is answered with 503.
const PATIENCE: Duration = Duration::from_secs(2);

/// Who may read from the disk.
#[derive(Debug)]
pub(super) struct Readers {
    places: Arc<Semaphore>,
}

impl Default for Readers {
    fn default() -> Self {
        Self { places: Arc::new(Semaphore::new(READS)) }
    }
}

impl Readers {
    /// Runs `read` where it may block. A read that nobody waits for any longer keeps its place until it is done.
    ///
    /// # Errors
    /// What it says; 503 when too many read.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        standings: &Arc<Standings>,
        read: impl FnOnce(&Standings) -> Result<T, ApiError> + Send + 'static,
    ) -> Result<T, ApiError> {
        let place = timeout(PATIENCE, self.places.clone().acquire_owned()).await;
        let Ok(Ok(place)) = place else { return Err(ApiError::later("too many are reading", 1)) };
        let standings = standings.clone();
        let done = tokio::task::spawn_blocking(move || {
            let done = read(&standings);
            drop(place);
            done
        });
        done.await.map_err(ApiError::ours)?
    }
}
