//! Export and import: JSON lines, one object a line, of a kind each.
//!
//! ```text
//! {"kind":"standings","format":1}
//! {"kind":"player","player":"…","name":"Ada"}
//! {"kind":"bucket","bucket":"2026-11-20","total":1}
//! {"kind":"entry","bucket":"2026-11-20","rank":1,"tied":1,"player":"…","score":7,"at":1763596800000}
//! {"kind":"life","life":"…","player":"…","name":"Ada","score":7,"kills":0,"duration_ms":9000,"arena":1,"at":1763596800000}
//! ```
//!
//! The secret is not in it. Must never: hold more than a line in memory.

use std::collections::BTreeMap;
use std::io::{BufRead, Read, Write};
use std::path::Path;

use rusqlite::{Connection, params};
use serde::{Deserialize, Serialize};
use shared::name::PlayerName;

use super::error::{OpenError, StoreError};
use super::load::{self, each};
use super::open::{FILE, Store, read_only};
use super::row::{self, Frozen, number};
use super::{read, write};
use crate::board::Version;
use crate::period::{Bucket, Period, UnixMs};
use crate::place::{Place, Seq, Slot};
use crate::result::LifeResult;
use shared::identity::PlayerKey;

/// The format of the lines.
const FORMAT: u32 = 1;

/// Bytes of a line at most; a longer one is refused before it is read.
const LINE: u64 = 4_096;

#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Line {
    Standings { format: u32 },
    Player { player: PlayerKey, name: PlayerName },
    Bucket { bucket: Bucket, total: u64 },
    Entry { bucket: Bucket, rank: u64, tied: u64, player: Option<PlayerKey>, score: u32, at: UnixMs },
    Life(LifeResult),
}

/// Writes everything out, as it is at this moment; the server may be running. Says how many lines it wrote.
///
/// # Errors
/// What the store or the writer says.
pub fn export(folder: &Path, to: &mut impl Write) -> Result<u64, ImportError> {
    let mut db = read_only(&folder.join(FILE))?;
    let tx = db.transaction().map_err(StoreError::from)?;
    let mut out = Out { to, lines: 0, failed: None };
    out.line(&Line::Standings { format: FORMAT })?;
    let mut players = BTreeMap::new();
    out.each(&tx, "SELECT slot, id, name, sum FROM players ORDER BY slot", |row| {
        let (slot, player, name) = row::player(row)?;
        players.insert(slot, (player, name.clone()));
        Ok(Line::Player { player, name })
    })?;
    out.each(&tx, "SELECT * FROM buckets WHERE state > 0", |row| {
        Ok(Line::Bucket { bucket: row::bucket_of(row)?, total: row.get("total")? })
    })?;
    let sql = "SELECT frozen.* FROM frozen JOIN buckets USING (period, number) WHERE state > 0
        ORDER BY period, number, rank";
    out.each(&tx, sql, |row| {
        let Frozen { bucket, rank, tied, slot, score, at } = Frozen::get(row)?;
        let player = slot.and_then(|slot| players.get(&slot)).map(|(player, _)| *player);
        Ok(Line::Entry { bucket, rank, tied, player, score, at })
    })?;
    out.each(&tx, "SELECT * FROM results ORDER BY seq", |row| {
        let of = row::life(row)?;
        let nobody = || StoreError::Damaged(format!("the life {} belongs to nobody", of.life));
        let (player, name) = players.get(&of.slot).cloned().ok_or_else(nobody)?;
        let (life, score, kills, duration_ms) = (of.life, of.score, of.kills, of.duration_ms);
        Ok(Line::Life(LifeResult {
            life,
            player,
            name,
            score,
            kills,
            duration_ms,
            arena: of.arena,
            at: of.at,
        }))
    })?;
    out.to.flush()?;
    Ok(out.lines)
}

struct Out<'a, W> {
    to: &'a mut W,
    lines: u64,
    failed: Option<ImportError>,
}

