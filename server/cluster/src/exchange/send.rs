//! The outbox: lives of this node's store go to Redis in the order in which they were recorded. How far they are stands in
//! Redis itself, so that one that comes back empty, or older than it was, is sent what it lacks.

use std::rc::Rc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use redis::Script;
use standings::{Bucket, LifeResult, Period};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::timeout;

use super::Ends;
use super::asked::Asked;
use super::recent::Recent;
use super::removal::Removal;
use crate::keys::{EVENTS, EVENTS_KEPT, PREFIX, REMOVED, RESULTS, SENT, STREAM};
use crate::link::{Link, Trouble};
use crate::state::Way;

/// Lives of one call: a script holds Redis up for about 5 ms with so many.
const BATCH: usize = 250;

/// How often to look whether Redis still has what it had.
const LOOK: Duration = Duration::from_secs(2);

/// How long the boards of a day or week stay in Redis after its end.
const KEPT_S: u64 = 14 * 86_400;

pub(super) struct Sender {
    link: Link,
    ends: Rc<Ends>,
    recent: Rc<Recent>,
    record: Script,
    remove: Removal,
    /// The number of the last life that is in Redis, as Redis said last.
    sent: u64,
    /// A removal that Redis has not taken yet.
    removal: Option<Asked>,
    /// Those that come after it.
    removals: mpsc::Receiver<Asked>,
}

impl Sender {
    pub(super) fn new(
        link: Link,
        ends: Rc<Ends>,
        recent: Rc<Recent>,
        removals: mpsc::Receiver<Asked>,
    ) -> Self {
        let (record, remove) = (Script::new(include_str!("record.lua")), Removal::new());
        Self { link, ends, recent, record, remove, sent: 0, removal: None, removals }
    }

    /// Sends whatever comes, as long as it is let.
    pub(super) async fn run(&mut self, mut changed: watch::Receiver<()>) {
        loop {
            let done = self.catch_up().await;
            self.ends.state.note(Way::Out, &done);
            if done.is_err() {
                // Connecting again waits for as long as is good; so does nothing else.
                self.link.give_up();
                continue;
            }
            tokio::select! {
                asked = self.removals.recv() => self.removal = asked,
                _changed = timeout(LOOK, changed.changed()) => {}
            }
        }
    }

    /// Sends what the standings have taken in until now.
    pub(super) async fn finish(&mut self) {
        let (tell, flushed) = oneshot::channel();
        let asked = self.ends.standings.flush(move || tell.send(()).unwrap_or_default());
        if asked.is_ok() && flushed.await.is_ok() {
            loop {
                match self.catch_up().await {
                    Ok(()) if self.removals.is_empty() => return,
                    Ok(()) => {}
                    Err(_) => self.link.give_up(),
                }
            }
        }
    }

    /// Sends what Redis does not have yet.
    async fn catch_up(&mut self) -> Result<(), Trouble> {
        self.send_removals().await?;
        let mut asked = false;
        loop {
            let lives = self.ends.standings.lives_after(self.sent, BATCH);
            let lives =
                lives.map_err(|error| Trouble(format!("the lives to send can't be read: {error}")))?;
            let last = lives.last().map_or(self.sent, |(number, _)| *number);
            // An empty batch asks whether Redis still is where it was.
            if lives.is_empty() && asked {
                return Ok(());
            }
            let at = self.send(&lives, last).await?;
            asked = at == last;
            self.sent = at;
        }
    }

    /// Sends lives, and returns the number to go on after: not that of the last of them when Redis is elsewhere.
    async fn send(&mut self, lives: &[(u64, LifeResult)], last: u64) -> Result<u64, Trouble> {
        let mut connection = self.link.connection().await?;
        let mut call = self.record.prepare_invoke();
        call.key(PREFIX).key(RESULTS).key(SENT).key(REMOVED).key(EVENTS);
        call.arg(&self.ends.node).arg(self.sent).arg(last).arg(STREAM);
        call.arg(if self.ends.events { EVENTS_KEPT } else { 0 });
        let news = lives.iter().map(|(_, life)| life).filter(|life| !self.recent.knows(life.life));
        let mut count = 0;
        for life in news {
            let json = serde_json::to_string(life).map_err(|error| Trouble(error.to_string()))?;
            call.arg(life.life.to_string())
                .arg(life.player.to_string())
                .arg(life.score)
                .arg(life.at.0)
                .arg(json);
            for bucket in Period::ALL.map(|period| period.bucket_at(life.at)) {
                call.arg(bucket.to_string()).arg(forgotten_at(bucket));
            }
            count += 1;
        }
        let at: u64 = call.invoke_async(&mut connection).await?;
        if at == last {
            self.ends.state.sent.fetch_add(count, Relaxed);
            return Ok(at);
        }
        // It has forgotten something: what came from it may have to go there again.
        self.recent.forget();
        // Ahead of us is only a Redis that knew another store of this name: all of ours is sent anew.
        if at > self.newest()? { self.rewind(at).await } else { Ok(at) }
    }

    /// The number of the newest life of the store, or of one before it.
    fn newest(&self) -> Result<u64, Trouble> {
        let newest = self.ends.standings.newest_life();
        newest.map_err(|error| Trouble(format!("the lives to send can't be read: {error}")))
    }

    async fn rewind(&mut self, from: u64) -> Result<u64, Trouble> {
        tracing::warn!(from, "Redis has seen more of this node than its store has: everything is sent anew");
        let mut connection = self.link.connection().await?;
        let () = redis::cmd("HDEL").arg(SENT).arg(&self.ends.node).query_async(&mut connection).await?;
        Ok(0)
    }

    /// Those that wait; not so many that lives wait for long.
    async fn send_removals(&mut self) -> Result<(), Trouble> {
        for _ in 0..BATCH {
            let next = self.removal.take().or_else(|| self.removals.try_recv().ok());
            let Some(asked) = next else { return Ok(()) };
            self.send_removal(asked).await?;
        }
        Ok(())
    }

    /// One that Redis does not take is kept.
    async fn send_removal(&mut self, asked: Asked) -> Result<(), Trouble> {
        let Asked { player, at, .. } = asked;
        let known = asked.perhaps.is_none();
        let asked = self.removal.insert(asked);
        let mut connection = self.link.connection().await?;
        let removed = self.remove.send(&mut connection, &self.ends, player, at, known).await?;
        asked.perhaps.take().into_iter().for_each(|then| then(Ok(removed)));
        self.removal = None;
        Ok(())
    }
}

/// When Redis may forget a bucket, in Unix seconds; 0 for never.
fn forgotten_at(bucket: Bucket) -> u64 {
    bucket.end().map_or(0, |end| end.0 / 1000 + KEPT_S)
}
