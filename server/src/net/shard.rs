//! One shard: a thread that owns its connections. Per connection a reader task; for all of them one fan-out, woken once
//! per tick, which writes the tick's batch in one pass. A connection that can't take it is flushed when it can.

use std::cell::RefCell;
use std::collections::HashMap;
use std::future::poll_fn;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::task::{Context, Poll};
use std::time::Duration;

use super::connection::Connection;
use super::echo;
use super::limits::{Allowance, LISTENERS_FIRST, Patience, SHED_AT_ONCE, SessionRates};
use super::placing::Elsewhere;
use super::session::{Opening, Reaction, Session};
use super::transfer;
use crate::arenas::{Arena, Arenas, Load};
use crate::counters::Counters;
use crossbeam_channel::Receiver;
use shared::identity::{Identity, PlayerKey};
use shared::ids::SessionId;
use shared::protocol::{CloseReason, Role, ServerMessage, Unsaid, codec};
use shared::tuning::LIMBO_MS;
use sim::ports::{Batch, Command, Delivery, Outbox, SessionOpen};
use standings::{Signer, UnixMs};
use tokio::sync::Notify;
use tokio::time::Instant;
use tokio_tungstenite::tungstenite::Message;

/// How often time limits are looked at.
const HOUSEKEEPING: Duration = Duration::from_millis(500);
/// How long a player without a connection stays.
const LIMBO: Duration = Duration::from_millis(LIMBO_MS as u64);

/// What a shard's tasks share.
pub(super) struct Shard {
    /// Its number.
    pub index: usize,
    /// Where its sessions may go.
    pub arenas: Arc<Arenas>,
    /// Shared by the process.
    pub counters: Arc<Counters>,
    /// Proves who players are.
    pub signer: Signer,
    /// What a session may send.
    pub rates: SessionRates,
    /// How long it may be silent.
    pub patience: Patience,
    /// Sessions beyond which no more watch: the rest is for those who play.
    pub most_watching: u64,
    /// Beats, so that others see that the thread runs.
    pub pulse: Arc<AtomicU64>,
    pub(super) connections: RefCell<HashMap<SessionId, Rc<Connection>>>,
    flushing: RefCell<Vec<Rc<Connection>>>,
    untold: RefCell<Vec<(Arc<Arena>, Command)>>,
}

/// What a shard has from outside.
#[derive(Clone)]
pub(super) struct Outside {
    pub arenas: Arc<Arenas>,
    pub counters: Arc<Counters>,
    pub signer: Signer,
    pub rates: SessionRates,
    pub patience: Patience,
    pub most_watching: u64,
}

impl Shard {
    pub(super) fn new(index: usize, outside: Outside, pulse: Arc<AtomicU64>) -> Self {
        let Outside { arenas, counters, signer, rates, patience, most_watching } = outside;
        let (connections, flushing, untold) = Default::default();
        Self {
            index,
            arenas,
            counters,
            signer,
            rates,
            patience,
            most_watching,
            pulse,
            connections,
            flushing,
            untold,
        }
    }

    /// One connection from its handshake to its end.
    pub(super) async fn serve(self: Rc<Self>, connection: Rc<Connection>) {
        self.connections.borrow_mut().insert(connection.id, connection.clone());
        let mut session = Session::new(connection.id);
        let reason = tokio::select! {
            biased;
            reason = connection.ended() => reason,
            reason = echo::serve(&connection), if connection.echo => reason,
            reason = self.read(&connection, &mut session), if !connection.echo => reason,
        };
        tracing::debug!(session = connection.id.0, reason = reason.label(), "a session ends");
        self.counters.closed(reason);
        self.connections.borrow_mut().remove(&connection.id);
        let waits = session.has_joined() && connection.place.may_player_wait();
        if let Some((arena, _)) = connection.arena.take() {
            arena.sessions.fetch_sub(1, Relaxed);
            let session = connection.id;
            self.tell_closed(
                arena,
                if waits { Command::Close { session } } else { Command::End { session } },
            );
        }
        connection.finish(reason).await;
        self.counters.open.fetch_sub(1, Relaxed);
        if waits {
            // The player stays in the arena for a while, and so long the place is taken.
            let place = connection.place.clone();
            tokio::task::spawn_local(async move {
                tokio::time::sleep(LIMBO).await;
                drop(place);
            });
        }
    }

    async fn read(&self, connection: &Connection, session: &mut Session) -> CloseReason {
        let mut allowance = Allowance::new(self.rates, std::time::Instant::now());
        loop {
            let taken = match connection.next(&mut allowance).await {
                Ok(message) => self.take(connection, session, &mut allowance, &message),
                Err(reason) => Err(reason),
            };
            if let Err(reason) = taken {
                return reason;
            }
        }
    }

