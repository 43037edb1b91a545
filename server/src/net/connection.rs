//! One WebSocket connection on its shard's thread. The reader task and the shard's fan-out both use it, one poll at a
//! time, so a `RefCell` is all it takes; no borrow outlives a poll.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker, ready};

use super::door::Ticket;
use super::echo;
use super::limits::{Allowance, LINGER_TIME, UNSENT_BYTES, websocket_config};
use super::shards::{Newcomer, Pass};
use super::wire::Wire;
use crate::arenas::Arena;
use bytes::Bytes;
use futures_util::{Sink, Stream};
use shared::ids::SessionId;
use shared::protocol::{CloseReason, MAX_CLIENT_MESSAGE};
use sim::ports::Gate;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::Notify;
use tokio::time::{Instant, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role};
use tokio_tungstenite::tungstenite::{Error, Message};

/// Bytes of a message that few frames have, but those that show all that is in view.
const LARGE: usize = 1536;

/// Bytes that are read and thrown away from a connection that is being closed, so that the close frame arrives before a
/// reset does.
const DRAIN_BYTES: usize = 512 * MAX_CLIENT_MESSAGE;

/// One connection.
pub(super) struct Connection {
    /// Its session.
    pub id: SessionId,
    /// How much is on its way, as the simulation sees it.
    pub gate: Arc<Gate>,
    /// When it last sent anything.
    pub heard: Cell<Instant>,
    /// When it was last pinged.
    pub pinged: Cell<Instant>,
    /// When its handshake ended.
    pub opened: Instant,
    /// The arena it is in, once it said Hello, and that arena's incarnation.
    pub arena: RefCell<Option<(Arc<Arena>, u32)>>,
    /// It only watches the board.
    pub watches: Cell<bool>,
    /// There were as many sessions as the server takes when it came.
    pub beyond: bool,
    /// What its join token allows, where one is needed.
    pub pass: Option<Pass>,
    /// Everything it says is sent back.
    pub echo: bool,
    /// Its place among those of its address.
    pub place: Arc<Ticket>,
    socket: RefCell<WebSocketStream<Wire>>,
    unflushed: Cell<(u32, u32)>,
    ending: Cell<Option<CloseReason>>,
    ended: Notify,
}

impl Connection {
    /// Takes over a connection after its handshake. Must be called on the shard's runtime.
    pub(super) async fn new(id: SessionId, newcomer: Newcomer, beyond: bool) -> std::io::Result<Self> {
        let Newcomer { wire, already_read, place, pass, echo } = newcomer;
        let mut wire = wire.unpack()?;
        let socket = wire.socket()?;
        socket.set_nodelay(true)?;
        socket2::SockRef::from(socket).set_tcp_notsent_lowat(UNSENT_BYTES)?;
        let config = if echo { echo::websocket_config() } else { websocket_config() };
        let socket =
            WebSocketStream::from_partially_read(wire, already_read, Role::Server, Some(config)).await;
        let now = Instant::now();
        Ok(Self {
            id,
            gate: Arc::default(),
            heard: Cell::new(now),
            pinged: Cell::new(now),
            opened: now,
            arena: RefCell::default(),
            watches: Cell::default(),
            beyond,
            pass,
            echo,
            place,
            socket: RefCell::new(socket),
            unflushed: Cell::default(),
            ending: Cell::default(),
            ended: Notify::new(),
        })
    }

    /// Does something with the session's arena, if it has one.
    pub(super) fn with_arena<T>(&self, deed: impl FnOnce(&Arena) -> T) -> Option<T> {
        self.arena.borrow().as_ref().map(|(arena, _)| deed(arena))
    }

    /// Asks for the end. The first reason counts.
    pub(super) fn end(&self, reason: CloseReason) {
        if self.ending.get().is_none() {
            self.ending.set(Some(reason));
            self.ended.notify_one();
        }
    }

    /// Has someone asked for the end?
    pub(super) fn is_ending(&self) -> bool {
        self.ending.get().is_some()
    }

    /// Waits until someone asked for the end.
    pub(super) async fn ended(&self) -> CloseReason {
        loop {
            if let Some(reason) = self.ending.get() {
                return reason;
            }
            self.ended.notified().await;
        }
    }

    /// The socket, for who sends everything back.
    pub(super) fn socket(&self) -> &RefCell<WebSocketStream<Wire>> {
        &self.socket
    }

    /// Puts a message of the simulation into the socket's buffer; [`Connection::poll_flush`] sends it. What waits there goes first
    /// when a large one comes: the buffer stays as large as it ever was.
    pub(super) fn send(&self, bytes: Bytes) {
        if bytes.len() > LARGE && self.unflushed.get().0 > 0 {
            let _sent = self.poll_flush(&mut Context::from_waker(Waker::noop()));
        }
        let (messages, all) = self.unflushed.get();
        self.unflushed.set((messages + 1, all + bytes.len() as u32));
        self.put(Message::Binary(bytes));
    }