impl<W: Write> Out<'_, W> {
    fn line(&mut self, line: &Line) -> Result<(), ImportError> {
        serde_json::to_writer(&mut *self.to, line).map_err(std::io::Error::from)?;
        self.to.write_all(b"\n")?;
        self.lines += 1;
        Ok(())
    }

    fn each(
        &mut self,
        db: &Connection,
        sql: &str,
        mut line: impl FnMut(&rusqlite::Row<'_>) -> Result<Line, StoreError>,
    ) -> Result<(), ImportError> {
        let walked = each(db, sql, |row| {
            let line = line(row)?;
            self.line(&line).map_err(|error| {
                let text = error.to_string();
                self.failed = Some(error);
                StoreError::Failed(text)
            })
        });
        match self.failed.take() {
            Some(error) => Err(error),
            None => Ok(walked?),
        }
    }
}

/// Why an export or import stopped.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The store can't be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The store can't be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The lines can't be read or written.
    #[error("the lines can't be read or written: {0}")]
    Io(#[from] std::io::Error),
    /// A line is not one of an export.
    #[error("line {line}: {what}. Nothing was imported")]
    Line {
        /// Which, counted from 1.
        line: u64,
        /// What is wrong with it.
        what: String,
    },
}

/// What an import brought.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Imported {
    /// Players who were not known.
    pub players: u64,
    /// Lives that were not known.
    pub lives: u64,
    /// Lives that were there already.
    pub known: u64,
    /// Past boards that were not known.
    pub buckets: u64,
}

/// Adds what an export wrote to the store in a folder, which is made if there is none; all of it or nothing. Lives and
/// past boards that are there already stay as they are, so that importing twice changes nothing. Lives of past days
/// and weeks whose boards are not in the export rank them anew, at the next start of the server. The server must not
/// be running.
///
/// # Errors
/// What is wrong, with its line.
pub fn import(folder: &Path, from: &mut impl BufRead) -> Result<Imported, ImportError> {
    let opened = Store::open(folder)?;
    let version = Version(opened.store.version()? + 1);
    let mut failed = None;
    let done = opened.store.transact(|tx| {
        let done = In::new(tx).and_then(|into| into.all(from)).map_err(|error| {
            let text = error.to_string();
            failed = Some(error);
            StoreError::Failed(text)
        })?;
        load::put_version(tx, version)?;
        Ok(done)
    });
    let done = match failed {
        Some(error) => Err(error),
        None => Ok(done?),
    };
    opened.store.close();
    done
}

struct In<'a> {
    db: &'a Connection,
    slots: BTreeMap<PlayerKey, Slot>,
    next: u32,
    closed: BTreeMap<Bucket, u64>,
    /// Past boards of this import: entries that they are to have, and that they have so far.
    boards: BTreeMap<Bucket, (u64, u64)>,
    done: Imported,
}

impl<'a> In<'a> {
    fn new(db: &'a Connection) -> Result<Self, ImportError> {
        let book = load::book(db)?;
        let next = book.players.next_slot().0;
        let mut slots = BTreeMap::new();
        each(db, "SELECT slot, id, name, sum FROM players", |row| {
            let (slot, key, _) = row::player(row)?;
            slots.insert(key, slot);
            Ok(())
        })?;
        Ok(Self { db, slots, next, closed: book.closed, boards: BTreeMap::new(), done: Imported::default() })
    }

    fn all(mut self, from: &mut impl BufRead) -> Result<Imported, ImportError> {
        let mut text = Vec::new();
        let mut line = 0;
        loop {
            line += 1;
            let wrong = |what: String| ImportError::Line { line, what };
            text.clear();
            from.by_ref().take(LINE).read_until(b'\n', &mut text)?;
            if text.is_empty() {
                break;
            }
            if text.len() as u64 == LINE {
                return Err(wrong(format!("longer than {LINE} bytes")));
            }
            let read: Line = serde_json::from_slice(&text).map_err(|error| wrong(error.to_string()))?;
            let first = matches!(read, Line::Standings { format: FORMAT });
            if first != (line == 1) {
                return Err(wrong(format!(
                    "an export begins with one line of kind standings, format {FORMAT}"
                )));
            }
            self.take(read).map_err(|error| match error {
                ImportError::Line { ref what, .. } => wrong(what.clone()),
                ImportError::Open(_) | ImportError::Store(_) | ImportError::Io(_) => error,
            })?;
        }
        match self.boards.iter().find(|(_, (total, found))| total != found) {
            Some((bucket, (total, found))) => {
                Err(ImportError::Line { line, what: format!("{bucket} has {found} of its {total} entries") })
            }
            None => Ok(self.done),
        }
    }

