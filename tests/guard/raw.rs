//! A WebSocket by hand: a handshake and frames as any bytes, right or wrong, and what comes back, byte by byte.

use e2e::patience::SOON;
use std::net::IpAddr;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;

/// The key of RFC 6455's example, and what a server makes of it.
pub const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";
pub const ACCEPT: &str = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

pub const CONTINUATION: u8 = 0x0;
pub const TEXT: u8 = 0x1;
pub const BINARY: u8 = 0x2;
pub const CLOSE: u8 = 0x8;
pub const PING: u8 = 0x9;
pub const PONG: u8 = 0xa;
/// The last fragment of a message, or the only one.
pub const FIN: u8 = 0x80;

/// A frame as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    pub first: u8,
    pub payload: Vec<u8>,
}

impl Frame {
    /// The code of a Close frame.
    pub fn code(&self) -> Option<u16> {
        let code = (self.first == FIN | CLOSE).then(|| self.payload.first_chunk::<2>()).flatten()?;
        Some(u16::from_be_bytes(*code))
    }
}

/// A connection that speaks bytes.
pub struct Raw<S = TcpStream>(pub S);

impl Raw {
    /// Connects, and says nothing.
    pub async fn connect(address: &str) -> Self {
        Self(TcpStream::connect(address).await.unwrap())
    }

    /// The same from another address of this machine.
    pub async fn connect_from(from: &str, address: &str) -> std::io::Result<Self> {
        let from: IpAddr = from.parse().unwrap();
        let socket = TcpSocket::new_v4()?;
        socket.bind((from, 0).into())?;
        Ok(Self(socket.connect(address.parse().unwrap()).await?))
    }

    /// Connects and opens a WebSocket at `path`.
    pub async fn open(address: &str, path: &str) -> Self {
        let mut raw = Self::connect(address).await;
        let head = raw.shake_hands(address, path, "").await;
        assert!(head.starts_with("HTTP/1.1 101 "), "{head}");
        assert!(
            head.to_ascii_lowercase()
                .contains(&format!("sec-websocket-accept: {ACCEPT}").to_ascii_lowercase()),
            "{head}"
        );
        raw
    }
}

/// A good handshake, with more header lines.
pub fn handshake(host: &str, path: &str, more: &str) -> String {
    format!(
        "GET {path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {KEY}\r\n{more}\r\n"
    )
}

/// The bytes of a frame as a client sends it, with the mask.
pub fn masked(first: u8, payload: &[u8]) -> Vec<u8> {
    let mask = [0x37, 0xfa, 0x21, 0x3d];
    let mut bytes = head(first, payload.len(), 0x80);
    bytes.extend(mask);
    bytes.extend(payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    bytes
}

/// The same without a mask, as no client may.
pub fn unmasked(first: u8, payload: &[u8]) -> Vec<u8> {
    [head(first, payload.len(), 0), payload.to_vec()].concat()
}

/// The head of a frame that says it has `length` bytes.
pub fn head(first: u8, length: usize, mask: u8) -> Vec<u8> {
    match length {
        0..=125 => vec![first, mask | length as u8],
        126..=0xffff => [vec![first, mask | 126], (length as u16).to_be_bytes().to_vec()].concat(),
        _ => [vec![first, mask | 127], (length as u64).to_be_bytes().to_vec()].concat(),
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Raw<S> {
    /// Sends bytes as they are. Whether they arrive is seen by what comes back.
    pub async fn send(&mut self, bytes: &[u8]) {
        let _sent = self.0.write_all(bytes).await;
    }

    /// Asks for a WebSocket, and gives the head of the answer.
    pub async fn shake_hands(&mut self, host: &str, path: &str, more: &str) -> String {
        self.send(handshake(host, path, more).as_bytes()).await;
        self.answer().await
    }

    /// The head of an HTTP answer; what there is of one when the connection ends before.
    pub async fn answer(&mut self) -> String {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            match timeout(SOON, self.0.read_u8()).await.expect("the server answers") {
                Ok(byte) => head.push(byte),
                Err(_) => break,
            }
        }
        String::from_utf8_lossy(&head).into_owned()
    }

    /// The next frame; none when the connection ended.
    pub async fn frame(&mut self) -> Option<Frame> {
        timeout(SOON, self.read_frame()).await.expect("the server says something, or ends")
    }

    async fn read_frame(&mut self) -> Option<Frame> {
        let first = self.0.read_u8().await.ok()?;
        let short = self.0.read_u8().await.ok()?;
        assert_eq!(short & 0x80, 0, "a server does not mask");
        let length = match short {
            126 => usize::from(self.0.read_u16().await.ok()?),
            127 => usize::try_from(self.0.read_u64().await.ok()?).unwrap(),
            short => usize::from(short),
        };
        let mut payload = vec![0; length];
        self.0.read_exact(&mut payload).await.ok()?;
        Some(Frame { first, payload })
    }

    /// The code that the server closes with, whatever it says before; and nothing comes after it.
    pub async fn close_code(&mut self) -> Option<u16> {
        loop {
            let frame = self.frame().await?;
            if frame.first == FIN | CLOSE {
                assert_eq!(self.frame().await, None, "nothing follows a Close frame");
                return frame.code();
            }
        }
    }
}
