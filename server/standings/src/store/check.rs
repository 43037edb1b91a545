//! Is what is in the store what was written, and does it fit together?

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, params};

use super::error::StoreError;
use super::load::{self, each};
use super::row::{self, Frozen};
use crate::book::Book;
use crate::period::{Bucket, Period};
use crate::place::Place;

fn damaged(what: String) -> StoreError {
    StoreError::Damaged(what)
}

/// SQLite's own check of its pages, and of a small store of its indexes too.
pub(super) fn pages(db: &Connection, small: bool) -> Result<(), StoreError> {
    let sql = if small { "PRAGMA integrity_check(1)" } else { "PRAGMA quick_check(1)" };
    let found: String = db.query_row(sql, [], |row| row.get(0))?;
    if found == "ok" { Ok(()) } else { Err(damaged(found)) }
}

/// Past boards: as many entries as there were, ranked from 1 without a gap, best first.
fn past(db: &Connection) -> Result<(), StoreError> {
    let mut last: Option<Frozen> = None;
    let mut counts: BTreeMap<Bucket, u64> = BTreeMap::new();
    each(db, "SELECT * FROM frozen ORDER BY period, number, rank", |row| {
        let entry = Frozen::get(row)?;
        let count = counts.entry(entry.bucket).or_default();
        *count += 1;
        let above = last.filter(|last| last.bucket == entry.bucket);
        let in_order = above.is_none_or(|above| (above.score, entry.at) >= (entry.score, above.at));
        if entry.rank != *count || !in_order {
            return Err(damaged(format!("the ranks of {} have a gap or a wrong order", entry.bucket)));
        }
        last = Some(entry);
        Ok(())
    })?;
    each(db, "SELECT * FROM buckets WHERE state > 0", |row| {
        let (bucket, total) = (row::bucket_of(row)?, row.get::<_, u64>("total")?);
        let found = counts.get(&bucket).copied().unwrap_or(0);
        if found == total {
            Ok(())
        } else {
            Err(damaged(format!("{bucket} has {found} of its {total} entries")))
        }
    })
}

/// Everything, against everything.
pub(super) fn all(db: &Connection) -> Result<(), StoreError> {
    pages(db, true)?;
    rows(db, &load::book(db)?)
}

/// Every row, against the others and against what was loaded.
pub(super) fn rows(db: &Connection, book: &Book) -> Result<(), StoreError> {
    past(db)?;
    each(db, "SELECT * FROM bests", |row| best_is_a_life(db, row::best(row)?.1))?;
    each(db, "SELECT * FROM results", |row| {
        let life = row::life(row)?;
        if book.players.get(life.slot).is_none() {
            return Err(damaged(format!("the life {} belongs to nobody", life.life)));
        }
        let place = Place::new(life.score, life.at, life.seq, life.slot);
        for bucket in Period::ALL.map(|period| period.bucket_at(life.at)) {
            // Final ranks take no more lives in; those of a clock that jumped back count elsewhere.
            let open = !book.closed.contains_key(&bucket);
            if open && book.boards.get(&bucket).is_none_or(|board| board.betters(place)) {
                return Err(damaged(format!(
                    "the life {} is better than its player's best of {bucket}",
                    life.life
                )));
            }
        }
        Ok(())
    })
}

fn best_is_a_life(db: &Connection, place: Place) -> Result<(), StoreError> {
    let sql = "SELECT score = ? AND at = ? AND player = ? FROM results WHERE seq = ?";
    let of = params![place.score(), row::number(place.at().0), place.slot().0, row::number(place.seq().0)];
    let same = db.prepare_cached(sql)?.query_row(of, |row| row.get(0)).optional()?;
    if same == Some(true) { Ok(()) } else { Err(damaged("a best life was never recorded".to_owned())) }
}
