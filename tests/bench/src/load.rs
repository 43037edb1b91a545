//! Clients for the floor and the forms: they read what comes, and send inputs evenly spread over time.

use std::io::{self, Read, Write};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};

/// Clients that are connected.
pub struct Load {
    poll: Poll,
    clients: Vec<TcpStream>,
    input: Vec<u8>,
}

impl Load {
    /// Connects `count` clients to `address`. Each input will carry `payload` bytes, at most 125.
    ///
    /// # Errors
    /// When a connection is refused.
    pub fn connect(address: SocketAddr, count: usize, payload: u8) -> io::Result<Self> {
        let poll = Poll::new()?;
        let mut clients = Vec::with_capacity(count);
        for index in 0..count {
            let stream = std::net::TcpStream::connect(address)?;
            stream.set_nonblocking(true)?;
            stream.set_nodelay(true)?;
            let mut stream = TcpStream::from_std(stream);
            poll.registry().register(&mut stream, Token(index), Interest::READABLE)?;
            clients.push(stream);
        }
        Ok(Self { poll, clients, input: masked(payload) })
    }

    /// Lets each client send `inputs` messages a second while it reads, and adds what is read to `received`, in bytes.
    ///
    /// # Errors
    /// When a connection is lost.
    pub fn run(mut self, inputs: f64, time: Duration, received: &AtomicU64) -> io::Result<()> {
        let (begun, mut sent, count) = (Instant::now(), 0_u64, self.clients.len());
        let mut events = Events::with_capacity(4096);
        while begun.elapsed() < time {
            self.poll.poll(&mut events, Some(Duration::from_millis(2)))?;
            for event in &events {
                received.fetch_add(drain(self.clients.get_mut(event.token().0))?, Relaxed);
            }
            let due = (begun.elapsed().as_secs_f64() * inputs * count as f64) as u64;
            for turn in sent..due {
                let _sent = self.clients[turn as usize % count].write(&self.input);
            }
            sent = due;
        }
        Ok(())
    }
}

/// A binary WebSocket message as clients send it: final, its length, a mask, and a payload behind it.
fn masked(payload: u8) -> Vec<u8> {
    let mut message = vec![0x82, 0x80 | payload];
    message.resize(2 + 4 + usize::from(payload), 0x55);
    message
}

fn drain(client: Option<&mut TcpStream>) -> io::Result<u64> {
    let Some(client) = client else { return Ok(0) };
    let (mut bytes, mut all) = ([0; 16 * 1024], 0);
    loop {
        match client.read(&mut bytes) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(read) if read < bytes.len() => return Ok(all + read as u64),
            Ok(read) => all += read as u64,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(all),
            Err(error) => return Err(error),
        }
    }
}
