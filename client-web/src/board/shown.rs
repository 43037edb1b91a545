//! The lines that the page shows, whichever way they came.
//!
//! Enters: the WebSocket's board, or what was read over HTTP. Leaves: lines by index, the visitor's own among them.

use shared::identity::PlayerKey;

use super::entry::{Entry, Who};
use super::live::Live;
use super::remote::Remote;
use super::rows::Lines;

/// The lines that are shown: the WebSocket's, or those that were read.
pub enum Shown<'a> {
    /// All of them.
    Board(&'a Live),
    /// Some.
    Sheet(&'a Remote),
}

impl Shown<'_> {
    /// The visitor's own place, 0 for the best, and line.
    pub fn own(&self, key: PlayerKey) -> Option<(u64, Entry)> {
        match self {
            Self::Board(live) => {
                let index = live.index_of(key)?;
                Some((index as u64, Entry::of(live.board().at(index)?)))
            }
            Self::Sheet(remote) => remote.own().map(|(index, entry)| (index, entry.clone())),
        }
    }

    /// Which state of the board; none of one that comes over the WebSocket, whose states have no numbers.
    pub fn version(&self) -> Option<f64> {
        match self {
            Self::Board(_) => None,
            Self::Sheet(remote) => remote.sheet().version(),
        }
    }

    /// Whose the visitor's own line is.
    pub fn who(key: PlayerKey) -> Who {
        Who::Player(key)
    }
}

impl Lines for Shown<'_> {
    fn total(&self) -> u64 {
        match self {
            Self::Board(live) => live.board().len() as u64,
            Self::Sheet(remote) => remote.sheet().total(),
        }
    }

    fn at(&self, index: u64) -> Option<Entry> {
        match self {
            Self::Board(live) => live.board().at(usize::try_from(index).ok()?).map(Entry::of),
            Self::Sheet(remote) => remote.sheet().at(index).cloned(),
        }
    }
}
