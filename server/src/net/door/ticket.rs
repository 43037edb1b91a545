//! What an address has while it has it: places of connections, and of those that listen to boards; and what may be done in one.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Instant;

use super::{Door, network};
use crate::counters::Limit;
use crate::net::bucket::Rate;
use crate::net::source::Source;

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
    pub(super) fn new(door: Arc<Door>, source: Source) -> Self {
        Self { door, source, left: AtomicBool::new(false) }
    }

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

impl Ear {
    pub(super) fn new(door: Arc<Door>, source: Source) -> Self {
        Self { door, network: network(source.address) }
    }
}

impl Drop for Ear {
    fn drop(&mut self) {
        if let Some(guest) = self.door.state().guests.get_mut(&self.network) {
            guest.listeners = guest.listeners.saturating_sub(1);
        }
    }
}

/// So many in an hour, over a longer time or at once.
pub(super) fn an_hour(most: u32) -> Rate {
    let most = f64::from(most);
    Rate { per_second: most / 3600.0, burst: most }
}

/// So many in a minute, over a longer time; a quarter of them at once.
pub(super) fn a_minute(most: u32) -> Rate {
    let most = f64::from(most);
    Rate { per_second: most / 60.0, burst: most / 4.0 }
}
