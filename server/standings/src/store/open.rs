//! Opening the store's file: the lock, the checks, the settings, the format.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, OptionalExtension, Transaction, TransactionBehavior};

use super::error::{OpenError, StoreError};
use super::{check, load, schema};
use crate::board::Version;
use crate::book::Book;
use crate::player::Signer;

/// The file's name in its folder. SQLite keeps two more beside it while the server runs.
pub(crate) const FILE: &str = "standings.db";

/// Held by the server that uses the folder.
const LOCK: &str = "standings.lock";

/// How long to wait for a program that reads or copies the file by SQLite's rules.
const BUSY: Duration = Duration::from_secs(2);

/// A store up to this size is read row by row at start, a larger one only page by page; its rows are held against
/// their sums when they are read.
const READ_ALL: u64 = 64 << 20;

/// Faults that tests inject: they make SQLite itself refuse.
#[derive(Debug, Clone, Default)]
pub(crate) struct Faults {
    /// The file may have no more than this many pages; 0 is no limit.
    pub(crate) pages: Arc<AtomicU32>,
    /// Nothing may be written.
    pub(crate) read_only: Arc<AtomicBool>,
    /// So many results may wait; 0 is as many as ever.
    pub(crate) waiting: Arc<AtomicU32>,
}

/// The connection that writes.
#[derive(Debug)]
pub(crate) struct Store {
    db: Arc<Mutex<Connection>>,
    /// None of a store in memory.
    file: Option<PathBuf>,
    pub(crate) faults: Faults,
    _lock: Option<File>,
}

/// What a store that was opened has in it.
pub(crate) struct Opened {
    pub(crate) store: Store,
    pub(crate) book: Book,
    pub(crate) signer: Signer,
}

impl Store {
    /// Opens the store in a folder, or makes it.
    pub(crate) fn open(folder: &Path) -> Result<Opened, OpenError> {
        let lock = lock(folder)?;
        let file = folder.join(FILE);
        let (db, book, signer) = prepare(&file)?;
        let db = Arc::new(Mutex::new(db));
        let store = Self { db, file: Some(file), faults: Faults::default(), _lock: Some(lock) };
        Ok(Opened { store, book, signer })
    }

    /// A store that is gone with the process.
    pub(crate) fn in_memory() -> Result<Opened, OpenError> {
        let file = Path::new("(memory)");
        let mut db = Connection::open_in_memory().map_err(|error| OpenError::store(file, error))?;
        let (book, signer) = fill(&mut db, file)?;
        let db = Arc::new(Mutex::new(db));
        Ok(Opened { store: Self { db, file: None, faults: Faults::default(), _lock: None }, book, signer })
    }

    pub(crate) fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    /// The writing connection itself, for those who read a store in memory.
    pub(super) fn shared(&self) -> Arc<Mutex<Connection>> {
        self.db.clone()
    }

    pub(super) fn db(&self) -> MutexGuard<'_, Connection> {
        // Whoever panicked with it rolled its transaction back.
        self.db.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs something as one transaction: all of it is on the disk, or nothing.
    pub(super) fn transact<T>(
        &self,
        run: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut db = self.db();
        self.inject(&db)?;
        let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let done = run(&tx)?;
        tx.commit()?;
        Ok(done)
    }

    fn inject(&self, db: &Connection) -> Result<(), StoreError> {
        let pages = self.faults.pages.load(Ordering::Relaxed);
        let pages = if pages == 0 { u32::MAX - 1 } else { pages };
        db.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))?;
        Ok(db.pragma_update(None, "query_only", self.faults.read_only.load(Ordering::Relaxed))?)
    }

    /// Takes a new connection after one that failed. What the last commit did is not known then: the version that the
    /// store has tells.
    pub(crate) fn reopen(&self) -> Result<(), StoreError> {
        let Some(file) = &self.file else { return Ok(()) };
        let db = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        settings(&db)?;
        *self.db() = db;
        Ok(())
    }

    /// Writes something that changes nothing, to see whether the disk takes it.
    pub(crate) fn probe(&self) -> Result<(), StoreError> {
        self.transact(|tx| load::put_version(tx, Version(load::version(tx)?)))
    }

    /// The version of the last change that is in the store.
    pub(crate) fn version(&self) -> Result<u64, StoreError> {
        load::version(&self.db())
    }

    /// Reads everything again.
    pub(crate) fn load(&self) -> Result<Book, StoreError> {
        load::book(&self.db())
    }

    /// Moves what the write-ahead log holds into the file, at the end.
    pub(crate) fn close(&self) {
        // What it can't do now is done at the next start.
        let _ = self.db().pragma_update_and_check(None, "wal_checkpoint", "TRUNCATE", |_| Ok(()));
    }
}

