//! Reading what is not in memory: past boards, a player's lives, names. On a connection of its own, so that nobody
//! waits for the disk to take a commit.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;
use shared::name::PlayerName;

use super::error::StoreError;
use super::open::{Store, read_only};
use super::row::{self, Frozen, number};
use crate::board::Ranks;
use crate::page::Entry;
use crate::period::{Bucket, UnixMs};
use crate::place::Slot;
use crate::result::LifeResult;
use shared::identity::PlayerKey;

/// Everything that is stored about a player.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stored {
    /// His public id.
    pub player: PlayerKey,
    /// What he is called.
    pub name: PlayerName,
    /// His lives, in the order in which they were recorded, at most [`LIVES`].
    pub results: Vec<PastResult>,
    /// His ranks in past periods, beside his first lives.
    pub past: Vec<PastRank>,
    /// After which life the next ones come; none when these were the last.
    pub next: Option<u64>,
}

/// Lives of a player that are read at once; about 200 KiB as JSON.
pub const LIVES: usize = 1000;

/// A life, as its player sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PastResult {
    /// The life, with the name that he has now.
    #[serde(flatten)]
    pub life: LifeResult,
}

/// A final rank.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PastRank {
    /// Of which day or week.
    pub bucket: Bucket,
    /// Counted from 1, everyone with a rank of his own.
    pub rank: u64,
    /// Counted from 1, equal scores sharing one.
    pub tied: u64,
    /// Points.
    pub score: u32,
    /// When that life ended.
    pub at: UnixMs,
}

/// Reads; many threads may hold it, one reads at a time.
#[derive(Debug)]
pub(crate) struct Reader {
    from: Source,
}

#[derive(Debug)]
enum Source {
    File(PathBuf, Mutex<Option<Connection>>),
    Memory(Arc<Mutex<Connection>>),
}

impl Reader {
    pub(crate) fn of(store: &Store) -> Self {
        let from = match store.file() {
            Some(file) => Source::File(file.to_owned(), Mutex::new(None)),
            None => Source::Memory(store.shared()),
        };
        Self { from }
    }

    fn read<T>(&self, run: impl FnOnce(&Connection) -> Result<T, StoreError>) -> Result<T, StoreError> {
        match &self.from {
            Source::Memory(db) => run(&db.lock().unwrap_or_else(PoisonError::into_inner)),
            Source::File(file, db) => {
                let mut db = db.lock().unwrap_or_else(PoisonError::into_inner);
                // After an error the next one gets a new connection.
                let open = match db.take() {
                    Some(open) => open,
                    None => read_only(file)?,
                };
                let done = run(&open)?;
                *db = Some(open);
                Ok(done)
            }
        }
    }

    /// Entries of a past board that come after a position.
    pub(crate) fn page(
        &self,
        bucket: Bucket,
        position: u64,
        limit: usize,
        ranks: Ranks,
    ) -> Result<Vec<Entry>, StoreError> {
        let sql = "SELECT frozen.*, players.id, players.name FROM frozen LEFT JOIN players ON slot = player
            WHERE period = ? AND number = ? AND rank > ? ORDER BY rank LIMIT ?";
        self.read(|db| {
            let mut query = db.prepare_cached(sql)?;
            let of = params![bucket.period().code(), bucket.number(), number(position), number(limit as u64)];
            let mut rows = query.query(of)?;
            let mut entries = Vec::new();
            while let Some(row) = rows.next()? {
                entries.push(entry(row, ranks)?);
            }
            Ok(entries)
        })
    }

    /// How a player ended on a past board.
    pub(crate) fn rank(&self, bucket: Bucket, slot: Slot) -> Result<Option<PastRank>, StoreError> {
        let sql = "SELECT * FROM frozen WHERE player = ? AND period = ? AND number = ?";
        self.read(|db| {
            let mut query = db.prepare_cached(sql)?;
            let mut rows = query.query(params![slot.0, bucket.period().code(), bucket.number()])?;
            rows.next()?.map(past_rank).transpose()
        })
    }

    /// Everything about a player.
    pub(crate) fn stored(&self, player: PlayerKey, after: u64) -> Result<Option<Stored>, StoreError> {
        self.read(|db| {
            let found = find(db, player)?;
            let Some((slot, name)) = found else { return Ok(None) };
            let mut last = after;
            let lives = "SELECT * FROM results WHERE player = ? AND seq > ? ORDER BY seq LIMIT ?";
            let results = all(db, lives, params![slot.0, number(after), number(LIVES as u64)], |row| {
                let of = row::life(row)?;
                last = of.seq.0;
                let (life, kills, duration_ms) = (of.life, of.kills, of.duration_ms);
                let (score, arena, at, name) = (of.score, of.arena, of.at, name.clone());
                Ok(PastResult {
                    life: LifeResult { life, player, name, score, kills, duration_ms, arena, at },
                })
            })?;
            let ranks = "SELECT * FROM frozen WHERE player = ? AND ? = 0 ORDER BY period, number";
            let past = all(db, ranks, params![slot.0, number(after)], past_rank)?;
            let next = (results.len() == LIVES).then_some(last);
            Ok(Some(Stored { player, name, results, past, next }))
        })
    }

