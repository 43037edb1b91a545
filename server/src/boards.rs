//! The standings as this process has them: opened in their folder, or in memory when that can't be; how they do, for
//! `/healthz` and `/metrics`; and the word that something on them has changed.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use cluster::{
    Announcements, Booth, Broadcast, Desk, Directory, Events, Exchange, Host, Map, Me, Removals, State,
    Unremoved,
};
use shared::identity::PlayerKey;
use standings::{Clock, Health, Keeping, OnChange, OpenError, Standings, StoreError};
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
    /// Those of other servers, where there are others.
    others: Option<Others>,
}

/// Other servers with the same standings.
#[derive(Default)]
struct Others {
    state: Arc<State>,
    removals: OnceLock<Removals>,
    events: OnceLock<Events>,
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
        let others = args.nodes.redis.as_ref().map(|_| Others::default());
        let rolls =
            others.as_ref().map_or_else(|| clock.clone(), |others| others.state.in_touch(clock.clone()));
        let standings = if args.no_data {
            Standings::in_memory("--no-data", rolls, Some(tell()))?
        } else {
            in_folder(&args.data_dir, &rolls, &tell)?
        };
        let durable = standings.health().keeping == Keeping::Durable;
        Ok(Self { standings: Arc::new(standings), clock, changed, durable, by_wish: args.no_data, others })
    }

    /// Begins to share them, where the operator wants that.
    ///
    /// # Errors
    /// When the system refuses a thread.
    pub(crate) fn share(&self, args: &Args) -> std::io::Result<Option<Exchange>> {
        let (Some(redis), Some(others)) = (args.nodes.redis.clone(), &self.others) else { return Ok(None) };
        let (standings, changed) = (self.standings.clone(), self.changed.clone());
        let exchange = Exchange::start(
            redis,
            standings,
            changed,
            others.state.clone(),
            self.clock.clone(),
            args.nodes.events,
        )?;
        let _first = others.removals.set(exchange.removals());
        let _first = exchange.events().map(|events| others.events.set(events));
        Ok(Some(exchange))
    }

    /// Which server this is among others: another name for each store.
    pub(crate) fn node(&self) -> String {
        self.standings.signer().holder()
    }

    /// Where other programs are told what happens; None where nobody wants to know.
    pub(crate) fn events(&self) -> Option<&Events> {
        self.others.as_ref()?.events.get()
    }

    /// What the directory of arenas is asked through; None where there are no other servers.
    pub(crate) fn desk(&self) -> Option<Desk> {
        self.others.as_ref().map(|others| Desk::new(others.state.clone()))
    }

    /// Takes part in the directory of arenas, where the operator wants that. `url` is where this server listens.
    pub(crate) fn join(
        &self,
        args: &Args,
        url: String,
        host: Arc<dyn Host>,
        map: Arc<Map>,
        desk: Desk,
    ) -> Option<Directory> {
        let redis = args.nodes.redis.as_ref()?;
        let me = Me {
            url: args.nodes.public_url.clone().unwrap_or(url),
            arenas: (1..=args.worlds()).map(|number| number.to_string()).collect(),
        };
        Some(Directory::start(redis, me, host, map, desk))
    }

    /// Tells the others what happens in the arenas that run here, and hears what happens in the rest, where the operator wants
    /// that. Gives where to hand in announcements.
    pub(crate) fn broadcast(&self, args: &Args, booth: Arc<dyn Booth>) -> Option<Announcements> {
        let redis = args.nodes.redis.as_ref()?;
        Some(Broadcast::start(redis, self.node(), booth).announcements())
    }

    /// How the node does with the others; None where there are none.
    pub(crate) fn others(&self) -> Option<cluster::Snapshot> {
        self.others.as_ref().map(|others| others.state.snapshot())
    }

    /// Deletes all that is stored about a player, here and on every other server. `then` hears whether anything was; on a thread
    /// that must not wait.
    ///
    /// # Errors
    /// When it was not taken; `then` is not called.
    pub(crate) fn remove(
        &self,
        player: PlayerKey,
        then: impl FnOnce(Result<bool, StoreError>) + Send + 'static,
    ) -> Result<(), Unremoved> {
        match self.others.as_ref().and_then(|others| others.removals.get()) {
            Some(removals) => removals.remove(player, then),
            None => Ok(self.standings.remove(player, then)?),
        }
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
            .or_else(|| {
                self.others()?.trouble.map(|why| format!("other servers do not hear of results: {why}"))
            })
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
