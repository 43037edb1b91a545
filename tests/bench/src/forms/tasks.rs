//! A task and a bounded channel per connection, on one thread, with buffers as small as the server's. A tick's batch
//! comes to the thread at once and is dealt out there, so that no channel has to wake the thread from outside. With the
//! nap, the thread rests before each wait, as a shard does.

use std::io;
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use super::feed::{Feed, runtime};
use super::{lost, tuned};
use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::task::{LocalSet, spawn_local};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::Role;
use tokio_tungstenite::tungstenite::{Error, Message};

/// Frames that may wait for a connection. Beyond, they are dropped.
const FRAMES: usize = 3;

pub(super) fn serve(listener: TcpListener, bytes: usize, hz: u32, nap: Option<Duration>) -> io::Result<()> {
    let feed = Feed::start(listener, bytes, hz)?;
    LocalSet::new().block_on(&runtime(nap)?, drive(feed))
}

async fn drive(mut feed: Feed) -> io::Result<()> {
    let mut channels: Vec<Sender<Bytes>> = Vec::new();
    loop {
        tokio::select! {
            () = feed.wake.notified() => feed.batches.try_iter().for_each(|batch| deal(&channels, batch)),
            newcomer = feed.newcomers.recv() => {
                let Some(stream) = newcomer else { return Ok(()) };
                let (channel, frames) = channel(FRAMES);
                channels.push(channel);
                spawn_local(async { converse(stream, frames).await.unwrap_or_else(|_| lost()) });
                feed.places.fetch_add(1, Relaxed);
            }
        }
    }
}

fn deal(channels: &[Sender<Bytes>], batch: Vec<Bytes>) {
    for (channel, frame) in channels.iter().zip(batch) {
        let _full = channel.try_send(frame);
    }
}

/// One connection, until it ends.
async fn converse(stream: TcpStream, mut frames: Receiver<Bytes>) -> Result<(), Error> {
    stream.set_nonblocking(true)?;
    stream.set_nodelay(true)?;
    let stream = tokio::net::TcpStream::from_std(stream)?;
    let mut socket = WebSocketStream::from_raw_socket(stream, Role::Server, Some(tuned())).await;
    loop {
        tokio::select! {
            message = socket.next() => drop(message.ok_or(Error::ConnectionClosed)??),
            Some(frame) = frames.recv() => socket.send(Message::Binary(frame)).await?,
        }
    }
}
