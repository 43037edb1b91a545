//! An arena and its clients without any network: commands go in, batches come out, replicas apply them. Nothing sleeps.
#![allow(clippy::wildcard_enum_match_arm, clippy::panic, reason = "tests may")]
#![allow(dead_code, reason = "each test uses its part of the harness")]

use std::collections::BTreeMap;
use std::sync::Arc;

use crossbeam_channel::{Receiver, Sender};
use shared::angle::Angle;
use shared::controls::Controls;
use shared::entity::EntityState;
use shared::hull::Hull;
use shared::identity::{Identity, PlayerKey};
use shared::ids::{NetId, SessionId, Token};
use shared::leaderboard::Board;
use shared::motion::Rules;
use shared::name::PlayerName;
use shared::protocol::codec::{FromServer, decode_server};
use shared::protocol::{CloseReason, Role, ServerMessage};
use shared::replica::Replica;
use sim::ports::{
    Batch, Command, Delivery, Gate, Outbox, Ports, SessionOpen, ShardPort, batch_queue, command_queue,
};
use sim::{Config, Report, Save, Simulation};

/// One client: a replica and what it was told.
pub struct Client {
    pub replica: Replica,
    pub gate: Arc<Gate>,
    pub heard: Vec<ServerMessage>,
    pub closed: Option<CloseReason>,
    /// Deliveries that it has not read yet, because it stalls.
    pub unread: Vec<bytes::Bytes>,
    pub stalls: bool,
    pub sequence: u16,
}

/// An arena and its clients.
pub struct Exchange {
    pub sim: Simulation,
    pub rules: Rules,
    pub clients: BTreeMap<SessionId, Client>,
    commands: Sender<Command>,
    batches: Receiver<Batch>,
    last: u32,
    /// New sessions come only if they are taken back.
    pub only_back: bool,
}

impl Exchange {
    pub fn new(config: Config) -> Self {
        Self::over(config, |ports| Simulation::new(config, ports))
    }

    /// An arena that goes on with the people of another one.
    pub fn restored(config: Config, save: &Save) -> Self {
        Self::over(config, |ports| Simulation::restored(config, ports, save))
    }

    fn over(config: Config, make: impl FnOnce(Ports) -> Simulation) -> Self {
        let (commands, from_network) = command_queue();
        let (to_shard, batches) = batch_queue();
        let shard = ShardPort { batches: to_shard, wake: Arc::new(|| ()) };
        let sim = make(Ports { commands: from_network, shards: vec![shard] });
        let rules = Rules::new(config.tick_hz, config.arena_size);
        Self { sim, rules, clients: BTreeMap::new(), commands, batches, last: 0, only_back: false }
    }

    pub fn send(&self, command: Command) {
        self.commands.send(command).unwrap();
    }

    pub fn open(&mut self, role: Role) -> SessionId {
        self.open_again(role, None)
    }

    /// A session that takes the player of `resume` back.
    pub fn open_again(&mut self, role: Role, resume: Option<Token>) -> SessionId {
        self.open_as(role, resume, PlayerKey(u128::from(self.last) + 1))
    }

    /// A session of the person with that public id.
    pub fn open_as(&mut self, role: Role, resume: Option<Token>, key: PlayerKey) -> SessionId {
        self.last += 1;
        let (id, gate) = (SessionId(self.last), Arc::new(Gate::default()));
        let outbox = Outbox { shard: 0, gate: gate.clone() };
        let mut token = [0; 16];
        token[..4].copy_from_slice(&self.last.to_le_bytes());
        let identity = Identity { key, proof: [0; 32] };
        let identity = Some(identity).filter(|_| role == Role::Play);
        let open = SessionOpen {
            session: id,
            role,
            outbox,
            token: Token(token),
            resume,
            identity,
            only_back: self.only_back,
        };
        self.send(Command::Open(Box::new(open)));
        let replica = Replica::new(self.rules);
        let (heard, unread) = (Vec::new(), Vec::new());
        self.clients
            .insert(id, Client { replica, gate, heard, closed: None, unread, stalls: false, sequence: 0 });
        id
    }

    pub fn join(&mut self, session: SessionId, name: &str) {
        self.join_in(session, name, Hull::Corsair);
    }

    pub fn join_in(&mut self, session: SessionId, name: &str, hull: Hull) {
        self.send(Command::Join { session, name: PlayerName::clean(name), hull });
    }

    pub fn steer(&mut self, session: SessionId, controls: Controls) {
        let client = self.clients.get_mut(&session).unwrap();
        client.sequence = client.sequence.wrapping_add(1);
        let client = &self.clients[&session];
        let (sequence, tick) = (client.sequence, client.replica.tick().next());
        self.send(Command::Input { session, sequence, tick, seen: 0, controls });
    }

    pub fn close(&mut self, session: SessionId) {
        self.clients.remove(&session);
        self.send(Command::Close { session });
    }

    pub fn client(&self, session: SessionId) -> &Client {
        &self.clients[&session]
    }

