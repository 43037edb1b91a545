//! The floor: a bare epoll loop that does nothing but what the kernel must be asked for. Each tick it writes a frame to
//! every connection; in between it reads what came, at most every 2 ms. No protocol, no game.

use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::time::{Duration, Instant};

use mio::net::{TcpListener, TcpStream};
use mio::{Events, Interest, Poll, Token};

/// Reads are gathered this long, as the server's network threads do.
const GATHER: Duration = Duration::from_millis(2);
const LISTENER: Token = Token(0);

struct Floor {
    poll: Poll,
    listener: TcpListener,
    connections: BTreeMap<Token, TcpStream>,
    last: usize,
    frames: u64,
}

/// Serves until it is ended. Prints its address, and then, a line per second, the frames written so far.
///
/// # Errors
/// When the system refuses a socket.
pub fn serve(bytes: usize, hz: u32) -> io::Result<()> {
    let mut floor = Floor::bind()?;
    println!("{}", floor.listener.local_addr()?);
    let frame = vec![0x55; bytes];
    let period = Duration::from_secs(1) / hz;
    let (mut due, mut told) = (Instant::now() + period, Instant::now());
    let mut events = Events::with_capacity(4096);
    loop {
        std::thread::sleep(GATHER.min(due.saturating_duration_since(Instant::now())));
        floor.poll.poll(&mut events, Some(Duration::ZERO))?;
        let ready: Vec<Token> = events.iter().map(mio::event::Event::token).collect();
        for token in ready {
            if token == LISTENER { floor.accept()? } else { floor.read(token) }
        }
        if Instant::now() >= due {
            floor.write(&frame);
            due += period;
        }
        if told.elapsed() > Duration::from_secs(1) {
            println!("{}", floor.frames);
            told = Instant::now();
        }
    }
}

impl Floor {
    fn bind() -> io::Result<Self> {
        let poll = Poll::new()?;
        let mut listener = TcpListener::bind(([127, 0, 0, 1], 0).into())?;
        poll.registry().register(&mut listener, LISTENER, Interest::READABLE)?;
        Ok(Self { poll, listener, connections: BTreeMap::new(), last: 0, frames: 0 })
    }

    fn accept(&mut self) -> io::Result<()> {
        while let Ok((mut stream, _)) = self.listener.accept() {
            stream.set_nodelay(true)?;
            self.last += 1;
            self.poll.registry().register(&mut stream, Token(self.last), Interest::READABLE)?;
            self.connections.insert(Token(self.last), stream);
        }
        Ok(())
    }

    fn read(&mut self, token: Token) {
        let Some(stream) = self.connections.get_mut(&token) else { return };
        let mut bytes = [0; 4096];
        loop {
            match stream.read(&mut bytes) {
                Ok(0) => break drop(self.connections.remove(&token)),
                // A short read emptied the socket: no second call to hear that it would block.
                Ok(read) if read < bytes.len() => break,
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(_) => break drop(self.connections.remove(&token)),
            }
        }
    }

    fn write(&mut self, frame: &[u8]) {
        for stream in self.connections.values_mut() {
            self.frames += u64::from(stream.write(frame).is_ok());
        }
    }
}
