//! Clients for the floor: they read what comes, and send inputs as often as the bots do.

use std::io::{self, Read, Write};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};

/// A masked WebSocket input message has so many bytes.
const INPUT: [u8; 13] = [0x55; 13];

/// Connects `count` clients to `address`, and lets each send `inputs` messages a second while it reads.
///
/// # Errors
/// When a connection is refused or lost.
pub fn run(address: SocketAddr, count: usize, inputs: f64, time: Duration) -> io::Result<()> {
    let mut poll = Poll::new()?;
    let mut clients = Vec::with_capacity(count);
    for index in 0..count {
        let stream = std::net::TcpStream::connect(address)?;
        stream.set_nonblocking(true)?;
        stream.set_nodelay(true)?;
        let mut stream = TcpStream::from_std(stream);
        poll.registry().register(&mut stream, Token(index), Interest::READABLE)?;
        clients.push(stream);
    }
    let (begun, mut sent) = (Instant::now(), 0_u64);
    let mut events = Events::with_capacity(4096);
    while begun.elapsed() < time {
        poll.poll(&mut events, Some(Duration::from_millis(2)))?;
        events.iter().try_for_each(|event| drain(clients.get_mut(event.token().0)))?;
        let due = (begun.elapsed().as_secs_f64() * inputs * count as f64) as u64;
        for turn in sent..due {
            let _sent = clients[turn as usize % count].write(&INPUT);
        }
        sent = due;
    }
    Ok(())
}

fn drain(client: Option<&mut TcpStream>) -> io::Result<()> {
    let Some(client) = client else { return Ok(()) };
    let mut bytes = [0; 16 * 1024];
    loop {
        match client.read(&mut bytes) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(read) if read < bytes.len() => return Ok(()),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
            Err(error) => return Err(error),
        }
    }
}
