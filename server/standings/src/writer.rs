//! The one thread that writes. What is handed in goes through a bounded queue; what came together is committed
//! together, after 50 ms at the latest; then the boards change, then each who handed something in is told.
//!
//! When the disk refuses, results wait in memory, in order, and are tried again, at first soon and then every ten
//! seconds. Must never: tell of something that is not on the disk, or run into the simulation's or the network's time.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError};
use shared::name::PlayerName;

use crate::keeper::{Keeper, Recorded};
use crate::period::UnixMs;
use crate::result::LifeResult;
use crate::standings::OnChange;
use crate::store::StoreError;
use shared::identity::PlayerKey;

/// Things that are handed in and not yet taken up. When it is full, more is refused at once and counted as lost.
pub const QUEUE: usize = 65_536;

/// Results that wait for a disk that refuses; about 40 MiB. When it is full, more is lost, counted, and told so.
pub const WAITING: usize = 131_072;

/// Results of one commit. The boards are locked for as long as it takes to put them in: 2 to 5 ms.
const BATCH: usize = 1_024;

/// A result is committed at the latest after this long.
const GATHER: Duration = Duration::from_millis(50);

/// Nothing came for this long, so nothing of the same tick is on its way.
const QUIET: Duration = Duration::from_millis(4);

/// How often to look at the clock when nothing happens.
const LOOK: Duration = Duration::from_millis(250);

/// How long to wait before trying a disk again that has refused: doubled from the first to the last.
const RETRY: [Duration; 2] = [Duration::from_millis(100), Duration::from_secs(10)];

/// What became of a life that was handed in.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// It is on the disk and on the boards.
    Recorded(Recorded),
    /// It was given up: too many wait for a disk that refuses, or the server ended before the disk took it.
    Lost,
}

/// Calls back when something is done; on the writer's thread, so it must only pass the word on.
pub(crate) type Then<T> = Box<dyn FnOnce(T) + Send>;

pub(crate) enum Work {
    Life(LifeResult, Then<Outcome>),
    Rename(PlayerKey, PlayerName, Then<Result<bool, StoreError>>),
    Remove(PlayerKey, Then<Result<bool, StoreError>>),
    Backup(PathBuf, Then<Result<(), StoreError>>),
    /// Answers when all that was handed in before has been told of.
    Flush(Then<()>),
    Stop,
}

/// What others see of the writer.
#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) failing: Mutex<Option<String>>,
    pub(crate) waiting: AtomicU64,
    pub(crate) lost: AtomicU64,
    pub(crate) recorded: AtomicU64,
    pub(crate) commits: AtomicU64,
}

pub(crate) struct Writer {
    pub(crate) keeper: Keeper,
    pub(crate) queue: Receiver<Work>,
    pub(crate) clock: Arc<dyn Fn() -> UnixMs + Send + Sync>,
    pub(crate) state: Arc<State>,
    pub(crate) on_change: Option<OnChange>,
    waiting: VecDeque<(LifeResult, Then<Outcome>)>,
    retry: Option<(Instant, Duration)>,
    settled: bool,
}

impl Writer {
    pub(crate) fn new(
        keeper: Keeper,
        queue: Receiver<Work>,
        clock: Arc<dyn Fn() -> UnixMs + Send + Sync>,
        state: Arc<State>,
        on_change: Option<OnChange>,
    ) -> Self {
        let waiting = VecDeque::new();
        Self { keeper, queue, clock, state, on_change, waiting, retry: None, settled: false }
    }

    /// Works until told to stop, or until nobody is left who could hand something in.
    pub(crate) fn run(mut self) {
        loop {
            let others = self.gather();
            self.commit_waiting();
            let stop = others.into_iter().any(|work| self.act(work));
            self.keep_house();
            if stop {
                break;
            }
        }
        // Once more, however lately the disk has refused.
        self.retry = self.retry.map(|(_, wait)| (Instant::now(), wait));
        self.commit_waiting();
        for (_, then) in std::mem::take(&mut self.waiting) {
            self.lose(then);
        }
        self.note_waiting();
        self.keeper.store.close();
    }

    /// Takes up what came, until nothing more of the same moment comes. Returns what is no result; that comes last,
    /// so what was handed in before is done before.
    fn gather(&mut self) -> Option<Work> {
        let mut wait = self.patience();
        let mut until = None;
        loop {
            match self.queue.recv_timeout(wait) {
                Ok(Work::Life(life, then)) => self.take(life, then),
                Ok(other) => return Some(other),
                Err(RecvTimeoutError::Timeout) => return None,
                Err(RecvTimeoutError::Disconnected) => return Some(Work::Stop),
            }
            let until = *until.get_or_insert_with(|| Instant::now() + GATHER);
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() || self.waiting.len() >= BATCH && self.retry.is_none() {
                return None;
            }
            wait = left.min(QUIET);
        }
    }

    fn patience(&self) -> Duration {
        match self.retry {
            Some((at, _)) => at.saturating_duration_since(Instant::now()).min(LOOK),
            None if !self.settled || !self.waiting.is_empty() => Duration::ZERO,
            None => LOOK,
        }
    }

