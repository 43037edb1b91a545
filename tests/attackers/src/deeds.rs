//! One strike of each kind: from a new connection to its end, whoever ends it.

use std::io;
use std::time::Duration;

use rand::RngExt;
use shared::ids::{PlayerId, Token};
use shared::protocol::codec::{FromServer, decode_server};
use shared::protocol::{ClientMessage, MAX_WHO, Role, ServerMessage};
use shared::saying::Phrase;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::sleep;

use crate::line::{BINARY, CONTINUATION, FIN, PING, frame, hear, hello, input, join, message};
use crate::{Attacker, Kind};

/// For how long one waits that does nothing.
const LONG: Duration = Duration::from_secs(60);
/// For how long one hears what the server says to what it sent.
const SHORT: Duration = Duration::from_millis(500);
/// Times that one of a flood is sent in one go.
const GUSH: usize = 2000;

impl Attacker {
    /// Does it once.
    pub(crate) async fn strike(&mut self, kind: Kind) -> io::Result<()> {
        match kind {
            Kind::SlowHandshake => self.slow_handshake().await,
            Kind::HalfOpen => self.half_open().await,
            Kind::SlowReader => self.read_slowly(Some(Duration::from_millis(250))).await,
            Kind::NeverReads => self.read_slowly(None).await,
            Kind::Pings => self.flood(&frame(FIN | PING, b"x").repeat(GUSH)).await,
            Kind::Inputs => self.flood(&(0..GUSH as u16).flat_map(input).collect::<Vec<u8>>()).await,
            Kind::Asks => {
                let who = ClientMessage::Who { players: (0..MAX_WHO as u32).map(PlayerId).collect() };
                self.flood(&message(&who).repeat(GUSH)).await
            }
            Kind::Lines => {
                let line = ClientMessage::Say { text: "buy now ".repeat(15) };
                self.flood(&message(&line).repeat(GUSH)).await
            }
            Kind::Phrases => self.flood(&message(&ClientMessage::Phrase(Phrase::Help)).repeat(GUSH)).await,
            Kind::Joins => self.flood(&join().repeat(GUSH)).await,
            Kind::OneByteFragments => self.one_byte_fragments().await,
            Kind::EmptyFragments => {
                let fragments = frame(CONTINUATION, b"").repeat(GUSH * 10);
                self.say(&[frame(BINARY, b""), fragments].concat()).await
            }
            Kind::Oversize => {
                let promise =
                    [&[FIN | BINARY, 0xff, 0x40, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0][..], &[0; 5000]].concat();
                self.say(&promise).await?;
                self.say(&frame(FIN | BINARY, &[0; 60_000])).await
            }
            Kind::DeepNesting => self.deep_nesting().await,
            Kind::RandomBytes => self.random_bytes().await,
            Kind::PrefixThenGarbage => {
                let (mut payload, more) = (vec![0_u8, 2, 0, 0], self.bytes(200));
                payload.extend(more);
                let length = self.dice.random_range(1..payload.len());
                self.say(&[hello(), join(), frame(FIN | BINARY, &payload[..length])].concat()).await
            }
            Kind::BitFlips => self.bit_flips().await,
            Kind::ReplayedTokens => self.replay_tokens().await,
            Kind::ThousandConnects => self.thousand_connects().await,
            Kind::ReconnectStorm => self.say(&[hello(), join()].concat()).await,
            Kind::Requests => self.requests().await,
            Kind::UntakenPages => self.untaken_pages().await,
        }
    }

    fn bytes(&mut self, count: usize) -> Vec<u8> {
        (0..count).map(|_| self.dice.random()).collect()
    }

    /// Opens a WebSocket, says that, and hears what comes of it.
    async fn say(&self, bytes: &[u8]) -> io::Result<()> {
        let mut stream = self.open().await?;
        stream.write_all(bytes).await?;
        hear(&mut stream, SHORT).await;
        Ok(())
    }

    /// The same of one who plays.
    async fn flood(&self, bytes: &[u8]) -> io::Result<()> {
        self.say(&[hello(), join(), bytes.to_vec()].concat()).await
    }

    async fn slow_handshake(&self) -> io::Result<()> {
        let mut stream = self.connect().await?;
        for byte in self.handshake().bytes() {
            stream.write_u8(byte).await?;
            sleep(Duration::from_millis(200)).await;
        }
        Ok(())
    }

    async fn half_open(&self) -> io::Result<()> {
        let mut stream = self.connect().await?;
        hear(&mut stream, LONG).await;
        let mut silent = self.open().await?;
        hear(&mut silent, LONG).await;
        Ok(())
    }

