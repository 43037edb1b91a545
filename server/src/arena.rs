//! One arena, as the network and HTTP see it: a door for commands, and what it last published.

use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU32, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::clock::Pulse;
use arc_swap::ArcSwap;
use crossbeam_channel::Sender;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use shared::ids::Token;
use shared::mode::Mode;
use shared::tick::Tick;
use sim::ports::Command;
use sim::{BoardSnapshot, Report, Stage};

/// An arena that has not ticked for so long stands still: nobody is sent there.
const STUCK: Duration = Duration::from_secs(3);
/// What was asked for within so many milliseconds was of late.
const OF_LATE: u64 = 2_000;

/// How much an arena has to do, and so who is shed: watchers first, then newcomers, never those who play.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Load {
    /// All are welcome.
    Calm,
    /// Watchers go, and no new ones come.
    Heavy,
    /// No newcomers, either.
    Overload,
}

/// One arena.
#[derive(Debug)]
pub(crate) struct Arena {
    /// Its name, as in `/?arena=ID`: `1`, `2`, ...; of a private one the secret of those who have the link.
    pub id: String,
    /// Only who names it comes in, and nobody else hears of it.
    pub private: bool,
    /// How it is played.
    pub mode: Mode,
    /// Its place in the list of arenas.
    pub index: u16,
    /// Where its sessions' commands go.
    pub commands: Sender<Command>,
    /// What its tick loop last published.
    pub pulse: ArcSwap<Pulse>,
    /// The live board as it was after the last tick that changed it; of one that another server runs, as that one told it last.
    pub board: ArcSwap<BoardSnapshot>,
    /// Sessions in it now.
    pub sessions: AtomicU32,
    /// Time of each stage, in seconds, in the order of [`Stage::ALL`].
    pub stages: [Histogram; Stage::ALL.len()],
    /// Its next tick is to panic: see [`crate::args::Access::faults`].
    pub fault: AtomicBool,
    /// Its ticks are to take too long.
    pub slow: AtomicBool,
    born: Instant,
    beat_ms: AtomicU64,
    load: AtomicU8,
    incarnation: AtomicU32,
    /// The incarnation that began with its last move.
    moved: AtomicU32,
    gone: AtomicBool,
    here: AtomicBool,
    /// What another server tells of it.
    told: ArcSwap<Report>,
    /// When its board was asked for last over HTTP, in milliseconds after it was made, from 1; 0 when it never was.
    asked: AtomicU64,
    /// Held while it comes or goes, so that what was told of it elsewhere is not put over what it is here.
    moving: Mutex<()>,
}

impl Arena {
    /// An arena that has not ticked yet.
    pub(crate) fn new(index: u16, mode: Mode, commands: Sender<Command>) -> Self {
        Self::called((index + 1).to_string(), index, mode, commands)
    }

    /// A private arena of that name, which has not ticked yet.
    pub(crate) fn private(name: &str, index: u16, mode: Mode, commands: Sender<Command>) -> Self {
        Self { private: true, ..Self::called(name.to_owned(), index, mode, commands) }
    }

    fn called(id: String, index: u16, mode: Mode, commands: Sender<Command>) -> Self {
        let stages = std::array::from_fn(|_| Histogram::new(exponential_buckets(10e-6, 2.0, 14)));
        Self {
            id,
            private: false,
            mode,
            index,
            commands,
            pulse: ArcSwap::default(),
            board: ArcSwap::default(),
            sessions: AtomicU32::new(0),
            stages,
            fault: AtomicBool::new(false),
            slow: AtomicBool::new(false),
            born: Instant::now(),
            beat_ms: AtomicU64::new(0),
            load: AtomicU8::new(Load::Calm as u8),
            incarnation: AtomicU32::new(0),
            moved: AtomicU32::new(0),
            gone: AtomicBool::new(false),
            here: AtomicBool::new(true),
            told: ArcSwap::default(),
            asked: AtomicU64::new(0),
            moving: Mutex::default(),
        }
    }

    /// What logs and threads call it: a private one's name is nobody's business.
    pub(crate) fn label(&self) -> &str {
        if self.private { "private" } else { &self.id }
    }

