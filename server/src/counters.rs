//! What happened so far in the process, by name. Anyone may count; only HTTP reads.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use shared::protocol::CloseReason;
use shared::protocol::close::CLOSE_REASONS;

/// Counters of the network side. The simulation counts its own in [`sim::Report`].
#[derive(Debug, Default)]
pub(crate) struct Counters {
    closed: [AtomicU64; CLOSE_REASONS.len()],
    refused: [AtomicU64; LIMITS.len()],
    /// New players beyond those of an address whose lives are recorded. Nobody is turned away at that limit.
    pub passing: AtomicU64,
    /// Things that were not said because the address had said too much.
    pub unsaid: AtomicU64,
    /// Sessions that are open now.
    pub open: AtomicU64,
    /// Event streams and long polls that wait for a board to change.
    pub listeners: AtomicU64,
    /// Inputs that were dropped because the simulation's queue was full.
    pub dropped_commands: AtomicU64,
    /// WebSocket handshakes that were answered with an HTTP error.
    pub bad_handshakes: AtomicU64,
}

impl Counters {
    /// A limit was met.
    pub(crate) fn refused(&self, limit: Limit) {
        self.refused[limit as usize].fetch_add(1, Relaxed);
    }

    /// How often each limit was met.
    pub(crate) fn refused_by_limit(&self) -> impl Iterator<Item = (&'static str, u64)> {
        let limits =
            LIMITS.into_iter().map(|limit| (limit.label(), self.refused[limit as usize].load(Relaxed)));
        let passing = ("new players per address", self.passing.load(Relaxed));
        limits.chain([passing, ("chat per address", self.unsaid.load(Relaxed))])
    }

    /// A session ended.
    pub(crate) fn closed(&self, reason: CloseReason) {
        self.closed[reason.index()].fetch_add(1, Relaxed);
    }

    /// Ended sessions by reason; reasons that never occurred are left out.
    pub(crate) fn closed_by_reason(&self) -> BTreeMap<&'static str, u64> {
        let counts = CLOSE_REASONS.into_iter().map(|reason| {
            let count = self.closed[reason.index()].load(Relaxed);
            (reason.label(), count)
        });
        counts.filter(|(_, count)| *count > 0).collect()
    }
}

/// A limit at which somebody is refused before there is a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Limit {
    /// Sessions in all.
    Sessions,
    /// Sessions, of which the last tenth is kept for those who play.
    Watchers,
    /// Connections of an address at once.
    ConnectionsPerAddress,
    /// Handshakes a second in all.
    Handshakes,
    /// Handshakes a second of an address.
    HandshakesPerAddress,
    /// Requests a second of an address.
    RequestsPerAddress,
    /// Addresses that are remembered.
    Addresses,
    /// The sites whose pages may open WebSockets.
    Origin,
    /// A join token is needed.
    JoinToken,
    /// The server stops, and takes nobody new.
    Draining,
    /// An arena has more to do than it can, and takes nobody new.
    Overload,
    /// Private arenas at once.
    PrivateArenas,
    /// Connections that speak HTTP, of which those that say nothing make room.
    Silent,
    /// Players of an address who wait without a connection.
    LeftPerAddress,
    /// Event streams and long polls of an address at once.
    ListenersPerAddress,
    /// Connections that speak HTTP, of which those that let their answers wait make room.
    Untaken,
}

/// Every limit, in the order of its number.
const LIMITS: [Limit; 16] = [
    Limit::Sessions,
    Limit::Watchers,
    Limit::ConnectionsPerAddress,
    Limit::Handshakes,
    Limit::HandshakesPerAddress,
    Limit::RequestsPerAddress,
    Limit::Addresses,
    Limit::Origin,
    Limit::JoinToken,
    Limit::Draining,
    Limit::Overload,
    Limit::PrivateArenas,
    Limit::Silent,
    Limit::LeftPerAddress,
    Limit::ListenersPerAddress,
    Limit::Untaken,
];

impl Limit {
    /// A short name for logs and metrics.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Sessions => "sessions",
            Self::Watchers => "watchers",
            Self::ConnectionsPerAddress => "connections per address",
            Self::Handshakes => "handshakes",
            Self::HandshakesPerAddress => "handshakes per address",
            Self::RequestsPerAddress => "requests per address",
            Self::Addresses => "addresses",
            Self::Origin => "origin",
            Self::JoinToken => "join token",
            Self::Draining => "draining",
            Self::Overload => "overload",
            Self::PrivateArenas => "private arenas",
            Self::Silent => "silent",
            Self::LeftPerAddress => "left per address",
            Self::ListenersPerAddress => "listeners per address",
            Self::Untaken => "untaken",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_limit_is_counted_in_its_own_place() {
        for (index, limit) in LIMITS.into_iter().enumerate() {
            assert_eq!(limit as usize, index);
        }
    }
}