    /// Plays over a narrow connection, and reads a little in each `pause`, or nothing.
    async fn read_slowly(&self, pause: Option<Duration>) -> io::Result<()> {
        let stream = self.connect_with(|socket| socket.set_recv_buffer_size(4096)).await?;
        let mut stream = self.upgrade(stream).await?;
        stream.write_all(&[hello(), join()].concat()).await?;
        let mut some = [0; 64];
        for sequence in 0..u16::MAX {
            stream.write_all(&input(sequence)).await?;
            match pause {
                Some(pause) => {
                    sleep(pause).await;
                    if stream.read(&mut some).await? == 0 {
                        return Ok(());
                    }
                }
                None => sleep(Duration::from_millis(200)).await,
            }
        }
        Ok(())
    }

    async fn one_byte_fragments(&self) -> io::Result<()> {
        let mut stream = self.open().await?;
        let whole = [hello(), join()].concat();
        stream.write_all(&whole).await?;
        let payload = [1_u8; 400];
        let mut fragments = frame(BINARY, &payload[..1]);
        payload.iter().for_each(|byte| fragments.extend(frame(CONTINUATION, &[*byte])));
        for piece in fragments.chunks(3) {
            stream.write_all(piece).await?;
            sleep(Duration::from_millis(1)).await;
        }
        hear(&mut stream, SHORT).await;
        Ok(())
    }

    async fn request(&self, head: &str) -> io::Result<TcpStream> {
        let mut stream = self.connect().await?;
        stream.write_all(head.as_bytes()).await?;
        Ok(stream)
    }

    async fn deep_nesting(&self) -> io::Result<()> {
        let deep = [
            format!("/{}", "a/".repeat(3000)),
            format!("/api/boards/day?name={}", "[".repeat(4000)),
            format!("/api/boards/day?{}", "limit=1&".repeat(1500)),
            format!("/api/boards/{}", "%25".repeat(2000)),
        ];
        for path in deep {
            let mut stream =
                self.request(&format!("GET {path} HTTP/1.1\r\nHost: {}\r\n\r\n", self.target)).await?;
            hear(&mut stream, Duration::from_millis(50)).await;
        }
        Ok(())
    }

    async fn random_bytes(&mut self) -> io::Result<()> {
        let bytes = self.bytes(4000);
        let mut before = self.connect().await?;
        before.write_all(&bytes).await?;
        hear(&mut before, Duration::from_millis(50)).await;
        self.say(&bytes).await
    }

    async fn bit_flips(&mut self) -> io::Result<()> {
        let mut stream = self.open().await?;
        let mut bytes = [hello(), join()].concat();
        (0..40).for_each(|sequence| bytes.extend(input(sequence)));
        let at = self.dice.random_range(0..bytes.len());
        bytes[at] ^= 1 << self.dice.random_range(0..8);
        stream.write_all(&bytes).await?;
        hear(&mut stream, SHORT).await;
        Ok(())
    }

    /// Plays, and takes the player back over ten more connections with the token of the first.
    async fn replay_tokens(&self) -> io::Result<()> {
        let mut first = self.open().await?;
        first.write_all(&[hello(), join()].concat()).await?;
        let token = token(&mut first).await?;
        let mut all = vec![first];
        for _ in 0..10 {
            let mut stream = self.open().await?;
            stream.write_all(&message(&ClientMessage::hello(Role::Play, None, Some(token)))).await?;
            all.push(stream);
        }
        sleep(SHORT).await;
        Ok(())
    }

    async fn thousand_connects(&self) -> io::Result<()> {
        let mut all = Vec::new();
        for _ in 0..1000 {
            // Ports may run out first.
            let Ok(stream) = self.connect().await else { break };
            all.push(stream);
        }
        sleep(Duration::from_secs(1)).await;
        Ok(())
    }

    async fn requests(&self) -> io::Result<()> {
        let paths =
            ["/", "/client_bg.wasm", "/api/boards/live", "/api/boards/day", "/metrics", "/api/arenas"];
        let gush: String = paths
            .iter()
            .map(|path| format!("GET {path} HTTP/1.1\r\nHost: {}\r\n\r\n", self.target))
            .collect();
        let mut stream = self.request(&gush.repeat(20)).await?;
        hear(&mut stream, SHORT).await;
        Ok(())
    }

    async fn untaken_pages(&self) -> io::Result<()> {
        let stream = self.connect_with(|socket| socket.set_recv_buffer_size(4096)).await;
        let mut stream = stream?;
        let request = format!("GET /client_bg.wasm HTTP/1.1\r\nHost: {}\r\n\r\n", self.target);
        stream.write_all(request.repeat(20).as_bytes()).await?;
        sleep(LONG).await;
        Ok(())
    }
}

/// The token of a Welcome, which is the first message.
async fn token(stream: &mut TcpStream) -> io::Result<Token> {
    let (_first, length) = (stream.read_u8().await?, stream.read_u8().await?);
    let mut payload = vec![0; usize::from(length)];
    stream.read_exact(&mut payload).await?;
    match decode_server(&payload) {
        Ok(FromServer::Message(ServerMessage::Welcome(welcome))) => Ok(welcome.token),
        Ok(FromServer::Message(_) | FromServer::Frame(_)) | Err(_) => Err(io::ErrorKind::InvalidData.into()),
    }
}
