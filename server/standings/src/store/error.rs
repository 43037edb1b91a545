//! What can go wrong with the store, and what to do about it.

use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

/// The store could not do what was asked. What was to be written is kept and tried again, so none of these ends the
/// process by itself.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// No room.
    #[error("the disk is full ({0}): make room; what waits is written then")]
    Full(String),
    /// No right to write.
    #[error("the standings can't be written ({0}): give the server the right to write in its data folder")]
    ReadOnly(String),
    /// Somebody else is writing.
    #[error("another program holds the standings ({0}): end it; what waits is written then")]
    Busy(String),
    /// What is in the file is not what was written.
    #[error("the standings are damaged ({0}): stop the server and put a backup in place of the file")]
    Damaged(String),
    /// Anything else that the disk or SQLite says.
    #[error("the standings can't be read or written: {0}")]
    Failed(String),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::Error as E;
        let text = error.to_string();
        if let E::SqliteFailure(failure, _) = &error {
            return by_code(failure.code, text);
        }
        // A value that does not fit its column's type: the tables are strict, so it was not we who wrote it.
        let alien = matches!(
            error,
            E::FromSqlConversionFailure(..)
                | E::IntegralValueOutOfRange(..)
                | E::InvalidColumnType(..)
                | E::Utf8Error(..)
        );
        if alien { Self::Damaged(text) } else { Self::Failed(text) }
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "SQLite's codes are open-ended; these are told apart")]
fn by_code(code: ErrorCode, text: String) -> StoreError {
    match code {
        ErrorCode::DiskFull => StoreError::Full(text),
        ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen => {
            StoreError::ReadOnly(text)
        }
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => StoreError::Busy(text),
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => StoreError::Damaged(text),
        _ => StoreError::Failed(text),
    }
}

/// Why the store could not be opened, with what to do next.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The folder can't be made or written.
    #[error(
        "the data folder {folder} can't be used: {error}. Give the server the right to write there, or name another with --data-dir"
    )]
    Folder {
        /// Which.
        folder: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
    /// Another server has it open.
    #[error("another server uses the data folder {0}. Stop it, or name another with --data-dir")]
    InUse(PathBuf),
    /// A database, but of something else.
    #[error("{0} is no file of standings. Move it away, or name another folder with --data-dir")]
    Foreign(PathBuf),
    /// Written by a newer server.
    #[error(
        "{file} has format {found}, and this server knows formats up to {known}. Start the newer server that wrote it"
    )]
    TooNew {
        /// Which file.
        file: PathBuf,
        /// Its format.
        found: i64,
        /// Ours.
        known: i64,
    },
    /// Damaged, or not readable at all.
    #[error("{file}: {error}. Move the file away to begin anew, or put a backup in its place")]
    Store {
        /// Which file.
        file: PathBuf,
        /// What is wrong.
        error: StoreError,
    },
    /// No randomness for the secret.
    #[error(transparent)]
    Randomness(#[from] crate::player::NoRandomness),
}

impl OpenError {
    pub(crate) fn store(file: &Path, error: impl Into<StoreError>) -> Self {
        Self::Store { file: file.to_owned(), error: error.into() }
    }
}
