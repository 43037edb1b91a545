//! One shard: a thread that owns its connections. Per connection a reader task; for all of them one fan-out, woken once
//! per tick, which writes the tick's batch in one pass. A connection that can't take it is flushed when it can.

use std::cell::RefCell;
use std::collections::HashMap;
use std::future::poll_fn;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::task::{Context, Poll};
use std::time::Duration;

use super::connection::Connection;
use super::limits::{Allowance, HELLO_TIME, IDLE_TIME, PING_EVERY};
use super::session::{Opening, Reaction, Session};
use crate::arenas::{Arena, Arenas};
use crate::counters::Counters;
use crossbeam_channel::Receiver;
use shared::identity::Identity;
use shared::ids::SessionId;
use shared::protocol::{CloseReason, Role, ServerMessage, codec};
use sim::ports::{Batch, Command, Delivery, Outbox};
use standings::Signer;
use tokio::sync::Notify;
use tokio::time::Instant;
use tokio_tungstenite::tungstenite::Message;

/// How often time limits are looked at.
const HOUSEKEEPING: Duration = Duration::from_millis(500);

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
    connections: RefCell<HashMap<SessionId, Rc<Connection>>>,
    flushing: RefCell<Vec<Rc<Connection>>>,
    untold: RefCell<Vec<(Arc<Arena>, SessionId)>>,
}

impl Shard {
    pub(super) fn new(index: usize, arenas: Arc<Arenas>, counters: Arc<Counters>, signer: Signer) -> Self {
        let (connections, flushing, untold) = Default::default();
        Self { index, arenas, counters, signer, connections, flushing, untold }
    }

    /// One connection from its handshake to its end.
    pub(super) async fn serve(self: Rc<Self>, connection: Rc<Connection>) {
        self.connections.borrow_mut().insert(connection.id, connection.clone());
        let mut session = Session::new(connection.id);
        let reason = tokio::select! {
            biased;
            reason = connection.ended() => reason,
            reason = self.read(&connection, &mut session) => reason,
        };
        tracing::debug!(session = connection.id.0, reason = reason.label(), "a session ends");
        self.counters.closed(reason);
        self.connections.borrow_mut().remove(&connection.id);
        if let Some(arena) = connection.arena.take() {
            arena.sessions.fetch_sub(1, Relaxed);
            self.tell_closed(arena, connection.id);
        }
        connection.finish(reason).await;
        self.counters.open.fetch_sub(1, Relaxed);
    }

    async fn read(&self, connection: &Connection, session: &mut Session) -> CloseReason {
        let mut allowance = Allowance::new(Instant::now());
        loop {
            let message = match connection.next().await {
                Ok(message) => message,
                Err(reason) => return reason,
            };
            if !allowance.take(connection.heard.get()) {
                return CloseReason::Flooding;
            }
            if let Err(reason) = self.take(connection, session, &message) {
                return reason;
            }
        }
    }

    fn take(
        &self,
        connection: &Connection,
        session: &mut Session,
        message: &Message,
    ) -> Result<(), CloseReason> {
        match message {
            Message::Binary(bytes) => self.react(connection, session.take(bytes)?),
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
        let Opening { role, arena, resume, identity } = opening;
        let identity = (role == Role::Play).then(|| self.identity(identity)).transpose()?;
        let arena = match (arena.as_deref(), resume.and_then(|token| self.arenas.of_token(token))) {
            (_, Some(arena)) => arena,
            (Some(id), None) => self.arenas.named(id).ok_or(CloseReason::NoArena)?,
            (None, None) => self.arenas.with_room().ok_or(CloseReason::Full)?,
        };
        let outbox = Outbox { shard: self.index, gate: connection.gate.clone() };
        let token = arena.fresh_token();
        let open = Command::Open { session: connection.id, role, outbox, token, resume, identity };
        arena.commands.try_send(open).map_err(|_| CloseReason::Full)?;
        arena.sessions.fetch_add(1, Relaxed);
        connection.arena.replace(Some(arena.clone()));
        Ok(())
    }

    /// Who a player is: as he says, if he can prove it, or else someone new.
    fn identity(&self, said: Option<Identity>) -> Result<Identity, CloseReason> {
        if let Some(known) = said.filter(|said| self.signer.is_ours(said)) {
            return Ok(known);
        }
        let key = standings::random_key().map_err(|_| CloseReason::Internal)?;
        Ok(self.signer.sign(key))
    }

    /// An arena must hear of every end. While its queue is full the news waits here: a few bytes per session.
    fn tell_closed(&self, arena: Arc<Arena>, session: SessionId) {
        if arena.commands.try_send(Command::Close { session }).is_err() {
            self.untold.borrow_mut().push((arena, session));
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
        for (arena, session) in self.untold.take() {
            self.tell_closed(arena, session);
        }
    }

    /// Never ready: it flushes whenever it is polled, which is after each batch and when a full socket has room again.
    fn poll_flush_all(&self, context: &mut Context<'_>) -> Poll<()> {
        self.flushing.borrow_mut().retain(|connection| connection.poll_flush(context).is_pending());
        Poll::Pending
    }

    /// Looks after time limits; runs as long as the shard.
    pub(super) async fn keep_house(self: Rc<Self>) {
        let mut interval = tokio::time::interval(HOUSEKEEPING);
        loop {
            let now = interval.tick().await;
            for connection in self.connections.borrow().values() {
                Self::check(connection, now);
            }
        }
    }

    fn check(connection: &Connection, now: Instant) {
        let silent = now.saturating_duration_since(connection.heard.get());
        // Pings and such are no Hello: only Hello brings a connection into an arena.
        let said_hello = connection.with_arena(|_| ()).is_some();
        if !said_hello && now.saturating_duration_since(connection.opened) > HELLO_TIME {
            connection.end(CloseReason::NoHello);
        } else if silent > IDLE_TIME {
            connection.end(CloseReason::Idle);
        } else if silent > PING_EVERY && now.saturating_duration_since(connection.pinged.get()) > PING_EVERY {
            connection.pinged.set(now);
            connection.answer(Message::Ping(bytes::Bytes::new()));
        }
    }

    /// Asks every session to end.
    pub(super) fn end_all(&self, reason: CloseReason) {
        self.connections.borrow().values().for_each(|connection| connection.end(reason));
    }
}
