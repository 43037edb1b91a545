//! One client of the protocol: a socket, the replica behind it, and what the server said last.
//!
//! Messages leave by a method each; what comes is applied first and handed out by [`Client::next`] after. It heals
//! itself as a page would: a fault or a checksum mismatch asks for keyframes once, and what comes until then is skipped.
//! Must never decide anything: a pilot or a test does.

mod clock;
mod event;
mod known;
mod wait;

pub use event::{ClientError, Event, Farewell, Fault};
pub use wait::JoinAnswer;

use crate::socket::{self, Socket};
use clock::Clock;
use event::with_header;
use futures_util::{SinkExt, StreamExt};
use shared::controls::Controls;
use shared::hull::Hull;
use shared::identity::Identity;
use shared::ids::{PlayerId, Token};
use shared::leaderboard::Board;
use shared::mode::Mode;
use shared::motion::Rules;
use shared::name::PlayerName;
use shared::protocol::codec::{self, FromServer};
use shared::protocol::{
    AroundRow, ClientMessage, Life, News, Podium, PowerPlace, Recorded, Role, Round, ServerMessage, TopRow,
    Totals, Unsaid, Welcome,
};
use shared::replica::Replica;
use std::net::Ipv4Addr;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;

/// The short board and the heads, as last heard.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Top {
    /// Best first.
    pub rows: Vec<TopRow>,
    /// People in the arena.
    pub players: u16,
    /// Drones in the arena.
    pub drones: u16,
}

/// How the own ship was destroyed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Death {
    /// By whom; 0 when it was nobody.
    pub by: PlayerId,
    /// Their name, if they were still there.
    pub name: Option<PlayerName>,
    /// What the life was worth.
    pub life: Life,
}

/// A ship that one destroyed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kill {
    /// Whose it was.
    pub victim: PlayerId,
    /// Their name.
    pub name: PlayerName,
    /// Points for it.
    pub points: u32,
}

/// News that a client keeps.
pub const NEWS_KEPT: usize = 256;

/// One client of the protocol.
#[derive(Debug)]
pub struct Client {
    socket: Socket,
    welcome: Option<Welcome>,
    replica: Option<Replica>,
    me: Option<(PlayerId, PlayerName)>,
    top: Top,
    death: Option<Death>,
    kill: Option<Kill>,
    board: Board,
    recorded: Option<Recorded>,
    around: Option<(u32, Vec<AroundRow>)>,
    identity: Option<Identity>,
    hull: Hull,
    bounty: Option<(PlayerId, [u8; 2])>,
    powers: Vec<PowerPlace>,
    news: Vec<News>,
    unsaid: Option<Unsaid>,
    mode: Mode,
    round: Option<Round>,
    podium: Option<Podium>,
    totals: Option<Totals>,
    moved: Option<(String, String)>,
    closing: Option<u16>,
    announced: Option<String>,
    sequence: u16,
    healing: bool,
    clock: Clock,
    /// Reads the heads of frames alone.
    skims: bool,
}

impl Client {
    /// Connects to `url` (`ws://HOST:PORT/PATH`) and says nothing yet.
    pub async fn connect(url: &str) -> Result<Self, ClientError> {
        Ok(Self::over(socket::open(url).await?))
    }

    /// Like [`Client::connect`], offering these subprotocols beside `starfray`: a join token, or a ticket.
    pub async fn connect_with(url: &str, protocols: &[String]) -> Result<Self, ClientError> {
        Ok(Self::over(socket::open_with(url, protocols).await?))
    }

    /// Like [`Client::connect`], from one of this machine's own addresses to another.
    pub async fn connect_from(from: Ipv4Addr, url: &str) -> Result<Self, ClientError> {
        Ok(Self::over(socket::open_from(from, url).await?))
    }

    /// Like [`Client::connect`], over a connection that is already there.
    pub async fn connect_over(stream: TcpStream, url: &str) -> Result<Self, ClientError> {
        Ok(Self::over(socket::shake_hands(stream, url).await?))
    }

