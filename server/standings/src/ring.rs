//! The recent versions of a board that cursors point into.
//!
//! A version costs nothing to take, but pins the nodes that are changed later: about 3 KiB a change. So what is kept
//! is bounded three ways, and a cursor whose version is gone is told so.

use std::collections::VecDeque;

use crate::board::{Version, View};
use crate::period::UnixMs;

/// Versions kept of a board; the oldest goes when there are more.
pub(crate) const VERSIONS: usize = 1_024;

/// How long a version is kept after it was last used, in milliseconds.
pub(crate) const KEPT_MS: u64 = 120_000;

/// Changes of a board since its oldest kept version, so that the kept ones pin at most about 30 MiB.
pub(crate) const CHANGES: u64 = 8_192;

#[derive(Debug, Clone)]
struct Kept {
    view: View,
    used: UnixMs,
    /// How many changes the board had seen.
    changes: u64,
}

/// Versions in the order in which they were handed out, which is ascending.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ring {
    kept: VecDeque<Kept>,
    changes: u64,
}

impl Ring {
    /// Keeps a version because a cursor to it is handed out.
    pub(crate) fn keep(&mut self, view: &View, now: UnixMs) {
        self.prune(now);
        match self.kept.binary_search_by_key(&view.version, |kept| kept.view.version) {
            Ok(at) => self.kept[at].used = self.kept[at].used.max(now),
            // One that has gone while its page was read stays gone.
            Err(at) if at < self.kept.len() => {}
            Err(_) => self.kept.push_back(Kept { view: view.clone(), used: now, changes: self.changes }),
        }
    }

    /// The version that a cursor points into; None when it is gone.
    pub(crate) fn find(&mut self, version: Version, now: UnixMs) -> Option<View> {
        self.prune(now);
        let at = self.kept.binary_search_by_key(&version, |kept| kept.view.version).ok()?;
        self.kept[at].used = self.kept[at].used.max(now);
        Some(self.kept[at].view.clone())
    }

    /// The board has changed once more.
    pub(crate) fn count_change(&mut self) {
        self.changes += 1;
        while self.kept.front().is_some_and(|kept| self.changes - kept.changes > CHANGES) {
            self.kept.pop_front();
        }
    }

    /// Lets go of what is too old or too much. A clock that jumps back keeps versions for longer, never more of them.
    pub(crate) fn prune(&mut self, now: UnixMs) {
        self.kept.retain(|kept| now.0.saturating_sub(kept.used.0) <= KEPT_MS);
        while self.kept.len() >= VERSIONS {
            self.kept.pop_front();
        }
    }
}
