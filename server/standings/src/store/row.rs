//! Rows as they lie in the tables, each with its sum: written from here, and believed only after the sum was compared.

use rusqlite::{Row, Statement, params};
use shared::name::PlayerName;

use super::error::StoreError;
use super::schema::Sum;
use crate::period::{Bucket, UnixMs};
use crate::place::{Place, Seq, Slot};
use crate::result::{LifeId, LifeResult};
use shared::identity::PlayerKey;

/// Numbers in SQLite are i64. Times and sequences are below 2^48 and ranks are below 2^32, so none is lost.
pub(super) fn number(of: u64) -> i64 {
    i64::try_from(of).unwrap_or(i64::MAX)
}

fn damaged(what: &str) -> StoreError {
    StoreError::Damaged(format!("a row of the {what} is not what was written"))
}

/// Compares a row's sum.
fn hold(sum: i64, stored: i64, what: &str) -> Result<(), StoreError> {
    if sum == stored { Ok(()) } else { Err(damaged(what)) }
}

pub(super) fn bucket_of(row: &Row<'_>) -> Result<Bucket, StoreError> {
    Bucket::from_parts(row.get("period")?, row.get("number")?).ok_or_else(|| damaged("buckets"))
}

pub(super) fn key_of(row: &Row<'_>, column: &str) -> Result<u128, StoreError> {
    Ok(u128::from_be_bytes(row.get(column)?))
}

fn player_sum(slot: Slot, key: PlayerKey, name: &str) -> i64 {
    let sum = Sum::default().numbers(&[i64::from(slot.0)]);
    sum.bytes(&key.0.to_be_bytes()).bytes(name.as_bytes()).end()
}

/// Into `players (slot, id, name, sum)`.
pub(super) fn put_player(
    to: &mut Statement<'_>,
    slot: Slot,
    key: PlayerKey,
    name: &PlayerName,
) -> rusqlite::Result<()> {
    let sum = player_sum(slot, key, name.as_str());
    to.execute(params![slot.0, key.0.to_be_bytes(), name.as_str(), sum]).map(|_| ())
}

/// Out of `slot, id, name, sum`.
pub(super) fn player(row: &Row<'_>) -> Result<(Slot, PlayerKey, PlayerName), StoreError> {
    let (slot, key, name) =
        (Slot(row.get("slot")?), PlayerKey(key_of(row, "id")?), row.get::<_, String>("name")?);
    hold(player_sum(slot, key, &name), row.get("sum")?, "players")?;
    let name = PlayerName::clean(&name).ok_or_else(|| damaged("players"))?;
    Ok((slot, key, name))
}

/// A life as the table has it.
pub(super) struct Life {
    pub(super) seq: Seq,
    pub(super) life: LifeId,
    pub(super) slot: Slot,
    pub(super) score: u32,
    pub(super) kills: u32,
    pub(super) duration_ms: u32,
    pub(super) arena: u32,
    pub(super) at: UnixMs,
}

fn life_sum(life: &LifeResult, slot: Slot) -> i64 {
    let numbers = [slot.0, life.score, life.kills, life.duration_ms, life.arena].map(i64::from);
    Sum::default().bytes(&life.life.0.to_be_bytes()).numbers(&numbers).numbers(&[number(life.at.0)]).end()
}

/// Into `results (life, player, score, kills, duration, arena, at, sum)`; how many rows it made: none when the life is
/// there already.
pub(super) fn put_life(to: &mut Statement<'_>, life: &LifeResult, slot: Slot) -> rusqlite::Result<usize> {
    let (id, at) = (life.life.0.to_be_bytes(), number(life.at.0));
    to.execute(params![
        id,
        slot.0,
        life.score,
        life.kills,
        life.duration_ms,
        life.arena,
        at,
        life_sum(life, slot)
    ])
}

/// Out of all columns of `results`. The sum does not hold the sequence, which is the row's address.
pub(super) fn life(row: &Row<'_>) -> Result<Life, StoreError> {
    let life = Life {
        seq: Seq(row.get("seq")?),
        life: LifeId(key_of(row, "life")?),
        slot: Slot(row.get("player")?),
        score: row.get("score")?,
        kills: row.get("kills")?,
        duration_ms: row.get("duration")?,
        arena: row.get("arena")?,
        at: UnixMs(row.get("at")?),
    };
    let numbers = [life.slot.0, life.score, life.kills, life.duration_ms, life.arena].map(i64::from);
    let sum = Sum::default()
        .bytes(&life.life.0.to_be_bytes())
        .numbers(&numbers)
        .numbers(&[number(life.at.0)])
        .end();
    hold(sum, row.get("sum")?, "results")?;
    Ok(life)
}

fn best_sum(bucket: Bucket, place: Place) -> i64 {
    let (period, of) = (i64::from(bucket.period().code()), i64::from(bucket.number()));
    let (slot, score) = (i64::from(place.slot().0), i64::from(place.score()));
    Sum::of(&[period, of, slot, score, number(place.at().0), number(place.seq().0)])
}

/// Into `bests`, in the order of its columns.
pub(super) fn put_best(to: &mut Statement<'_>, bucket: Bucket, place: Place) -> rusqlite::Result<()> {
    let (period, of) = (bucket.period().code(), bucket.number());
    let (at, seq) = (number(place.at().0), number(place.seq().0));
    to.execute(params![period, of, place.slot().0, place.score(), at, seq, best_sum(bucket, place)])
        .map(|_| ())
}

/// Out of all columns of `bests`.
pub(super) fn best(row: &Row<'_>) -> Result<(Bucket, Place), StoreError> {
    let (slot, seq) = (Slot(row.get("player")?), Seq(row.get("seq")?));
    let (bucket, place) = (bucket_of(row)?, Place::new(row.get("score")?, UnixMs(row.get("at")?), seq, slot));
    hold(best_sum(bucket, place), row.get("sum")?, "bests")?;
    Ok((bucket, place))
}

/// An entry of a frozen board.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Frozen {
    pub(super) bucket: Bucket,
    pub(super) rank: u64,
    pub(super) tied: u64,
    pub(super) slot: Option<Slot>,
    pub(super) score: u32,
    pub(super) at: UnixMs,
}

impl Frozen {
    fn sum(&self) -> i64 {
        let (period, of) = (i64::from(self.bucket.period().code()), i64::from(self.bucket.number()));
        let slot = self.slot.map_or(-1, |slot| i64::from(slot.0));
        let (rank, tied) = (number(self.rank), number(self.tied));
        Sum::of(&[period, of, rank, tied, slot, i64::from(self.score), number(self.at.0)])
    }

    /// Into `frozen`, in the order of its columns.
    pub(super) fn put(&self, to: &mut Statement<'_>) -> rusqlite::Result<()> {
        let (period, of) = (self.bucket.period().code(), self.bucket.number());
        let (rank, tied, slot) = (number(self.rank), number(self.tied), self.slot.map(|slot| slot.0));
        to.execute(params![period, of, rank, tied, slot, self.score, number(self.at.0), self.sum()])
            .map(|_| ())
    }

    /// Out of all columns of `frozen`.
    pub(super) fn get(row: &Row<'_>) -> Result<Self, StoreError> {
        let entry = Self {
            bucket: bucket_of(row)?,
            rank: row.get("rank")?,
            tied: row.get("tied")?,
            slot: row.get::<_, Option<u32>>("player")?.map(Slot),
            score: row.get("score")?,
            at: UnixMs(row.get("at")?),
        };
        hold(entry.sum(), row.get("sum")?, "past boards")?;
        Ok(entry)
    }
}
