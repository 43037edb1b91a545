//! Pages as JSON. The top of a board at one version is encoded once, however many ask for it, and in whatever form:
//! an event is the same bytes with a line before and behind.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::body::Bytes;
use serde::Serialize;
use standings::{Bucket, Entry, Page, Ranks};

use super::contest::ContestBody;
use super::which::Board;
use crate::http::error::ApiError;

/// Sheets that are kept. The oldest goes when there are more; of at most 1,000 entries each, about 10 MiB.
const SHEETS: usize = 64;
/// How long a sheet is used. Its cursors lead into a version of the board that is kept for two minutes, so whoever
/// gets it last still has most of them to use one.
const FRESH: Duration = Duration::from_secs(15);

/// A page of a board, as it is sent.
#[derive(Debug, Serialize)]
pub(super) struct PageBody<E> {
    /// Which board: a bucket, or an arena.
    #[serde(flatten)]
    pub(super) of: Of,
    pub(super) version: u64,
    pub(super) total: u64,
    pub(super) entries: Vec<E>,
    pub(super) next: Option<String>,
    pub(super) prev: Option<String>,
    /// Of a live board.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) contest: Option<ContestBody>,
}

/// Which board a page is of.
#[derive(Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Of {
    /// A day, a week, all time.
    Bucket(Bucket),
    /// A live board.
    Arena(String),
}

impl PageBody<Entry> {
    pub(super) fn of(bucket: Bucket, page: Page) -> Self {
        let Page { version, total, entries, next, prev } = page;
        Self { of: Of::Bucket(bucket), version: version.0, total, entries, next, prev, contest: None }
    }
}

/// A page, encoded.
#[derive(Debug)]
pub(super) struct Sheet {
    pub(super) version: u64,
    /// JSON.
    pub(super) json: Bytes,
    /// The same as an event.
    pub(super) event: Bytes,
}

impl Sheet {
    pub(super) fn of(version: u64, page: &impl Serialize) -> Result<Self, ApiError> {
        let mut event = format!("id: {version}\ndata: ").into_bytes();
        let begin = event.len();
        // In one line, as an event's data has to be.
        serde_json::to_writer(&mut event, page).map_err(ApiError::ours)?;
        let end = event.len();
        event.extend(b"\n\n");
        let event = Bytes::from(event);
        Ok(Self { version, json: event.slice(begin..end), event })
    }
}

/// What a sheet shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Top {
    pub(super) board: Board,
    pub(super) limit: usize,
    pub(super) ranks: Ranks,
}

#[derive(Debug)]
struct Kept {
    top: Top,
    made: Instant,
    sheet: Arc<Sheet>,
}

/// The sheets that were asked for last.
#[derive(Debug, Default)]
pub(in crate::http) struct Sheets(Mutex<Vec<Kept>>);

impl Sheets {
    /// The sheet of a board that has this version now; `make` encodes it when nobody has asked for it yet.
    pub(super) fn get(
        &self,
        top: Top,
        version: u64,
        make: impl FnOnce() -> Result<Sheet, ApiError>,
    ) -> Result<Arc<Sheet>, ApiError> {
        let now = Instant::now();
        // Held while one is made, so that the others find it then. It takes a millisecond at most.
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|kept| now.duration_since(kept.made) < FRESH);
        if let Some(kept) = all.iter().find(|kept| kept.top == top && kept.sheet.version == version) {
            return Ok(kept.sheet.clone());
        }
        let sheet = Arc::new(make()?);
        all.retain(|kept| kept.top != top);
        if all.len() >= SHEETS {
            all.remove(0);
        }
        all.push(Kept { top, made: now, sheet: sheet.clone() });
        Ok(sheet)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn top(limit: usize) -> Top {
        Top { board: Board::Bucket(Bucket::ALL_TIME), limit, ranks: Ranks::Standard }
    }

    #[test]
    fn a_version_is_encoded_once_and_only_so_many_are_kept() {
        let (sheets, mut made) = (Sheets::default(), 0);
        let mut get = |limit: usize, version: u64| {
            let make = || {
                made += 1;
                Sheet::of(version, &version)
            };
            sheets.get(top(limit), version, make).unwrap();
            made
        };
        assert_eq!((get(5, 1), get(5, 1), get(6, 1), get(5, 2), get(5, 2)), (1, 1, 2, 3, 3));
        for limit in 0..10 * SHEETS {
            get(limit, 7);
        }
        assert_eq!(sheets.0.lock().unwrap().len(), SHEETS);
    }

    #[test]
    fn an_event_is_the_page_with_its_version_as_id() {
        let sheet = Sheet::of(7, &"a\nb").unwrap();
        assert_eq!(sheet.json, r#""a\nb""#);
        assert_eq!(sheet.event, "id: 7\ndata: \"a\\nb\"\n\n");
    }
}