    /// One tick: the simulation steps, and clients that do not stall take what came.
    pub fn step(&mut self) -> Report {
        let report = self.sim.step();
        self.deliver();
        report
    }

    /// Flies to the nearest shards until one has paid; gives the score then.
    pub fn gather_a_shard(&mut self, session: SessionId) -> u32 {
        self.gather_until(session, 1)
    }

    /// Flies to the nearest shards until they have paid so many points; gives the score then.
    pub fn gather_until(&mut self, session: SessionId, points: u32) -> u32 {
        for _ in 0..600 * points.div_ceil(10) {
            let client = self.client(session);
            let own = client.ship().unwrap().body.pos;
            let shards = client.replica.shards().map(|(_, shard)| shard.pos);
            let nearest = shards.min_by_key(|at| own.to(*at).length_squared()).unwrap();
            let aim = Angle::of(own.to(nearest));
            self.steer(session, Controls { aim, thrust: true, ..Controls::default() }.quantised());
            self.step();
            let score = self.client(session).replica.status().score;
            if score >= points {
                return score;
            }
        }
        panic!("no shard was reached");
    }

    /// Flies `hunter` at `prey` and fires until it is sunk.
    pub fn hunt_down(&mut self, hunter: SessionId, prey: SessionId) {
        for _ in 0..3000 {
            let (Some(own), Some(other)) = (self.client(hunter).ship(), self.client(prey).ship()) else {
                return;
            };
            let aim = Angle::of(own.body.pos.to(other.body.pos));
            let thrust = own.body.pos.to(other.body.pos).length() > 300 * shared::units::SUBUNITS;
            self.steer(hunter, Controls { aim, thrust, fire: true, ..Controls::default() }.quantised());
            self.step();
        }
        panic!("the prey is still there");
    }

    /// A watcher's copy of the live board.
    pub fn board_of(&self, watcher: SessionId) -> Board {
        let mut board = Board::default();
        for message in &self.client(watcher).heard {
            match message {
                ServerMessage::Board { rows } => board.reset(rows.clone()),
                ServerMessage::BoardDelta(delta) => board.apply(delta.clone()),
                _ => {}
            }
        }
        board
    }

    /// Hands out what the last tick had for the clients.
    pub fn deliver(&mut self) {
        for batch in self.batches.try_iter() {
            for (session, delivery) in batch.items {
                let Some(client) = self.clients.get_mut(&session) else { continue };
                match delivery {
                    Delivery::Close(reason) => client.closed = Some(reason),
                    Delivery::Message(bytes) => client.unread.push(bytes),
                }
            }
        }
        self.clients.values_mut().filter(|client| !client.stalls).for_each(Client::read);
    }

    pub fn steps(&mut self, ticks: u32) {
        for _ in 0..ticks {
            self.step();
        }
    }

    /// Holds every client that has read all it was sent against what the server says it may see.
    pub fn compare(&mut self) {
        let truth = self.sim.view_of_everything();
        for (session, client) in self.clients.iter().filter(|(_, client)| client.is_current()) {
            let Some(watch) = client.replica.watch() else { continue };
            let grid = self.rules.grid;
            let expected: Vec<(NetId, EntityState)> =
                truth.iter().filter(|(_, state)| watch.contains(grid.cell(state.pos()))).copied().collect();
            let mut seen: Vec<_> = client.replica.entities().collect();
            seen.sort_by_key(|(id, _)| *id);
            assert_eq!(seen, expected, "session {session} at tick {:?}", client.replica.tick());
        }
    }
}

impl Client {
    /// Takes everything that was sent. As a socket does, lowers the gate by it.
    pub fn read(&mut self) {
        for bytes in std::mem::take(&mut self.unread) {
            self.gate.taken(1, bytes.len() as u32);
            match decode_server(&bytes).unwrap() {
                FromServer::Frame(frame) => {
                    let applied = self.replica.apply(frame).unwrap();
                    assert_ne!(
                        applied.checksum,
                        Some(false),
                        "the checksum of tick {:?}",
                        self.replica.tick()
                    );
                }
                FromServer::Message(message) => self.heard.push(message),
            }
        }
    }

    fn is_current(&self) -> bool {
        self.unread.is_empty() && !self.stalls && self.closed.is_none()
    }

    /// What takes its player back.
    pub fn token(&self) -> Option<Token> {
        self.heard.iter().find_map(|message| match message {
            ServerMessage::Welcome(welcome) => Some(welcome.token),
            _ => None,
        })
    }

    /// The own ship, as the replica has it.
    pub fn ship(&self) -> Option<shared::entity::ShipState> {
        let focus = self.replica.focus();
        self.replica.ship(focus.ship).filter(|_| focus.own).copied()
    }
}

/// A small arena.
pub fn arena(drones: u16) -> Exchange {
    Exchange::new(Config { arena_size: 1024, drones, seed: 3, ..Config::default() })
}

/// Someone who has joined, and flies.
pub fn pilot(exchange: &mut Exchange, name: &str) -> SessionId {
    let session = exchange.open(Role::Play);
    exchange.join(session, name);
    exchange.steps(2);
    session
}
