//! What keeps the boards in memory and the store in step: first the disk, then the boards, then the word to whoever
//! waits. Has no thread and no clock of its own; the writer gives it both.

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use serde::Serialize;
use shared::name::PlayerName;

use crate::board::{Ranks, Version};
use crate::book::Book;
use crate::page::Standing;
use crate::period::{Bucket, UnixMs};
use crate::players::Player;
use crate::result::{LifeId, LifeResult};
use crate::store::{Store, StoreError, Written};
use shared::identity::PlayerKey;

/// The boards, for one who writes and many who read. Held for as long as a commit takes to be put into memory.
#[derive(Debug, Default)]
pub(crate) struct Shelf(RwLock<Book>);

impl Shelf {
    pub(crate) fn new(book: Book) -> Self {
        Self(RwLock::new(book))
    }

    pub(crate) fn read(&self) -> RwLockReadGuard<'_, Book> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn write(&self) -> RwLockWriteGuard<'_, Book> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A life is on the disk, and this is what it was worth.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Recorded {
    /// Which life.
    pub life: LifeId,
    /// Whether it was recorded before, and is so once.
    pub again: bool,
    /// Where its player stands now in each bucket that the life counts in.
    pub ranks: Vec<LifeRank>,
}

/// What a life did to its player's rank.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LifeRank {
    /// Where the player stands now, by his best life.
    #[serde(flatten)]
    pub standing: Standing,
    /// Whether this life is that best one.
    pub best: bool,
}

/// The boards and the store.
#[derive(Debug)]
pub(crate) struct Keeper {
    pub(crate) shelf: Arc<Shelf>,
    pub(crate) store: Store,
    /// The version of the last commit that is known to have succeeded.
    committed: u64,
}

impl Keeper {
    pub(crate) fn new(book: Book, store: Store) -> Result<Self, StoreError> {
        let committed = store.version()?;
        Ok(Self { shelf: Arc::new(Shelf::new(book)), store, committed })
    }

    /// Runs a commit under the version that it is to have.
    fn commit<T>(
        &mut self,
        run: impl FnOnce(&Store, &Book, Version) -> Result<T, StoreError>,
    ) -> Result<(T, Version), StoreError> {
        let book = self.shelf.read();
        let version = Version(book.version.0 + 1);
        let done = run(&self.store, &book, version)?;
        drop(book);
        self.committed = version.0;
        Ok((done, version))
    }

