//! What `starfray` does instead of serving. `starfray boards …`: lines out, lines in, a copy, a check. Works on the data folder alone, without a
//! server. Must never: write to standard output what is not asked-for data.

mod announce;

use std::io::{self, BufWriter, IsTerminal};
use std::path::PathBuf;

use clap::{Args, Subcommand};
use standings::{ImportError, StoreError};

use crate::args::DATA_DIR;
pub use announce::{AnnounceCommand, AnnounceError};
use cluster::{RebuildError, RedisUrl};

/// A command about standings.
#[derive(Debug, Clone, Subcommand)]
pub enum BoardsCommand {
    /// Write everything to standard output as JSON lines; the server may be running
    Export(DataDir),
    /// Add the lines of an export from standard input: all of them or none; stop the server before
    Import(DataDir),
    /// Copy the store into a new file, whole as of one moment; the server may be running
    Backup {
        /// The file to make. To restore it, put it as standings.db into an empty data folder
        to: PathBuf,
        /// Of what.
        #[command(flatten)]
        of: DataDir,
    },
    /// Read everything and hold it against itself; the server may be running
    Check(DataDir),
    /// Empty the boards that servers share in Redis: each running server fills them again with what it has, within seconds
    Rebuild {
        /// The Redis that all servers of the game share
        #[arg(long, value_name = "URL", env = "STARFRAY_REDIS", hide_env_values = true)]
        redis: RedisUrl,
    },
}

/// Which standings.
#[derive(Debug, Clone, Args)]
pub struct DataDir {
    /// Folder of the standings
    #[arg(long, value_name = "DIR", default_value = DATA_DIR)]
    pub data_dir: PathBuf,
}

/// Why a command failed, with what to do next.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// The folder has no standings in it.
    #[error("there are no standings in {0}. Name their folder with --data-dir")]
    Nothing(PathBuf),
    /// An export or import stopped.
    #[error(transparent)]
    Lines(#[from] ImportError),
    /// Redis could not be emptied.
    #[error(transparent)]
    Rebuild(#[from] RebuildError),
    /// The system refuses what it takes.
    #[error("the system refused what this needs: {0}")]
    System(#[from] io::Error),
    /// A copy or check failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl BoardsCommand {
    /// Does it. What is to be said about it goes to standard error.
    ///
    /// # Errors
    /// Why not.
    pub fn run(self) -> Result<(), CommandError> {
        match self {
            Self::Export(of) => export(&of),
            Self::Import(of) => import(&of),
            Self::Backup { to, of } => {
                standings::backup(&of.existing()?, &to)?;
                eprintln!("copied to {}", to.display());
                Ok(())
            }
            Self::Rebuild { redis } => {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
                let keys = runtime.block_on(cluster::rebuild(&redis))?;
                eprintln!("{keys} keys are gone; running servers fill the boards again");
                Ok(())
            }
            Self::Check(of) => {
                standings::check(&of.existing()?)?;
                eprintln!("the standings in {} are whole", of.data_dir.display());
                Ok(())
            }
        }
    }
}

impl DataDir {
    fn existing(&self) -> Result<PathBuf, CommandError> {
        let there = standings::file(&self.data_dir).exists();
        there.then(|| self.data_dir.clone()).ok_or_else(|| CommandError::Nothing(self.data_dir.clone()))
    }
}

fn export(of: &DataDir) -> Result<(), CommandError> {
    let lines = standings::export(&of.existing()?, &mut BufWriter::new(io::stdout().lock()))?;
    eprintln!("{lines} lines");
    Ok(())
}

fn import(of: &DataDir) -> Result<(), CommandError> {
    if io::stdin().is_terminal() {
        eprintln!("reading lines of an export from the terminal; Ctrl-D ends them");
    }
    let done = standings::import(&of.data_dir, &mut io::stdin().lock())?;
    let standings::Imported { players, lives, known, buckets } = done;
    eprintln!(
        "{players} new players, {lives} new lives, {known} lives that were there already, {buckets} past boards"
    );
    Ok(())
}
