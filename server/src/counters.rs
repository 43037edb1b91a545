//! What happened so far in the process, by name. Anyone may count; only HTTP reads.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use shared::protocol::CloseReason;
use shared::protocol::close::CLOSE_REASONS;

/// Counters of the network side. The simulation counts its own in [`sim::Report`].
#[derive(Debug, Default)]
pub(crate) struct Counters {
    closed: [AtomicU64; CLOSE_REASONS.len()],
    /// Sessions that are open now.
    pub open: AtomicU64,
    /// Inputs that were dropped because the simulation's queue was full.
    pub dropped_commands: AtomicU64,
    /// WebSocket handshakes that were answered with an HTTP error.
    pub bad_handshakes: AtomicU64,
}

impl Counters {
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
