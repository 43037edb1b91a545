//! What is said to all nodes at once, over Redis' pub/sub: live boards of arenas, for those who look at them on other nodes,
//! and an operator's announcements.
//!
//! Enters: what the node has to tell, already encoded. Leaves: what the others told. What is missed is not made up for: the
//! last of a live board is kept beside its channel for whoever comes, and the next one follows soon. Must never: be waited for by
//! a tick, or keep more than the last of anything.

mod listen;
mod tell;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

use crate::link::{Link, RedisUrl};
use listen::Listener;
use tell::Teller;

/// How long Redis may take to answer.
const PATIENCE: Duration = Duration::from_secs(1);
/// How long an operator waits for an announcement to be told.
const TELLING: Duration = Duration::from_secs(3);
/// Announcements that may wait to be told. Beyond, they are refused.
const WAITING: usize = 8;
/// Announcements that are told apart.
const KNOWN: usize = 32;

/// The node's end.
pub trait Booth: Send + Sync {
    /// What is to be told now of the arenas that run here. Asked a few times a second.
    fn news(&self) -> Vec<Word>;
    /// The arenas that do not run here and are of interest: what is told of them is to be heard. Asked a few times a second.
    fn elsewhere(&self) -> Vec<String>;
    /// This was told of one of them.
    fn hear(&self, arena: &str, told: &[u8]) -> Heard;
    /// Nothing was told of one of them for longer than a lease.
    fn silent(&self, arena: &str);
    /// An operator has something to say to everyone.
    fn announced(&self, text: &str);
}

/// Something to be told of an arena.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Which.
    pub arena: String,
    /// It is all there is to know, and kept for whoever comes; else it only says that this still holds.
    pub whole: bool,
    /// What.
    pub told: Vec<u8>,
}

/// What became of something that was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// It was taken.
    Taken,
    /// It builds on something that was not heard: what is kept is to be looked at.
    Missing,
    /// It is nothing to this node.
    Passed,
}

/// The running broadcast. It ends with the process.
#[derive(Debug)]
pub struct Broadcast {
    asks: mpsc::Sender<Ask>,
}

impl Broadcast {
    /// Begins, on the runtime that this is called on. `node` is which one this is.
    #[must_use]
    pub fn start(redis: &RedisUrl, node: String, booth: Arc<dyn Booth>) -> Self {
        let (asks, asked) = mpsc::channel(WAITING);
        let known = Known::default();
        tokio::spawn(Teller::new(Link::new(redis, PATIENCE), node, booth.clone(), known.clone()).run(asked));
        tokio::spawn(Listener::new([(); 2].map(|()| Link::new(redis, PATIENCE)), booth, known).run());
        Self { asks }
    }

    /// Where to hand in announcements.
    #[must_use]
    pub fn announcements(&self) -> Announcements {
        Announcements(self.asks.clone())
    }
}

#[derive(Debug)]
struct Ask {
    text: String,
    told: oneshot::Sender<Option<u64>>,
}

/// Takes announcements for the other nodes. Clones are the same one.
#[derive(Debug, Clone)]
pub struct Announcements(mpsc::Sender<Ask>);

/// Redis does not do it now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("Redis can't be reached")]
pub struct Untold;

impl Announcements {
    /// Tells it to all other nodes; gives how many nodes listen, this one among them.
    ///
    /// # Errors
    /// When nobody was told.
    pub async fn announce(&self, text: String) -> Result<u64, Untold> {
        let (told, answer) = oneshot::channel();
        self.0.try_send(Ask { text, told }).map_err(|_| Untold)?;
        timeout(TELLING, answer).await.ok().and_then(Result::ok).flatten().ok_or(Untold)
    }
}

/// An announcement on its way.
#[derive(Debug, Serialize, Deserialize)]
struct Announcement {
    /// What no other one has.
    id: String,
    text: String,
}

/// The announcements that this node has heard of, so that none is told twice. Clones are the same one.
#[derive(Debug, Clone, Default)]
struct Known(Arc<Mutex<VecDeque<String>>>);

impl Known {
    /// Is this one new? It is not from now on.
    fn is_new(&self, id: &str) -> bool {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let new = !known.iter().any(|one| one == id);
        if new {
            if known.len() >= KNOWN {
                known.pop_front();
            }
            known.push_back(id.to_owned());
        }
        new
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_announcement_is_new_once() {
        let known = Known::default();
        assert!(known.is_new("a") && !known.is_new("a"));
        (0..1000).for_each(|id| assert!(known.is_new(&id.to_string())));
        assert_eq!(known.0.lock().unwrap().len(), KNOWN);
    }

    #[tokio::test]
    async fn what_nobody_takes_is_untold_and_does_not_pile_up() {
        let (asks, asked) = mpsc::channel(WAITING);
        let announcements = Announcements(asks);
        drop(asked);
        assert_eq!(announcements.announce("x".to_owned()).await, Err(Untold));
    }
}
