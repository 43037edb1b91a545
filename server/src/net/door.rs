//! Who may come in: counts what each address has and asks for, against the operator's limits. Of IPv6 a /64 counts as one
//! address, because that is what one customer gets.
//!
//! Owns a table of addresses, as many as the operator allows; an address that has nothing here and asked for nothing lately is
//! forgotten. Must never: know what a request is about.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use super::bucket::{Bucket, Rate};
use super::source::Source;
use crate::args::{Limits, PerAddress};
use crate::counters::{Counters, Limit};

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

/// A connection's place. Dropped, it is free again.
#[derive(Debug)]
pub(crate) struct Ticket {
    door: Arc<Door>,
    /// Whose it is.
    source: Source,
    /// The connection is gone, and its player waits.
    left: AtomicBool,
}

impl Ticket {
    /// The connection is gone: may its player wait for another one? Otherwise one address could fill an arena with players
    /// whom it has left.
    pub(crate) fn may_player_wait(&self) -> bool {
        let most = self.door.left;
        let may = self.door.with(self.source, |guest| {
            let may = !most.holds(self.source.is_here()) || guest.left < most.most;
            guest.left += u32::from(may);
            may
        });
        let may = self.door.judge(may, Limit::LeftPerAddress).is_ok();
        self.left.store(may, Relaxed);
        may
    }

    /// Someone new comes: may his lives be recorded? Otherwise one address could fill the standings with players, who stay.
    pub(crate) fn may_be_recorded(&self) -> bool {
        let most = self.door.new_players;
        if !most.holds(self.source.is_here()) {
            return true;
        }
        let rate = an_hour(most.most);
        let may = self.door.with(self.source, |guest| guest.new_players.take(rate, 1.0, Instant::now()));
        let may = may == Some(true);
        self.door.counters.passing.fetch_add(u64::from(!may), Relaxed);
        may
    }

    /// Something is said: may it be? Otherwise who connects again and again could say as much as the arena allows to all.
    pub(crate) fn may_say(&self) -> bool {
        let most = self.door.chat;
        if !most.holds(self.source.is_here()) {
            return true;
        }
        let rate = a_minute(most.most);
        let may = self.door.with(self.source, |guest| guest.chat.take(rate, 1.0, Instant::now()));
        let may = may == Some(true);
        self.door.counters.unsaid.fetch_add(u64::from(!may), Relaxed);
        may
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.door.connections.fetch_sub(1, Relaxed);
        let mut state = self.door.state();
        if let Some(guest) = state.guests.get_mut(&network(self.source.address)) {
            guest.connections = guest.connections.saturating_sub(1);
            guest.left = guest.left.saturating_sub(u32::from(self.left.load(Relaxed)));
        }
    }
}

/// One of those that an address may listen with. Dropped, it is free again.
#[derive(Debug)]
pub(crate) struct Ear {
    door: Arc<Door>,
    network: IpAddr,
}

impl Drop for Ear {
    fn drop(&mut self) {
        if let Some(guest) = self.door.state().guests.get_mut(&self.network) {
            guest.listeners = guest.listeners.saturating_sub(1);
        }
    }
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
        Ok(Ticket { door: self.clone(), source, left: AtomicBool::new(false) })
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
        Ok(Ear { door: self.clone(), network: network(source.address) })
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

/// So many in an hour, over a longer time or at once.
fn an_hour(most: u32) -> Rate {
    let most = f64::from(most);
    Rate { per_second: most / 3600.0, burst: most }
}

/// So many in a minute, over a longer time; a quarter of them at once.
fn a_minute(most: u32) -> Rate {
    let most = f64::from(most);
    Rate { per_second: most / 60.0, burst: most / 4.0 }
}

/// What counts as one address.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => IpAddr::V6((address.to_bits() >> 64 << 64).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::Args;
    use clap::Parser;

    fn door(flags: &[&str]) -> Arc<Door> {
        let args = Args::parse_from([&["starfray"], flags].concat());
        Door::new(&args.limits, Arc::default())
    }

    fn source(text: &str) -> Source {
        Source::direct(text.parse().unwrap())
    }

