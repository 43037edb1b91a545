//! The connections of a link: taken, counted, cut.

use super::Conditions;
use super::connection;
use super::stalls::Stalls;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Instant;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// Connections at a time; who comes then waits in the system's queue.
const CONNECTIONS: usize = 4096;

/// What the link's connections have in common.
#[derive(Debug)]
pub(super) struct Pool {
    to: SocketAddr,
    conditions: Conditions,
    began: Instant,
    refuses: AtomicBool,
    taken: AtomicU64,
    cuts: watch::Sender<u64>,
}

impl Pool {
    pub(super) fn new(to: SocketAddr, conditions: Conditions) -> Self {
        let (cuts, _none_yet) = watch::channel(0);
        let (refuses, taken) = (AtomicBool::new(false), AtomicU64::new(0));
        Self { to, conditions, began: Instant::now(), refuses, taken, cuts }
    }

    pub(super) fn stalls(&self) -> Option<Stalls> {
        self.conditions.stall.map(|stall| Stalls::new(self.began, stall))
    }

    pub(super) fn refuse(&self, refuses: bool) {
        self.refuses.store(refuses, Ordering::SeqCst);
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
        let way = connection::Way { to: self.to, conditions: self.conditions, stalls: self.stalls(), number };
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
