//! Arenas on their way to other servers, with everyone in them: stopped here, handed over, and their players told where to go.

use std::sync::Arc;

use crate::net::Shards;
use crate::seats::Seats;
use cluster::Directory;
use tokio::sync::mpsc::Receiver;

/// What it takes to move an arena.
pub(crate) struct Moves {
    /// Knows who can take one.
    pub directory: Directory,
    /// Those that are here.
    pub seats: Arc<Seats>,
    /// Their sessions.
    pub shards: Arc<Shards>,
}

impl Moves {
    /// Hands over what another server should have, for ever.
    pub(crate) async fn even_out(self: Arc<Self>, mut spared: Receiver<usize>) {
        while let Some(index) = spared.recv().await {
            self.hand_over(index).await;
        }
    }

    /// Moves an arena, if it is here. When nobody takes it, it goes on here; its players have to connect anew either way.
    pub(crate) async fn hand_over(&self, index: usize) {
        if !self.directory.has_heir() {
            return;
        }
        let seats = self.seats.clone();
        // It waits for the tick that is running.
        let stopped = tokio::task::spawn_blocking(move || seats.leave(index)).await;
        let Ok(Some(stopped)) = stopped else { return };
        let taken = self.directory.hand_over(self.seats.saved(&stopped)).await;
        if !taken && let Err(error) = self.seats.begin_at(index, Some(stopped.hold), Some(stopped.save)) {
            tracing::error!(%error, "the system refuses a thread for an arena");
        }
        self.shards.look_around();
    }
}
