//! Puts the parts together and takes them apart again: listener, HTTP, network shards, the arena's clock.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use crate::arenas::{Arena, Arenas};
use crate::args::Args;
use crate::boards::Boards;
use crate::clock::Clock;
use crate::counters::Counters;
use crate::http::{Beat, Live, Site};
use crate::net::{Shards, accept};
use crate::records::Recorder;
use crossbeam_channel::Receiver;
use shared::protocol::CloseReason;
use shared::tuning;
use sim::ports::{Command, Ports};
use sim::{Simulation, ports};
use standings::{OpenError, Standings, UnixMs};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// How long sessions get to take their close when the server stops.
const FAREWELL: Duration = Duration::from_millis(1000);

/// Why the server could not start, or stopped by itself.
#[derive(Debug)]
pub enum ServerError {
    /// The address can't be listened on.
    Listen(SocketAddr, std::io::Error),
    /// The system refused a thread or a signal handler.
    System(std::io::Error),
    /// There can be no standings, not even in memory.
    Standings(OpenError),
    /// The arena's thread ended.
    ArenaGone,
}

impl std::fmt::Display for ServerError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Listen(address, error) => {
                write!(f, "can't listen on {address}: {error}. Choose another address with --listen")
            }
            Self::System(error) => write!(f, "the system refused what the server needs: {error}"),
            Self::Standings(error) => write!(f, "{error}"),
            Self::ArenaGone => write!(f, "the arena ended by a fault; the log says which"),
        }
    }
}

impl std::error::Error for ServerError {}

impl From<std::io::Error> for ServerError {
    fn from(error: std::io::Error) -> Self {
        Self::System(error)
    }
}

/// A running server.
pub struct Server {
    address: SocketAddr,
    clocks: Vec<Clock>,
    shards: Arc<Shards>,
    /// What serves until the server stops.
    serving: [JoinHandle<()>; 2],
    stop: StopSignal,
    /// The last of its fields: when it is dropped, nobody is left who could hand results in.
    standings: Arc<Standings>,
}

impl Server {
    /// Starts everything. When it returns, the pages are served.
    ///
    /// # Errors
    /// When the address can't be listened on, or the system refuses a thread.
    pub async fn start(args: Args) -> Result<Self, ServerError> {
        Self::start_at(args, Arc::new(UnixMs::now)).await
    }

    /// Starts everything, with days and weeks by this clock.
    ///
    /// # Errors
    /// As [`Server::start`].
    pub async fn start_at(args: Args, clock: standings::Clock) -> Result<Self, ServerError> {
        // Before anyone can know that the server is there, so that no signal finds it unprepared.
        let stop = StopSignal::listen()?;
        let listener =
            TcpListener::bind(args.listen).await.map_err(|error| ServerError::Listen(args.listen, error))?;
        let address = listener.local_addr()?;
        let boards = Arc::new(Boards::open(&args, clock).map_err(ServerError::Standings)?);
        let counters = Arc::new(Counters::default());
        let (arenas, inboxes): (Vec<_>, Vec<_>) = (0..args.arenas).map(door).unzip();
        let arenas = Arc::new(Arenas::new(arenas, tuning::comfortable(args.arena_size)));
        let standings = boards.standings.clone();
        let signer = standings.signer();
        let (shards, ports) = Shards::start(args.shards(), args.max_sessions, &arenas, &counters, signer)?;
        let mut clocks = Vec::new();
        for ((arena, commands), shards) in arenas.all().iter().zip(inboxes).zip(ports) {
            let simulation = Simulation::new(args.arena(clocks.len()), Ports { commands, shards });
            let recorder = Recorder::new(standings.clone(), arena.clone(), args.tick_hz);
            clocks.push(Clock::start(simulation, args.tick_hz, arena.clone(), recorder)?);
        }
        let shards = Arc::new(shards);
        let live = Arc::new(Live::new(&arenas, (boards.clock)()));
        let (beat, beating) = Beat::start(boards.clone(), live.clone());
        let site = Site::new(args.web_dir, arenas, counters, shards.clone(), boards, live, beat);
        let accepting = tokio::spawn(accept(listener, Arc::new(site)));
        Ok(Self { address, clocks, shards, serving: [accepting, beating], stop, standings })
    }

    /// The standings, for who puts results in from within the process.
    #[must_use]
    pub const fn standings(&self) -> &Arc<Standings> {
        &self.standings
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until Ctrl-C, SIGTERM, or a fault; then tells every session why, and ends.
    ///
    /// # Errors
    /// When the signals can't be listened for, or the arena ended by itself.
    pub async fn until_stopped(mut self) -> Result<(), ServerError> {
        let outcome = tokio::select! {
            () = self.stop.received() => Ok(()),
            () = arena_gone(&self.clocks) => Err(ServerError::ArenaGone),
        };
        self.serving.iter().for_each(JoinHandle::abort);
        let reason = if outcome.is_ok() { CloseReason::Restart } else { CloseReason::Internal };
        self.shards.close_all(reason, FAREWELL).await;
        self.clocks.into_iter().for_each(Clock::stop);
        outcome
    }
}

/// An arena's door, and the inside of it.
fn door(index: u16) -> (Arc<Arena>, Receiver<Command>) {
    let (commands, inbox) = ports::command_queue();
    (Arc::new(Arena::new(index, commands)), inbox)
}

async fn arena_gone(clocks: &[Clock]) {
    while clocks.iter().all(Clock::is_alive) {
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
}

/// Ctrl-C and SIGTERM, listened for from its making on.
struct StopSignal {
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
}

impl StopSignal {
    fn listen() -> std::io::Result<Self> {
        #[cfg(unix)]
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            #[cfg(unix)]
            terminate: signal(SignalKind::terminate())?,
            #[cfg(unix)]
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    async fn received(&mut self) {
        #[cfg(unix)]
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
        #[cfg(not(unix))]
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
