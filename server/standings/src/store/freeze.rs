//! Freezing: the final ranks of a bucket, written by rank so that any page of it is found in O(log n) for ever.
//!
//! Done in steps, each a transaction, so that lives are recorded between them; a server that was killed between two
//! steps goes on where it was, since what the next step is stands in the store.

use rusqlite::{Connection, OptionalExtension, params};

use super::error::StoreError;
use super::load;
use super::open::Store;
use super::row::{Frozen, number};
use crate::board::{Ranks, Version, View};
use crate::period::Bucket;

/// Rows of a step: about 10 ms.
const STEP: usize = 2_048;

impl Store {
    /// Says that the ranks of a bucket are final.
    pub(crate) fn close_bucket(
        &self,
        bucket: Bucket,
        total: u64,
        version: Version,
    ) -> Result<(), StoreError> {
        self.transact(|tx| {
            let of = params![bucket.period().code(), bucket.number(), number(total)];
            tx.execute("INSERT INTO buckets (period, number, total, state) VALUES (?, ?, ?, 0)", of)?;
            load::put_version(tx, version)
        })
    }

    /// Writes the next entries of a closed bucket; true when all are written.
    pub(crate) fn freeze_step(&self, bucket: Bucket, view: &View) -> Result<bool, StoreError> {
        self.transact(|tx| {
            let (period, of) = (bucket.period().code(), bucket.number());
            let sql = "SELECT coalesce(max(rank), 0) FROM frozen WHERE period = ? AND number = ?";
            let done: u64 = tx.query_row(sql, params![period, of], |row| row.get(0))?;
            let done = usize::try_from(done).unwrap_or(usize::MAX);
            let mut put = tx.prepare_cached("INSERT INTO frozen VALUES (?, ?, ?, ?, ?, ?, ?, ?)")?;
            for (position, &place) in (done..).zip(view.ranking.iter_from(done).take(STEP)) {
                let rank = view.rank(position, place, Ranks::Standard);
                let tied = view.rank(position, place, Ranks::Competition);
                let (slot, score, at) = (Some(place.slot()), place.score(), place.at());
                Frozen { bucket, rank, tied, slot, score, at }.put(&mut put)?;
            }
            let all = done + STEP >= view.ranking.len();
            if all {
                set_state(tx, bucket, 1)?;
            }
            Ok(all)
        })
    }

    /// Deletes some bests of buckets that are frozen; true when there is nothing left to do.
    pub(crate) fn sweep_step(&self) -> Result<bool, StoreError> {
        let sql = "SELECT period, number FROM buckets WHERE state = 1 LIMIT 1";
        let found = self.db().query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        let Some(bucket) = found.and_then(|(period, number)| Bucket::from_parts(period, number)) else {
            return Ok(true);
        };
        self.transact(|tx| {
            let sql = "DELETE FROM bests WHERE period = ?1 AND number = ?2 AND player IN
                (SELECT player FROM bests WHERE period = ?1 AND number = ?2 LIMIT ?3)";
            let of = params![bucket.period().code(), bucket.number(), number(STEP as u64)];
            if tx.execute(sql, of)? < STEP {
                set_state(tx, bucket, 2)?;
            }
            Ok(false)
        })
    }
}

fn set_state(db: &Connection, bucket: Bucket, state: u8) -> Result<(), StoreError> {
    let of = params![state, bucket.period().code(), bucket.number()];
    db.execute("UPDATE buckets SET state = ? WHERE period = ? AND number = ?", of)?;
    Ok(())
}
