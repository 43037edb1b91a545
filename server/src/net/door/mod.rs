//! Who may come in: counts what each address has and asks for, against the operator's limits. Of IPv6 a /64 counts as one
//! address, because that is what one customer gets.
//!
//! Owns a table of addresses, as many as the operator allows; an address that has nothing here and asked for nothing lately is
//! forgotten. Must never: know what a request is about.

#[cfg(test)]
mod tests;
mod ticket;

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use super::bucket::{Bucket, Rate};
use super::source::Source;
use crate::args::{Limits, PerAddress};
use crate::counters::{Counters, Limit};

pub(crate) use ticket::{Ear, Ticket};
use ticket::{a_minute, an_hour};

/// Times of a second's allowance that may be asked for at once.
const BURST: f64 = 4.0;

/// The door of the whole process.
#[derive(Debug)]
pub(crate) struct Door {
    /// Addresses that are remembered at once. Beyond, who is not among them is refused until some are forgotten.
    addresses: usize,
    most: PerAddress,
    left: PerAddress,
    listeners: PerAddress,
    handshakes: PerAddress,
    own_handshakes: PerAddress,
    requests: PerAddress,
    new_players: PerAddress,
    chat: PerAddress,
    counters: Arc<Counters>,
    /// Tickets that there are.
    connections: AtomicUsize,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    guests: HashMap<IpAddr, Guest>,
    handshakes: Bucket,
}

/// What one address has and has asked for.
#[derive(Debug)]
struct Guest {
    connections: u32,
    /// Those of them that are gone, and whose players wait.
    left: u32,
    /// Event streams and long polls, of which one connection of a proxy may bring many.
    listeners: u32,
    handshakes: Bucket,
    requests: Bucket,
    new_players: Bucket,
    chat: Bucket,
}

impl Door {
    /// A door with these limits.
    pub(crate) fn new(limits: &Limits, counters: Arc<Counters>) -> Arc<Self> {
        let handshakes = limits.handshakes();
        let all = Bucket::full(Rate::new(handshakes.most, BURST), Instant::now());
        Arc::new(Self {
            addresses: limits.max_addresses as usize,
            most: limits.per_address(),
            left: limits.left_per_address(),
            listeners: limits.listeners_per_address(),
            handshakes,
            own_handshakes: limits.handshakes_per_address(),
            requests: limits.requests_per_address(),
            new_players: limits.new_players_per_address(),
            chat: limits.chat_per_address(),
            counters,
            connections: AtomicUsize::new(0),
            state: Mutex::new(State { guests: HashMap::new(), handshakes: all }),
        })
    }

    /// What it counts in.
    pub(super) fn counters(&self) -> Arc<Counters> {
        self.counters.clone()
    }

    /// A connection comes in.
    ///
    /// # Errors
    /// When its address has as many as it may.
    pub(crate) fn enter(self: &Arc<Self>, source: Source) -> Result<Ticket, Limit> {
        let may = self.with(source, |guest| {
            let may = !self.most.holds(source.is_here()) || guest.connections < self.most.most;
            guest.connections += u32::from(may);
            may
        });
        self.judge(may, Limit::ConnectionsPerAddress)?;
        self.connections.fetch_add(1, Relaxed);
        Ok(Ticket::new(self.clone(), source))
    }

    /// Connections that there are, by all addresses.
    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Relaxed)
    }

    /// A request is made.
    ///
    /// # Errors
    /// When its address asks too often.
    pub(crate) fn request(&self, source: Source) -> Result<(), Limit> {
        if !self.requests.holds(source.is_here()) {
            return Ok(());
        }
        let rate = Rate::new(self.requests.most, BURST);
        let may = self.with(source, |guest| guest.requests.take(rate, 1.0, Instant::now()));
        self.judge(may, Limit::RequestsPerAddress)
    }

    /// Somebody begins to listen to a board.
    ///
    /// # Errors
    /// When his address listens as often as it may.
    pub(crate) fn listen(self: &Arc<Self>, source: Source) -> Result<Ear, Limit> {
        let most = self.listeners;
        let may = self.with(source, |guest| {
            let may = !most.holds(source.is_here()) || guest.listeners < most.most;
            guest.listeners += u32::from(may);
            may
        });
        self.judge(may, Limit::ListenersPerAddress)?;
        Ok(Ear::new(self.clone(), source))
    }

    /// A WebSocket is asked for.
    ///
    /// # Errors
    /// When its address, or everyone together, asks too often.
    pub(crate) fn handshake(&self, source: Source) -> Result<(), Limit> {
        if self.own_handshakes.holds(source.is_here()) {
            let rate = Rate::new(self.own_handshakes.most, BURST);
            let may = self.with(source, |guest| guest.handshakes.take(rate, 1.0, Instant::now()));
            self.judge(may, Limit::HandshakesPerAddress)?;
        }
        if self.handshakes.holds(source.is_here()) {
            let rate = Rate::new(self.handshakes.most, BURST);
            let may = self.state().handshakes.take(rate, 1.0, Instant::now());
            self.judge(Some(may), Limit::Handshakes)?;
        }
        Ok(())
    }

    fn judge(&self, may: Option<bool>, limit: Limit) -> Result<(), Limit> {
        let refused = match may {
            Some(true) => return Ok(()),
            Some(false) => limit,
            None => Limit::Addresses,
        };
        self.counters.refused(refused);
        Err(refused)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does something with what is known of an address; None when too many others are known.
    fn with<T>(&self, source: Source, deed: impl FnOnce(&mut Guest) -> T) -> Option<T> {
        let (now, network) = (Instant::now(), network(source.address));
        let mut state = self.state();
        if state.guests.len() >= self.addresses && !state.guests.contains_key(&network) {
            self.forget(&mut state, now);
            if state.guests.len() >= self.addresses {
                return None;
            }
        }
        Some(deed(state.guests.entry(network).or_insert_with(|| self.guest(now))))
    }

    fn guest(&self, now: Instant) -> Guest {
        Guest {
            connections: 0,
            left: 0,
            listeners: 0,
            handshakes: Bucket::full(Rate::new(self.own_handshakes.most, BURST), now),
            requests: Bucket::full(Rate::new(self.requests.most, BURST), now),
            new_players: Bucket::full(an_hour(self.new_players.most), now),
            chat: Bucket::full(a_minute(self.chat.most), now),
        }
    }

    /// Forgets who has nothing here and might ask for everything again.
    fn forget(&self, state: &mut State, now: Instant) {
        let (handshakes, requests) =
            (Rate::new(self.own_handshakes.most, BURST), Rate::new(self.requests.most, BURST));
        state.guests.retain(|_, guest| {
            guest.connections > 0
                || guest.listeners > 0
                || !guest.handshakes.is_full(handshakes, now)
                || !guest.requests.is_full(requests, now)
                || !guest.new_players.is_full(an_hour(self.new_players.most), now)
                || !guest.chat.is_full(a_minute(self.chat.most), now)
        });
    }

    /// Addresses that are remembered.
    pub(crate) fn addresses(&self) -> usize {
        let mut state = self.state();
        self.forget(&mut state, Instant::now());
        state.guests.len()
    }
}

/// What counts as one address.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => IpAddr::V6((address.to_bits() >> 64 << 64).into()),
    }
}
