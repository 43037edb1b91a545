//! The network threads: starts them, hands them newcomers, and stops them.

use std::io;
use std::rc::Rc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::connection::Connection;
use super::door::Ticket;
use super::limits::{HEARD_OUT, Patience, SessionRates};
use super::shard::{Outside, Shard};
use super::wire::Packed;
use crate::arenas::Arenas;
use crate::args::Args;
use crate::counters::Counters;
use crossbeam_channel::Receiver;
use shared::ids::SessionId;
use shared::protocol::CloseReason;
use sim::ports::{Batch, ShardPort, batch_queue};
use standings::Signer;
use tokio::runtime::Runtime;
use tokio::sync::{Notify, mpsc, watch};
use tokio::task::LocalSet;

/// Newcomers that may wait for their shard. Beyond, handshakes wait.
const NEWCOMERS: usize = 256;

/// How long a network thread lets reads gather. An input waits for the next tick anyway, which is 33 ms away at most.
const NAP: Duration = Duration::from_millis(2);

/// A network thread that has not looked around for so long stands still; it does so twice a second.
const STUCK: Duration = Duration::from_secs(10);

/// What a join token, or a ticket of another server, allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pass {
    /// The only arena, when it names one.
    pub arena: Option<String>,
    /// The only name, when it has one.
    pub name: Option<String>,
    /// Another server has sent the client here.
    pub sent: bool,
}

/// A connection after its handshake.
#[derive(Debug)]
pub(crate) struct Newcomer {
    /// The connection.
    pub wire: Packed,
    /// What the client sent right behind its handshake.
    pub already_read: Vec<u8>,
    /// Its place among those of its address.
    pub place: Arc<Ticket>,
    /// What its join token allows, where one is needed.
    pub pass: Option<Pass>,
    /// Everything is to be sent back.
    pub echo: bool,
}

/// What all threads are told.
#[derive(Debug, Clone, Copy)]
enum Order {
    /// To look whether sessions' arenas are still here.
    LookAround,
    /// To end every session.
    End(CloseReason),
}

/// A newcomer on the way to its shard.
struct Arrival {
    id: SessionId,
    newcomer: Newcomer,
    /// There are as many sessions as the server takes.
    beyond: bool,
}

/// All network threads.
pub(crate) struct Shards {
    intakes: Vec<mpsc::Sender<Arrival>>,
    stop: watch::Sender<Order>,
    next: AtomicU32,
    max_sessions: u64,
    counters: Arc<Counters>,
    pulses: Vec<Pulse>,
}

/// What is known of a thread's beating.
struct Pulse {
    beats: Arc<AtomicU64>,
    /// The count that was seen last, and since when it is that.
    seen: Mutex<(u64, Instant)>,
}

impl Pulse {
    fn stands_still(&self, now: Instant) -> bool {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let beats = self.beats.load(Relaxed);
        if seen.0 != beats {
            *seen = (beats, now);
        }
        now.saturating_duration_since(seen.1) > STUCK
    }
}

impl Shards {
    /// Starts the threads. Gives each arena's ways to them beside, those of places for private ones last.
    pub(crate) fn start(
        args: &Args,
        arenas: &Arc<Arenas>,
        counters: &Arc<Counters>,
        signer: &Signer,
    ) -> io::Result<(Self, Vec<Vec<ShardPort>>)> {
        let stop = watch::Sender::new(Order::LookAround);
        let max_sessions = u64::from(args.limits.max_sessions);
        let outside = Outside {
            arenas: arenas.clone(),
            counters: counters.clone(),
            signer: signer.clone(),
            rates: SessionRates::new(&args.limits),
            patience: Patience::new(&args.limits),
            most_watching: max_sessions - max_sessions / 10,
        };
        let (mut intakes, mut pulses) = (Vec::new(), Vec::new());
        let places = arenas.all().len() + arenas.private.most();
        let mut ports = vec![Vec::new(); places];
        for index in 0..args.shards() {
            let (intake, newcomers) = mpsc::channel(NEWCOMERS);
            let (senders, batches): (Vec<_>, Vec<_>) = (0..places).map(|_| batch_queue()).unzip();
            let (wake, beats) = (Arc::new(Notify::new()), Arc::new(AtomicU64::new(0)));
            pulses.push(Pulse { beats: beats.clone(), seen: Mutex::new((0, Instant::now())) });
            let outside = outside.clone();
            let runtime = runtime()?;
            let thread =
                Thread { index, runtime, newcomers, batches, wake: wake.clone(), stop: stop.subscribe() };
            let running = std::thread::Builder::new()
                .name(format!("net-{index}"))
                .spawn(move || thread.run(outside, beats))?;
            let napping = running.thread().clone();
            let wake = move || {
                wake.notify_one();
                napping.unpark();
            };
            intakes.push(intake);
            let wake: Arc<dyn Fn() + Send + Sync> = Arc::new(wake);
            for (ports, batches) in ports.iter_mut().zip(senders) {
                ports.push(ShardPort { batches, wake: wake.clone() });
            }
        }
        let (next, counters) = (AtomicU32::new(1), counters.clone());
        Ok((Self { intakes, stop, next, max_sessions, counters, pulses }, ports))
    }

