//! What the operator's signals mean: stop at once, stop when nobody plays, read the certificate again.

use std::future::Future;
use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use crate::arenas::Arenas;
use crate::net::Certificate;
#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};

/// How to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stop {
    /// Ctrl-C: somebody sits there and waits.
    AtOnce,
    /// SIGTERM.
    Drain,
}

/// Ctrl-C and SIGTERM, listened for from its making on.
pub(crate) struct StopSignal {
    #[cfg(unix)]
    terminate: Signal,
    #[cfg(unix)]
    interrupt: Signal,
}

impl StopSignal {
    pub(crate) fn listen() -> io::Result<Self> {
        Ok(Self {
            #[cfg(unix)]
            terminate: signal(SignalKind::terminate())?,
            #[cfg(unix)]
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    #[cfg(unix)]
    pub(crate) async fn received(&mut self) -> Stop {
        tokio::select! {
            _ = self.terminate.recv() => Stop::Drain,
            _ = self.interrupt.recv() => Stop::AtOnce,
        }
    }

    #[cfg(not(unix))]
    pub(crate) async fn received(&mut self) -> Stop {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        Stop::AtOnce
    }
}

/// SIGHUP has the certificate read again, for ever. Listened for from the call on.
#[cfg(unix)]
pub(crate) fn reload(certificate: Arc<Certificate>) -> io::Result<impl Future<Output = ()>> {
    let mut hangup = signal(SignalKind::hangup())?;
    Ok(async move {
        while hangup.recv().await.is_some() {
            certificate.reload();
        }
    })
}

#[cfg(not(unix))]
pub(crate) fn reload(_certificate: Arc<Certificate>) -> io::Result<impl Future<Output = ()>> {
    Ok(async {})
}

/// Faults as ordered, in the first arena: SIGUSR1 a panic, SIGUSR2 slow ticks or quick ones again.
#[cfg(unix)]
pub(crate) fn faults(arenas: Arc<Arenas>) -> io::Result<impl Future<Output = ()>> {
    let (mut panic, mut slow) = (signal(SignalKind::user_defined1())?, signal(SignalKind::user_defined2())?);
    Ok(async move {
        loop {
            let (arena, ordered) = tokio::select! {
                _ = panic.recv() => (arenas.all().first(), true),
                _ = slow.recv() => (arenas.all().first(), false),
            };
            let Some(arena) = arena else { return };
            match ordered {
                true => arena.fault.store(true, Relaxed),
                false => drop(arena.slow.fetch_xor(true, Relaxed)),
            }
        }
    })
}

#[cfg(not(unix))]
pub(crate) fn faults(_arenas: Arc<Arenas>) -> io::Result<impl Future<Output = ()>> {
    Ok(async {})
}