    fn age_ms(&self) -> u64 {
        u64::try_from(self.born.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// It has ticked, and has so much to do.
    pub(crate) fn beat(&self, load: Load) {
        self.beat_ms.store(self.age_ms(), Relaxed);
        self.load.store(load as u8, Relaxed);
    }

    /// Since when it has not ticked, nor come or gone.
    pub(crate) fn silence(&self) -> Duration {
        Duration::from_millis(self.age_ms().saturating_sub(self.beat_ms.load(Relaxed)))
    }

    /// Has it stood still for too long?
    pub(crate) fn is_stuck(&self) -> bool {
        !self.is_gone() && self.is_here() && self.silence() > STUCK
    }

    /// How much it has to do.
    pub(crate) fn load(&self) -> Load {
        [Load::Calm, Load::Heavy, Load::Overload]
            .into_iter()
            .find(|load| *load as u8 == self.load.load(Relaxed))
            .unwrap_or(Load::Calm)
    }

    /// How often it was begun anew after a fault. Sessions of an earlier incarnation are over.
    pub(crate) fn incarnation(&self) -> u32 {
        self.incarnation.load(Relaxed)
    }

    /// A fault has ended it, and it begins anew.
    pub(crate) fn begin_anew(&self) {
        self.incarnation.fetch_add(1, Relaxed);
    }

    /// A fault has ended it once too often.
    pub(crate) fn give_up(&self) {
        self.gone.store(true, Relaxed);
        self.begin_anew();
    }

    /// Was it given up?
    pub(crate) fn is_gone(&self) -> bool {
        self.gone.load(Relaxed)
    }

    /// Does this server run it, and not another one?
    pub(crate) fn is_here(&self) -> bool {
        self.here.load(Relaxed)
    }

    /// Was it on its way to another server since this incarnation? Its sessions are over then, and may come back at once:
    /// no fault has ended them.
    pub(crate) fn has_moved_since(&self, incarnation: u32) -> bool {
        incarnation < self.moved.load(Relaxed)
    }

    /// It comes here, or goes to another server. Sessions that were in it are over either way.
    pub(crate) fn set_here(&self, here: bool) {
        let _moving = self.moving.lock().unwrap_or_else(PoisonError::into_inner);
        self.beat(Load::Calm);
        // First, so that who finds its session over knows why.
        self.here.store(here, Relaxed);
        self.moved.store(self.incarnation().wrapping_add(1), Relaxed);
        self.begin_anew();
        if !here {
            // The last of it is shown until its new server tells more, or is silent for too long.
            let Report { tick, players, drones, round, .. } = self.pulse.swap(Arc::default()).report;
            self.told.store(Arc::new(Report { tick, players, drones, round, ..Report::default() }));
        }
    }

    /// Who is in it and how far it is: of one that another server runs, as that one told it last.
    pub(crate) fn report(&self) -> Report {
        if self.is_here() { self.pulse.load().report } else { **self.told.load() }
    }

    /// Somebody asks for its board. True when nobody did of late.
    pub(crate) fn ask(&self) -> bool {
        let now = self.age_ms().saturating_add(1);
        let last = self.asked.swap(now, Relaxed);
        last == 0 || now.saturating_sub(last) > OF_LATE
    }

    /// When that was last. Larger is later.
    pub(crate) fn asked(&self) -> u64 {
        self.asked.load(Relaxed)
    }

    /// Is it known how it is?
    pub(crate) fn is_known(&self) -> bool {
        self.is_here() || self.told.load().tick != Tick::default()
    }

    /// Another server tells how it is, and its board unless that is the one which is shown. Passed over when it is here by now.
    pub(crate) fn show(&self, report: Report, board: Option<BoardSnapshot>) {
        let _moving = self.moving.lock().unwrap_or_else(PoisonError::into_inner);
        if !self.is_here() {
            self.told.store(Arc::new(report));
            board.into_iter().for_each(|board| self.board.store(Arc::new(board)));
        }
    }

    /// No other server tells of it any more.
    pub(crate) fn show_nothing(&self) {
        let empty = self.board.load().is_empty() && !self.is_known();
        if !empty {
            self.show(Report::default(), Some(BoardSnapshot::default()));
        }
    }

    /// May a newcomer be sent there?
    pub(crate) fn is_open(&self) -> bool {
        self.is_here() && !self.is_gone() && !self.is_stuck() && self.load() < Load::Overload
    }
}

impl Arena {
    /// A secret for a new session of this arena, from the system's randomness.
    pub(crate) fn fresh_token(&self) -> Token {
        let mut bytes: [u8; 16] = rand::random();
        bytes[..2].copy_from_slice(&self.index.to_le_bytes());
        Token(bytes)
    }
}
