//! What an operator says to everyone: handed to every arena of this server, and over Redis to the other servers.
//!
//! Enters: words, from HTTP or from another server. Leaves: a command to each arena. Must never: make whoever speaks wait for
//! an arena whose queue is full, or keep more than a few of what is said.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use cluster::{Announcements, Untold};
use shared::saying::Announcement;
use sim::ports::Command;

use crate::arenas::{Arena, Arenas};
use crate::net::{Bucket, Rate};

/// How often something may be announced: so often at once, and then every ten seconds.
const RATE: Rate = Rate { per_second: 0.1, burst: 3.0 };
/// Time between two tries to tell an arena whose queue is full.
const AGAIN: Duration = Duration::from_millis(100);
/// Tries.
const TRIES: usize = 20;

/// Tells everyone.
#[derive(Debug)]
pub(crate) struct Announcer {
    arenas: Arc<Arenas>,
    others: OnceLock<Announcements>,
    allowance: Mutex<Bucket>,
    heard: Mutex<Bucket>,
}

/// Why something was not announced to everyone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unsaid {
    /// Too much was announced of late. Nobody was told.
    TooMuch,
    /// Only those on this server were told.
    HereOnly,
}

impl Announcer {
    /// One that knows these arenas, and no other server yet. To be called and used on the runtime.
    pub(crate) fn new(arenas: Arc<Arenas>) -> Self {
        let full = || Mutex::new(Bucket::full(RATE, Instant::now()));
        Self { arenas, others: OnceLock::new(), allowance: full(), heard: full() }
    }

    /// There are other servers.
    pub(crate) fn join(&self, others: Announcements) {
        if self.others.set(others).is_err() {
            tracing::error!("the other servers are joined twice");
        }
    }

    /// Tells everyone on every server; gives how many servers that are.
    ///
    /// # Errors
    /// When it can't be told to all of them.
    pub(crate) async fn announce(&self, said: Announcement) -> Result<u64, Unsaid> {
        if !takes(&self.allowance) {
            return Err(Unsaid::TooMuch);
        }
        tracing::info!(said = said.as_str(), "an operator says something to everyone");
        let text = said.as_str().to_owned();
        self.tell(said);
        match self.others.get() {
            None => Ok(1),
            // This one listens, too, unless it has just lost its way to Redis.
            Some(others) => {
                others.announce(text).await.map(|servers| servers.max(1)).map_err(|Untold| Unsaid::HereOnly)
            }
        }
    }

    /// Another server tells what its operator says.
    pub(crate) fn hear(&self, text: &str) {
        let Some(said) = Announcement::clean(text) else { return };
        if takes(&self.heard) {
            self.tell(said);
        } else {
            tracing::warn!("too much is announced: this is not told here");
        }
    }

    /// Tells every arena that is here, without waiting for any.
    fn tell(&self, said: Announcement) {
        let here = self.arenas.all().iter().filter(|arena| arena.is_here()).cloned();
        let mut untold: Vec<_> = here.chain(self.arenas.private.all()).collect();
        tokio::spawn(async move {
            for _ in 0..TRIES {
                untold.retain(|arena| !is_told(arena, &said));
                if untold.is_empty() {
                    return;
                }
                tokio::time::sleep(AGAIN).await;
            }
            tracing::warn!(arenas = untold.len(), "not every arena was told what an operator says");
        });
    }
}

fn is_told(arena: &Arena, said: &Announcement) -> bool {
    arena.commands.try_send(Command::Announce(said.clone())).is_ok()
}

fn takes(bucket: &Mutex<Bucket>) -> bool {
    bucket.lock().unwrap_or_else(PoisonError::into_inner).take(RATE, 1.0, Instant::now())
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::mode::Mode;
    use sim::ports::command_queue_of;

    #[tokio::test]
    async fn an_arena_that_can_not_listen_is_told_later_and_too_much_is_not_said() {
        let (commands, inbox) = command_queue_of(1);
        let arena = Arc::new(Arena::new(0, Mode::FreeForAll, commands));
        arena.commands.try_send(Command::Closing { in_seconds: 0 }).unwrap();
        let announcer = Announcer::new(Arc::new(Arenas::new(vec![arena], 0, 100)));
        let said = Announcement::clean("We restart at ten.").unwrap();
        assert_eq!(announcer.announce(said.clone()).await, Ok(1));
        tokio::task::yield_now().await;
        assert!(matches!(inbox.try_recv(), Ok(Command::Closing { .. })));
        while inbox.is_empty() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        assert!(matches!(inbox.try_recv(), Ok(Command::Announce(told)) if told == said));
        for _ in 0..2 {
            announcer.announce(said.clone()).await.unwrap();
        }
        assert_eq!(announcer.announce(said).await, Err(Unsaid::TooMuch));
    }
}
