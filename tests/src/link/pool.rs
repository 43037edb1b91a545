//! The connections of a link: taken, counted, cut.

use super::Conditions;
use super::connection;
use super::stalls::Stalls;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// Connections at a time; who comes then waits in the system's queue.
const CONNECTIONS: usize = 4096;

/// What the link's connections have in common.
#[derive(Debug)]
pub(super) struct Pool {
    to: Mutex<SocketAddr>,
    conditions: Conditions,
    began: Instant,
    refuses: AtomicBool,
    /// Bytes of the answers on a connection before it is torn, at most; 0 to tear none.
    tears: AtomicU64,
    taken: AtomicU64,
    cuts: watch::Sender<u64>,
}

impl Pool {
    pub(super) fn new(to: SocketAddr, conditions: Conditions) -> Self {
        let (cuts, _none_yet) = watch::channel(0);
        let (refuses, tears, taken) = (AtomicBool::new(false), AtomicU64::new(0), AtomicU64::new(0));
        Self { to: Mutex::new(to), conditions, began: Instant::now(), refuses, tears, taken, cuts }
    }

    pub(super) fn stalls(&self) -> Option<Stalls> {
        self.conditions.stall.map(|stall| Stalls::new(self.began, stall))
    }

    pub(super) fn refuse(&self, refuses: bool) {
        self.refuses.store(refuses, Ordering::SeqCst);
    }

    pub(super) fn tear(&self, within: u64) {
        self.tears.store(within, Ordering::SeqCst);
    }

    pub(super) fn redirect(&self, to: SocketAddr) {
        *self.to.lock().unwrap_or_else(PoisonError::into_inner) = to;
    }

    pub(super) fn cut(&self) {
        self.cuts.send_modify(|cuts| *cuts += 1);
    }

    /// Takes connections for ever.
    pub(super) async fn serve(&self, listener: &TcpListener) {
        let mut carried = JoinSet::new();
        loop {
            tokio::select! {
                taken = listener.accept(), if carried.len() < CONNECTIONS => {
                    if let Ok((near, _from)) = taken {
                        self.take(near, &mut carried);
                    }
                }
                Some(_ended) = carried.join_next() => {}
            }
        }
    }

    fn take(&self, near: TcpStream, carried: &mut JoinSet<()>) {
        if self.refuses.load(Ordering::SeqCst) {
            return connection::reset(&near);
        }
        let number = self.taken.fetch_add(1, Ordering::Relaxed);
        let mut cuts = self.cuts.subscribe();
        let to = *self.to.lock().unwrap_or_else(PoisonError::into_inner);
        let tear = Some(self.tears.load(Ordering::SeqCst)).filter(|within| *within > 0);
        let way = connection::Way { to, conditions: self.conditions, stalls: self.stalls(), number, tear };
        carried.spawn(async move {
            let cut = async { cuts.changed().await.map_or((), |()| ()) };
            connection::carry(near, way, cut).await;
        });
    }

    /// Cuts every connection as often as the conditions say, for ever.
    pub(super) async fn cut_now_and_then(&self) {
        let Some(every) = self.conditions.cut_every else { return std::future::pending().await };
        loop {
            tokio::time::sleep(every).await;
            self.cut();
        }
    }
}
