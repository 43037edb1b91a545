//! Puts the parts together and takes them apart again: listener, HTTP, network shards, the arena's clock.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use crate::announce::Announcer;
use crate::arenas::{Arena, Arenas};
use crate::args::{Access, Args};
use crate::boards::Boards;
use crate::booth::BoardBooth;
use crate::counters::Counters;
use crate::drain::Notice;
use crate::ebb;
use crate::http::{Beat, JoinKey, Live, OperatorKey, Parts, Site, router};
use crate::moves::Moves;
use crate::net::{Certificate, Door, Hall, Shards, accept};
use crate::private::{Abroad, Nursery};
use crate::saves::Saves;
use crate::seats::{Seat, Seats};
use crate::signals::{self, Stop, StopSignal};
use cluster::{Desk, Exchange, Map};
use crossbeam_channel::Receiver;
use shared::mode::Mode;
use shared::protocol::CloseReason;
use shared::tuning;
use sim::ports;
use sim::ports::Command;
use standings::{OpenError, Standings, UnixMs};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// How long sessions get to take their close when the server stops.
const FAREWELL: Duration = Duration::from_millis(1000);

/// Why the server could not start, or stopped by itself.
#[derive(Debug)]
pub enum ServerError {
    /// The address can't be listened on.
    Listen(SocketAddr, std::io::Error),
    /// The system refused a thread or a signal handler.
    System(std::io::Error),
    /// A certificate or key can't be used.
    Access(std::io::Error),
    /// There can be no standings, not even in memory.
    Standings(OpenError),
    /// Every arena's thread ended.
    ArenaGone,
}

