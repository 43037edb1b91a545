//! What other nodes sent: read from the stream, and recorded here as if it had been played here. A node that was away for
//! longer than the stream remembers begins with the best lives of each open board.

use std::collections::HashMap;
use std::rc::Rc;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

use data_encoding::HEXLOWER;
use redis::aio::MultiplexedConnection;
use redis::streams::{StreamId, StreamReadReply};
use standings::{LifeResult, Outcome, Period, PlayerKey, UnixMs};
use tokio::sync::oneshot;

use super::Ends;
use super::recent::Recent;
use super::removal::{Gone, Removal};
use super::stream::{Stream, place, run_of};
use crate::keys::{KEYS, REMOVED, RESULTS, best};
use crate::link::{Link, Trouble};
use crate::state::Way;

/// Entries that are read at once.
const BATCH: usize = 500;

/// How long Redis waits for something new before it says that there is nothing, in milliseconds.
const BLOCK_MS: usize = 1000;

/// Lives that may wait for the disk before no more are taken from the stream: room is left for those played here.
const WAITING: u64 = 4096;

/// How long to let the disk do its work.
const PAUSE: Duration = Duration::from_millis(100);

/// How often to look for nodes that are new: their players are unknown here until then.
const KEYS_EVERY: Duration = Duration::from_secs(2);

/// The place in the stream before its first entry.
const BEGINNING: &str = "0-0";

pub(super) struct Taker {
    link: Link,
    ends: Rc<Ends>,
    recent: Rc<Recent>,
    /// The last entry that was taken.
    after: String,
    /// This connection has been asked what was missed before it.
    met: bool,
    /// Which run of which Redis that was.
    run: Option<String>,
    gone: Arc<Gone>,
    /// For a Redis that has lost who was.
    removal: Removal,
    /// When to look for nodes that are new.
    keys_due: Option<Instant>,
}

impl Taker {
    pub(super) fn new(link: Link, ends: Rc<Ends>, recent: Rc<Recent>, gone: Arc<Gone>) -> Self {
        Self {
            link,
            ends,
            recent,
            after: BEGINNING.to_owned(),
            met: false,
            run: None,
            gone,
            removal: Removal::new(),
            keys_due: None,
        }
    }

    /// Takes whatever comes, as long as it is let.
    pub(super) async fn run(mut self) {
        loop {
            let done = self.round().await;
            self.ends.state.note(Way::In, &done);
            if done.is_err() {
                self.met = false;
                self.link.give_up();
            }
        }
    }

    async fn round(&mut self) -> Result<(), Trouble> {
        let mut connection = self.link.connection().await?;
        if !self.met {
            self.meet(&mut connection).await?;
            self.met = true;
        }
        if self.keys_due.is_none_or(|due| due <= Instant::now()) {
            self.exchange_keys(&mut connection).await?;
            self.keys_due = Some(Instant::now() + KEYS_EVERY);
        }
        let mut read = redis::cmd("XREAD");
        read.arg("COUNT").arg(BATCH).arg("BLOCK").arg(BLOCK_MS).arg("STREAMS").arg(RESULTS).arg(&self.after);
        let news: Option<StreamReadReply> = read.query_async(&mut connection).await?;
        let entries = news.into_iter().flat_map(|news| news.keys).flat_map(|key| key.ids);
        for entry in entries {
            self.take(&entry).await?;
            self.after = entry.id;
        }
        self.written().await
    }

    /// After a while without Redis: who was removed meanwhile, and what the stream has forgotten already.
    async fn meet(&mut self, connection: &mut MultiplexedConnection) -> Result<(), Trouble> {
        self.meet_removed(connection).await?;
        let stream = Stream::of(connection).await?;
        let run = run_of(connection).await?;
        if stream.last < place(&self.after) || (self.run.is_some() && run != self.run) {
            // Another Redis than the one that we knew, or the same as it was before. It may lack what we have taken, have what we
            // have not, and call that by the same places.
            BEGINNING.clone_into(&mut self.after);
            self.recent.forget();
        }
        self.run = run;
        if stream.has_forgotten && stream.first > place(&self.after) {
            self.take_bests(connection).await?;
        }
        Ok(())
    }

