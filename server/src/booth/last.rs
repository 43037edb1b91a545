//! What was told last of an arena, and what is to be told of it now: its board when it has changed, and else now and then that
//! it still holds. A large board is told more seldom, so that no arena takes more than so many bytes a second.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use sim::{BoardSnapshot, Report};

use super::form;

/// Time between two signs that a board still holds.
const SIGN_EVERY: Duration = Duration::from_secs(1);
/// Time after which a board is told again though it has not changed: for those who missed it, and for a Redis that forgot it.
const WHOLE_EVERY: Duration = Duration::from_secs(5);
/// Bytes a second that boards of one arena may take, over a longer time. Up to a quarter of that, about 450 rows, a board is
/// told four times a second.
const BYTES_PER_SECOND: f64 = 65_536.0;

/// What was told last.
#[derive(Debug)]
pub(super) struct Last {
    board: Option<Arc<BoardSnapshot>>,
    epoch: u64,
    state: u64,
    told: Instant,
    whole: Instant,
    due: Instant,
}

impl Last {
    /// Nothing yet.
    pub(super) fn new(now: Instant) -> Self {
        Self { board: None, epoch: 0, state: 0, told: now, whole: now, due: now }
    }

    /// What is to be told of an arena that has this board now, and whether that is all of it; None when it is too soon.
    pub(super) fn word(
        &mut self,
        board: &Arc<BoardSnapshot>,
        report: &Report,
        epoch: u64,
        now: Instant,
    ) -> Option<(bool, Vec<u8>)> {
        let same = self.board.as_ref().is_some_and(|last| Arc::ptr_eq(last, board)) && self.epoch == epoch;
        let whole = (!same && now >= self.due) || now.duration_since(self.whole) >= WHOLE_EVERY;
        if !whole && now.duration_since(self.told) < SIGN_EVERY {
            return None;
        }
        self.told = now;
        if !whole {
            return Some((false, form::written(report, board.contest(), (self.epoch, self.state), None)));
        }
        if !same {
            // Grows across restarts of this server, too: it may come back to the arena under the same epoch.
            self.state = (self.state + 1).max(unix_ms());
            (self.board, self.epoch) = (Some(board.clone()), epoch);
        }
        let told = form::written(report, board.contest(), (epoch, self.state), Some(board));
        self.whole = now;
        self.due = now + Duration::from_secs_f64(told.len() as f64 / BYTES_PER_SECOND);
        Some((true, told))
    }
}

fn unix_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
