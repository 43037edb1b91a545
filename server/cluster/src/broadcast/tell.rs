//! What this node tells the others: a few times a second what is new of its arenas, and announcements when they come.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::sync::mpsc;
use tokio::time::MissedTickBehavior;

use super::{Announcement, Ask, Booth, Known, Word};
use crate::directory::LEASE;
use crate::keys::{ANNOUNCE, ANNOUNCED, live};
use crate::link::{Link, Trouble};

/// Time between two looks at what is new: as often as HTTP looks at live boards.
const EVERY: Duration = Duration::from_millis(250);
/// How long an announcement is kept for nodes that were away, in milliseconds: as long as it is shown.
const KEPT_MS: u64 = 60_000;

/// Keeps the last of a board and tells it.
const WHOLE: &str = include_str!("whole.lua");
/// Tells that the last one still holds. KEYS: the key and channel. ARGV: a sign, for how many ms.
const SIGN: &str = "redis.call('PEXPIRE', KEYS[1], ARGV[2]) return redis.call('PUBLISH', KEYS[1], ARGV[1])";

pub(super) struct Teller {
    link: Link,
    node: String,
    booth: Arc<dyn Booth>,
    known: Known,
    announced: u64,
}

impl Teller {
    pub(super) fn new(link: Link, node: String, booth: Arc<dyn Booth>, known: Known) -> Self {
        Self { link, node, booth, known, announced: 0 }
    }

    /// Tells whatever there is, for ever.
    pub(super) async fn run(mut self, mut asked: mpsc::Receiver<Ask>) {
        let mut due = tokio::time::interval(EVERY);
        due.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let done = tokio::select! {
                _ = due.tick() => self.tell_news().await,
                Some(ask) = asked.recv() => self.announce(ask).await,
            };
            if let Err(trouble) = done {
                tracing::debug!("not told to other servers: {trouble}");
                self.link.give_up();
            }
        }
    }

    async fn tell_news(&mut self) -> Result<(), Trouble> {
        // First, so that nothing counts as told while there is no way.
        let mut connection = self.link.connection().await?;
        let news = self.booth.news();
        if news.is_empty() {
            return Ok(());
        }
        let mut calls = redis::pipe();
        for Word { arena, whole, told } in &news {
            let script = if *whole { WHOLE } else { SIGN };
            calls.cmd("EVAL").arg(script).arg(1).arg(live(arena)).arg(told).arg(lease_ms()).ignore();
        }
        Ok(calls.query_async(&mut connection).await?)
    }

    async fn announce(&mut self, ask: Ask) -> Result<(), Trouble> {
        let Ask { text, told } = ask;
        let id = self.next_id();
        // Here it is told without Redis.
        self.known.is_new(&id);
        let done = self.publish(&Announcement { id, text }).await;
        // Nobody is there to be told when the operator has given up waiting.
        let _told = told.send(done.as_ref().ok().copied());
        done.map(|_| ())
    }

    async fn publish(&mut self, announcement: &Announcement) -> Result<u64, Trouble> {
        let json = serde_json::to_string(announcement).map_err(|error| Trouble(error.to_string()))?;
        let mut connection = self.link.connection().await?;
        let mut calls = redis::pipe();
        calls.cmd("SET").arg(ANNOUNCED).arg(&json).arg("PX").arg(KEPT_MS).ignore();
        calls.cmd("PUBLISH").arg(ANNOUNCE).arg(&json);
        let (listening,): (u64,) = calls.query_async(&mut connection).await?;
        Ok(listening)
    }

    fn next_id(&mut self) -> String {
        self.announced += 1;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis());
        format!("{}-{now}-{}", self.node, self.announced)
    }
}

fn lease_ms() -> u64 {
    u64::try_from(LEASE.as_millis()).unwrap_or(u64::MAX)
}
