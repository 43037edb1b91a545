//! Recording lives, renaming and removing players: each call is one transaction.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, params};
use shared::name::PlayerName;

use super::error::StoreError;
use super::open::Store;
use super::row::Frozen;
use super::{load, row};
use crate::board::Version;
use crate::book::Book;
use crate::period::{Bucket, Period};
use crate::place::{Place, Seq, Slot};
use crate::result::LifeResult;
use shared::identity::PlayerKey;

/// Lives of which a store in memory keeps the details, at least.
const MEMORY_RESULTS: u64 = 100_000;

/// What became of a life.
pub(crate) struct Written {
    pub(crate) slot: Slot,
    /// Whether the player is new or is called something else now.
    pub(crate) named: bool,
    /// None of a life that was recorded before.
    pub(crate) place: Option<Place>,
    /// The buckets that it counts in, by period.
    pub(crate) buckets: [Option<Bucket>; Period::ALL.len()],
}

pub(super) const PUT_BEST: &str = "INSERT INTO bests VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (period, number, player) DO UPDATE
    SET score = excluded.score, at = excluded.at, seq = excluded.seq, sum = excluded.sum
    WHERE excluded.score > score OR (excluded.score = score AND (excluded.at, excluded.seq) < (at, seq))";
pub(super) const PUT_PLAYER: &str = "INSERT INTO players (slot, id, name, sum) VALUES (?, ?, ?, ?)
    ON CONFLICT (slot) DO UPDATE SET name = excluded.name, sum = excluded.sum";
pub(super) const PUT_LIFE: &str = "INSERT INTO results (life, player, score, kills, duration, arena, at, sum)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (life) DO NOTHING";

/// Slots and names of a transaction that the book does not know yet.
struct Naming<'a> {
    book: &'a Book,
    new: BTreeMap<PlayerKey, (Slot, PlayerName)>,
    next: Slot,
}

impl<'a> Naming<'a> {
    fn new(book: &'a Book) -> Self {
        Self { book, new: BTreeMap::new(), next: book.players.next_slot() }
    }

    /// The player's slot, and whether he is new or is called something else from now on.
    fn name(
        &mut self,
        db: &Connection,
        key: PlayerKey,
        name: &PlayerName,
    ) -> Result<(Slot, bool), StoreError> {
        let known = match self.new.get(&key) {
            Some((slot, name)) => Some((*slot, name)),
            None => {
                self.book.players.slot(key).and_then(|slot| Some((slot, &self.book.players.get(slot)?.name)))
            }
        };
        let slot = match known {
            Some((slot, before)) if before == name => return Ok((slot, false)),
            Some((slot, _)) => slot,
            None => {
                let slot = self.next;
                self.next =
                    Slot(slot.0.checked_add(1).ok_or_else(|| StoreError::Failed("too many players".into()))?);
                slot
            }
        };
        row::put_player(&mut *db.prepare_cached(PUT_PLAYER)?, slot, key, name)?;
        self.new.insert(key, (slot, name.clone()));
        Ok((slot, true))
    }
}

impl Store {
    /// Records lives. Those that were recorded before change nothing.
    pub(crate) fn record<'a>(
        &self,
        book: &Book,
        lives: impl Iterator<Item = &'a LifeResult>,
        version: Version,
    ) -> Result<Vec<Written>, StoreError> {
        self.transact(|tx| {
            let mut naming = Naming::new(book);
            let written = lives.map(|life| record(tx, &mut naming, life)).collect::<Result<_, _>>()?;
            if self.file().is_none() {
                forget_old(tx)?;
            }
            load::put_version(tx, version)?;
            Ok(written)
        })
    }

    /// Gives a player another name.
    pub(crate) fn rename(
        &self,
        book: &Book,
        key: PlayerKey,
        name: &PlayerName,
        version: Version,
    ) -> Result<(), StoreError> {
        self.transact(|tx| {
            Naming::new(book).name(tx, key, name)?;
            load::put_version(tx, version)
        })
    }

    /// Deletes all that is known about a player. Past boards keep the rank, without saying whose it was.
    pub(crate) fn remove(&self, slot: Slot, version: Version) -> Result<(), StoreError> {
        // Overwritten wherever it was, also where that costs more.
        self.db().pragma_update_and_check(None, "secure_delete", "ON", |_| Ok(()))?;
        self.transact(|tx| {
            tx.execute("DELETE FROM results WHERE player = ?", [slot.0])?;
            let mut buckets = Vec::new();
            load::each(tx, "SELECT DISTINCT period, number FROM bests", |row| {
                buckets.push(row::bucket_of(row)?);
                Ok(())
            })?;
            for bucket in buckets {
                let of = params![bucket.period().code(), bucket.number(), slot.0];
                tx.execute("DELETE FROM bests WHERE period = ? AND number = ? AND player = ?", of)?;
            }
            anonymise(tx, slot)?;
            tx.execute("DELETE FROM players WHERE slot = ?", [slot.0])?;
            load::put_version(tx, version)
        })
    }
}

fn record(db: &Connection, naming: &mut Naming<'_>, life: &LifeResult) -> Result<Written, StoreError> {
    let buckets = Period::ALL.map(|period| naming.book.bucket_for(period, life.at));
    if let Some(slot) = recorded(db, life)? {
        return Ok(Written { slot, named: false, place: None, buckets });
    }
    let (slot, named) = naming.name(db, life.player, &life.name)?;
    row::put_life(&mut *db.prepare_cached(PUT_LIFE)?, life, slot)?;
    let seq = Seq(u64::try_from(db.last_insert_rowid()).unwrap_or(0));
    let place = Place::new(life.score, life.at, seq, slot);
    for bucket in buckets.into_iter().flatten() {
        if naming.book.boards.get(&bucket).is_none_or(|board| board.betters(place)) {
            row::put_best(&mut *db.prepare_cached(PUT_BEST)?, bucket, place)?;
        }
    }
    Ok(Written { slot, named, place: Some(place), buckets })
}

/// Whose life it was, when it was recorded before.
fn recorded(db: &Connection, life: &LifeResult) -> Result<Option<Slot>, StoreError> {
    let mut query = db.prepare_cached("SELECT player FROM results WHERE life = ?")?;
    Ok(query.query_row([life.life.0.to_be_bytes()], |row| row.get(0)).optional()?.map(Slot))
}

/// Takes a player's name off his entries of past boards.
fn anonymise(db: &Connection, slot: Slot) -> Result<(), StoreError> {
    let mut his = Vec::new();
    let mut query = db.prepare("SELECT * FROM frozen WHERE player = ?")?;
    let mut rows = query.query([slot.0])?;
    while let Some(row) = rows.next()? {
        his.push(Frozen { slot: None, ..Frozen::get(row)? });
    }
    let mut put = db.prepare("INSERT OR REPLACE INTO frozen VALUES (?, ?, ?, ?, ?, ?, ?, ?)")?;
    Ok(his.iter().try_for_each(|entry| entry.put(&mut put))?)
}

/// A store in memory must not grow for ever: it forgets the details of old lives, not the bests.
fn forget_old(db: &Connection) -> Result<(), StoreError> {
    let newest: u64 = db.query_row("SELECT coalesce(max(seq), 0) FROM results", [], |row| row.get(0))?;
    let keep = row::number(newest.saturating_sub(MEMORY_RESULTS));
    db.prepare_cached("DELETE FROM results WHERE seq <= ?")?.execute([keep])?;
    Ok(())
}