    fn take(
        &self,
        connection: &Connection,
        session: &mut Session,
        allowance: &mut Allowance,
        message: &Message,
    ) -> Result<(), CloseReason> {
        match message {
            Message::Binary(bytes) => {
                let mut reaction = session.take(bytes)?;
                if let Reaction::Tell(Command::Join { name, .. }) = &mut reaction {
                    self.may_join(connection, allowance, name)?;
                }
                if matches!(reaction, Reaction::Tell(Command::Say { .. })) && !may_say(connection, allowance)
                {
                    return Ok(());
                }
                self.react(connection, reaction)
            }
            Message::Text(_) => Err(CloseReason::TextMessage),
            Message::Close(_) => Err(CloseReason::Left),
            Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => Ok(()),
        }
    }

    fn react(&self, connection: &Connection, reaction: Reaction) -> Result<(), CloseReason> {
        match reaction {
            Reaction::Open(opening) => self.open(connection, opening),
            Reaction::Tell(command) => {
                let told = connection.with_arena(|arena| arena.commands.try_send(command).is_ok());
                if told != Some(true) {
                    self.counters.dropped_commands.fetch_add(1, Relaxed);
                }
                Ok(())
            }
            Reaction::Pong(sent_ms) => {
                let pong = codec::encode_server(&ServerMessage::Pong { sent_ms });
                connection.answer(Message::Binary(pong.into()));
                Ok(())
            }
        }
    }

    fn open(&self, connection: &Connection, opening: Opening) -> Result<(), CloseReason> {
        self.find_place(connection, opening.role)?;
        let arena = self.destination(connection, &opening).map_err(|elsewhere| match elsewhere {
            // Another server has sent it here, and one of both will know better soon.
            Elsewhere::At { .. } if connection.pass.as_ref().is_some_and(|pass| pass.sent) => {
                CloseReason::Restart
            }
            Elsewhere::At { arena, url } => self.send_away(connection, &arena, url),
            Elsewhere::Closed(reason) => reason,
        })?;
        let entered = self.enter(connection, &arena, opening);
        if entered.is_err() {
            arena.sessions.fetch_sub(1, Relaxed);
        }
        entered
    }

    /// Tells a session which server has its arena, and gives the reason to close it with.
    fn send_away(&self, connection: &Connection, arena: &str, url: String) -> CloseReason {
        let ticket = transfer::ticket(&self.signer, arena, connection.pass.as_ref(), UnixMs::now());
        connection.send(codec::encode_server(&ServerMessage::Moved { url, ticket }).into());
        CloseReason::Restart
    }

    /// Opens the session in an arena that counts it already.
    fn enter(
        &self,
        connection: &Connection,
        arena: &Arc<Arena>,
        opening: Opening,
    ) -> Result<(), CloseReason> {
        let Opening { role, resume, identity, .. } = opening;
        let identity = (role == Role::Play).then(|| self.identity(connection, identity)).transpose()?;
        let outbox = Outbox { shard: self.index, gate: connection.gate.clone() };
        // Asked before the arena hears of the session: a world that begins in between has never heard of it.
        let (token, incarnation) = (arena.fresh_token(), arena.incarnation());
        let (session, only_back) = (connection.id, arena.load() > Load::Heavy);
        let open = SessionOpen { session, role, outbox, token, resume, identity, only_back };
        arena.commands.try_send(Command::Open(Box::new(open))).map_err(|_| CloseReason::Full)?;
        connection.watches.set(role == Role::Board);
        connection.arena.replace(Some((arena.clone(), incarnation)));
        Ok(())
    }

    /// Who a player is: as he says, if he can prove it, or else someone new. Where too many new ones come from, he passes, and
    /// is someone new when he comes again later.
    fn identity(&self, connection: &Connection, said: Option<Identity>) -> Result<Identity, CloseReason> {
        let known = said.filter(|said| self.signer.is_ours(said));
        if let Some(lasting) = known.filter(|known| !known.key.is_passing()) {
            return Ok(lasting);
        }
        match (connection.place.may_be_recorded(), known) {
            (false, Some(passing)) => Ok(passing),
            (recorded, _) => {
                let key = standings::random_key().map_err(|_| CloseReason::Internal)?;
                Ok(self.signer.sign(if recorded { key } else { PlayerKey::passing(key.0) }))
            }
        }
    }

    /// An arena must hear of every end. While its queue is full the news waits here: a few bytes per session.
    fn tell_closed(&self, arena: Arc<Arena>, end: Command) {
        if let Err(unsent) = arena.commands.try_send(end) {
            self.untold.borrow_mut().push((arena, unsent.into_inner()));
        }
    }

