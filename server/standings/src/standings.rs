//! The standings as the rest of the server has them: hand in, read, ask how they do.

use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use crossbeam_channel::{Sender, TrySendError, bounded};
use shared::name::PlayerName;

use crate::board::{Board, Version};
use crate::health::{Health, Keeping};
use crate::keeper::{Keeper, Shelf};
use crate::period::{Bucket, UnixMs};
use crate::place::{Place, Seq};
use crate::player::Signer;
use crate::players::Player;
use crate::result::LifeResult;
use crate::store::{OpenError, Opened, Reader, Store, StoreError};
use crate::writer::{Outcome, QUEUE, State, Work, Writer};
use shared::identity::PlayerKey;

/// Called after each change with every board in memory and its version; on the writer's thread, so it must only pass
/// the word on.
pub type OnChange = Box<dyn Fn(&[(Bucket, Version)]) + Send + Sync>;

/// The time, wherever it comes from. Only roll-overs ask it.
pub type Clock = Arc<dyn Fn() -> UnixMs + Send + Sync>;

/// The standings. To be shared by an `Arc`; the last one dropped commits what waits and closes the store.
pub struct Standings {
    pub(crate) shelf: Arc<Shelf>,
    pub(crate) reader: Reader,
    pub(crate) signer: Signer,
    queue: Sender<Work>,
    state: Arc<State>,
    keeping: Keeping,
    thread: Mutex<Option<JoinHandle<()>>>,
    #[cfg(test)]
    pub(crate) faults: crate::store::Faults,
}

impl std::fmt::Debug for Standings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Standings").field("health", &self.health()).finish_non_exhaustive()
    }
}

/// A result was not taken: the queue is full, because the disk or the machine can't follow, or the writer has ended.
/// It is counted as lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the standings take no more: too much is waiting")]
pub struct NotTaken;

impl Standings {
    /// Opens the standings in a folder, or begins them there: checks the file, brings it to today's format, makes up
    /// for roll-overs that were missed.
    ///
    /// # Errors
    /// Why not, with what to do next. To play on all the same: [`Standings::in_memory`].
    pub fn open(folder: &Path, clock: Clock, on_change: Option<OnChange>) -> Result<Self, OpenError> {
        Self::start(Store::open(folder)?, Keeping::Durable, clock, on_change)
    }

    /// Standings that are gone when the server ends, for when the store can't be opened; [`Health`] says why.
    ///
    /// # Errors
    /// When even that can't be had: no memory, no randomness.
    pub fn in_memory(why: &str, clock: Clock, on_change: Option<OnChange>) -> Result<Self, OpenError> {
        Self::start(memory(&clock)?, Keeping::Memory { why: why.to_owned() }, clock, on_change)
    }

    /// Standings in memory that begin with these lives on the board of all time, a player each: to measure or show a
    /// board of some size without writing it first. The lives themselves are not stored.
    ///
    /// # Errors
    /// As [`Standings::in_memory`].
    pub fn in_memory_with(
        why: &str,
        clock: Clock,
        lives: impl IntoIterator<Item = LifeResult>,
    ) -> Result<Self, OpenError> {
        let mut opened = memory(&clock)?;
        let mut places = Vec::new();
        for (life, seq) in lives.into_iter().zip(0..) {
            let slot = opened.book.players.next_slot();
            opened.book.players.put(slot, Player { key: life.player, name: life.name });
            places.push(Place::new(life.score, life.at, Seq(seq), slot));
        }
        let board = Board::build(opened.book.version, places);
        opened.book.boards.insert(Bucket::ALL_TIME, board);
        Self::start(opened, Keeping::Memory { why: why.to_owned() }, clock, None)
    }

    fn start(
        opened: Opened,
        keeping: Keeping,
        clock: Clock,
        on_change: Option<OnChange>,
    ) -> Result<Self, OpenError> {
        let Opened { store, book, signer } = opened;
        #[cfg(test)]
        let faults = store.faults.clone();
        let file = store.file().unwrap_or(Path::new("(memory)")).to_owned();
        let reader = Reader::of(&store);
        let keeper = Keeper::new(book, store).map_err(|error| OpenError::store(&file, error))?;
        let shelf = keeper.shelf.clone();
        let (queue, taken) = bounded(QUEUE);
        let state = Arc::new(State::default());
        let writer = Writer::new(keeper, taken, clock, state.clone(), on_change);
        let thread = std::thread::Builder::new()
            .name("standings".to_owned())
            .spawn(move || writer.run())
            .map_err(|error| OpenError::store(&file, StoreError::Failed(error.to_string())))?;
        let thread = Mutex::new(Some(thread));
        Ok(Self {
            shelf,
            reader,
            signer,
            queue,
            state,
            keeping,
            thread,
            #[cfg(test)]
            faults,
        })
    }