    fn take(&mut self, line: Line) -> Result<(), ImportError> {
        match line {
            Line::Standings { .. } => Ok(()),
            Line::Player { player, name } => self.slot(player, &name).map(|_| ()),
            Line::Bucket { bucket, total } => self.bucket(bucket, total),
            Line::Entry { bucket, rank, tied, player, score, at } => {
                let slot = player.and_then(|player| self.slots.get(&player).copied());
                self.entry(Frozen { bucket, rank, tied, slot, score, at })
            }
            Line::Life(life) => self.life(&life),
        }
    }

    fn slot(&mut self, player: PlayerKey, name: &PlayerName) -> Result<Slot, ImportError> {
        if let Some(slot) = self.slots.get(&player) {
            return Ok(*slot);
        }
        let slot = Slot(self.next);
        self.next += 1;
        self.slots.insert(player, slot);
        self.done.players += 1;
        let mut put = self.db.prepare_cached(write::PUT_PLAYER).map_err(StoreError::from)?;
        row::put_player(&mut put, slot, player, name).map_err(StoreError::from)?;
        Ok(slot)
    }

    fn bucket(&mut self, bucket: Bucket, total: u64) -> Result<(), ImportError> {
        if self.closed.insert(bucket, total).is_some() {
            return Ok(());
        }
        if bucket.end().is_none() || read::total(self.db, bucket)?.is_some() {
            return Err(line(format!("{bucket} can't be a past board")));
        }
        self.boards.insert(bucket, (total, 0));
        self.done.buckets += 1;
        // Its bests, if lives of it were imported before without their board, are swept at the next start.
        let sql = "INSERT INTO buckets (period, number, total, state) VALUES (?, ?, ?, 1)";
        let of = params![bucket.period().code(), bucket.number(), number(total)];
        self.db.execute(sql, of).map_err(StoreError::from)?;
        Ok(())
    }

    fn entry(&mut self, entry: Frozen) -> Result<(), ImportError> {
        let Some((_, found)) = self.boards.get_mut(&entry.bucket) else {
            let known = self.closed.contains_key(&entry.bucket);
            return if known { Ok(()) } else { Err(line(format!("{} was not announced", entry.bucket))) };
        };
        *found += 1;
        if entry.rank != *found {
            return Err(line(format!("rank {} of {} comes at {found}", entry.rank, entry.bucket)));
        }
        let mut put = self.db.prepare_cached("INSERT INTO frozen VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
        Ok(put.as_mut().map_err(|e| StoreError::Failed(e.to_string())).and_then(|put| Ok(entry.put(put)?))?)
    }

    fn life(&mut self, life: &LifeResult) -> Result<(), ImportError> {
        let life = &LifeResult { at: life.at.min(UnixMs::LAST), ..life.clone() };
        let slot = self.slot(life.player, &life.name)?;
        let mut put = self.db.prepare_cached(write::PUT_LIFE).map_err(StoreError::from)?;
        if row::put_life(&mut put, life, slot).map_err(StoreError::from)? == 0 {
            self.done.known += 1;
            return Ok(());
        }
        self.done.lives += 1;
        let seq = Seq(u64::try_from(self.db.last_insert_rowid()).unwrap_or(0));
        let place = Place::new(life.score, life.at, seq, slot);
        let mut put = self.db.prepare_cached(write::PUT_BEST).map_err(StoreError::from)?;
        for bucket in Period::ALL.map(|period| period.bucket_at(life.at)) {
            if !self.closed.contains_key(&bucket) {
                row::put_best(&mut put, bucket, place).map_err(StoreError::from)?;
            }
        }
        Ok(())
    }
}

/// Which line it is is known to who reads them.
fn line(what: String) -> ImportError {
    ImportError::Line { line: 0, what }
}