    /// Who was removed meanwhile, and who was before and is not so any more, by a Redis that has lost that.
    async fn meet_removed(&mut self, connection: &mut MultiplexedConnection) -> Result<(), Trouble> {
        let removed: HashMap<String, u64> =
            redis::cmd("HGETALL").arg(REMOVED).query_async(connection).await?;
        let removed: HashMap<PlayerKey, UnixMs> =
            removed.into_iter().filter_map(|(player, at)| Some((player.parse().ok()?, UnixMs(at)))).collect();
        for (player, at) in self.gone.unknown_to(&removed) {
            self.removal.send(connection, &self.ends, player, at, true).await?;
        }
        removed.into_iter().try_for_each(|(player, at)| self.remove(player, at))
    }

    /// Players whom another node has met are known here, too.
    async fn exchange_keys(&self, connection: &mut MultiplexedConnection) -> Result<(), Trouble> {
        let signer = self.ends.standings.signer();
        let own = HEXLOWER.encode(signer.secret());
        let () = redis::cmd("HSET").arg(KEYS).arg(&self.ends.node).arg(own).query_async(connection).await?;
        let keys: Vec<String> = redis::cmd("HVALS").arg(KEYS).query_async(connection).await?;
        signer.trust(keys.iter().filter_map(|key| HEXLOWER.decode(key.as_bytes()).ok()?.try_into().ok()));
        Ok(())
    }

    async fn take_bests(&mut self, connection: &mut MultiplexedConnection) -> Result<(), Trouble> {
        let now = (self.ends.clock)();
        for bucket in Period::ALL.map(|period| period.bucket_at(now)) {
            let mut cursor = 0_u64;
            loop {
                let mut scan = redis::cmd("HSCAN");
                scan.arg(best(bucket)).arg(cursor).arg("COUNT").arg(BATCH);
                let (next, held): (u64, Vec<(String, String)>) = scan.query_async(connection).await?;
                for (_, json) in held {
                    self.take_life(&json).await?;
                }
                self.written().await?;
                if next == 0 {
                    break;
                }
                cursor = next;
            }
        }
        Ok(())
    }

    async fn take(&mut self, entry: &StreamId) -> Result<(), Trouble> {
        let kind = entry.get::<String>("kind");
        match kind.as_deref() {
            Some("life") => self.take_life(&entry.get::<String>("json").unwrap_or_default()).await,
            Some("removed")
                if let (Some(player), Some(at)) = (parsed(entry, "player"), parsed(entry, "at")) =>
            {
                self.remove(player, UnixMs(at))
            }
            other => {
                unread(other.unwrap_or("an entry without a kind"));
                Ok(())
            }
        }
    }

    async fn take_life(&mut self, json: &str) -> Result<(), Trouble> {
        let Ok(life) = serde_json::from_str::<LifeResult>(json) else {
            unread("a life");
            return Ok(());
        };
        let gone = self.gone.covers(life.player, life.at);
        if gone || self.recent.knows(life.life) {
            return Ok(());
        }
        while self.ends.standings.health().waiting > WAITING {
            tokio::time::sleep(PAUSE).await;
        }
        self.recent.note(life.life);
        let state = self.ends.state.clone();
        let told = move |outcome| match outcome {
            Outcome::Recorded(recorded) if !recorded.again => {
                state.taken.fetch_add(1, Relaxed);
            }
            Outcome::Recorded(_) | Outcome::Lost => {}
        };
        self.ends.standings.submit(life, told).map_err(|error| Trouble(error.to_string()))
    }

    fn remove(&mut self, player: PlayerKey, at: UnixMs) -> Result<(), Trouble> {
        if !self.gone.note(player, at) {
            return Ok(());
        }
        let removed = |done: Result<bool, _>| {
            if let Err(error) = done {
                tracing::warn!("a player who is to be removed is still here: {error}");
            }
        };
        self.ends.standings.remove(player, removed).map_err(|error| Trouble(error.to_string()))
    }

    /// Waits until the standings have tried all that was handed in.
    async fn written(&self) -> Result<(), Trouble> {
        let (tell, flushed) = oneshot::channel();
        let asked = self.ends.standings.flush(move || tell.send(()).unwrap_or_default());
        asked.map_err(|error| Trouble(error.to_string()))?;
        flushed.await.map_err(|_| Trouble("the standings are closed".to_owned()))
    }
}

fn parsed<T: FromStr>(entry: &StreamId, field: &str) -> Option<T> {
    entry.get::<String>(field)?.parse().ok()
}

/// A newer node may say what this one does not know.
fn unread(what: &str) {
    tracing::warn!(what, "the stream of results has something that this server can't read");
}
