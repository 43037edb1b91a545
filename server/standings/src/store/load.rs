//! From the tables into memory.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::error::StoreError;
use super::row;
use super::schema::Sum;
use crate::board::{Board, Version};
use crate::book::Book;
use crate::period::Bucket;
use crate::place::Place;
use crate::players::Player;

/// Calls with each row of a query.
pub(super) fn each(
    db: &Connection,
    sql: &str,
    mut take: impl FnMut(&Row<'_>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut query = db.prepare(sql)?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        take(row)?;
    }
    Ok(())
}

/// The version of the last change; 0 of a new store.
pub(super) fn version(db: &Connection) -> Result<u64, StoreError> {
    let found =
        db.query_row("SELECT value FROM meta WHERE key = 'version'", [], |row| row.get(0)).optional()?;
    Ok(found.unwrap_or(0))
}

pub(super) fn put_version(db: &Connection, version: Version) -> Result<(), StoreError> {
    let sql = "INSERT INTO meta VALUES ('version', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value";
    db.prepare_cached(sql)?.execute([row::number(version.0)])?;
    Ok(())
}

/// The server's secret and its sum, 36 bytes.
pub(super) fn secret(db: &Connection) -> Result<Option<[u8; 32]>, StoreError> {
    let sql = "SELECT value FROM meta WHERE key = 'secret'";
    let Some(found) = db.query_row(sql, [], |row| row.get::<_, Vec<u8>>(0)).optional()? else {
        return Ok(None);
    };
    let damaged = || StoreError::Damaged("the secret is not what was written".to_owned());
    let (secret, sum) = found.split_first_chunk::<32>().ok_or_else(damaged)?;
    if sum == secret_sum(secret) { Ok(Some(*secret)) } else { Err(damaged()) }
}

pub(super) fn put_secret(db: &Connection, secret: &[u8; 32]) -> Result<(), StoreError> {
    let value = [secret.as_slice(), &secret_sum(secret)].concat();
    db.execute("INSERT INTO meta VALUES ('secret', ?)", params![value])?;
    Ok(())
}

fn secret_sum(secret: &[u8; 32]) -> [u8; 8] {
    Sum::default().bytes(secret).end().to_le_bytes()
}

/// Everything that boards in memory are made of. Their version is one that was never handed out: what a process that
/// ended in between had shown is not known.
pub(super) fn book(db: &Connection) -> Result<Book, StoreError> {
    let version = Version(version(db)? + 1);
    let mut book = Book { version, renamed: version, ..Book::default() };
    let mut sweeping = Vec::new();
    each(db, "SELECT * FROM buckets", |row| {
        let bucket = row::bucket_of(row)?;
        book.closed.insert(bucket, row.get("total")?);
        if row.get::<_, i64>("state")? > 0 {
            sweeping.push(bucket);
        }
        Ok(())
    })?;
    each(db, "SELECT slot, id, name, sum FROM players ORDER BY slot", |row| {
        let (slot, key, name) = row::player(row)?;
        book.players.put(slot, Player { key, name });
        Ok(())
    })?;
    let mut places: BTreeMap<Bucket, Vec<Place>> = BTreeMap::new();
    each(db, "SELECT * FROM bests", |row| {
        let (bucket, place) = row::best(row)?;
        if book.players.get(place.slot()).is_none() {
            return Err(StoreError::Damaged("a best life belongs to nobody".to_owned()));
        }
        if !sweeping.contains(&bucket) {
            places.entry(bucket).or_default().push(place);
        }
        Ok(())
    })?;
    for (bucket, places) in &places {
        if let Some(total) = book.closed.get_mut(bucket) {
            *total = places.len() as u64;
        }
    }
    book.boards =
        places.into_iter().map(|(bucket, places)| (bucket, Board::build(version, places))).collect();
    Ok(book)
}
