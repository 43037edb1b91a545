//! The link conditioner: a TCP proxy that makes a connection as bad as it is told to.
//!
//! Enters: connections to [`Link::address`], the [`Conditions`] of the way. Leaves: the same bytes to the server and back, in
//! the same order, later. It knows nothing of what it carries, so pages and WebSockets pass alike. What is left to chance
//! comes from the seed; what remains is the scheduler's. It has a thread of its own, so that a busy test does not make the
//! way worse than it was told to be; its timers are exact to about a millisecond.
//!
//! What is on its way is bounded (`pipe::ON_THE_WAY`); beyond that the link stops reading, and TCP holds the sender up.

pub mod conditions;
mod connection;
mod pipe;
mod pool;
mod stalls;

pub use conditions::{Conditions, Stall};

use std::net::SocketAddr;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use pool::Pool;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// A running link. Dropped, it cuts every connection.
#[derive(Debug)]
pub struct Link {
    address: SocketAddr,
    pool: Arc<Pool>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Link {
    /// Carries connections to `listen` on to `to`. Port 0 picks a free one. Stalls are counted from now on.
    ///
    /// # Errors
    /// When `listen` cannot be listened on.
    pub async fn start(listen: SocketAddr, to: SocketAddr, conditions: Conditions) -> std::io::Result<Self> {
        let listener = TcpListener::bind(listen).await?.into_std()?;
        let address = listener.local_addr()?;
        let pool = Arc::new(Pool::new(to, conditions));
        let (stop, stopped) = oneshot::channel();
        let carrying = Arc::clone(&pool);
        let thread = std::thread::Builder::new()
            .name("link".to_owned())
            .spawn(move || carry(listener, carrying, stopped))?;
        Ok(Self { address, pool, stop: Some(stop), thread: Some(thread) })
    }

    /// A link on a free port of this machine to `server`, which is host and port.
    ///
    /// # Panics
    /// When there is no port left, or `server` is no address.
    pub async fn to(server: &str, conditions: Conditions) -> Self {
        let here = SocketAddr::from(([127, 0, 0, 1], 0));
        let to = server.parse().expect("a server's address is numbers");
        Self::start(here, to, conditions).await.expect("a free port can be listened on")
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The URL of the WebSocket behind it.
    #[must_use]
    pub fn ws(&self) -> String {
        format!("ws://{}/ws", self.address)
    }

    /// The URL of a page behind it; `path` begins with a slash.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Cuts every connection that there is, as a cable that is pulled out: both ends are reset.
    pub fn cut(&self) {
        self.pool.cut();
    }

    /// Cuts every connection and refuses new ones, until [`Link::mend`].
    pub fn sever(&self) {
        self.pool.refuse(true);
        self.pool.cut();
    }

    /// Takes connections again.
    pub fn mend(&self) {
        self.pool.refuse(false);
    }

    /// Cuts every connection, and each new one within so many bytes of answers, as a server that dies while it speaks; where,
    /// is left to chance. 0 to let them be again, those that are there, too.
    pub fn tear(&self, within: u64) {
        self.pool.tear(within);
        self.pool.cut();
    }

    /// Cuts every connection, and carries new ones to another server, which is host and port.
    ///
    /// # Panics
    /// When that is no address.
    pub fn redirect(&self, server: &str) {
        self.pool.redirect(server.parse().expect("a server's address is numbers"));
        self.pool.cut();
    }

    /// When the stall that is going on ends, or the next one begins; none when there are no stalls.
    #[must_use]
    pub fn next_turn(&self) -> Option<Turn> {
        let stalls = self.pool.stalls()?;
        let now = Instant::now();
        Some(match stalls.end_at(now) {
            Some(end) => Turn::Ends(end),
            None => Turn::Begins(stalls.next_after(now)),
        })
    }

    /// Waits until no stall is going on and the next one is at least `room` away, which must fit between two of them.
    pub async fn calm(&self, room: Duration) {
        while let Some(turn) = self.next_turn() {
            match turn {
                Turn::Begins(at) if at.saturating_duration_since(Instant::now()) >= room => return,
                Turn::Begins(at) => tokio::time::sleep_until(at.into()).await,
                Turn::Ends(at) => tokio::time::sleep_until(at.into()).await,
            }
        }
    }
}

/// What comes next on a link with stalls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// A stall begins at that time.
    Begins(Instant),
    /// The stall that is going on ends at that time.
    Ends(Instant),
}

impl Drop for Link {
    fn drop(&mut self) {
        // Where the thread has ended nobody listens, and there is nothing to stop.
        self.stop.take().map(|stop| stop.send(()));
        let _panicked = self.thread.take().map(JoinHandle::join);
    }
}

fn carry(listener: std::net::TcpListener, pool: Arc<Pool>, stopped: oneshot::Receiver<()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a thread can have a runtime").block_on(async {
        let listener = TcpListener::from_std(listener).expect("the listener works on this thread, too");
        tokio::select! {
            () = pool.serve(&listener) => {}
            () = pool.cut_now_and_then() => {}
            _ = stopped => {}
        }
    });
}
