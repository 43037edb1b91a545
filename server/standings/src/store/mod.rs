//! The disk: one SQLite file in a folder, opened, checked and migrated at start.
//!
//! Owns: the file, its tables and what is in them. One connection writes; reading past boards has one of its own. Must
//! never: change a board in memory, or say that something is written before the disk has it (`synchronous=FULL`).

mod check;
mod error;
mod freeze;
mod lines;
mod load;
mod open;
mod read;
mod row;
mod schema;
mod write;

pub use error::{OpenError, StoreError};
pub use lines::{ImportError, Imported, export, import};
pub use read::{LIVES, PastRank, PastResult, Stored};

#[cfg(test)]
pub(crate) use open::Faults;
pub(crate) use open::{FILE, Opened, Store};
pub(crate) use read::Reader;
pub(crate) use write::Written;

/// Reads every row of a store and holds it against the others: every best is that of its player's lives, every past
/// board is whole. For tests and for an operator who wants to know; the server may be running.
///
/// # Errors
/// What is wrong, first found.
pub fn check(folder: &std::path::Path) -> Result<(), StoreError> {
    check::all(&open::read_only(&folder.join(FILE))?)
}

/// Copies the store of a folder into a file that is not there yet, whole as of one moment; the server may be running.
///
/// # Errors
/// What the store or the disk says.
pub fn backup(folder: &std::path::Path, to: &std::path::Path) -> Result<(), StoreError> {
    open::copy(&open::read_only(&file(folder))?, to)
}

/// The store's file in a data folder.
#[must_use]
pub fn file(folder: &std::path::Path) -> std::path::PathBuf {
    folder.join(FILE)
}
