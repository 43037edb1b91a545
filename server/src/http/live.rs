//! The arenas' live boards as HTTP shows them: looked at four times a second, so that a crowd that asks costs what one
//! does, and each look kept for a while, so that a page's cursors lead on in the same board.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use sim::BoardSnapshot;
use standings::UnixMs;

use crate::arenas::{Arena, Arenas};

/// Looks kept of an arena: 16 seconds in which every one of them was different, longer when less happens. Of a
/// thousand rows that all change between two looks they take about 10 MiB.
const LOOKS: usize = 64;

/// A board as it was seen.
#[derive(Debug, Clone, Default)]
pub(super) struct Look {
    /// Grows with each look that differs from the one before, also when the arena comes from or goes to another server, and
    /// across restarts.
    pub version: u64,
    /// The board.
    pub board: Arc<BoardSnapshot>,
}

/// What was seen of all arenas.
#[derive(Debug)]
pub(crate) struct Live {
    arenas: Arc<Arenas>,
    looks: Vec<Mutex<VecDeque<Look>>>,
    /// The version of an arena's first board.
    epoch: u64,
}

impl Live {
    /// Nothing was seen yet. Versions begin where no server that ran before this moment can have come.
    pub(crate) fn new(arenas: &Arc<Arenas>, start: UnixMs) -> Self {
        let looks = arenas.all().iter().map(|_| Mutex::default()).collect();
        // There are less than a thousand looks a second. Below 2^53, which JavaScript counts to, until 2255.
        Self { arenas: arenas.clone(), looks, epoch: start.0.saturating_mul(1_000) }
    }

    /// Looks at all arenas; true when a board has changed.
    pub(super) fn take(&self) -> bool {
        let mut changed = false;
        for (arena, looks) in self.arenas.all().iter().zip(&self.looks) {
            let board = arena.board.load_full();
            let mut looks = looks.lock().unwrap_or_else(PoisonError::into_inner);
            // A board that changes is another one: the last one is kept here, so its place in memory is nobody else's.
            let known = looks.back().is_some_and(|last| Arc::ptr_eq(&last.board, &board));
            if !known {
                let version = looks.back().map_or(self.epoch, |last| last.version + 1);
                if looks.len() == LOOKS {
                    looks.pop_front();
                }
                looks.push_back(Look { version, board });
                changed = true;
            }
        }
        changed
    }

    /// The board of the arena with this place in the list, as it was at the last look.
    pub(super) fn now(&self, arena: u16) -> Look {
        let looks = self.looks.get(usize::from(arena)).map(|looks| looks.lock());
        let last = looks.and_then(|looks| looks.unwrap_or_else(PoisonError::into_inner).back().cloned());
        last.unwrap_or_else(|| Look { version: self.epoch, ..Look::default() })
    }

    /// Was an arena's board looked at as it is?
    pub(super) fn has_seen(&self, arena: &Arena) -> bool {
        Arc::ptr_eq(&self.now(arena.index).board, &arena.board.load())
    }

    /// The look that has this version, if it is still kept.
    pub(super) fn find(&self, arena: u16, version: u64) -> Option<Look> {
        let looks = self.looks.get(usize::from(arena))?.lock().unwrap_or_else(PoisonError::into_inner);
        looks.iter().find(|look| look.version == version).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::mode::Mode;

    #[test]
    fn versions_grow_with_what_is_seen_whoever_has_the_arena() {
        let arena = Arc::new(Arena::new(0, Mode::FreeForAll, sim::ports::command_queue().0));
        let live = Live::new(&Arc::new(Arenas::new(vec![arena.clone()], 0, 100)), UnixMs(7));
        assert!(live.take() && !live.take());
        assert_eq!(live.now(0).version, 7_000);
        // Two boards of the same version, as two servers may have them.
        for version in [7_001, 7_002] {
            arena.board.store(Arc::default());
            assert!(live.take());
            assert_eq!((live.now(0).version, live.find(0, 7_000).is_some()), (version, true));
        }
    }
}
