//! The network path in several forms: small servers that give each of their connections one distinct frame a tick and
//! read its inputs, with no game behind and no handshake before. [`compare`] runs them under the same load and says
//! what a frame costs in each; that is what the server's own form ([`shard`], with the nap) was chosen by.
//!
//! A form owns its sockets and threads. A clock on a thread of its own makes each tick's frames, as the server's arenas
//! do; only [`split`] does without. A form must not lose a connection: one that ends ends the process, so that a
//! server which reads nothing can't pass for a cheap one.

pub mod compare;
mod feed;
mod shard;
mod split;
mod tasks;

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use crate::floor;
use clap::ValueEnum;
use socket2::{Domain, Socket, Type};
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

/// The nap of the forms that have one; as long as the server's.
const NAP: Duration = Duration::from_millis(2);
/// Connections that may wait to be accepted. std's 128 are soon full; each one beyond would wait a second for its retry.
const BACKLOG: i32 = 4096;
/// Bytes of a WebSocket header before a frame of at most 125 bytes.
const HEADER: usize = 2;

/// How a server drives its sockets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Form {
    /// A bare epoll loop without WebSocket: what the kernel must be asked for, and nothing else
    Floor,
    /// One thread; a reader task per connection, one fan-out for all, and a nap before each wait
    ShardNap,
    /// The same without the nap
    Shard,
    /// One thread; a task and a channel per connection, and a nap before each wait
    TaskNap,
    /// The same without the nap
    Task,
    /// As many threads as cores; sink and stream split, a task and default buffers for each
    Split,
}

impl Form {
    /// Its name in the table.
    fn label(self) -> &'static str {
        match self {
            Self::Floor => "bare epoll loop",
            Self::ShardNap => "shard, nap (the server's)",
            Self::Shard => "shard",
            Self::TaskNap => "task and channel each, nap",
            Self::Task => "task and channel each",
            Self::Split => "split, default buffers",
        }
    }

    /// Serves in this form until it is ended: frames of `bytes` bytes, `hz` a second. Prints its address.
    ///
    /// # Errors
    /// When the system refuses a socket or a thread.
    pub fn serve(self, bytes: usize, hz: u32) -> io::Result<()> {
        match self {
            Self::Floor => floor::serve(HEADER + bytes, hz),
            Self::ShardNap => shard::serve(listen()?, bytes, hz, Some(NAP)),
            Self::Shard => shard::serve(listen()?, bytes, hz, None),
            Self::TaskNap => tasks::serve(listen()?, bytes, hz, Some(NAP)),
            Self::Task => tasks::serve(listen()?, bytes, hz, None),
            Self::Split => split::serve(listen()?, bytes, hz),
        }
    }
}

fn listen() -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    socket.bind(&SocketAddr::from(([127, 0, 0, 1], 0)).into())?;
    socket.listen(BACKLOG)?;
    let listener = TcpListener::from(socket);
    println!("{}", listener.local_addr()?);
    Ok(listener)
}

/// Buffers as small as the server's.
fn tuned() -> WebSocketConfig {
    WebSocketConfig::default()
        .read_buffer_size(1024)
        .write_buffer_size(8 * 1024)
        .max_write_buffer_size(128 * 1024)
        .max_message_size(Some(512))
        .max_frame_size(Some(512))
}

/// Ends the process, because a connection has ended or failed.
fn lost() -> ! {
    std::process::exit(1)
}
