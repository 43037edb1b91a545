//! Reading boards, the open ones from memory and past ones from the store. From any thread; nobody waits for the disk
//! unless it is a past board that he reads.

use shared::name::PlayerName;

use crate::board::{Ranks, Version, View};
use crate::book::Book;
use crate::cursor::{Cursor, CursorError};
use crate::page::{BoardInfo, Entry, PAGE_MAX, Page, Standing, percentile};
use crate::period::{Bucket, Period, UnixMs};
use crate::result::LifeResult;
use crate::standings::Standings;
use crate::store::{StoreError, Stored};
use shared::identity::PlayerKey;

/// Why something could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// The cursor.
    #[error(transparent)]
    Cursor(#[from] CursorError),
    /// The store, of a past board.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Where a page begins.
#[derive(Debug, Clone, Copy)]
enum From {
    Position(u64),
    Cursor(Cursor),
}

impl Standings {
    /// The bucket of a period that lives are counted in now.
    #[must_use]
    pub fn current(&self, period: Period, now: UnixMs) -> Bucket {
        self.shelf.read().bucket_for(period, now).unwrap_or_else(|| period.bucket_at(now))
    }

    /// Every board that has entries, in the order of periods and time; an empty one is not listed.
    #[must_use]
    pub fn boards(&self) -> Vec<BoardInfo> {
        let book = self.shelf.read();
        let open = book.boards.iter().map(|(bucket, board)| (*bucket, board.len() as u64));
        let mut all: std::collections::BTreeMap<_, _> = open.collect();
        all.extend(book.closed.iter().map(|(bucket, total)| (*bucket, *total)));
        all.into_iter()
            .filter_map(|(bucket, total)| Some(info(&book, bucket, total)).filter(|_| total > 0))
            .collect()
    }

    /// What there is to say about a board without reading it; of one that nobody is on, `total` and `version` are 0.
    #[must_use]
    pub fn board(&self, bucket: Bucket) -> BoardInfo {
        let book = self.shelf.read();
        let closed = book.closed.get(&bucket).copied();
        let total = closed.or_else(|| book.boards.get(&bucket).map(|board| board.len() as u64)).unwrap_or(0);
        info(&book, bucket, total)
    }

    /// A page: the first without a cursor, or where one points. The cursors in it keep this version of the board, for
    /// two minutes from their last use at the longest.
    ///
    /// # Errors
    /// When the cursor is none of ours, belongs elsewhere or has expired; when a past board can't be read.
    pub fn page(
        &self,
        bucket: Bucket,
        limit: usize,
        cursor: Option<&str>,
        ranks: Ranks,
        now: UnixMs,
    ) -> Result<Page, ReadError> {
        let from = match cursor {
            None => From::Position(0),
            Some(text) => From::Cursor(Cursor::read(text, &self.signer)?),
        };
        self.page_from(bucket, limit, from, ranks, now)
    }

    /// The page that begins at a rank, counted from 1.
    ///
    /// # Errors
    /// When a past board can't be read.
    pub fn page_at(
        &self,
        bucket: Bucket,
        rank: u64,
        limit: usize,
        ranks: Ranks,
        now: UnixMs,
    ) -> Result<Page, ReadError> {
        self.page_from(bucket, limit, From::Position(rank.saturating_sub(1)), ranks, now)
    }

    /// The page that has a player in its middle; None when he is not on that board.
    ///
    /// # Errors
    /// When a past board can't be read.
    pub fn around(
        &self,
        bucket: Bucket,
        player: PlayerKey,
        limit: usize,
        ranks: Ranks,
        now: UnixMs,
    ) -> Result<Option<Page>, ReadError> {
        let limit = limit.clamp(1, PAGE_MAX);
        let begin = |position: u64| From::Position(position.saturating_sub(limit as u64 / 2));
        // Under one lock, so that the player is where the page says.
        let book = self.shelf.read();
        if book.boards.contains_key(&bucket) {
            let Some((position, _)) = book.position(bucket, player) else { return Ok(None) };
            return Ok(Some(self.live(&book, bucket, limit, begin(position as u64), ranks, now)?));
        }
        drop(book);
        let Some(standing) = self.standing(bucket, player, Ranks::Standard)? else { return Ok(None) };
        self.page_from(bucket, limit, begin(standing.rank - 1), ranks, now).map(Some)
    }

    /// The best entries of an open board as it is now, without cursors: what is pushed to those who watch. Of a past
    /// one, nothing.
    #[must_use]
    pub fn top(&self, bucket: Bucket, limit: usize, ranks: Ranks) -> Page {
        let book = self.shelf.read();
        let view = book.boards.get(&bucket).map(|board| board.view().clone()).unwrap_or_default();
        let entries = book.entries(&view, 0, limit.min(PAGE_MAX), ranks);
        Page { version: view.version, total: view.ranking.len() as u64, entries, next: None, prev: None }
    }

    /// Where a player stands on a board; None when he is not on it.
    ///
    /// # Errors
    /// When a past board can't be read.
    pub fn standing(
        &self,
        bucket: Bucket,
        player: PlayerKey,
        ranks: Ranks,
    ) -> Result<Option<Standing>, ReadError> {
        let book = self.shelf.read();
        if book.boards.contains_key(&bucket) {
            return Ok(book.standing(bucket, player, ranks));
        }
        let (Some(&total), Some(slot)) = (book.closed.get(&bucket), book.players.slot(player)) else {
            return Ok(None);
        };
        let version = book.renamed;
        drop(book);
        Ok(self.reader.rank(bucket, slot)?.map(|past| Standing {
            bucket,
            version,
            rank: match ranks {
                Ranks::Standard => past.rank,
                Ranks::Competition => past.tied,
            },
            total,
            percentile: percentile(past.rank - 1, total),
            score: past.score,
            at: past.at,
        }))
    }

    /// What a player is called; None when nobody has this id.
    #[must_use]
    pub fn name(&self, player: PlayerKey) -> Option<PlayerName> {
        let book = self.shelf.read();
        Some(book.players.get(book.players.slot(player)?)?.name.clone())
    }

    /// How many players there are.
    #[must_use]
    pub fn players(&self) -> usize {
        self.shelf.read().players.len()
    }

    /// Players whose names begin like this, capitals of A to Z aside, in the order of their names.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn named(&self, begin: &str, limit: usize) -> Result<Vec<(PlayerKey, PlayerName)>, ReadError> {
        Ok(self.reader.named(begin, limit.min(PAGE_MAX))?)
    }

    /// Everything that is stored about a player, up to [`crate::LIVES`] lives; None when nothing is.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn stored(&self, player: PlayerKey) -> Result<Option<Stored>, ReadError> {
        self.stored_after(player, 0)
    }

    /// The same from a life on, as [`Stored::next`] said.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn stored_after(&self, player: PlayerKey, after: u64) -> Result<Option<Stored>, ReadError> {
        Ok(self.reader.stored(player, after)?)
    }

    /// Lives in the order in which they were recorded, from after the one of this number on, each with its number: for
    /// who passes them on. Standings in memory keep the newest alone.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn lives_after(&self, number: u64, limit: usize) -> Result<Vec<(u64, LifeResult)>, ReadError> {
        Ok(self.reader.lives_after(number, limit)?)
    }

    /// The number of the newest life in that order; 0 when there is none.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn newest_life(&self) -> Result<u64, ReadError> {
        Ok(self.reader.newest_life()?)
    }

    fn page_from(
        &self,
        bucket: Bucket,
        limit: usize,
        from: From,
        ranks: Ranks,
        now: UnixMs,
    ) -> Result<Page, ReadError> {
        let limit = limit.clamp(1, PAGE_MAX);
        let book = self.shelf.read();
        if !book.closed.contains_key(&bucket) || book.boards.contains_key(&bucket) {
            return Ok(self.live(&book, bucket, limit, from, ranks, now)?);
        }
        drop(book);
        self.past(bucket, limit, from, ranks)
    }

    fn live(
        &self,
        book: &Book,
        bucket: Bucket,
        limit: usize,
        from: From,
        ranks: Ranks,
        now: UnixMs,
    ) -> Result<Page, CursorError> {
        let (view, position) = match (book.boards.get(&bucket), from) {
            (None, From::Position(_)) => (View::default(), 0),
            (None, From::Cursor(cursor)) => {
                let position = checked(cursor, bucket, ranks)?;
                if cursor.version != Version::default() {
                    return Err(CursorError::Expired);
                }
                (View::default(), position)
            }
            (Some(board), From::Position(position)) => (board.view().clone(), position),
            (Some(board), From::Cursor(cursor)) => {
                let position = checked(cursor, bucket, ranks)?;
                (board.find_version(cursor.version, now).ok_or(CursorError::Expired)?, position)
            }
        };
        let total = view.ranking.len() as u64;
        let position = position.min(total);
        let entries = book.entries(&view, usize::try_from(position).unwrap_or(usize::MAX), limit, ranks);
        let page = self.assemble(bucket, view.version, total, position, limit, entries, ranks);
        let handed_out = page.next.is_some() || page.prev.is_some();
        if let Some(board) = book.boards.get(&bucket).filter(|_| handed_out) {
            board.keep_version(&view, now);
        }
        Ok(page)
    }

    fn past(&self, bucket: Bucket, limit: usize, from: From, ranks: Ranks) -> Result<Page, ReadError> {
        let (version, total) = {
            let book = self.shelf.read();
            (book.renamed, book.closed.get(&bucket).copied().unwrap_or(0))
        };
        let position = match from {
            From::Position(position) => position,
            From::Cursor(cursor) => {
                let position = checked(cursor, bucket, ranks)?;
                // Handed out when the board was open: its ranks may have changed since.
                if cursor.version != Version::default() {
                    return Err(CursorError::Expired.into());
                }
                position
            }
        };
        let position = position.min(total);
        let entries = self.reader.page(bucket, position, limit, ranks)?;
        let page = self.assemble(bucket, Version::default(), total, position, limit, entries, ranks);
        Ok(Page { version, ..page })
    }

    #[expect(clippy::too_many_arguments, reason = "all that a page is made of, named once")]
    fn assemble(
        &self,
        bucket: Bucket,
        version: Version,
        total: u64,
        position: u64,
        limit: usize,
        entries: Vec<Entry>,
        ranks: Ranks,
    ) -> Page {
        let cursor = |position| Cursor { bucket, version, position, ranks }.print(&self.signer);
        let after = position + entries.len() as u64;
        let next = (after < total && !entries.is_empty()).then(|| cursor(after));
        let prev = (position > 0).then(|| cursor(position.saturating_sub(limit as u64)));
        Page { version, total, entries, next, prev }
    }
}

fn info(book: &Book, bucket: Bucket, total: u64) -> BoardInfo {
    let closed = book.closed.contains_key(&bucket);
    let version = match book.boards.get(&bucket) {
        Some(board) => board.version(),
        None if closed => book.renamed,
        None => Version::default(),
    };
    BoardInfo { bucket, period: bucket.period(), version, total, closed }
}

/// The position of a cursor, if it belongs to this board.
fn checked(cursor: Cursor, bucket: Bucket, ranks: Ranks) -> Result<u64, CursorError> {
    let ours = cursor.bucket == bucket && cursor.ranks == ranks;
    if ours { Ok(cursor.position) } else { Err(CursorError::OtherBoard) }
}
