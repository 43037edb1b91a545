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
    pub(crate) async fn even_out(self: Arc<Self>, mut spared: Receiver<String>) {
        while let Some(arena) = spared.recv().await {
            self.hand_over(&arena).await;
        }
    }

    /// Hands over all that are here and that somebody takes.
    pub(crate) async fn hand_over_all(&self) {
        self.directory.drain().await;
        for arena in self.seats.names() {
            self.hand_over(&arena).await;
        }
    }

    /// Moves an arena, if it is here. When nobody takes it, it goes on here; its players have to connect anew either way.
    async fn hand_over(&self, arena: &str) {
        if !self.directory.has_heir(arena) {
            return;
        }
        let (seats, name) = (self.seats.clone(), arena.to_owned());
        // It waits for the tick that is running.
        let stopped = tokio::task::spawn_blocking(move || seats.leave_named(&name)).await;
        let Ok(Some(stopped)) = stopped else { return };
        if self.directory.hand_over(stopped.saved()).await {
            self.seats.gone(arena);
            self.shards.look_around();
        } else {
            self.seats.go_on(arena, stopped.hold, Some(stopped.save));
        }
    }
}