    fn take(&mut self, life: LifeResult, then: Then<Outcome>) {
        if self.waiting.len() >= self.room() {
            self.lose(then);
        } else {
            self.waiting.push_back((life, then));
            self.note_waiting();
        }
    }

    fn room(&self) -> usize {
        match self.keeper.store.faults.waiting.load(Ordering::Relaxed) {
            0 => WAITING,
            injected => injected as usize,
        }
    }

    fn lose(&self, then: Then<Outcome>) {
        self.state.lost.fetch_add(1, Ordering::Relaxed);
        call(then, Outcome::Lost);
    }

    fn note_waiting(&self) {
        self.state.waiting.store(self.waiting.len() as u64, Ordering::Relaxed);
    }

    /// Commits what waits, a batch at a time, until the disk refuses.
    fn commit_waiting(&mut self) {
        while !self.waiting.is_empty() && self.may_try() {
            let count = self.waiting.len().min(BATCH);
            let lives = self.waiting.iter().take(count).map(|(life, _)| life);
            let recorded = self.keeper.record(lives);
            let Some(recorded) = self.judge(recorded) else { return };
            self.state.recorded.fetch_add(count as u64, Ordering::Relaxed);
            self.state.commits.fetch_add(1, Ordering::Relaxed);
            let told: Vec<_> = self.waiting.drain(..count).map(|(_, then)| then).zip(recorded).collect();
            self.note_waiting();
            self.changed();
            told.into_iter().for_each(|(then, recorded)| call(then, Outcome::Recorded(recorded)));
        }
    }

    /// Whether it is time to try the disk; one that has refused is opened anew first.
    fn may_try(&mut self) -> bool {
        let Some((at, _)) = self.retry else { return true };
        if Instant::now() < at {
            return false;
        }
        // That the disk takes something again is judged by what is written next.
        let healed = self.keeper.heal();
        healed.is_ok() || self.judge(healed).is_some()
    }

    /// Notes whether the disk does what it is asked.
    fn judge<T>(&mut self, done: Result<T, StoreError>) -> Option<T> {
        let mut failing = self.state.failing.lock().unwrap_or_else(PoisonError::into_inner);
        match done {
            Ok(done) => {
                if self.retry.take().is_some() && failing.take().is_some() {
                    tracing::info!("the standings are written again");
                }
                Some(done)
            }
            Err(error) => {
                let text = error.to_string();
                if failing.as_ref() != Some(&text) {
                    tracing::error!("{text}");
                }
                *failing = Some(text);
                let wait = self.retry.map_or(RETRY[0], |(_, wait)| (wait * 2).min(RETRY[1]));
                self.retry = Some((Instant::now() + wait, wait));
                None
            }
        }
    }

    /// Rolls buckets over and freezes them, a step at a time so that results come between.
    fn keep_house(&mut self) {
        if self.retry.is_some() && (!self.waiting.is_empty() || !self.may_try()) {
            return;
        }
        let before = self.keeper.shelf.read().version;
        let rolled = self.keeper.roll((self.clock)()).and_then(|()| self.keeper.settle_step());
        if let Some(more) = self.judge(rolled) {
            self.settled = !more;
        }
        if self.keeper.shelf.read().version != before {
            self.changed();
        }
    }

    /// Does something that is no result; true when it is to stop.
    fn act(&mut self, work: Work) -> bool {
        match work {
            Work::Life(life, then) => self.take(life, then),
            Work::Rename(player, name, then) => {
                let done = self.keeper.rename(player, &name);
                self.answer(then, done);
            }
            Work::Remove(player, then) => {
                // What waits of his is not to come after he is gone.
                let (his, others) = self.waiting.drain(..).partition(|(life, _)| life.player == player);
                self.waiting = others;
                self.note_waiting();
                let his: VecDeque<(LifeResult, Then<Outcome>)> = his;
                let waited = !his.is_empty();
                his.into_iter().for_each(|(_, then)| call(then, Outcome::Lost));
                let done = self.keeper.remove(player).map(|removed| removed || waited);
                self.answer(then, done);
            }
            Work::Backup(to, then) => call(then, self.keeper.store.backup(&to)),
            Work::Flush(then) => call(then, ()),
            Work::Stop => return true,
        }
        false
    }

    fn answer(&mut self, then: Then<Result<bool, StoreError>>, done: Result<bool, StoreError>) {
        if let Err(error) = &done {
            // The connection is made anew before anything else is written.
            let _: Option<()> = self.judge(Err(error.clone()));
        }
        // Whoever has nothing stored may ask for its removal as often as he likes: that wakes nobody.
        if done != Ok(false) {
            self.changed();
        }
        call(then, done);
    }

    fn changed(&self) {
        if let Some(on_change) = &self.on_change {
            let versions = self.keeper.versions();
            let _ = catch_unwind(AssertUnwindSafe(|| on_change(&versions)));
        }
    }
}

/// One who panics when told must not take the standings along.
fn call<T>(then: Then<T>, with: T) {
    if catch_unwind(AssertUnwindSafe(|| then(with))).is_err() {
        tracing::error!("who was told of a result panicked");
    }
}
