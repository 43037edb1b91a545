//! The standings as this process has them: opened in their folder, or in memory when that can't be; how they do, for
//! `/healthz` and `/metrics`; and the word that something on them has changed.

use std::path::Path;
use std::sync::Arc;

use standings::{Clock, Health, Keeping, OnChange, OpenError, Standings};
use tokio::sync::watch;

use crate::args::Args;

/// The standings of the process.
pub(crate) struct Boards {
    /// Themselves.
    pub standings: Arc<Standings>,
    /// What time it is.
    pub clock: Clock,
    /// Marked after each change.
    pub changed: watch::Receiver<()>,
    /// Are they kept on the disk? Settled when they are opened.
    pub durable: bool,
    /// Whether they are in memory because the operator wants that.
    by_wish: bool,
}

impl Boards {
    /// Opens them where the operator says. When that can't be done, the error is logged and play goes on in memory.
    ///
    /// # Errors
    /// When even that can't be had.
    pub(crate) fn open(args: &Args, clock: Clock) -> Result<Self, OpenError> {
        let (tell, changed) = watch::channel(());
        let tell = move || -> OnChange {
            let tell = tell.clone();
            Box::new(move |_| {
                tell.send_replace(());
            })
        };
        outlive_refused_writes();
        let standings = if args.no_data {
            Standings::in_memory("--no-data", clock.clone(), Some(tell()))?
        } else {
            in_folder(&args.data_dir, &clock, &tell)?
        };
        let durable = standings.health().keeping == Keeping::Durable;
        Ok(Self { standings: Arc::new(standings), clock, changed, durable, by_wish: args.no_data })
    }

    /// What keeps results from being durable; None when all is well.
    pub(crate) fn trouble(&self) -> Option<String> {
        let Health { keeping, failing, waiting, lost, .. } = self.standings.health();
        let memory = match keeping {
            Keeping::Memory { why } if !self.by_wish => {
                Some(format!("standings are kept in memory only, and gone when the server ends: {why}"))
            }
            Keeping::Memory { .. } | Keeping::Durable => None,
        };
        memory
            .or_else(|| failing.map(|why| format!("{waiting} results wait in memory: {why}")))
            .or_else(|| (lost > 0).then(|| format!("{lost} results were lost since the start")))
    }
}

/// A write beyond the size of files that the system allows us (`ulimit -f`) ends a process unless it listens for that
/// signal. Once it does, even if nobody waits for it, the write fails as on a full disk, and play goes on.
fn outlive_refused_writes() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Err(error) = signal(SignalKind::from_raw(SIGXFSZ)) {
            tracing::warn!("a file that grows beyond what the system allows would end the server: {error}");
        }
    }
}

/// Its number on Linux, the BSDs and macOS.
#[cfg(unix)]
const SIGXFSZ: i32 = 25;

fn in_folder(folder: &Path, clock: &Clock, tell: &dyn Fn() -> OnChange) -> Result<Standings, OpenError> {
    match Standings::open(folder, clock.clone(), Some(tell())) {
        Ok(standings) => {
            let shown = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
            tracing::info!(folder = %shown.display(), "standings are kept");
            Ok(standings)
        }
        Err(error) => {
            tracing::error!("{error}. Play goes on; standings are kept in memory only until then");
            Standings::in_memory(&error.to_string(), clock.clone(), Some(tell()))
        }
    }
}
