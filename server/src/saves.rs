//! What arenas are, once a second, on the way out of the process: taken down by their threads, written as text by another
//! one, and handed to the directory.
//!
//! Must never: make a tick wait. While the last ones are being written, newer ones are dropped.

use std::io;

use cluster::{Keeper, Saved};
use crossbeam_channel::{Sender, bounded};
use sim::Save;

/// Saves that may wait to be written.
const WAITING: usize = 16;

/// The way there. Ends when the last one that holds it is gone.
#[derive(Debug, Clone)]
pub(crate) struct Saves(Sender<(String, u64, Save)>);

impl Saves {
    /// Begins to write.
    ///
    /// # Errors
    /// When the system refuses a thread.
    pub(crate) fn start(keeper: Keeper) -> io::Result<Self> {
        let (sender, waiting) = bounded::<(String, u64, Save)>(WAITING);
        let write = move || {
            for (arena, epoch, save) in waiting {
                if let Some(save) = written(&save) {
                    keeper.keep(Saved { arena, epoch, save });
                }
            }
        };
        std::thread::Builder::new().name("saves".to_owned()).spawn(write)?;
        Ok(Self(sender))
    }

    /// Those of one arena, under one right to it.
    pub(crate) fn of(&self, arena: &str, epoch: u64) -> ArenaSaves {
        ArenaSaves { all: self.clone(), arena: arena.to_owned(), epoch }
    }
}

/// One arena's.
#[derive(Debug, Clone)]
pub(crate) struct ArenaSaves {
    all: Saves,
    arena: String,
    epoch: u64,
}

impl ArenaSaves {
    /// Hands one in.
    pub(crate) fn put(&self, save: Save) {
        if self.all.0.try_send((self.arena.clone(), self.epoch, save)).is_err() {
            tracing::debug!(arena = self.arena, "a save was dropped: the last ones are still being written");
        }
    }
}

/// A save as text.
pub(crate) fn written(save: &Save) -> Option<String> {
    let text = serde_json::to_string(save);
    text.inspect_err(|error| tracing::error!(%error, "an arena can't be saved")).ok()
}
