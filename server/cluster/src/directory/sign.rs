//! A sign of life: what a node says in it, and what comes back.

use std::collections::BTreeMap;
use std::time::Instant;

use redis::Script;
use redis::aio::MultiplexedConnection;
use serde::Serialize;

use super::map::{Held, Node};
use crate::keys::{ALIVE, ARENAS, EPOCHS, NODES, PEOPLE, VERSION};
use crate::link::Trouble;

/// What is said.
#[derive(Debug, Serialize)]
pub(super) struct Sign {
    pub(super) node: String,
    /// What others are to know of this node: a [`Node`] as JSON.
    pub(super) about: String,
    pub(super) draining: bool,
    /// How long it counts as living, in milliseconds.
    pub(super) lease: u64,
    /// What it knows already.
    pub(super) version: String,
    /// Does it want to know how many people are where?
    pub(super) people: bool,
    /// Name, epoch and people of each arena that it runs.
    pub(super) own: Vec<(String, u64, u16)>,
    /// Private arenas that it ran, with their epochs.
    pub(super) ended: Vec<(String, u64)>,
    /// Arenas that it would take, if nobody has them.
    pub(super) open: Vec<String>,
    /// The same, of private ones.
    pub(super) private: Vec<String>,
}

/// What came back.
pub(super) struct Answer {
    /// When the sign was made: the lease is counted from before.
    pub(super) sent: Instant,
    pub(super) news: News,
}

/// What has changed.
#[derive(Debug, Default)]
pub(super) struct News {
    pub(super) version: String,
    /// Who lives and who has what; none when that is as it was.
    pub(super) world: Option<(BTreeMap<String, Node>, BTreeMap<String, Held>)>,
    /// How many people are in which arena.
    pub(super) people: Option<BTreeMap<String, u16>>,
}

/// A hash of Redis, if it was sent.
type Hash<T> = Option<BTreeMap<String, T>>;

/// Gives a sign of life, as it was at `sent`.
pub(super) async fn give(
    script: Script,
    sign: Sign,
    sent: Instant,
    mut connection: MultiplexedConnection,
) -> Result<Answer, Trouble> {
    let words = serde_json::to_string(&sign).map_err(|error| Trouble(format!("a sign of life: {error}")))?;
    let mut call = script.prepare_invoke();
    [NODES, ALIVE, ARENAS, PEOPLE, EPOCHS, VERSION].iter().for_each(|key| {
        call.key(*key);
    });
    let (version, nodes, arenas, people): (String, Hash<String>, Hash<String>, Hash<u16>) =
        call.arg(words).invoke_async(&mut connection).await?;
    let world = nodes.zip(arenas).map(|(nodes, arenas)| Ok::<_, Trouble>((read(nodes)?, read(arenas)?)));
    Ok(Answer { sent, news: News { version, world: world.transpose()?, people } })
}

fn read<T: serde::de::DeserializeOwned>(
    hash: BTreeMap<String, String>,
) -> Result<BTreeMap<String, T>, Trouble> {
    let unread = |error: serde_json::Error| Trouble(format!("the directory can't be read: {error}"));
    hash.into_iter().map(|(name, json)| Ok((name, serde_json::from_str(&json).map_err(unread)?))).collect()
}
