//! Arenas on their way to other servers, with everyone in them: stopped here, handed over, and their players told where to go.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::net::Shards;
use crate::seats::{Seats, Stopped};
use cluster::{Directory, Handed};
use tokio::sync::mpsc::Receiver;

/// How long a server that stops waits for Redis, and how often it looks whether that is there.
const PATIENCE: Duration = Duration::from_secs(5);
const AGAIN: Duration = Duration::from_millis(100);

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
            self.hand_over(&arena, Instant::now()).await;
        }
    }

    /// Moves all that are here and that somebody takes. Waits for a while for a Redis that can't be reached.
    pub(crate) async fn hand_over_all(&self) {
        self.directory.drain().await;
        let until = Instant::now() + PATIENCE;
        for arena in self.seats.names() {
            while !self.hand_over(&arena, until).await && Instant::now() < until {
                tokio::time::sleep(AGAIN).await;
            }
        }
    }

    /// Moves an arena, if it is here. When nobody takes it, it goes on here; its players have to connect anew either way.
    /// False when it is still here although somebody would take it: Redis can't be reached now.
    async fn hand_over(&self, arena: &str, until: Instant) -> bool {
        if !self.directory.has_heir(arena) {
            return true;
        }
        if !self.directory.is_in_touch() {
            return false;
        }
        let (seats, name) = (self.seats.clone(), arena.to_owned());
        // It waits for the tick that is running.
        let stopped = tokio::task::spawn_blocking(move || seats.leave_named(&name)).await;
        let Ok(Some(stopped)) = stopped else { return true };
        let handed = self.tell_directory(&stopped, until).await;
        match handed {
            Handed::Over | Handed::Elsewhere => self.seats.gone(arena),
            Handed::Kept => self.seats.go_on(arena, stopped.hold, Some(stopped.save)),
            Handed::Unknown => {
                self.seats.gone(arena);
                tracing::warn!("Redis was lost while an arena was handed over: it goes on where Redis says");
            }
        }
        self.shards.look_around();
        handed != Handed::Kept
    }

    /// What came of it is asked again until then. After that the directory begins the arena where it is.
    async fn tell_directory(&self, stopped: &Stopped, until: Instant) -> Handed {
        let mut handed = self.directory.hand_over(stopped.saved()).await;
        while handed == Handed::Unknown && Instant::now() < until {
            tokio::time::sleep(AGAIN).await;
            handed = match self.directory.hand_over(stopped.saved()).await {
                Handed::Kept => Handed::Unknown,
                other @ (Handed::Over | Handed::Elsewhere | Handed::Unknown) => other,
            };
        }
        handed
    }
}