    #[test]
    fn a_network_of_64_bits_counts_as_one_address_and_so_do_both_ways_to_write_one_of_version_4() {
        let door = door(&["--max-per-address", "2"]);
        let (one, two) = (source("2001:db8::1"), source("2001:db8::ffff:2"));
        let places = [door.enter(one).unwrap(), door.enter(two).unwrap()];
        assert_eq!(door.enter(one).unwrap_err(), Limit::ConnectionsPerAddress);
        assert!(door.enter(source("2001:db8:0:1::1")).is_ok());
        drop(places);
        assert!(door.enter(two).is_ok());
        assert_eq!(network(source("::ffff:10.0.0.1").address), source("10.0.0.1").address);
    }

    #[test]
    fn so_many_players_of_an_address_wait_without_a_connection_and_each_place_comes_back() {
        let (door, who) = (door(&["--max-left-per-address", "2"]), source("10.0.0.1"));
        let mut places: Vec<Ticket> = (0..3).map(|_| door.enter(who).unwrap()).collect();
        assert_eq!(places.iter().map(Ticket::may_player_wait).collect::<Vec<_>>(), [true, true, false]);
        places.remove(0);
        let next = door.enter(who).unwrap();
        assert!(next.may_player_wait() && !door.enter(who).unwrap().may_player_wait());
    }

    #[test]
    fn so_many_new_players_of_an_address_are_recorded_an_hour() {
        let (door, who) = (door(&["--new-players-per-address", "3"]), source("10.0.0.1"));
        let recorded = |who| (0..10).filter(|_| door.enter(who).unwrap().may_be_recorded()).count();
        assert_eq!((recorded(who), recorded(source("10.0.0.2")), recorded(who)), (3, 3, 0));
        assert_eq!(door.addresses(), 2, "they are remembered until they may have as many again");
        let open = self::door(&[]);
        let here = open.enter(source("127.0.0.1")).unwrap();
        assert!((0..1000).all(|_| here.may_be_recorded()), "from this machine come as many as like");
    }

    #[test]
    fn what_an_address_may_say_does_not_grow_by_connecting_again() {
        let (door, who) = (door(&["--chat-per-address", "20"]), source("10.0.0.1"));
        let said = |who| (0..50).filter(|_| door.enter(who).unwrap().may_say()).count();
        assert_eq!((said(who), said(source("10.0.0.2")), said(who)), (5, 5, 0));
    }

    #[test]
    fn an_address_has_an_eighth_of_the_listeners_but_four_in_any_case() {
        for (most, share) in [("512", 64), ("3", 4)] {
            let (door, who) = (door(&["--max-listeners", most]), source("10.0.0.1"));
            let ears: Vec<Ear> = (0..share).map(|_| door.listen(who).unwrap()).collect();
            assert_eq!(door.listen(who).unwrap_err(), Limit::ListenersPerAddress);
            assert!(door.listen(source("10.0.0.2")).is_ok());
            assert_eq!(door.addresses(), 1, "who listens is remembered, who did is not");
            drop(ears);
            assert!(door.listen(who).is_ok());
        }
    }

    #[test]
    fn from_this_machine_comes_who_wants_unless_the_operator_says_otherwise() {
        let here = source("127.0.0.1");
        let open = door(&[]);
        let _many: Vec<Ticket> = (0..1000).map(|_| open.enter(here).unwrap()).collect();
        assert!((0..5000).all(|_| open.handshake(here).is_ok() && open.request(here).is_ok()));
        let behind_a_proxy = Source::proxied(here.address);
        assert_eq!((0..1000).filter(|_| open.request(behind_a_proxy).is_ok()).count(), 200);
        let narrow = door(&["--handshakes-per-address", "1", "--requests-per-address", "2"]);
        assert_eq!((0..100).filter(|_| narrow.handshake(here).is_ok()).count(), 4);
        assert_eq!((0..100).filter(|_| narrow.request(here).is_ok()).count(), 8);
    }

    #[test]
    fn the_table_of_addresses_is_bounded_and_who_has_nothing_is_forgotten() {
        let (door, most) = (door(&["--max-addresses", "5000"]), 5000);
        let numbered = |number: u32| Source::direct(IpAddr::V4((0x0a00_0000 + number).into()));
        (0..most).for_each(|number| drop(door.enter(numbered(number)).unwrap()));
        assert!(door.enter(numbered(most)).is_ok(), "those who left make room");
        assert_eq!(door.addresses(), 0);
    }
}
