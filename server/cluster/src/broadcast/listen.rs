//! What other nodes tell: heard as it comes, of the arenas that do not run here. A board of which nothing is heard for a lease
//! is said to be silent, whether its node is gone or Redis is.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use redis::aio::PubSubSink;
use redis::{Msg, RedisError, Value};
use tokio::time::{MissedTickBehavior, interval, timeout};

use super::{Announcement, Booth, Heard, Known, PATIENCE};
use crate::directory::LEASE;
use crate::keys::{ANNOUNCE, ANNOUNCED, arena_of, live};
use crate::link::{Link, Trouble};

/// Time between two looks at which arenas to listen to, and whether Redis is there.
const EVERY: Duration = Duration::from_millis(250);

pub(super) struct Listener {
    booth: Arc<dyn Booth>,
    known: Known,
    /// For what is kept.
    link: Link,
    /// For what is told.
    air: Link,
    /// When something was heard last of an arena that is elsewhere.
    heard: Arc<Mutex<BTreeMap<String, Instant>>>,
}

impl Listener {
    pub(super) fn new([link, air]: [Link; 2], booth: Arc<dyn Booth>, known: Known) -> Self {
        Self { booth, known, link, air, heard: Arc::default() }
    }

    /// Listens for ever.
    pub(super) async fn run(mut self) {
        let (booth, heard) = (self.booth.clone(), self.heard.clone());
        let mut last = None;
        tokio::join!(watch(booth, heard), async {
            loop {
                let Err(trouble) = self.listen().await;
                if last.as_ref() != Some(&trouble) {
                    tracing::warn!("live boards of other servers are not heard: {trouble}");
                    last = Some(trouble);
                }
                self.link.give_up();
                // A Redis that lets nobody subscribe is not asked all the time.
                tokio::time::sleep(EVERY).await;
            }
        });
    }

    async fn listen(&mut self) -> Result<Infallible, Trouble> {
        let (mut sink, mut told) = self.air.subscriptions().await?.split();
        in_time(sink.subscribe(ANNOUNCE)).await?;
        self.catch_up().await?;
        let mut subscribed = BTreeSet::new();
        let mut due = interval(EVERY);
        due.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                _ = due.tick() => self.follow(&mut sink, &mut subscribed).await?,
                message = told.next() => match message {
                    Some(message) => self.take(&message).await?,
                    None => return Err(Trouble("the connection has ended".to_owned())),
                },
            }
        }
    }

    /// Listens to the arenas that are elsewhere by now, and to no others.
    async fn follow(
        &mut self,
        sink: &mut PubSubSink,
        subscribed: &mut BTreeSet<String>,
    ) -> Result<(), Trouble> {
        let wanted: BTreeSet<String> = self.booth.elsewhere().into_iter().collect();
        for arena in subscribed.difference(&wanted) {
            in_time(sink.unsubscribe(live(arena))).await?;
        }
        for arena in wanted.difference(subscribed) {
            in_time(sink.subscribe(live(arena))).await?;
            self.look_up(arena).await?;
        }
        *subscribed = wanted;
        // A Redis that hangs does not end the connection.
        in_time(sink.ping::<Value>()).await.map(|_| ())
    }

    async fn take(&mut self, message: &Msg) -> Result<(), Trouble> {
        let channel = message.get_channel_name();
        if let Some(arena) = arena_of(channel) {
            if self.hear(arena, message.get_payload_bytes()) == Heard::Missing {
                self.look_up(arena).await?;
            }
        } else if channel == ANNOUNCE {
            self.announced(message.get_payload_bytes());
        }
        Ok(())
    }

    /// Hears the last that was told of an arena.
    async fn look_up(&mut self, arena: &str) -> Result<(), Trouble> {
        let mut connection = self.link.connection().await?;
        let kept: Option<Vec<u8>> = redis::cmd("GET").arg(live(arena)).query_async(&mut connection).await?;
        kept.into_iter().for_each(|told| {
            self.hear(arena, &told);
        });
        Ok(())
    }

    fn hear(&self, arena: &str, told: &[u8]) -> Heard {
        let heard = self.booth.hear(arena, told);
        if heard == Heard::Taken {
            lock(&self.heard).insert(arena.to_owned(), Instant::now());
        }
        heard
    }

    /// What was announced while this node was away.
    async fn catch_up(&mut self) -> Result<(), Trouble> {
        let mut connection = self.link.connection().await?;
        let last: Option<Vec<u8>> = redis::cmd("GET").arg(ANNOUNCED).query_async(&mut connection).await?;
        last.into_iter().for_each(|json| self.announced(&json));
        Ok(())
    }

    fn announced(&self, json: &[u8]) {
        match serde_json::from_slice::<Announcement>(json) {
            Ok(Announcement { id, text }) if self.known.is_new(&id) => self.booth.announced(&text),
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "an announcement can't be read"),
        }
    }
}

/// Says which arenas are silent, whether there is a way to Redis or not; for ever.
async fn watch(booth: Arc<dyn Booth>, heard: Arc<Mutex<BTreeMap<String, Instant>>>) {
    let mut due = interval(EVERY);
    due.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        due.tick().await;
        let wanted = booth.elsewhere();
        let silent = silent(&mut lock(&heard), wanted, Instant::now());
        silent.iter().for_each(|arena| booth.silent(arena));
    }
}

/// Those of `wanted` that were not heard for a lease. One that is new has been heard just now: it may have gone from here.
fn silent(heard: &mut BTreeMap<String, Instant>, wanted: Vec<String>, now: Instant) -> Vec<String> {
    heard.retain(|arena, _| wanted.contains(arena));
    let last = |arena: &String, heard: &mut BTreeMap<_, _>| *heard.entry(arena.clone()).or_insert(now);
    wanted.into_iter().filter(|arena| now.saturating_duration_since(last(arena, heard)) > LEASE).collect()
}

fn lock(heard: &Mutex<BTreeMap<String, Instant>>) -> std::sync::MutexGuard<'_, BTreeMap<String, Instant>> {
    heard.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn in_time<T>(asked: impl Future<Output = Result<T, RedisError>>) -> Result<T, Trouble> {
    timeout(PATIENCE, asked)
        .await
        .map_err(|_| Trouble("no answer in time".to_owned()))?
        .map_err(Trouble::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arena_is_silent_after_a_lease_and_forgotten_when_it_is_here() {
        let (mut heard, begun) = (BTreeMap::new(), Instant::now());
        let wanted = || vec!["1".to_owned()];
        assert!(silent(&mut heard, wanted(), begun).is_empty());
        assert!(silent(&mut heard, wanted(), begun + LEASE).is_empty());
        let late = begun + LEASE + EVERY;
        assert_eq!(silent(&mut heard, wanted(), late), ["1"]);
        heard.insert("1".to_owned(), late);
        assert!(silent(&mut heard, wanted(), late).is_empty());
        assert!(silent(&mut heard, Vec::new(), late).is_empty() && heard.is_empty());
    }
}