    /// Answers at once; not if the connection is behind already, so that answers can't pile up.
    pub(super) fn answer(&self, message: Message) {
        if self.unflushed.get().0 == 0 {
            self.put(message);
            // Nobody has to be woken: what does not go out now goes with the next tick's frame.
            let _sent = self.poll_flush(&mut Context::from_waker(Waker::noop()));
        }
    }

    fn put(&self, message: Message) {
        if self.ending.get().is_some() {
            return;
        }
        match Pin::new(&mut *self.socket.borrow_mut()).start_send(message) {
            Ok(()) => {}
            Err(Error::WriteBufferFull(_)) => self.end(CloseReason::TooSlow),
            Err(_) => self.end(CloseReason::Left),
        }
    }

    /// Sends what is in the buffer, and lowers the gate once all of it is with the system.
    pub(super) fn poll_flush(&self, context: &mut Context<'_>) -> Poll<()> {
        let flushed = ready!(Pin::new(&mut *self.socket.borrow_mut()).poll_flush(context));
        let (messages, bytes) = self.unflushed.take();
        self.gate.taken(messages, bytes);
        if flushed.is_err() {
            self.end(CloseReason::Left);
        }
        Poll::Ready(())
    }

    /// Is its arena still the one that it came into?
    pub(super) fn arena_stands(&self) -> bool {
        self.arena.borrow().as_ref().is_none_or(|(arena, incarnation)| arena.incarnation() == *incarnation)
    }

    /// The next message, or why there will be none. What comes is paid for from `allowance`, whole message or not.
    pub(super) async fn next(&self, allowance: &mut Allowance) -> Result<Message, CloseReason> {
        let next = poll_fn(|context| {
            let mut socket = self.socket.borrow_mut();
            let polled = Pin::new(&mut *socket).poll_next(context);
            let affordable = allowance.bytes(socket.get_ref().heard(), std::time::Instant::now());
            if affordable { polled.map(Ok) } else { Poll::Ready(Err(CloseReason::Flooding)) }
        });
        let message = next.await?;
        let now = Instant::now();
        self.heard.set(now);
        if !allowance.message(now.into_std()) {
            return Err(CloseReason::Flooding);
        }
        match message {
            Some(Ok(message)) => Ok(message),
            Some(Err(error)) => Err(reason_of(&error)),
            None => Err(CloseReason::Left),
        }
    }

    /// Sends the close frame and drops the connection once the other side has it, or after a while.
    pub(super) async fn finish(&self, reason: CloseReason) {
        self.ending.set(Some(reason));
        if reason != CloseReason::Left {
            // Answers to pings that wait go first: nothing follows a Close frame.
            let _sent = self.poll_flush(&mut Context::from_waker(Waker::noop()));
            let frame = CloseFrame { code: reason.code().into(), reason: reason.label().into() };
            let sent = Pin::new(&mut *self.socket.borrow_mut()).start_send(Message::Close(Some(frame)));
            tracing::trace!(session = self.id.0, ?sent, "close");
        }
        if timeout(LINGER_TIME, self.linger()).await.is_err() {
            tracing::debug!(session = self.id.0, "did not take its close in time");
        }
    }

    async fn linger(&self) {
        poll_fn(|context| self.poll_flush(context)).await;
        let closed = poll_fn(|context| Pin::new(self.socket.borrow_mut().get_mut()).poll_shutdown(context));
        if closed.await.is_err() {
            return;
        }
        let mut left = DRAIN_BYTES;
        while left > 0 {
            match poll_fn(|context| self.poll_drain(context)).await {
                0 => return,
                read => left = left.saturating_sub(read),
            }
        }
    }

    fn poll_drain(&self, context: &mut Context<'_>) -> Poll<usize> {
        let mut bytes = [0; 1024];
        let mut buffer = ReadBuf::new(&mut bytes);
        let read = ready!(Pin::new(self.socket.borrow_mut().get_mut()).poll_read(context, &mut buffer));
        Poll::Ready(if read.is_ok() { buffer.filled().len() } else { 0 })
    }
}

/// What tungstenite could not take, in our words.
pub(super) fn reason_of(error: &Error) -> CloseReason {
    match error {
        Error::Capacity(_) => CloseReason::TooLong,
        Error::Protocol(_) => CloseReason::BadWebSocket,
        Error::Utf8(_) => CloseReason::BadText,
        Error::WriteBufferFull(_) => CloseReason::TooSlow,
        Error::ConnectionClosed | Error::AlreadyClosed | Error::Io(_) | Error::AttackAttempt => {
            CloseReason::Left
        }
        Error::Tls(_) | Error::Url(_) | Error::Http(_) | Error::HttpFormat(_) => CloseReason::Internal,
    }
}
