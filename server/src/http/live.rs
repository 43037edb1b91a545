//! The arenas' live boards as HTTP shows them: looked at four times a second, so that a crowd that asks costs what one
//! does, and each look kept for a while, so that a page's cursors lead on in the same board.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use sim::BoardSnapshot;
use standings::UnixMs;

use crate::arenas::Arenas;

/// Looks kept of an arena: 16 seconds in which every one of them was different, longer when less happens. Of a
/// thousand rows that all change between two looks they take about 10 MiB.
const LOOKS: usize = 64;

/// What was seen of all arenas.
#[derive(Debug)]
pub(crate) struct Live {
    arenas: Arc<Arenas>,
    looks: Vec<Mutex<VecDeque<Arc<BoardSnapshot>>>>,
    /// The version that an arena's first board counts as.
    epoch: u64,
}

impl Live {
    /// Nothing was seen yet. Versions begin where no server that ran before this moment can have come.
    pub(crate) fn new(arenas: &Arc<Arenas>, start: UnixMs) -> Self {
        let looks = arenas.all().iter().map(|_| Mutex::default()).collect();
        // An arena ticks less than a thousand times a second. Below 2^53, which JavaScript counts to, until 2255.
        Self { arenas: arenas.clone(), looks, epoch: start.0.saturating_mul(1_000) }
    }

    /// Looks at all arenas; true when a board has changed.
    pub(super) fn take(&self) -> bool {
        let mut changed = false;
        for (arena, looks) in self.arenas.all().iter().zip(&self.looks) {
            let now = arena.board.load_full();
            let mut looks = looks.lock().unwrap_or_else(PoisonError::into_inner);
            if looks.back().is_none_or(|last| last.version() != now.version()) {
                if looks.len() == LOOKS {
                    looks.pop_front();
                }
                looks.push_back(now);
                changed = true;
            }
        }
        changed
    }

    /// The board of the arena with this place in the list, as it was at the last look.
    pub(super) fn now(&self, arena: u16) -> Arc<BoardSnapshot> {
        let looks = self.looks.get(usize::from(arena)).map(|looks| looks.lock());
        let last = looks.and_then(|looks| looks.unwrap_or_else(PoisonError::into_inner).back().cloned());
        last.unwrap_or_default()
    }

    /// The board that has this version, if it is still kept.
    pub(super) fn find(&self, arena: u16, version: u64) -> Option<Arc<BoardSnapshot>> {
        let looks = self.looks.get(usize::from(arena))?.lock().unwrap_or_else(PoisonError::into_inner);
        looks.iter().find(|look| self.version(look) == version).cloned()
    }

    /// The version of a board, which grows across restarts too.
    pub(super) fn version(&self, board: &BoardSnapshot) -> u64 {
        self.epoch + board.version()
    }
}
