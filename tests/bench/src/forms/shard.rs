//! A shard, as the server has them: one thread owns its connections outright. Per connection a reader task; for all of
//! them one fan-out, woken once per tick, which writes the tick's batch in one pass. With the nap, the thread rests
//! before each wait, and only the tick cuts that short: what arrives meanwhile is read in one wake-up.

use std::cell::RefCell;
use std::future::poll_fn;
use std::io;
use std::net::{TcpListener, TcpStream};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::task::{Context, Poll};
use std::time::Duration;

use super::feed::{Feed, runtime};
use super::{lost, tuned};
use bytes::Bytes;
use crossbeam_channel::Receiver;
use futures_util::{Sink, Stream};
use tokio::sync::Notify;
use tokio::task::{LocalSet, spawn_local, unconstrained};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::Role;

/// Bytes that the system may hold unsent for a connection; the server's number.
const UNSENT_BYTES: u32 = 16 * 1024;

/// The reader task and the fan-out both use it, one poll at a time.
struct Connection(RefCell<WebSocketStream<tokio::net::TcpStream>>);

#[derive(Default)]
struct Shard {
    connections: RefCell<Vec<Rc<Connection>>>,
    flushing: RefCell<Vec<Rc<Connection>>>,
}

pub(super) fn serve(listener: TcpListener, bytes: usize, hz: u32, nap: Option<Duration>) -> io::Result<()> {
    let feed = Feed::start(listener, bytes, hz)?;
    LocalSet::new().block_on(&runtime(nap)?, drive(feed))
}

async fn drive(mut feed: Feed) -> io::Result<()> {
    let shard = Rc::<Shard>::default();
    // A write spends tokio's budget of 128 per poll; the pass over all connections must not stop there.
    spawn_local(unconstrained(shard.clone().fan_out(feed.batches, feed.wake)));
    while let Some(stream) = feed.newcomers.recv().await {
        let connection = Rc::new(Connection::new(stream).await?);
        shard.connections.borrow_mut().push(connection.clone());
        feed.places.fetch_add(1, Relaxed);
        spawn_local(async move { connection.read().await });
    }
    Ok(())
}

impl Connection {
    async fn new(stream: TcpStream) -> io::Result<Self> {
        stream.set_nonblocking(true)?;
        stream.set_nodelay(true)?;
        socket2::SockRef::from(&stream).set_tcp_notsent_lowat(UNSENT_BYTES)?;
        let stream = tokio::net::TcpStream::from_std(stream)?;
        Ok(Self(RefCell::new(WebSocketStream::from_raw_socket(stream, Role::Server, Some(tuned())).await)))
    }

    async fn read(&self) {
        while poll_fn(|context| Pin::new(&mut *self.0.borrow_mut()).poll_next(context))
            .await
            .is_some_and(|message| message.is_ok())
        {}
        lost()
    }

    fn send(&self, frame: Bytes) {
        Pin::new(&mut *self.0.borrow_mut()).start_send(Message::Binary(frame)).unwrap_or_else(|_| lost());
    }

    fn poll_flush(&self, context: &mut Context<'_>) -> Poll<()> {
        let flushed = Pin::new(&mut *self.0.borrow_mut()).poll_flush(context);
        flushed.map(|flushed| flushed.unwrap_or_else(|_| lost()))
    }
}

impl Shard {
    async fn fan_out(self: Rc<Self>, batches: Receiver<Vec<Bytes>>, wake: Arc<Notify>) {
        loop {
            tokio::select! {
                biased;
                () = wake.notified() => batches.try_iter().for_each(|batch| self.write(batch)),
                () = poll_fn(|context| self.poll_flush_all(context)) => {}
            }
        }
    }

    fn write(&self, batch: Vec<Bytes>) {
        let mut flushing = self.flushing.borrow_mut();
        for (connection, frame) in self.connections.borrow().iter().zip(batch) {
            connection.send(frame);
            flushing.push(connection.clone());
        }
    }

    /// Never ready: it flushes whenever it is polled.
    fn poll_flush_all(&self, context: &mut Context<'_>) -> Poll<()> {
        self.flushing.borrow_mut().retain(|connection| connection.poll_flush(context).is_pending());
        Poll::Pending
    }
}