    /// Lives in the order in which they were recorded, from after one on; each with its number in that order.
    pub(crate) fn lives_after(&self, after: u64, limit: usize) -> Result<Vec<(u64, LifeResult)>, StoreError> {
        let sql = "SELECT results.*, players.id, players.name FROM results JOIN players ON slot = player
            WHERE seq > ? ORDER BY seq LIMIT ?";
        self.read(|db| {
            all(db, sql, params![number(after), number(limit as u64)], |row| {
                let of = row::life(row)?;
                let player = PlayerKey(u128::from_be_bytes(row.get("id")?));
                let name = row.get::<_, String>("name")?;
                let name = PlayerName::clean(&name)
                    .ok_or_else(|| StoreError::Damaged(format!("the life {} has no name", of.life)))?;
                let (life, kills, duration_ms) = (of.life, of.kills, of.duration_ms);
                let (score, arena, at) = (of.score, of.arena, of.at);
                Ok((of.seq.0, LifeResult { life, player, name, score, kills, duration_ms, arena, at }))
            })
        })
    }

    /// The number of the newest life; 0 when there is none.
    pub(crate) fn newest_life(&self) -> Result<u64, StoreError> {
        self.read(|db| Ok(db.query_row("SELECT coalesce(max(seq), 0) FROM results", [], |row| row.get(0))?))
    }

    /// Players whose names begin like this, capitals aside, in the order of their names.
    pub(crate) fn named(
        &self,
        begin: &str,
        limit: usize,
    ) -> Result<Vec<(PlayerKey, PlayerName)>, StoreError> {
        // Above every character that a name may have.
        let end = format!("{begin}\u{10ffff}");
        let sql = "SELECT slot, id, name, sum FROM players
            WHERE name COLLATE NOCASE >= ? AND name COLLATE NOCASE <= ? ORDER BY name COLLATE NOCASE LIMIT ?";
        self.read(|db| {
            let mut query = db.prepare_cached(sql)?;
            let mut rows = query.query(params![begin, end, number(limit as u64)])?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                let (_, key, name) = row::player(row)?;
                found.push((key, name));
            }
            Ok(found)
        })
    }
}

fn find(db: &Connection, player: PlayerKey) -> Result<Option<(Slot, PlayerName)>, StoreError> {
    let mut query = db.prepare_cached("SELECT slot, id, name, sum FROM players WHERE id = ?")?;
    let mut rows = query.query([player.0.to_be_bytes()])?;
    let found = rows.next()?.map(row::player).transpose()?;
    Ok(found.map(|(slot, _, name)| (slot, name)))
}

fn all<T>(
    db: &Connection,
    sql: &str,
    of: impl rusqlite::Params,
    mut take: impl FnMut(&rusqlite::Row<'_>) -> Result<T, StoreError>,
) -> Result<Vec<T>, StoreError> {
    let mut query = db.prepare_cached(sql)?;
    let mut rows = query.query(of)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(take(row)?);
    }
    Ok(found)
}

fn past_rank(row: &rusqlite::Row<'_>) -> Result<PastRank, StoreError> {
    let Frozen { bucket, rank, tied, score, at, slot: _ } = Frozen::get(row)?;
    Ok(PastRank { bucket, rank, tied, score, at })
}

fn entry(row: &rusqlite::Row<'_>, ranks: Ranks) -> Result<Entry, StoreError> {
    let frozen = Frozen::get(row)?;
    let id = row.get::<_, Option<[u8; 16]>>("id")?;
    let name = row.get::<_, Option<String>>("name")?;
    let rank = match ranks {
        Ranks::Standard => frozen.rank,
        Ranks::Competition => frozen.tied,
    };
    Ok(Entry {
        rank,
        player: id.map(|id| PlayerKey(u128::from_be_bytes(id))),
        name: name.and_then(|name| PlayerName::clean(&name)),
        score: frozen.score,
        at: frozen.at,
    })
}

/// How many entries a past board has; None when it is not frozen.
pub(super) fn total(db: &Connection, bucket: Bucket) -> Result<Option<u64>, StoreError> {
    let sql = "SELECT total FROM buckets WHERE period = ? AND number = ? AND state > 0";
    Ok(db.query_row(sql, params![bucket.period().code(), bucket.number()], |row| row.get(0)).optional()?)
}