fn lock(folder: &Path) -> Result<File, OpenError> {
    let failed = |error| OpenError::Folder { folder: folder.to_owned(), error };
    std::fs::create_dir_all(folder).map_err(failed)?;
    let mut options = File::options();
    let lock = options.create(true).truncate(false).write(true).open(folder.join(LOCK)).map_err(failed)?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse(folder.to_owned())),
        Err(TryLockError::Error(error)) => Err(failed(error)),
    }
}

fn prepare(file: &Path) -> Result<(Connection, Book, Signer), OpenError> {
    let mut db = Connection::open(file).map_err(|error| OpenError::store(file, error))?;
    settings(&db).map_err(|error| OpenError::store(file, error))?;
    let (book, signer) = fill(&mut db, file)?;
    Ok((db, book, signer))
}

/// Migrates, checks and reads.
fn fill(db: &mut Connection, file: &Path) -> Result<(Book, Signer), OpenError> {
    let failed = |error: rusqlite::Error| OpenError::store(file, error);
    let format = format(db, file)?;
    let small = format > 0 && std::fs::metadata(file).is_ok_and(|file| file.len() <= READ_ALL);
    if format > 0 {
        check::pages(db, small).map_err(|error| OpenError::store(file, error))?;
    }
    if format < schema::FORMAT {
        schema::migrate(db, format).map_err(failed)?;
    }
    let signer = match load::secret(db).map_err(|error| OpenError::store(file, error))? {
        Some(secret) => Signer::new(secret),
        None if format > 0 => {
            let error = StoreError::Damaged("the secret is missing".to_owned());
            return Err(OpenError::store(file, error));
        }
        None => new_secret(db, file)?,
    };
    let book = load::book(db).map_err(|error| OpenError::store(file, error))?;
    if small {
        check::rows(db, &book).map_err(|error| OpenError::store(file, error))?;
    }
    Ok((book, signer))
}

fn new_secret(db: &Connection, file: &Path) -> Result<Signer, OpenError> {
    let signer = Signer::random()?;
    load::put_secret(db, signer.secret()).map_err(|error| OpenError::store(file, error))?;
    Ok(signer)
}

/// The file's format; 0 of an empty one.
fn format(db: &Connection, file: &Path) -> Result<i64, OpenError> {
    let pragma = |name: &str| {
        db.pragma_query_value(None, name, |row| row.get::<_, i64>(0))
            .map_err(|error| OpenError::store(file, error))
    };
    let (application, format) = (pragma("application_id")?, pragma("user_version")?);
    let tables = db
        .query_row("SELECT 1 FROM sqlite_master LIMIT 1", [], |_| Ok(()))
        .optional()
        .map_err(|error| OpenError::store(file, error))?;
    match (application, format) {
        (0, 0) if tables.is_none() => Ok(0),
        (schema::APPLICATION, schema::FORMAT..) if format > schema::FORMAT => {
            Err(OpenError::TooNew { file: file.to_owned(), found: format, known: schema::FORMAT })
        }
        (schema::APPLICATION, 1..) => Ok(format),
        (_, _) => Err(OpenError::Foreign(file.to_owned())),
    }
}

/// How each connection that writes is set up.
fn settings(db: &Connection) -> rusqlite::Result<()> {
    db.busy_timeout(BUSY)?;
    db.set_prepared_statement_cache_capacity(64);
    db.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    db.pragma_update(None, "synchronous", "FULL")?;
    // What a player has had removed is overwritten where that costs nothing more.
    db.pragma_update_and_check(None, "secure_delete", "FAST", |_| Ok(()))?;
    // 32 MiB; the default of 2 MiB makes large stores slow to write.
    db.pragma_update(None, "cache_size", -32_768)?;
    db.pragma_update(None, "trusted_schema", false)
}

/// A connection that only reads.
pub(super) fn read_only(file: &Path) -> Result<Connection, StoreError> {
    let db = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    db.busy_timeout(BUSY)?;
    Ok(db)
}

impl Store {
    /// Copies the store into a file that is not there yet: whole, or not at all.
    pub(crate) fn backup(&self, to: &Path) -> Result<(), StoreError> {
        copy(&self.db(), to)
    }
}

/// Copies what a connection reads into a file that is not there yet: whole, or not at all.
pub(super) fn copy(db: &Connection, to: &Path) -> Result<(), StoreError> {
    let part = to.with_added_extension("part");
    let failed = |error: std::io::Error| StoreError::Failed(format!("{}: {error}", to.display()));
    if to.exists() || part.exists() {
        return Err(failed(std::io::ErrorKind::AlreadyExists.into()));
    }
    let path = part.to_str().ok_or_else(|| failed(std::io::ErrorKind::InvalidInput.into()))?;
    let copied = db.execute("VACUUM INTO ?", [path]).map_err(StoreError::from);
    let kept = copied.and_then(|_| {
        File::open(&part).and_then(|file| file.sync_all()).map_err(failed)?;
        std::fs::rename(&part, to).map_err(failed)
    });
    if kept.is_err() {
        // Half a copy is none.
        let _ = std::fs::remove_file(&part);
    }
    kept
}
