//! The tables, and how a store of an older format becomes one of today's.
//!
//! Every row carries the CRC-32 of its fields: SQLite's own check finds a damaged page, but not a damaged score.

use rusqlite::Connection;

/// Marks the file as ours: "SFRY".
pub(super) const APPLICATION: i64 = 0x5346_5259;

/// One step per format: the first makes format 1 out of an empty file, the next one format 2 out of format 1.
const MIGRATIONS: [&str; 1] = ["
    CREATE TABLE meta (key TEXT PRIMARY KEY, value ANY NOT NULL) STRICT, WITHOUT ROWID;

    -- Everyone who has a result. `slot` is his number in all other tables.
    CREATE TABLE players (slot INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, name TEXT NOT NULL,
        sum INTEGER NOT NULL) STRICT;
    CREATE INDEX players_by_name ON players (name COLLATE NOCASE);

    -- Every life, in the order in which they were recorded. Only appended to, except when a player is removed.
    CREATE TABLE results (seq INTEGER PRIMARY KEY AUTOINCREMENT, life BLOB NOT NULL UNIQUE, player INTEGER NOT NULL,
        score INTEGER NOT NULL, kills INTEGER NOT NULL, duration INTEGER NOT NULL, arena INTEGER NOT NULL,
        at INTEGER NOT NULL, sum INTEGER NOT NULL) STRICT;
    CREATE INDEX results_by_player ON results (player);

    -- The best life of each player in each bucket that is not frozen.
    CREATE TABLE bests (period INTEGER NOT NULL, number INTEGER NOT NULL, player INTEGER NOT NULL,
        score INTEGER NOT NULL, at INTEGER NOT NULL, seq INTEGER NOT NULL, sum INTEGER NOT NULL,
        PRIMARY KEY (period, number, player)) STRICT, WITHOUT ROWID;

    -- Buckets whose ranks are final. state: 0 being frozen, 1 its rows in `bests` are being deleted, 2 done.
    CREATE TABLE buckets (period INTEGER NOT NULL, number INTEGER NOT NULL, total INTEGER NOT NULL,
        state INTEGER NOT NULL, PRIMARY KEY (period, number)) STRICT, WITHOUT ROWID;

    -- Their entries. tied: the rank with equal scores sharing one. player: null once he has had himself removed.
    CREATE TABLE frozen (period INTEGER NOT NULL, number INTEGER NOT NULL, rank INTEGER NOT NULL,
        tied INTEGER NOT NULL, player INTEGER, score INTEGER NOT NULL, at INTEGER NOT NULL, sum INTEGER NOT NULL,
        PRIMARY KEY (period, number, rank)) STRICT, WITHOUT ROWID;
    CREATE INDEX frozen_by_player ON frozen (player, period, number) WHERE player IS NOT NULL;
"];

/// The format that this server writes.
#[expect(clippy::cast_possible_wrap, reason = "a handful")]
pub(super) const FORMAT: i64 = MIGRATIONS.len() as i64;

/// Brings an empty store, or one of an older format, to today's; all or nothing.
pub(super) fn migrate(db: &mut Connection, from: i64) -> rusqlite::Result<()> {
    let tx = db.transaction()?;
    for step in MIGRATIONS.iter().skip(usize::try_from(from).unwrap_or(0)) {
        tx.execute_batch(step)?;
    }
    tx.pragma_update(None, "application_id", APPLICATION)?;
    tx.pragma_update(None, "user_version", FORMAT)?;
    tx.commit()
}

/// The CRC-32 of a row's fields.
#[derive(Default)]
pub(super) struct Sum(crc32fast::Hasher);

impl Sum {
    pub(super) fn of(numbers: &[i64]) -> i64 {
        Self::default().numbers(numbers).end()
    }

    pub(super) fn numbers(mut self, numbers: &[i64]) -> Self {
        for number in numbers {
            self.0.update(&number.to_le_bytes());
        }
        self
    }

    pub(super) fn bytes(mut self, bytes: &[u8]) -> Self {
        self.0.update(bytes);
        self
    }

    pub(super) fn end(self) -> i64 {
        i64::from(self.0.finalize())
    }
}