impl std::fmt::Display for ServerError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Listen(address, error) => {
                write!(f, "can't listen on {address}: {error}. Choose another address with --listen")
            }
            Self::System(error) => write!(f, "the system refused what the server needs: {error}"),
            Self::Access(error) => write!(f, "a certificate or key can't be used: {error}"),
            Self::Standings(error) => write!(f, "{error}"),
            Self::ArenaGone => write!(f, "every arena ended by a fault; the log says which"),
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
    seats: Arc<Seats>,
    /// Gives arenas away, where there are other servers.
    moves: Option<Arc<Moves>>,
    arenas: Arc<Arenas>,
    shards: Arc<Shards>,
    /// What serves until the server stops.
    serving: Vec<JoinHandle<()>>,
    stop: StopSignal,
    drain_time: Duration,
    encrypted: bool,
    /// Shares the standings with other servers, where there are others.
    exchange: Option<Exchange>,
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
        let exchange = boards.share(&args)?;
        let counters = Arc::new(Counters::default());
        let (arenas, inboxes): (Vec<_>, Vec<_>) =
            (0..args.worlds()).map(|index| door(index, args.modes.of(index.into()), &args)).unzip();
        let private = usize::from(args.private.private_arenas);
        let arenas = Arenas::new(arenas, private, tuning::comfortable(args.arena_size));
        let map = args.nodes.redis.is_some().then(|| Arc::new(Map::new(boards.node())));
        let arenas = Arc::new(match &map {
            Some(map) => arenas.among(map.clone()),
            None => arenas,
        });
        let standings = boards.standings.clone();
        let signer = standings.signer();
        let Keys { certificate, join_key, operator_key } = keys(&args.access).map_err(ServerError::Access)?;
        let (shards, mut ports) = Shards::start(&args, &arenas, &counters, signer)?;
        let desk = boards.desk();
        let saves = desk.as_ref().map(|desk| Saves::start(desk.keeper())).transpose()?;
        let bell = desk.as_ref().map(Desk::bell);
        let abroad =
            map.clone().zip(saves.clone()).zip(bell).map(|((map, saves), bell)| Abroad { map, saves, bell });
        let (config, linger) = (args.private_arena(), args.private.private_linger);
        arenas.private.begin(Nursery { config, ports: ports.split_off(arenas.all().len()), linger, abroad });
        let seats = arenas.all().iter().zip(inboxes).zip(ports).enumerate().map(
            |(index, ((arena, commands), shards))| Seat {
                arena: arena.clone(),
                config: args.arena(index),
                commands,
                shards,
            },
        );
        let (spare, spared) = mpsc::channel(1);
        let private = arenas.private.clone();
        let seats = Arc::new(Seats::new(seats.collect(), private, boards.clone(), saves, spare));
        let url = format!("{}://{address}", if certificate.is_some() { "https" } else { "http" });
        let announcer = Arc::new(Announcer::new(arenas.clone()));
        if let Some(map) = &map {
            let booth = BoardBooth::new(arenas.clone(), seats.clone(), map.clone(), announcer.clone());
            boards.broadcast(&args, Arc::new(booth)).into_iter().for_each(|others| announcer.join(others));
        }
        let directory = match (map, desk) {
            (Some(map), Some(desk)) => boards.join(&args, url, seats.clone(), map, desk),
            (_, _) => None,
        };
        if directory.is_none() {
            seats.begin_all()?;
        }
        let shards = Arc::new(shards);
        let moves = directory
            .map(|directory| Arc::new(Moves { directory, seats: seats.clone(), shards: shards.clone() }));
        let live = Arc::new(Live::new(&arenas, (boards.clock)()));
        let (beat, beating) = Beat::start(boards.clone(), live.clone(), arenas.clone());
        let door = Door::new(&args.limits, counters.clone());
        let parts = Parts {
            web_dir: args.web_dir.clone(),
            arenas: arenas.clone(),
            counters,
            door: door.clone(),
            access: args.access.clone(),
            join_key,
            operator_key,
            announcer,
            shards: shards.clone(),
            boards,
            tick_hz: args.tick_hz.into(),
            private_mode: args.modes.private_mode,
            most_listeners: args.limits.max_listeners,
        };
        let router = router(Arc::new(Site::new(parts, live, beat)));
        let tls = certificate.as_ref().map(Certificate::acceptor).transpose()?;
        let hall = Hall::new(router, door.clone(), tls, &args);
        let mut serving =
            vec![tokio::spawn(accept(listener, hall)), beating, tokio::spawn(ebb::follow(door))];
        if let Some(moves) = &moves {
            serving.push(tokio::spawn(moves.clone().even_out(spared)));
        }
        if let Some(certificate) = &certificate {
            serving.push(tokio::spawn(certificate.clone().follow()));
            serving.push(tokio::spawn(signals::reload(certificate.clone())?));
        }
        if args.access.faults {
            serving.push(tokio::spawn(signals::faults(arenas.clone())?));
        }
        let (encrypted, drain_time) = (certificate.is_some(), args.access.drain_timeout);
        Ok(Self {
            address,
            seats,
            moves,
            arenas,
            shards,
            serving,
            stop,
            drain_time,
            encrypted,
            exchange,
            standings,
        })
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

    /// The address of the game's page.
    #[must_use]
    pub fn url(&self) -> String {
        format!("{}://{}/", if self.encrypted { "https" } else { "http" }, self.address)
    }

    /// Serves until Ctrl-C, SIGTERM, or a fault; then tells every session why, and ends. After SIGTERM those who play may
    /// play on for a while, if the operator wants that.
    ///
    /// # Errors
    /// When the signals can't be listened for, or every arena ended by itself.
    pub async fn until_stopped(mut self) -> Result<(), ServerError> {
        let outcome = tokio::select! {
            stop = self.stop.received() => Ok(stop),
            () = arenas_gone(&self.seats) => Err(ServerError::ArenaGone),
        };
        self.arenas.drain();
        if matches!(outcome, Ok(Stop::Drain)) {
            self.hand_over().await;
            self.drain().await;
        }
        self.serving.iter().for_each(JoinHandle::abort);
        let reason = if outcome.is_ok() { CloseReason::Restart } else { CloseReason::Internal };
        self.shards.close_all(reason, FAREWELL).await;
        // Lives in flight end with their arena, and are recorded before the standings are closed.
        self.seats.stop();
        self.arenas.private.stop();
        if let Some(exchange) = self.exchange {
            exchange.stop();
        }
        outcome.map(|_| ())
    }

    /// Hands its arenas over to the other servers, where there are some, with everyone who plays in them. Those that nobody
    /// takes are played on here, as on a server alone.
    async fn hand_over(&self) {
        let Some(moves) = &self.moves else { return };
        let arenas = [self.arenas.all(), &self.arenas.private.all()].concat();
        moves.hand_over_all().await;
        // Everyone is told where to go before the others are told that the server stops.
        let told = async {
            while arenas.iter().any(|arena| !arena.is_here() && arena.sessions.load(Relaxed) > 0) {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let _told = timeout(FAREWELL, told).await;
    }

    /// Waits until nobody plays any more, but no longer than the operator wants, nor than until he says stop again.
    async fn drain(&mut self) {
        if self.drain_time.is_zero() {
            return;
        }
        tracing::info!(time = ?self.drain_time, "nobody new comes in; the server stops when nobody plays");
        let mut notice = Notice::new(self.drain_time);
        let nobody_plays = async {
            // A player without a connection does not come back.
            let open = || self.arenas.all().iter().any(|arena| arena.pulse.load().report.players > 0);
            let plays = || open() || self.arenas.private.crowd().1 > 0;
            while !self.shards.are_empty() && plays() {
                notice.tell(&self.arenas);
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        tokio::select! {
            _drained = timeout(self.drain_time, nobody_plays) => {}
            _again = self.stop.received() => {}
        }
    }
}

/// What an operator's files say.
struct Keys {
    certificate: Option<Arc<Certificate>>,
    join_key: Option<Arc<JoinKey>>,
    operator_key: Option<OperatorKey>,
}

/// What the operator says about encryption, join tokens and his own key, read and found to be good.
fn keys(access: &Access) -> std::io::Result<Keys> {
    let certificate = match (&access.tls_cert, &access.tls_key) {
        (Some(cert), Some(key)) => Some(Certificate::read(cert.clone(), key.clone())?),
        (_, _) => None,
    };
    let join_key =
        access.join_key.as_ref().map(|file| JoinKey::read(file, &access.join_audience)).transpose()?;
    let operator_key = access.operator_key.as_deref().map(OperatorKey::read).transpose()?;
    Ok(Keys { certificate, join_key, operator_key })
}

/// An arena's door, and the inside of it.
fn door(index: u16, mode: Mode, args: &Args) -> (Arc<Arena>, Receiver<Command>) {
    let (commands, inbox) = ports::command_queue_of(args.limits.max_commands as usize);
    (Arc::new(Arena::new(index, mode, commands)), inbox)
}

async fn arenas_gone(seats: &Seats) {
    while !seats.are_gone() {
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
}