    /// Is there room for one more, or at least time to hear what it is for?
    pub(crate) fn have_room(&self) -> bool {
        self.counters.open.load(Relaxed) < self.max_sessions + HEARD_OUT
    }

    /// Is there no session?
    pub(crate) fn are_empty(&self) -> bool {
        self.counters.open.load(Relaxed) == 0
    }

    /// A thread that stands still.
    pub(crate) fn stuck(&self) -> Option<usize> {
        let now = Instant::now();
        self.pulses.iter().position(|pulse| pulse.stands_still(now))
    }

    /// Hands a newcomer to the shard whose turn it is.
    pub(crate) async fn welcome(&self, newcomer: Newcomer) {
        let id = SessionId(self.next.fetch_add(1, Relaxed));
        let beyond = self.counters.open.fetch_add(1, Relaxed) >= self.max_sessions;
        let intake = &self.intakes[id.0 as usize % self.intakes.len()];
        if intake.send(Arrival { id, newcomer, beyond }).await.is_err() {
            self.counters.open.fetch_sub(1, Relaxed);
        }
    }

    /// Has every thread look now whether its sessions' arenas are still here.
    pub(crate) fn look_around(&self) {
        self.stop.send_replace(Order::LookAround);
    }

    /// Ends every session, and waits until they are gone, but no longer than `patience`.
    pub(crate) async fn close_all(&self, reason: CloseReason, patience: Duration) {
        self.stop.send_replace(Order::End(reason));
        let gone = async {
            while self.counters.open.load(Relaxed) > 0 {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        if tokio::time::timeout(patience, gone).await.is_err() {
            tracing::info!(
                left = self.counters.open.load(Relaxed),
                "not every session took its close in time"
            );
        }
    }
}

/// What one network thread starts with.
struct Thread {
    index: usize,
    runtime: Runtime,
    newcomers: mpsc::Receiver<Arrival>,
    batches: Vec<Receiver<Batch>>,
    wake: Arc<Notify>,
    stop: watch::Receiver<Order>,
}

/// A nap before each wait, which only the tick cuts short: what arrives meanwhile is read in one wake-up instead of one each.
/// Handshakes take several round trips, so they are made elsewhere.
fn runtime() -> io::Result<Runtime> {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder.enable_all().on_thread_park(|| std::thread::park_timeout(NAP)).build()
}

impl Thread {
    fn run(self, outside: Outside, beats: Arc<AtomicU64>) {
        let Self { index, runtime, newcomers, batches, wake, stop } = self;
        let shard = Rc::new(Shard::new(index, outside, beats));
        LocalSet::new().block_on(&runtime, async {
            // A write spends tokio's budget of 128 per poll; the pass over all connections must not stop there.
            let fan_out = shard.clone().fan_out(batches, wake);
            tokio::task::spawn_local(tokio::task::unconstrained(fan_out));
            tokio::task::spawn_local(shard.clone().keep_house());
            drive(shard, newcomers, stop).await;
        });
    }
}

async fn drive(shard: Rc<Shard>, mut newcomers: mpsc::Receiver<Arrival>, mut stop: watch::Receiver<Order>) {
    loop {
        tokio::select! {
            newcomer = newcomers.recv() => match newcomer {
                Some(arrival) => drop(tokio::task::spawn_local(begin(shard.clone(), arrival))),
                None => return,
            },
            stopped = stop.changed() => match (stopped, *stop.borrow_and_update()) {
                (Ok(()), Order::End(reason)) => shard.end_all(reason),
                (Ok(()), Order::LookAround) => shard.end_lost(),
                (Err(_), _) => return,
            },
        }
    }
}

async fn begin(shard: Rc<Shard>, arrival: Arrival) {
    let Arrival { id, newcomer, beyond } = arrival;
    match Connection::new(id, newcomer, beyond).await {
        Ok(connection) => shard.serve(Rc::new(connection)).await,
        Err(error) => {
            tracing::debug!(session = id.0, %error, "a connection was lost at its handshake");
            shard.counters.open.fetch_sub(1, Relaxed);
        }
    }
}