    /// Hands in a life that has ended. `then` is called once it is on the disk and on the boards, or lost; on the
    /// writer's thread, so it must only pass the word on. Never waits.
    ///
    /// # Errors
    /// When it was not taken; `then` is not called.
    pub fn submit(
        &self,
        life: LifeResult,
        then: impl FnOnce(Outcome) + Send + 'static,
    ) -> Result<(), NotTaken> {
        let life = LifeResult { at: life.at.min(UnixMs::LAST), ..life };
        self.hand_in(Work::Life(life, Box::new(then))).inspect_err(|_| {
            self.state.lost.fetch_add(1, Ordering::Relaxed);
        })
    }

    fn hand_in(&self, work: Work) -> Result<(), NotTaken> {
        self.queue.try_send(work).map_err(|error| match error {
            TrySendError::Full(_) | TrySendError::Disconnected(_) => NotTaken,
        })
    }

    /// Gives a player another name, in all his entries; `then` hears whether there is such a player.
    ///
    /// # Errors
    /// When it was not taken; `then` is not called.
    pub fn rename(
        &self,
        player: PlayerKey,
        name: PlayerName,
        then: impl FnOnce(Result<bool, StoreError>) + Send + 'static,
    ) -> Result<(), NotTaken> {
        self.hand_in(Work::Rename(player, name, Box::new(then)))
    }

    /// Deletes all that is stored about a player: his lives, his name, his places on the boards. Past boards keep the
    /// rank and the score, without saying whose they were. `then` hears whether there was such a player. When the disk
    /// refuses, he is still there: ask again.
    ///
    /// # Errors
    /// When it was not taken; `then` is not called.
    pub fn remove(
        &self,
        player: PlayerKey,
        then: impl FnOnce(Result<bool, StoreError>) + Send + 'static,
    ) -> Result<(), NotTaken> {
        self.hand_in(Work::Remove(player, Box::new(then)))
    }

    /// Copies the store into a new file, whole as of one moment. To restore it, put it as `standings.db` into an
    /// empty data folder. Results wait while it is made.
    ///
    /// # Errors
    /// When it was not taken; `then` is not called.
    pub fn backup(
        &self,
        to: PathBuf,
        then: impl FnOnce(Result<(), StoreError>) + Send + 'static,
    ) -> Result<(), NotTaken> {
        self.hand_in(Work::Backup(to, Box::new(then)))
    }

    /// Calls back when all that was handed in before has been tried.
    ///
    /// # Errors
    /// When it was not taken; `then` is not called.
    pub fn flush(&self, then: impl FnOnce() + Send + 'static) -> Result<(), NotTaken> {
        self.hand_in(Work::Flush(Box::new(|()| then())))
    }

    /// Signs and verifies the tokens of players.
    #[must_use]
    pub const fn signer(&self) -> &Signer {
        &self.signer
    }

    /// How the standings do.
    #[must_use]
    pub fn health(&self) -> Health {
        let count = |of: &std::sync::atomic::AtomicU64| of.load(Ordering::Relaxed);
        Health {
            keeping: self.keeping.clone(),
            failing: self.state.failing.lock().unwrap_or_else(PoisonError::into_inner).clone(),
            waiting: count(&self.state.waiting) + self.queue.len() as u64,
            lost: count(&self.state.lost),
            recorded: count(&self.state.recorded),
            commits: count(&self.state.commits),
        }
    }
}

/// A store in memory knows of no version before it, so it begins with one that no server before can have reached.
fn memory(clock: &Clock) -> Result<Opened, OpenError> {
    let mut opened = Store::in_memory()?;
    opened.book.version = Version(clock().0);
    opened.book.renamed = opened.book.version;
    Ok(opened)
}

impl Drop for Standings {
    fn drop(&mut self) {
        // Waits while the queue is full: what is in it is to be committed.
        let _ = self.queue.send(Work::Stop);
        if let Some(thread) = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take() {
            // The last one may be dropped by somebody who is being told of a result, on that very thread.
            if thread.thread().id() != std::thread::current().id() {
                let _ = thread.join();
            }
        }
    }
}
