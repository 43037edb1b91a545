//! Ports for what may end and come back. Those that a system lends to outgoing connections are no good for that: one may be lent
//! meanwhile, and a client that asks there again and again may at last be connected with itself.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use socket2::{Domain, Socket, Type};

/// Ports that Linux (from 32,768) and others (from 49,152) do not lend.
const PORTS: std::ops::Range<u32> = 10_000..30_000;

/// How many were given in this process.
static GIVEN: AtomicU32 = AtomicU32::new(0);

/// An address of loopback where nobody listens, and which this process gives to nobody else.
///
/// # Panics
/// When all are taken.
#[must_use]
pub fn free() -> SocketAddr {
    let count = PORTS.end - PORTS.start;
    // Processes that run at the same time begin far from each other.
    let first = std::process::id().wrapping_mul(997);
    let mut ports = (0..count).map(|_| PORTS.start + first.wrapping_add(GIVEN.fetch_add(1, Relaxed)) % count);
    let address = |port: u32| SocketAddr::from((Ipv4Addr::LOCALHOST, u16::try_from(port).expect("a port")));
    let found = ports.find_map(|port| is_free(address(port)).ok().map(|()| address(port)));
    found.expect("there is a free port")
}

/// Asks without listening there: a process that is started at the same time has our sockets until it is another program, and
/// whoever is to listen there would find somebody who does.
fn is_free(address: SocketAddr) -> std::io::Result<()> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    socket.set_reuse_address(true)?;
    socket.bind(&address.into())
}