    /// Writes each tick's batch; runs as long as the shard.
    pub(super) async fn fan_out(self: Rc<Self>, batches: Vec<Receiver<Batch>>, wake: Arc<Notify>) {
        loop {
            tokio::select! {
                biased;
                () = wake.notified() => batches.iter().flat_map(Receiver::try_iter).for_each(|batch| self.write(batch)),
                () = poll_fn(|context| self.poll_flush_all(context)) => {}
            }
        }
    }

    fn write(&self, batch: Batch) {
        let connections = self.connections.borrow();
        let mut flushing = self.flushing.borrow_mut();
        for (id, delivery) in batch.items {
            let Some(connection) = connections.get(&id) else { continue };
            match delivery {
                Delivery::Message(bytes) => connection.send(bytes),
                Delivery::Close(reason) => connection.end(reason),
            }
            if flushing.last().is_none_or(|last| last.id != id) {
                flushing.push(connection.clone());
            }
        }
        for (arena, end) in self.untold.take() {
            self.tell_closed(arena, end);
        }
    }

    /// Never ready: it flushes whenever it is polled, which is after each batch and when a full socket has room again.
    fn poll_flush_all(&self, context: &mut Context<'_>) -> Poll<()> {
        self.flushing.borrow_mut().retain(|connection| connection.poll_flush(context).is_pending());
        Poll::Pending
    }

    /// Looks after time limits; runs as long as the shard.
    pub(super) async fn keep_house(self: Rc<Self>) {
        let (mut interval, mut looks) = (tokio::time::interval(HOUSEKEEPING), 0_u32);
        loop {
            let now = interval.tick().await;
            self.pulse.fetch_add(1, Relaxed);
            self.end_lost();
            for connection in self.connections.borrow().values() {
                self.check(connection, now);
            }
            looks =
                if self.arenas.all().iter().any(|arena| arena.load() > Load::Calm) { looks + 1 } else { 0 };
            let alone = self.counters.listeners.load(Relaxed) == 0 || looks > LISTENERS_FIRST;
            // Who listens to boards over HTTP hears nothing of private arenas.
            let sheds = |arena: &Arena| arena.load() > Load::Calm && (alone || arena.private);
            self.shed_watchers(SHED_AT_ONCE, sheds);
        }
    }

    /// Ends sessions whose arena does not stand any more: a fault has ended it, or it was on its way to another server.
    pub(super) fn end_lost(&self) {
        let connections = self.connections.borrow();
        let leaves = |arena: &Arena| self.arenas.is_leaving(arena);
        let lost = connections.values().filter(|connection| !connection.arena_stands());
        for connection in lost.filter(|connection| connection.with_arena(leaves) != Some(true)) {
            connection.end(self.lost(connection));
        }
    }

    /// Why such a session ends. Who has to go elsewhere is told where.
    fn lost(&self, connection: &Connection) -> CloseReason {
        let Some((arena, incarnation)) = connection.arena.borrow().clone() else {
            return CloseReason::Internal;
        };
        let elsewhere = (!arena.is_here()).then(|| self.arenas.elsewhere(&arena)).flatten();
        match elsewhere {
            Some(url) => self.send_away(connection, &arena.id, url),
            // Nobody took it, or nobody has it for the moment: whoever comes again finds it.
            None if arena.has_moved_since(incarnation) => CloseReason::Restart,
            None => CloseReason::Internal,
        }
    }

    fn check(&self, connection: &Connection, now: Instant) {
        let Patience { hello, ping, idle } = self.patience;
        let silent = now.saturating_duration_since(connection.heard.get());
        // Pings and such are no Hello: only Hello brings a connection into an arena.
        let said_hello = connection.with_arena(|_| ()).is_some();
        if !said_hello && !connection.echo && now.saturating_duration_since(connection.opened) > hello {
            connection.end(CloseReason::NoHello);
        } else if silent > idle {
            connection.end(CloseReason::Idle);
        } else if silent > ping && now.saturating_duration_since(connection.pinged.get()) > ping {
            connection.pinged.set(now);
            connection.answer(Message::Ping(bytes::Bytes::new()));
        }
    }

    /// Asks every session to end.
    pub(super) fn end_all(&self, reason: CloseReason) {
        self.connections.borrow().values().for_each(|connection| connection.end(reason));
    }
}

/// May one more thing be said, as far as the address goes? If not, the session is told so.
fn may_say(connection: &Connection, allowance: &mut Allowance) -> bool {
    let now = std::time::Instant::now();
    let may = !allowance.says(now) || connection.place.may_say();
    if !may && allowance.tell_unsaid(now) {
        let unsaid = codec::encode_server(&ServerMessage::Unsaid(Unsaid::TooMuch));
        connection.answer(Message::Binary(unsaid.into()));
    }
    may
}
