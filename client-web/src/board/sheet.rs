//! As much of a board as the page has read of it over HTTP: pieces of a hundred lines, fetched as one scrolls.
//!
//! Enters: pages. Leaves: lines by index, and which piece to ask for next. It holds `KEPT` pieces at most; those farthest
//! from what is on the screen go first. A piece of an older version is shown until its successor is there.

use std::collections::BTreeMap;
use std::ops::Range;

use super::entry::{Entry, Page, Who};

/// Lines of a piece. The top one is also what is pushed.
pub const PIECE: u64 = 100;

/// Pieces that are kept.
const KEPT: usize = 32;

/// Between two questions for the same piece, in milliseconds.
const PATIENCE_MS: f64 = 1000.0;

#[derive(Debug)]
struct Piece {
    /// Below any that there is, until it was read.
    version: f64,
    asked_ms: Option<f64>,
    entries: Vec<Entry>,
}

/// No version is as low.
const UNREAD: f64 = -1.0;

impl Default for Piece {
    fn default() -> Self {
        Self { version: UNREAD, asked_ms: None, entries: Vec::new() }
    }
}

/// The pieces.
#[derive(Debug)]
pub struct Sheet {
    version: f64,
    total: u64,
    pieces: BTreeMap<u64, Piece>,
}

impl Default for Sheet {
    fn default() -> Self {
        Self { version: UNREAD, total: 0, pieces: BTreeMap::new() }
    }
}

impl Sheet {
    /// Lines of the whole board.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// The newest version that was seen, if any was.
    pub fn version(&self) -> Option<f64> {
        (self.version > UNREAD).then_some(self.version)
    }

    /// The line at `index`, if it was read.
    pub fn at(&self, index: u64) -> Option<&Entry> {
        self.pieces.get(&(index / PIECE))?.entries.get((index % PIECE) as usize)
    }

    /// Where `who` is, as far as it was read.
    pub fn find(&self, who: Who) -> Option<(u64, &Entry)> {
        self.pieces.iter().find_map(|(piece, held)| {
            let at = held.entries.iter().position(|entry| entry.who == who)?;
            Some((piece * PIECE + at as u64, &held.entries[at]))
        })
    }

    /// Takes what is at piece `piece` now; returns whether that is news.
    pub fn take(&mut self, piece: u64, page: Page) -> bool {
        if self.pieces.get(&piece).is_some_and(|held| page.version < held.version) {
            return false;
        }
        if page.version >= self.version {
            (self.version, self.total) = (page.version, page.total);
        }
        let held = self.pieces.entry(piece).or_default();
        let entries: Vec<Entry> = page.entries.into_iter().map(|(_, entry)| entry).collect();
        let news = held.entries != entries || held.version == UNREAD;
        (held.version, held.entries) = (page.version, entries);
        self.pieces.retain(|piece, _| *piece * PIECE <= self.total);
        news
    }

    /// The state of the server's board is another one, or of another board: everything is read again.
    pub fn renew(&mut self) {
        self.version = UNREAD;
        for piece in self.pieces.values_mut() {
            (piece.version, piece.asked_ms) = (UNREAD, None);
        }
    }

    /// The piece to ask for now so that the lines in `wanted` are there and new; it counts as asked for.
    pub fn ask(&mut self, wanted: &Range<u64>, now_ms: f64) -> Option<u64> {
        if wanted.is_empty() {
            return None;
        }
        let version = self.version;
        let due = |piece: &Piece| {
            piece.version < version && piece.asked_ms.is_none_or(|asked| now_ms - asked >= PATIENCE_MS)
        };
        let mut pieces = wanted.start / PIECE..=(wanted.end - 1) / PIECE;
        let piece = pieces.find(|piece| self.pieces.get(piece).is_none_or(due))?;
        self.pieces.entry(piece).or_default().asked_ms = Some(now_ms);
        self.forget_far_from(piece);
        Some(piece)
    }

    fn forget_far_from(&mut self, near: u64) {
        while self.pieces.len() > KEPT {
            let farthest = self.pieces.keys().copied().filter(|piece| *piece != 0);
            let Some(farthest) = farthest.max_by_key(|piece| piece.abs_diff(near)) else { return };
            self.pieces.remove(&farthest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::board::entry::Detail;

    fn page(version: f64, total: u64, piece: u64) -> Page {
        let line = |index: u64| Entry {
            who: Who::Pilot(index as u32),
            number: 0,
            name: None,
            score: 0,
            detail: Detail::Life { at_ms: 0.0 },
        };
        let (first, last) = (piece * PIECE, ((piece + 1) * PIECE).min(total));
        let entries = (first..last).map(|index| (index + 1, line(index))).collect();
        Page { version, total, entries, arena: None, contest: None }
    }

    #[test]
    fn a_piece_is_asked_for_once_and_again_when_the_board_changed() {
        let mut sheet = Sheet::default();
        sheet.take(0, page(5.0, 1000, 0));
        assert_eq!(sheet.ask(&(0..30), 0.0), None);
        assert_eq!((sheet.ask(&(190..210), 0.0), sheet.ask(&(190..210), 0.0)), (Some(1), Some(2)));
        sheet.take(1, page(5.0, 1000, 1));
        assert_eq!(sheet.at(150).map(|line| line.who), Some(Who::Pilot(150)));
        sheet.take(0, page(6.0, 1000, 0));
        assert_eq!((sheet.ask(&(150..160), 500.0), sheet.ask(&(150..160), 1500.0)), (None, Some(1)));
    }

    #[test]
    fn an_answer_that_was_overtaken_changes_nothing() {
        let mut sheet = Sheet::default();
        sheet.take(0, page(6.0, 90, 0));
        assert!(!sheet.take(0, page(5.0, 80, 0)));
        assert_eq!((sheet.total(), sheet.version()), (90, Some(6.0)));
    }

    #[test]
    fn only_so_many_pieces_are_kept_and_the_top_is_one_of_them() {
        let mut sheet = Sheet::default();
        sheet.take(0, page(1.0, 1_000_000, 0));
        for piece in 1..500 {
            let wanted = piece * PIECE..piece * PIECE + 1;
            assert_eq!(sheet.ask(&wanted, 0.0), Some(piece));
            sheet.take(piece, page(1.0, 1_000_000, piece));
        }
        assert!(sheet.pieces.len() <= KEPT && sheet.at(0).is_some() && sheet.at(499 * PIECE).is_some());
    }
}
