//! The network threads: starts them, hands them newcomers, and stops them.

use std::io;
use std::net::TcpStream;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::Duration;

use super::connection::Connection;
use super::shard::Shard;
use crate::arenas::Arenas;
use crate::counters::Counters;
use crossbeam_channel::Receiver;
use shared::ids::SessionId;
use shared::protocol::CloseReason;
use sim::ports::{Batch, ShardPort, batch_queue};
use standings::Signer;
use tokio::sync::{Notify, mpsc, watch};
use tokio::task::LocalSet;

/// Newcomers that may wait for their shard. Beyond, handshakes wait.
const NEWCOMERS: usize = 256;

/// How long a network thread lets reads gather. An input waits for the next tick anyway, which is 33 ms away at most.
const NAP: Duration = Duration::from_millis(2);

/// A connection after its handshake.
#[derive(Debug)]
pub(crate) struct Newcomer {
    /// The bare connection.
    pub stream: TcpStream,
    /// What the client sent right behind its handshake.
    pub already_read: Vec<u8>,
    /// There are as many sessions as the server takes: it is only told so.
    pub full: bool,
}

/// All network threads.
pub(crate) struct Shards {
    intakes: Vec<mpsc::Sender<(SessionId, Newcomer)>>,
    stop: watch::Sender<Option<CloseReason>>,
    next: AtomicU32,
    max_sessions: u64,
    counters: Arc<Counters>,
}

impl Shards {
    /// Starts `count` threads. Gives each arena's ways to them beside.
    pub(crate) fn start(
        count: usize,
        max_sessions: u32,
        arenas: &Arc<Arenas>,
        counters: &Arc<Counters>,
        signer: &Signer,
    ) -> io::Result<(Self, Vec<Vec<ShardPort>>)> {
        let stop = watch::Sender::new(None);
        let (mut intakes, mut ports) = (Vec::new(), vec![Vec::new(); arenas.all().len()]);
        for index in 0..count {
            let (intake, newcomers) = mpsc::channel(NEWCOMERS);
            let (senders, batches): (Vec<_>, Vec<_>) = arenas.all().iter().map(|_| batch_queue()).unzip();
            let wake = Arc::new(Notify::new());
            let (arenas, counters, signer) = (arenas.clone(), counters.clone(), signer.clone());
            let thread = Thread { index, newcomers, batches, wake: wake.clone(), stop: stop.subscribe() };
            let running = std::thread::Builder::new()
                .name(format!("net-{index}"))
                .spawn(move || thread.run(arenas, counters, signer))?;
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
        let (next, counters, max_sessions) = (AtomicU32::new(1), counters.clone(), max_sessions.into());
        Ok((Self { intakes, stop, next, max_sessions, counters }, ports))
    }

    /// Hands a newcomer to the shard whose turn it is.
    pub(crate) async fn welcome(&self, mut newcomer: Newcomer) {
        let id = SessionId(self.next.fetch_add(1, Relaxed));
        newcomer.full = self.counters.open.fetch_add(1, Relaxed) >= self.max_sessions;
        let intake = &self.intakes[id.0 as usize % self.intakes.len()];
        if intake.send((id, newcomer)).await.is_err() {
            self.counters.open.fetch_sub(1, Relaxed);
        }
    }

    /// Ends every session, and waits until they are gone, but no longer than `patience`.
    pub(crate) async fn close_all(&self, reason: CloseReason, patience: Duration) {
        self.stop.send_replace(Some(reason));
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
    newcomers: mpsc::Receiver<(SessionId, Newcomer)>,
    batches: Vec<Receiver<Batch>>,
    wake: Arc<Notify>,
    stop: watch::Receiver<Option<CloseReason>>,
}

impl Thread {
    fn run(self, arenas: Arc<Arenas>, counters: Arc<Counters>, signer: Signer) {
        // A nap before each wait, which only the tick cuts short: what arrives meanwhile is read in one wake-up instead
        // of one each. Handshakes take several round trips, so they are made elsewhere.
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .on_thread_park(|| std::thread::park_timeout(NAP))
            .build();
        let runtime = match runtime {
            Ok(runtime) => runtime,
            Err(error) => return tracing::error!(%error, "a network thread could not start"),
        };
        let shard = Rc::new(Shard::new(self.index, arenas, counters, signer));
        LocalSet::new().block_on(&runtime, self.drive(shard));
    }

    async fn drive(mut self, shard: Rc<Shard>) {
        // A write spends tokio's budget of 128 per poll; the pass over all connections must not stop there.
        let fan_out = shard.clone().fan_out(self.batches, self.wake);
        tokio::task::spawn_local(tokio::task::unconstrained(fan_out));
        tokio::task::spawn_local(shard.clone().keep_house());
        loop {
            tokio::select! {
                newcomer = self.newcomers.recv() => match newcomer {
                    Some((id, newcomer)) => drop(tokio::task::spawn_local(begin(shard.clone(), id, newcomer))),
                    None => return,
                },
                stopped = self.stop.changed() => match (stopped, *self.stop.borrow_and_update()) {
                    (Ok(()), Some(reason)) => shard.end_all(reason),
                    (Ok(()), None) => {}
                    (Err(_), _) => return,
                },
            }
        }
    }
}

async fn begin(shard: Rc<Shard>, id: SessionId, newcomer: Newcomer) {
    let full = newcomer.full;
    match Connection::new(id, newcomer).await {
        Ok(connection) => {
            if full {
                connection.end(CloseReason::Full);
            }
            shard.serve(Rc::new(connection)).await;
        }
        Err(error) => {
            tracing::debug!(session = id.0, %error, "a connection was lost at its handshake");
            shard.counters.open.fetch_sub(1, Relaxed);
        }
    }
}
