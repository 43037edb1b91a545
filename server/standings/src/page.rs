//! What is read from boards: entries, pages, a player's rank.

use serde::Serialize;
use shared::name::PlayerName;

use crate::board::Version;
use crate::period::{Bucket, Period, UnixMs};
use shared::identity::PlayerKey;

/// Entries of a page at most; who asks for more gets this many.
pub const PAGE_MAX: usize = 1_000;

/// One line of a board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// Counted from 1.
    pub rank: u64,
    /// None of a past board's player who has had himself removed.
    pub player: Option<PlayerKey>,
    /// What he is called now; None of a player who has had himself removed.
    pub name: Option<PlayerName>,
    /// Points of his best life.
    pub score: u32,
    /// When that life ended.
    pub at: UnixMs,
}

/// Some entries of a board, all of one version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Page {
    /// Which state of the board.
    pub version: Version,
    /// Entries of the whole board.
    pub total: u64,
    /// Best first.
    pub entries: Vec<Entry>,
    /// The cursor of what comes after; None at the end.
    pub next: Option<String>,
    /// The cursor of what comes before; None at the top.
    pub prev: Option<String>,
}

/// Where a player stands on a board.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Standing {
    /// Which board.
    pub bucket: Bucket,
    /// Which state of it.
    pub version: Version,
    /// Counted from 1.
    pub rank: u64,
    /// Entries of the whole board.
    pub total: u64,
    /// Of the others on the board, how many in a hundred stand below him; 100 of one who is alone.
    pub percentile: f64,
    /// Points of his best life.
    pub score: u32,
    /// When that life ended.
    pub at: UnixMs,
}

/// A board that exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct BoardInfo {
    /// Which one.
    pub bucket: Bucket,
    /// Its kind.
    pub period: Period,
    /// Which state of it.
    pub version: Version,
    /// Entries.
    pub total: u64,
    /// Whether its ranks are final.
    pub closed: bool,
}

#[expect(clippy::cast_precision_loss, reason = "a share in percent needs no more than 52 bits")]
pub(crate) fn percentile(position: u64, total: u64) -> f64 {
    if total < 2 { 100.0 } else { 100.0 * (total - 1 - position) as f64 / (total - 1) as f64 }
}
