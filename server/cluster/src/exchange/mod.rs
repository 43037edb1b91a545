//! Standings of all nodes as one: each life that a node records goes to Redis, and from there to every other node, which
//! records it, too. So each node answers for all from its own memory, and Redis, should it come back empty, is filled from
//! any of them.
//!
//! Enters: lives, from this node's store and from the stream. Leaves: the same, the other way. Must never: lose its place
//! when Redis goes, or hand in more than the standings can write.

mod asked;
mod recent;
mod removal;
mod send;
mod stream;
mod take;
mod tell;

use std::io;
use std::rc::Rc;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use standings::{Clock, Standings};
use tokio::sync::{mpsc, watch};

use crate::link::{Link, RedisUrl};
use crate::state::State;
use asked::Asked;
pub use asked::{Removals, Unremoved};
use recent::Recent;
use removal::Gone;
use send::Sender;
use take::Taker;
use tell::Teller;
pub use tell::{Event, Events};

/// How long Redis may take to answer.
const PATIENCE: Duration = Duration::from_secs(3);

/// How long the last lives may take on their way to Redis when the server stops.
const FAREWELL: Duration = Duration::from_secs(2);

/// What the exchange works with.
pub(crate) struct Ends {
    pub(crate) standings: Arc<Standings>,
    pub(crate) state: Arc<State>,
    /// Which node this is.
    pub(crate) node: String,
    pub(crate) clock: Clock,
    /// Events are written for others.
    pub(crate) events: bool,
}

/// The running exchange. It works on a thread of its own: reading the store takes as long as the disk.
pub struct Exchange {
    stop: watch::Sender<bool>,
    removals: Removals,
    events: Option<Events>,
    thread: JoinHandle<()>,
}

impl Exchange {
    /// Begins. `changed` is marked after each change of the standings; with `events` each life is told to others, too.
    ///
    /// # Errors
    /// When the system refuses a thread.
    pub fn start(
        redis: RedisUrl,
        standings: Arc<Standings>,
        changed: watch::Receiver<()>,
        state: Arc<State>,
        clock: Clock,
        events: bool,
    ) -> io::Result<Self> {
        let (stop, stopped) = watch::channel(false);
        let gone = Arc::new(Gone::default());
        let (removals, removed) =
            Removals::new(gone.clone(), standings.clone(), state.clone(), clock.clone());
        let node = standings.signer().holder();
        let ends = Ends { standings, state, node, clock, events };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (tell, told) = Events::channel();
        let inputs = Inputs { changed, removed, gone, stopped, told };
        let work = move || runtime.block_on(run(&redis, Rc::new(ends), inputs));
        let thread = std::thread::Builder::new().name("exchange".to_owned()).spawn(work)?;
        Ok(Self { stop, removals, events: events.then_some(tell), thread })
    }

    /// Where to hand in what others are to be told; None when nobody wants to know.
    #[must_use]
    pub fn events(&self) -> Option<Events> {
        self.events.clone()
    }

    /// Where to hand in who has had himself removed.
    #[must_use]
    pub fn removals(&self) -> Removals {
        self.removals.clone()
    }

    /// Sends what is left to send, and ends; waits for that, for a while.
    pub fn stop(self) {
        self.stop.send_replace(true);
        if self.thread.join().is_err() {
            tracing::error!("the exchange with other nodes ended by a panic");
        }
    }
}

/// What the exchange is told while it runs.
struct Inputs {
    changed: watch::Receiver<()>,
    removed: mpsc::Receiver<Asked>,
    gone: Arc<Gone>,
    stopped: watch::Receiver<bool>,
    told: mpsc::Receiver<Event>,
}

async fn run(redis: &RedisUrl, ends: Rc<Ends>, inputs: Inputs) {
    let recent = Rc::new(Recent::default());
    let Inputs { changed, removed, gone, mut stopped, told } = inputs;
    let teller = Teller::new(Link::new(redis, PATIENCE), told);
    let mut sender = Sender::new(Link::new(redis, PATIENCE), ends.clone(), recent.clone(), removed);
    let taker = Taker::new(Link::new(redis, PATIENCE), ends.clone(), recent, gone);
    tokio::select! {
        _stopped = stopped.wait_for(|stopped| *stopped) => {}
        () = sender.run(changed) => {}
        () = taker.run() => {}
        () = teller.run() => {}
    }
    if tokio::time::timeout(FAREWELL, sender.finish()).await.is_err() {
        tracing::warn!("the last lives are sent to Redis at the next start");
    }
}