    /// Records lives, all or none; in the order in which they came.
    pub(crate) fn record<'a>(
        &mut self,
        lives: impl Iterator<Item = &'a LifeResult> + Clone,
    ) -> Result<Vec<Recorded>, StoreError> {
        let (written, version) =
            self.commit(|store, book, version| store.record(book, lives.clone(), version))?;
        let mut book = self.shelf.write();
        book.version = version;
        let bests: Vec<_> =
            lives.clone().zip(&written).map(|(life, new)| apply(&mut book, life, new, version)).collect();
        drop(book);
        let book = self.shelf.read();
        let told = lives.zip(&written).zip(bests);
        Ok(told.map(|((life, new), bests)| tell(&book, life, new, &bests)).collect())
    }

    /// Gives a player another name; false when nobody has his id.
    pub(crate) fn rename(&mut self, key: PlayerKey, name: &PlayerName) -> Result<bool, StoreError> {
        let Some(slot) = self.shelf.read().players.slot(key) else { return Ok(false) };
        let ((), version) = self.commit(|store, book, version| store.rename(book, key, name, version))?;
        let mut book = self.shelf.write();
        book.version = version;
        book.name(slot, Player { key, name: name.clone() }, version);
        Ok(true)
    }

    /// Deletes all that is known about a player; false when nobody has his id.
    pub(crate) fn remove(&mut self, key: PlayerKey) -> Result<bool, StoreError> {
        let Some(slot) = self.shelf.read().players.slot(key) else { return Ok(false) };
        // Final ranks must not shift while they are being written.
        while self.settle_step()? {}
        let ((), version) = self.commit(|store, _, version| store.remove(slot, version))?;
        let mut book = self.shelf.write();
        book.version = version;
        book.remove(slot, version);
        Ok(true)
    }

    /// Closes the buckets whose time is over. What no board was asked for since is made up for.
    pub(crate) fn roll(&mut self, now: UnixMs) -> Result<(), StoreError> {
        let ended = self.shelf.read().ended(now);
        for bucket in ended {
            self.close(bucket)?;
        }
        Ok(())
    }

    fn close(&mut self, bucket: Bucket) -> Result<(), StoreError> {
        let total = self.shelf.read().boards.get(&bucket).map_or(0, |board| board.len() as u64);
        if total == 0 {
            self.shelf.write().boards.remove(&bucket);
            return Ok(());
        }
        let ((), version) = self.commit(|store, _, version| store.close_bucket(bucket, total, version))?;
        let mut book = self.shelf.write();
        book.version = version;
        book.closed.insert(bucket, total);
        if let Some(board) = book.boards.get_mut(&bucket) {
            board.touch(version);
        }
        tracing::info!(%bucket, total, "the ranks of a bucket are final");
        Ok(())
    }

    /// Does the next step of freezing closed buckets; false when there is nothing to do.
    pub(crate) fn settle_step(&mut self) -> Result<bool, StoreError> {
        let next = {
            let book = self.shelf.read();
            let bucket = book.closing().first().copied();
            bucket.and_then(|bucket| Some((bucket, book.boards.get(&bucket)?.view().clone())))
        };
        let Some((bucket, view)) = next else { return Ok(!self.store.sweep_step()?) };
        if self.store.freeze_step(bucket, &view)? {
            // From here on it is read from the store, and its version is no less than it was.
            let mut book = self.shelf.write();
            book.boards.remove(&bucket);
            book.renamed = book.version;
        }
        Ok(true)
    }

    /// Tries the store again after a failure. When the last commit has succeeded after all, or somebody else has
    /// written, the boards are read anew.
    pub(crate) fn heal(&mut self) -> Result<(), StoreError> {
        self.store.reopen()?;
        self.store.probe()?;
        if self.store.version()? == self.committed {
            return Ok(());
        }
        let mut new = self.store.load()?;
        self.committed = self.store.version()?;
        let mut book = self.shelf.write();
        let version = Version(new.version.max(book.version).0 + 1);
        (new.version, new.renamed) = (version, version);
        for board in new.boards.values_mut() {
            board.touch(version);
        }
        *book = new;
        Ok(())
    }

    /// Every board in memory with its version.
    pub(crate) fn versions(&self) -> Vec<(Bucket, Version)> {
        self.shelf.read().boards.iter().map(|(bucket, board)| (*bucket, board.version())).collect()
    }
}

/// Puts a recorded life into the boards; the buckets of which it is the best.
fn apply(book: &mut Book, life: &LifeResult, new: &Written, version: Version) -> Vec<Bucket> {
    if new.named {
        book.name(new.slot, Player { key: life.player, name: life.name.clone() }, version);
    }
    let Some(place) = new.place else { return Vec::new() };
    let mut buckets: Vec<_> = new.buckets.into_iter().flatten().collect();
    buckets.retain(|bucket| book.offer(*bucket, place, version));
    buckets
}

fn tell(book: &Book, life: &LifeResult, new: &Written, bests: &[Bucket]) -> Recorded {
    let ranks = new.buckets.into_iter().flatten().filter_map(|bucket| {
        let standing = book.standing(bucket, life.player, Ranks::Standard)?;
        let newest = book.place(bucket, new.slot) == new.place;
        Some(LifeRank { standing, best: newest && bests.contains(&bucket) })
    });
    Recorded { life: life.life, again: new.place.is_none(), ranks: ranks.collect() }
}
