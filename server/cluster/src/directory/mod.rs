//! Which node has which arena. Each node gives a sign of life twice a second, which keeps its arenas for the length of a
//! lease, takes over what nobody has, and learns who has the rest.
//!
//! Enters: what the node runs, what it saves. Leaves: arenas to begin and to end. Must never: let two nodes run an arena at
//! once, or be waited for by one.

mod beats;
mod hold;
mod keep;
mod map;
mod peers;
mod sign;
mod vote;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, mpsc, oneshot};
use tokio::time::timeout;

use crate::keys::wake;
use crate::link::{Link, RedisUrl};
use crate::state::State;
use beats::{Beats, listen};
pub use hold::Hold;
pub use map::{Map, Node, Whereabouts};
pub use peers::About;

/// How long an arena is a node's without another sign of life. Redis may be slower to answer than the time between two signs, but not than
/// this.
pub(crate) const LEASE: Duration = Duration::from_millis(3000);
/// Saves that may wait to be sent. Beyond, the newest is dropped: another comes in a second.
const SAVES: usize = 64;

/// The node's end: what runs arenas.
pub trait Host: Send + Sync {
    /// The arena is this node's from now on, for as long as `hold` is good; it goes on with `save`, if there is one.
    fn begin(&self, arena: &str, hold: Hold, save: Option<String>);
    /// The arena is another node's. What is lived in it is not recorded here.
    fn end(&self, arena: &str);
    /// The private arenas that are here, each with its right, which is not good before the directory has it.
    fn opened(&self) -> Vec<(String, Hold)>;
    /// For how many more private arenas there is room.
    fn room(&self) -> u16;
    /// How many people are in an arena that is here.
    fn people(&self, arena: &str) -> u16;
    /// Another node has so much less to do that this arena should be handed over.
    fn spare(&self, arena: &str);
}

/// Who this node is to the others.
#[derive(Debug, Clone)]
pub struct Me {
    /// Where players reach it.
    pub url: String,
    /// The arenas that there are to be, here or elsewhere; private ones beside.
    pub arenas: Vec<String>,
}

/// What an arena was, to be kept outside of this node.
#[derive(Debug)]
pub struct Saved {
    /// Which.
    pub arena: String,
    /// Under which right it ran.
    pub epoch: u64,
    /// Its people, as text.
    pub save: String,
}

/// What came of handing an arena over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Handed {
    /// Another node has it.
    Over,
    /// Another node had it already.
    Elsewhere,
    /// It is still this node's: there is nobody to take it, or no Redis to ask.
    Kept,
    /// Redis was lost before it answered. Nobody may go on with it here before Redis says whose it is. Then the host is told to begin
    /// it, but not by a directory that drains: it may be handed over again.
    Unknown,
}

#[derive(Debug)]
enum Ask {
    Save(Saved),
    HandOver(Saved, oneshot::Sender<Handed>),
    Drain(oneshot::Sender<()>),
}

/// The running directory.
#[derive(Debug)]
pub struct Directory {
    asks: mpsc::Sender<Ask>,
    map: Arc<Map>,
    state: Arc<State>,
}

impl Directory {
    /// Begins, on the runtime that this is called on.
    #[must_use]
    pub fn start(redis: &RedisUrl, me: Me, host: Arc<dyn Host>, map: Arc<Map>, desk: Desk) -> Self {
        let Desk { asks, asked, bell, state } = desk;
        let beats = Beats::new(Link::new(redis, LEASE), me, host, map.clone(), state.clone());
        let woken = bell.0;
        let waking = tokio::spawn(listen(Link::new(redis, LEASE), wake(beats.node()), woken.clone()));
        let voting = tokio::spawn(beats.vote().run());
        tokio::spawn(async move {
            beats.run(asked, woken).await;
            waking.abort();
            voting.abort();
        });
        Self { asks, map, state }
    }

    /// From now on it takes no arena. Waits, for a while, until the others are known who may take those that are here.
    pub async fn drain(&self) {
        let (tell, told) = oneshot::channel();
        if self.asks.send(Ask::Drain(tell)).await.is_ok() {
            let _in_time = timeout(LEASE, told).await;
        }
    }

    /// Is there a node that would take this arena?
    #[must_use]
    pub fn has_heir(&self, arena: &str) -> bool {
        self.map.heir(arena).is_some()
    }

    /// Does Redis answer, so that an arena can be handed over?
    #[must_use]
    pub fn is_in_touch(&self) -> bool {
        self.state.reaches_redis()
    }

    /// Hands an arena that has stopped over to the node with the fewest.
    pub async fn hand_over(&self, saved: Saved) -> Handed {
        let (tell, told) = oneshot::channel();
        match self.asks.send(Ask::HandOver(saved, tell)).await {
            Ok(()) => told.await.unwrap_or(Handed::Kept),
            Err(_) => Handed::Kept,
        }
    }
}

/// Where a directory that is yet to begin is asked for things.
#[derive(Debug)]
pub struct Desk {
    asks: mpsc::Sender<Ask>,
    asked: mpsc::Receiver<Ask>,
    bell: Bell,
    state: Arc<State>,
}

impl Desk {
    /// One of a directory that says here how it does.
    #[must_use]
    pub fn new(state: Arc<State>) -> Self {
        let (asks, asked) = mpsc::channel(SAVES);
        Self { asks, asked, bell: Bell::default(), state }
    }

    /// Where to ring when a private arena has opened.
    #[must_use]
    pub fn bell(&self) -> Bell {
        self.bell.clone()
    }

    /// Where to hand in what is to be kept.
    #[must_use]
    pub fn keeper(&self) -> Keeper {
        Keeper(self.asks.clone())
    }
}

/// Has the directory look at once. Clones are the same one.
#[derive(Debug, Clone, Default)]
pub struct Bell(Arc<Notify>);

impl Bell {
    /// Something is new here.
    pub fn ring(&self) {
        self.0.notify_one();
    }
}

/// Takes what is to be kept. Clones are the same one.
#[derive(Debug, Clone)]
pub struct Keeper(mpsc::Sender<Ask>);

impl Keeper {
    /// Keeps this, soon. Dropped when too much waits.
    pub fn keep(&self, saved: Saved) {
        if self.0.try_send(Ask::Save(saved)).is_err() {
            tracing::debug!("an arena was not saved: too much waits for Redis");
        }
    }
}
