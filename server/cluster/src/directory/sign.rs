//! A sign of life: what a node says in it, and what comes back.

use std::collections::BTreeMap;
use std::time::Instant;

use redis::Script;
use redis::aio::MultiplexedConnection;
use serde::Serialize;

use super::map::{Held, Node};
use crate::keys::{ALIVE, ARENAS, CHANGES, EPOCHS, NODES, PEOPLE};
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
    /// What it knows already; empty when it wants to know all.
    pub(super) version: String,
    /// Name and epoch of each arena that it runs.
    pub(super) own: Vec<(String, u64)>,
    /// Private arenas that it ran, with their epochs.
    pub(super) ended: Vec<(String, u64)>,
    /// Arenas that it would take, if nobody has them, with the highest epoch that it has heard of.
    pub(super) open: Vec<(String, u64)>,
    /// The same, of private ones.
    pub(super) private: Vec<(String, u64)>,
    /// How many people are in its arenas.
    #[serde(skip)]
    pub(super) people: BTreeMap<String, u16>,
    /// Does it want to know how many are in those of others?
    #[serde(skip)]
    pub(super) asks_for_people: bool,
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
    /// Is it all, and not only what has changed?
    pub(super) all: bool,
    /// Who lives; none of who is gone.
    pub(super) nodes: BTreeMap<String, Option<Node>>,
    /// Who has what; none of what is no more.
    pub(super) arenas: BTreeMap<String, Option<Held>>,
    /// How many people are in which of its arenas, by node, if that was asked.
    pub(super) people: Option<BTreeMap<String, BTreeMap<String, u16>>>,
}

/// Names and JSON texts.
type Told = BTreeMap<String, String>;

/// Gives a sign of life, as it was at `sent`.
pub(super) async fn give(
    script: Script,
    sign: Sign,
    sent: Instant,
    mut connection: MultiplexedConnection,
) -> Result<Answer, Trouble> {
    let written = |error| Trouble(format!("a sign of life: {error}"));
    let mut call = script.prepare_invoke();
    [NODES, ALIVE, ARENAS, EPOCHS, CHANGES, PEOPLE].iter().for_each(|key| {
        call.key(*key);
    });
    call.arg(serde_json::to_string(&sign).map_err(written)?);
    call.arg(serde_json::to_string(&sign.people).map_err(written)?).arg(u8::from(sign.asks_for_people));
    let (version, all, nodes, arenas, people): (String, u8, Told, Told, Option<Told>) =
        call.invoke_async(&mut connection).await?;
    let people = people.map(read::<BTreeMap<String, u16>>).transpose()?;
    let people = people.map(|said| said.into_iter().filter_map(|(node, said)| Some((node, said?))).collect());
    let news = News { version, all: all == 1, nodes: read(nodes)?, arenas: read(arenas)?, people };
    Ok(Answer { sent, news })
}

fn read<T: serde::de::DeserializeOwned>(told: Told) -> Result<BTreeMap<String, Option<T>>, Trouble> {
    let unread = |error: serde_json::Error| Trouble(format!("the directory can't be read: {error}"));
    let one =
        |json: String| (!json.is_empty()).then(|| serde_json::from_str(&json)).transpose().map_err(unread);
    told.into_iter().map(|(name, json)| Ok((name, one(json)?))).collect()
}
