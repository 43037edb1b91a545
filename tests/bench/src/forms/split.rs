//! The usual form, as tutorials have it: a runtime with a thread per core, each connection split into sink and stream
//! with a task each and a channel to the sink's, the library's default buffers, and the game's clock a task as well.

use std::io;
use std::net::TcpListener;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::feed::frame;
use super::lost;
use bytes::Bytes;
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::Role;

/// Frames that may wait for a connection. Beyond, they are dropped.
const FRAMES: usize = 3;

type Socket = WebSocketStream<TcpStream>;
type Channels = Arc<Mutex<Vec<Sender<Bytes>>>>;

pub(super) fn serve(listener: TcpListener, bytes: usize, hz: u32) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let channels = Channels::default();
        tokio::spawn(tick(channels.clone(), bytes, hz));
        accept(tokio::net::TcpListener::from_std(listener)?, channels).await
    })
}

async fn tick(channels: Channels, bytes: usize, hz: u32) {
    let mut interval = tokio::time::interval(Duration::from_secs(1) / hz);
    for tick in 0.. {
        interval.tick().await;
        let channels = channels.lock().unwrap_or_else(PoisonError::into_inner);
        for (place, channel) in channels.iter().enumerate() {
            let _full = channel.try_send(frame(tick, place, bytes));
        }
    }
}

async fn accept(listener: tokio::net::TcpListener, channels: Channels) -> io::Result<()> {
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let (sink, stream) = WebSocketStream::from_raw_socket(stream, Role::Server, None).await.split();
        let (channel, frames) = channel(FRAMES);
        tokio::spawn(write(sink, frames));
        tokio::spawn(read(stream));
        channels.lock().unwrap_or_else(PoisonError::into_inner).push(channel);
    }
}

async fn write(mut sink: SplitSink<Socket, Message>, mut frames: Receiver<Bytes>) {
    while let Some(frame) = frames.recv().await {
        sink.send(Message::Binary(frame)).await.unwrap_or_else(|_| lost());
    }
}

async fn read(mut stream: SplitStream<Socket>) {
    while stream.next().await.is_some_and(|message| message.is_ok()) {}
    lost()
}
