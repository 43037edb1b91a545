//! The bytes that attackers need: handshakes, frames, messages, right ones for a start.

use std::io;

use shared::controls::Controls;
use shared::hull::Hull;
use shared::protocol::codec::encode_client;
use shared::protocol::{ClientMessage, Role};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

use crate::Attacker;

pub(crate) const CONTINUATION: u8 = 0x0;
pub(crate) const BINARY: u8 = 0x2;
pub(crate) const PING: u8 = 0x9;
/// The last fragment of a message, or the only one.
pub(crate) const FIN: u8 = 0x80;
/// Bytes of an answer's head that are read at most.
const HEAD: usize = 4096;

/// A frame as a client sends it. Its mask is zero, which is as good as any.
pub(crate) fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![first];
    match payload.len() {
        length @ 0..=125 => bytes.push(0x80 | length as u8),
        length => {
            bytes.push(0x80 | 126);
            bytes.extend((length as u16).to_be_bytes());
        }
    }
    bytes.extend([0; 4]);
    bytes.extend(payload);
    bytes
}

/// A message in one frame.
pub(crate) fn message(message: &ClientMessage) -> Vec<u8> {
    frame(FIN | BINARY, &encode_client(message))
}

pub(crate) fn hello() -> Vec<u8> {
    message(&ClientMessage::hello(Role::Play, None, None))
}

pub(crate) fn join() -> Vec<u8> {
    message(&ClientMessage::Join { name: "attacker".to_owned(), hull: Hull::default() })
}

pub(crate) fn input(sequence: u16) -> Vec<u8> {
    message(&ClientMessage::Input { sequence, tick: sequence.into(), seen: 0, controls: Controls::default() })
}

impl Attacker {
    /// A connection from the attacker's own address.
    pub(crate) async fn connect(&self) -> io::Result<TcpStream> {
        self.connect_with(|_| Ok(())).await
    }

    /// The same, with a say on the socket.
    pub(crate) async fn connect_with(
        &self,
        set_up: impl FnOnce(&TcpSocket) -> io::Result<()>,
    ) -> io::Result<TcpStream> {
        let socket = TcpSocket::new_v4()?;
        // What is dropped is gone at once: otherwise ports would be the first to run out.
        socket2::SockRef::from(&socket).set_linger(Some(std::time::Duration::ZERO))?;
        socket.bind((self.from, 0).into())?;
        set_up(&socket)?;
        socket.connect(self.target).await
    }

    pub(crate) fn handshake(&self) -> String {
        format!(
            "GET /ws HTTP/1.1\r\nHost: {}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
            self.target
        )
    }

    /// An open WebSocket.
    pub(crate) async fn open(&self) -> io::Result<TcpStream> {
        let stream = self.connect().await?;
        self.upgrade(stream).await
    }

    pub(crate) async fn upgrade(&self, mut stream: TcpStream) -> io::Result<TcpStream> {
        stream.write_all(self.handshake().as_bytes()).await?;
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") && head.len() < HEAD {
            head.push(stream.read_u8().await?);
        }
        if head.starts_with(b"HTTP/1.1 101 ") {
            Ok(stream)
        } else {
            Err(io::ErrorKind::ConnectionRefused.into())
        }
    }
}

/// Reads whatever comes until `stream` ends, for `time` at most.
pub(crate) async fn hear(stream: &mut TcpStream, time: std::time::Duration) {
    let mut bytes = vec![0; 16 * 1024];
    let hearing = async { while stream.read(&mut bytes).await.is_ok_and(|read| read > 0) {} };
    let _time_is_over = tokio::time::timeout(time, hearing).await;
}
