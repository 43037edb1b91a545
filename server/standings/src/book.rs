//! All boards in memory, and the names on them. Changed by one thread, and only after what it says is on the disk.

use std::collections::{BTreeMap, BTreeSet};

use crate::board::{Board, Ranks, Version, View};
use crate::page::{Entry, Standing, percentile};
use crate::period::{Bucket, Period, UnixMs};
use crate::place::{Place, Slot};
use crate::players::{Player, Players};
use shared::identity::PlayerKey;

/// How long after its end a bucket still takes lives that ended in it, in milliseconds. A clock that jumps back by
/// less than this is not noticed.
pub const GRACE_MS: u64 = 120_000;

/// The boards. Those that are closed but not yet frozen are here too.
#[derive(Debug, Default)]
pub(crate) struct Book {
    pub(crate) players: Players,
    pub(crate) boards: BTreeMap<Bucket, Board>,
    /// Buckets whose ranks are final, and how many entries they have.
    pub(crate) closed: BTreeMap<Bucket, u64>,
    /// Of the last change of anything.
    pub(crate) version: Version,
    /// Of the last change of who is called what; past boards show names too.
    pub(crate) renamed: Version,
}

impl Book {
    /// The bucket that a life which ended then counts in: that of the time, or when its ranks are final already (a
    /// clock has jumped back), the next one that is still open.
    pub(crate) fn bucket_for(&self, period: Period, at: UnixMs) -> Option<Bucket> {
        let mut bucket = period.bucket_at(at);
        while self.closed.contains_key(&bucket) {
            bucket = bucket.next()?;
        }
        Some(bucket)
    }

    /// The buckets whose time is over, long enough ago.
    pub(crate) fn ended(&self, now: UnixMs) -> Vec<Bucket> {
        let over = |bucket: &Bucket| bucket.end().is_some_and(|end| end.plus(GRACE_MS) <= now);
        self.boards
            .keys()
            .filter(|bucket| over(bucket) && !self.closed.contains_key(bucket))
            .copied()
            .collect()
    }

    /// Closed boards that are still in memory, because they are not frozen yet.
    pub(crate) fn closing(&self) -> BTreeSet<Bucket> {
        self.boards.keys().filter(|bucket| self.closed.contains_key(bucket)).copied().collect()
    }

    pub(crate) fn place(&self, bucket: Bucket, slot: Slot) -> Option<Place> {
        self.boards.get(&bucket)?.place(slot)
    }

    /// Takes in a recorded life; true for each bucket of which it is the player's best.
    pub(crate) fn offer(&mut self, bucket: Bucket, place: Place, version: Version) -> bool {
        let board = self.boards.entry(bucket).or_insert_with(|| Board::empty(version));
        let better = board.offer(place);
        if better {
            board.touch(version);
        }
        better
    }

    /// Puts in a player or gives him another name, which all boards that show him notice.
    pub(crate) fn name(&mut self, slot: Slot, player: Player, version: Version) {
        if self.players.get(slot).is_some() {
            self.renamed = version;
            for board in self.boards.values_mut().filter(|board| board.place(slot).is_some()) {
                board.touch(version);
            }
        }
        self.players.put(slot, player);
    }

    /// Takes a player out of all boards.
    pub(crate) fn remove(&mut self, slot: Slot, version: Version) {
        for board in self.boards.values_mut() {
            if board.remove(slot) {
                board.touch(version);
            }
        }
        self.players.remove(slot);
        self.renamed = version;
    }

    pub(crate) fn entry(&self, rank: u64, place: Place) -> Entry {
        let player = self.players.get(place.slot());
        Entry {
            rank,
            player: player.map(|player| player.key),
            name: player.map(|player| player.name.clone()),
            score: place.score(),
            at: place.at(),
        }
    }

    /// Entries of a view from a position on.
    pub(crate) fn entries(&self, view: &View, position: usize, limit: usize, ranks: Ranks) -> Vec<Entry> {
        let places = view.ranking.iter_from(position).take(limit).zip(position..);
        places.map(|(&place, position)| self.entry(view.rank(position, place, ranks), place)).collect()
    }

    pub(crate) fn position(&self, bucket: Bucket, player: PlayerKey) -> Option<(usize, Place)> {
        let board = self.boards.get(&bucket)?;
        let place = board.place(self.players.slot(player)?)?;
        Some((board.view().ranking.rank(&place)?, place))
    }

    /// Where a player stands on a board that is in memory.
    pub(crate) fn standing(&self, bucket: Bucket, player: PlayerKey, ranks: Ranks) -> Option<Standing> {
        let (position, place) = self.position(bucket, player)?;
        let board = self.boards.get(&bucket)?;
        let total = board.len() as u64;
        Some(Standing {
            bucket,
            version: board.version(),
            rank: board.view().rank(position, place, ranks),
            total,
            percentile: percentile(position as u64, total),
            score: place.score(),
            at: place.at(),
        })
    }
}