    fn over(socket: Socket) -> Self {
        Self {
            socket,
            welcome: None,
            replica: None,
            me: None,
            top: Top::default(),
            death: None,
            kill: None,
            board: Board::default(),
            recorded: None,
            around: None,
            identity: None,
            hull: Hull::default(),
            bounty: None,
            powers: Vec::new(),
            news: Vec::new(),
            unsaid: None,
            mode: Mode::default(),
            round: None,
            podium: None,
            totals: None,
            moved: None,
            closing: None,
            announced: None,
            sequence: 0,
            healing: false,
            clock: Clock::new(),
            skims: false,
        }
    }

    /// Comes as the player of an earlier Welcome. To be said before Hello.
    pub fn come_as(&mut self, identity: Identity) {
        self.identity = Some(identity);
    }

    /// Reads only the heads of frames from now on: its view stays empty, and no checksum is compared.
    pub fn skim(&mut self) {
        self.skims = true;
    }

    /// Flies in that hull from the next Join on.
    pub fn fly_in(&mut self, hull: Hull) {
        self.hull = hull;
    }

    /// Says Hello. Welcome comes as an event.
    pub async fn say_hello(&mut self, role: Role) -> Result<(), ClientError> {
        self.say_hello_in(role, None).await
    }

    /// Says Hello and names the arena to be in.
    pub async fn say_hello_in(&mut self, role: Role, arena: Option<String>) -> Result<(), ClientError> {
        self.say_hello_as(role, arena, None).await
    }

    /// Says Hello with the token of an earlier session, to take its player back.
    pub async fn say_hello_as(
        &mut self,
        role: Role,
        arena: Option<String>,
        resume: Option<Token>,
    ) -> Result<(), ClientError> {
        self.clock.hello();
        self.send(&ClientMessage::hello_as(self.identity, role, arena, resume)).await
    }

    /// Asks for a ship. Joined or Refused comes as an event.
    pub async fn say_join(&mut self, name: &str) -> Result<(), ClientError> {
        self.send(&ClientMessage::Join { name: name.to_owned(), hull: self.hull }).await
    }

    /// Sends what the pilot does from now on, meant for the tick that is flown now; gives its sequence number.
    pub async fn input(&mut self, controls: Controls) -> Result<u16, ClientError> {
        let known = self.replica.as_ref().map_or(0, |view| view.tick().0);
        let tick = self.clock.input().unwrap_or(known.wrapping_add(1));
        let seen = u8::try_from(tick.wrapping_sub(known)).unwrap_or(u8::MAX);
        self.input_for(tick, seen, controls).await
    }

    /// Sends what the pilot does from `tick` on, who sees the others `seen` ticks before it, whatever the clock says.
    pub async fn input_for(&mut self, tick: u32, seen: u8, controls: Controls) -> Result<u16, ClientError> {
        self.sequence = self.sequence.wrapping_add(1);
        let sequence = self.sequence;
        self.send(&ClientMessage::Input { sequence, tick, seen, controls }).await?;
        Ok(sequence)
    }

    /// Sends any message of the protocol.
    pub async fn send(&mut self, message: &ClientMessage) -> Result<(), ClientError> {
        self.send_raw(Message::Binary(codec::encode_client(message).into())).await
    }

    /// Sends any WebSocket message, of the protocol or not.
    pub async fn send_raw(&mut self, message: Message) -> Result<(), ClientError> {
        self.socket.send(message).await.map_err(|error| ClientError::WebSocket(Box::new(error)))
    }

    /// Says goodbye. The server's own goodbye is not waited for.
    pub async fn leave(mut self) -> Result<(), ClientError> {
        self.socket.close(None).await.map_err(|error| ClientError::WebSocket(Box::new(error)))
    }

    /// The next thing heard, already applied. Nothing is lost when the call is given up while it waits.
    pub async fn next(&mut self) -> Result<Event, ClientError> {
        loop {
            let event = match self.socket.next().await {
                Some(Ok(Message::Binary(bytes))) => self.take(&bytes),
                Some(Ok(Message::Text(text))) => {
                    Event::Fault { fault: Fault::Text, bytes: with_header(text.len()) }
                }
                Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => continue,
                Some(Ok(Message::Close(frame))) => {
                    let farewell =
                        frame.map(|f| Farewell { code: Some(f.code.into()), text: f.reason.to_string() });
                    return Err(ClientError::Closed(farewell.unwrap_or_else(lost)));
                }
                Some(Err(_)) | None => return Err(ClientError::Closed(lost())),
            };
            self.heal(&event).await?;
            return Ok(event);
        }
    }

