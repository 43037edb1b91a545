//! Ports for what may end and come back. Those that a system lends to outgoing connections are no good for that: one may be lent
//! meanwhile, and a client that asks there again and again may at last be connected with itself.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

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
    let found = ports.find_map(|port| TcpListener::bind(address(port)).is_ok().then_some(address(port)));
    found.expect("there is a free port")
}
