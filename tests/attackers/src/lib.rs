//! Hostile clients. Each does one thing that no honest client does, again and again from an address of its own, until it
//! is told to stop.
//!
//! Owns sockets of its own and nothing else. Must never be pointed at anything but a server on this machine: [`Target`]
//! takes no other address.

mod deeds;
mod kind;
mod line;

pub use kind::Kind;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use rand::SeedableRng;
use rand_pcg::Pcg32;
use tokio::task::JoinSet;
use tokio::time::sleep;

/// Time between two attempts of an attacker: enough that the server's processor time is spent on attacks, and not the
/// attackers' own.
const PAUSE: Duration = Duration::from_millis(20);

/// Has a server count what comes from this machine as it would what comes from strangers, by its usual limits. Attackers have
/// addresses of their own, and so should those who play beside them.
pub const LIMITS: [&str; 10] = [
    "--max-left-per-address",
    "32",
    "--max-per-address",
    "256",
    "--handshakes-per-address",
    "20",
    "--handshakes",
    "500",
    "--requests-per-address",
    "50",
];

/// A server on this machine.
#[derive(Debug, Clone, Copy)]
pub struct Target(SocketAddr);

impl Target {
    /// The server at this address; none when it is not on this machine.
    #[must_use]
    pub fn new(address: SocketAddr) -> Option<Self> {
        (address.is_ipv4() && address.ip().is_loopback()).then_some(Self(address))
    }
}

/// One attacker.
#[derive(Debug)]
pub(crate) struct Attacker {
    target: SocketAddr,
    /// Where it comes from: an address of this machine that nobody else uses.
    from: IpAddr,
    dice: Pcg32,
}

/// Lets `count` attackers of `kind` do what they do. They stop when the set is dropped or aborted.
#[must_use]
pub fn attack(target: Target, kind: Kind, count: u8) -> JoinSet<()> {
    let mut attackers = JoinSet::new();
    for number in 0..count {
        let from = IpAddr::V4(Ipv4Addr::new(127, 1, kind as u8, number.saturating_add(1)));
        let dice = Pcg32::seed_from_u64(u64::from(number) << 8 | kind as u64);
        let mut attacker = Attacker { target: target.0, from, dice };
        attackers.spawn(async move {
            loop {
                // What becomes of it is the server's choice.
                let _outcome = attacker.strike(kind).await;
                sleep(PAUSE).await;
            }
        });
    }
    attackers
}