    fn take(&mut self, bytes: &[u8]) -> Event {
        let size = with_header(bytes.len());
        match codec::decode_server(bytes) {
            Ok(FromServer::Frame(frame)) => self.take_frame(frame, size),
            Ok(FromServer::Message(message)) => {
                self.note(&message);
                Event::Message { message, bytes: size }
            }
            Err(error) => Event::Fault { fault: error.into(), bytes: size },
        }
    }

    fn take_frame(&mut self, frame: &[u8], bytes: usize) -> Event {
        let Some(replica) = &mut self.replica else {
            return Event::Fault { fault: Fault::Early, bytes };
        };
        match if self.skims { replica.skim(frame) } else { replica.apply(frame) } {
            Ok(applied) => {
                let ack = replica.ack().map(|ack| (ack.sequence, ack.margin));
                self.clock.frame(replica.tick().0, ack);
                Event::Frame { applied, bytes }
            }
            Err(_) if self.healing => Event::Skipped { bytes },
            Err(error) => Event::Fault { fault: error.into(), bytes },
        }
    }

    fn note(&mut self, message: &ServerMessage) {
        match message {
            ServerMessage::Welcome(welcome) => {
                self.welcome = Some(*welcome);
                self.clock.welcome(welcome.tick_hz);
                self.replica = Some(Replica::new(Rules::new(welcome.tick_hz, welcome.arena_size)));
            }
            ServerMessage::Joined { player, name } => {
                self.me = Some((*player, name.clone()));
                self.clock.take_off();
            }
            ServerMessage::Top { rows, players, drones } => {
                self.top = Top { rows: rows.clone(), players: *players, drones: *drones };
            }
            ServerMessage::Board { rows } => self.board.reset(rows.clone()),
            ServerMessage::BoardDelta(delta) => self.board.apply(delta.clone()),
            ServerMessage::Died { by, name, life } => {
                self.death = Some(Death { by: *by, name: name.clone(), life: *life });
            }
            ServerMessage::Kill { victim, name, points } => {
                self.kill = Some(Kill { victim: *victim, name: name.clone(), points: *points });
            }
            ServerMessage::Recorded(recorded) => self.recorded = Some(recorded.clone()),
            ServerMessage::Around { rank, rows } => self.around = Some((*rank, rows.clone())),
            ServerMessage::Bounty { player, x, y } => self.bounty = Some((*player, [*x, *y])),
            ServerMessage::Powers(places) => self.powers.clone_from(places),
            ServerMessage::News(news) => {
                let beyond = (self.news.len() + news.len()).saturating_sub(NEWS_KEPT);
                self.news.drain(..beyond.min(self.news.len()));
                self.news.extend_from_slice(news);
            }
            ServerMessage::Unsaid(unsaid) => self.unsaid = Some(*unsaid),
            ServerMessage::Mode(mode) => self.mode = *mode,
            ServerMessage::Round(round) => self.round = Some(*round),
            ServerMessage::Podium(podium) => self.podium = Some(podium.clone()),
            ServerMessage::Totals(totals) => self.totals = Some(*totals),
            ServerMessage::Moved { url, ticket } => self.moved = Some((url.clone(), ticket.clone())),
            ServerMessage::Closing { in_seconds } => self.closing = Some(*in_seconds),
            ServerMessage::Announced(said) => self.announced = Some(said.as_str().to_owned()),
            ServerMessage::Refused(_) | ServerMessage::Names(_) | ServerMessage::Pong { .. } => {}
        }
    }

    /// Asks for keyframes after a frame that did not fit, once until they are here.
    async fn heal(&mut self, event: &Event) -> Result<(), ClientError> {
        let broken = match event {
            Event::Frame { applied, .. } if applied.checksum == Some(false) => true,
            Event::Frame { applied, .. } => {
                self.healing &= !applied.reset;
                false
            }
            Event::Fault { fault: Fault::Replica(_), .. } => true,
            Event::Fault { .. } | Event::Message { .. } | Event::Skipped { .. } => false,
        };
        if broken && !self.healing {
            self.healing = true;
            let tick = self.replica.as_ref().map_or(0, |replica| replica.tick().0);
            self.send(&ClientMessage::Mismatch { tick }).await?;
        }
        Ok(())
    }
}

fn lost() -> Farewell {
    Farewell { code: None, text: String::new() }
}
