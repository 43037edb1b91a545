//! Live boards from server to server: what is told of the arenas that run here, and what is heard of those that do not,
//! which is put where everyone looks for boards.
//!
//! Enters: boards as arenas publish them, and what other servers tell. Leaves: the same, the other way. Must never: make an arena
//! wait, put an older board over a newer one, or touch an arena that runs here.

mod form;
mod last;

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use cluster::{Booth, Heard, Map, Word};
use sim::{BoardSnapshot, Contest, Report};

use crate::announce::Announcer;
use crate::arenas::Arenas;
use crate::seats::Seats;
use form::Head;
use last::Last;

/// Arenas that are listened to at once: a megabyte a second at most. Where more are elsewhere, those that somebody asked for last.
const MOST_HEARD: usize = 16;

/// This server's end of it.
pub(crate) struct BoardBooth {
    arenas: Arc<Arenas>,
    seats: Arc<Seats>,
    map: Arc<Map>,
    announcer: Arc<Announcer>,
    /// What was told of each arena that is here.
    told: Mutex<BTreeMap<String, Last>>,
    /// What was heard of each that is not: its epoch and state.
    heard: Mutex<BTreeMap<String, (u64, u64)>>,
}

impl BoardBooth {
    /// Nothing was told or heard yet.
    pub(crate) fn new(
        arenas: Arc<Arenas>,
        seats: Arc<Seats>,
        map: Arc<Map>,
        announcer: Arc<Announcer>,
    ) -> Self {
        Self { arenas, seats, map, announcer, told: Mutex::default(), heard: Mutex::default() }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Booth for BoardBooth {
    fn news(&self) -> Vec<Word> {
        let mut told = lock(&self.told);
        if self.map.is_alone() {
            // Whoever comes is told everything.
            told.clear();
            return Vec::new();
        }
        let (held, now) = (self.seats.held(), Instant::now());
        told.retain(|id, _| held.iter().any(|(arena, _)| arena.id == *id));
        let mut news = Vec::new();
        for (arena, epoch) in held {
            let last = told.entry(arena.id.clone()).or_insert_with(|| Last::new(now));
            if let Some((whole, told)) = last.word(&arena.board.load_full(), &arena.report(), epoch, now) {
                news.push(Word { arena: arena.id.clone(), whole, told });
            }
        }
        news
    }

    /// The boards that were asked for last, so many; of the others nothing is kept.
    fn elsewhere(&self) -> Vec<String> {
        let mut elsewhere: Vec<_> = self.arenas.all().iter().filter(|arena| !arena.is_here()).collect();
        elsewhere.sort_by_key(|arena| Reverse(arena.asked()));
        let rest = elsewhere.split_off(elsewhere.len().min(MOST_HEARD));
        rest.iter().for_each(|arena| self.silent(&arena.id));
        elsewhere.iter().map(|arena| arena.id.clone()).collect()
    }

    fn hear(&self, arena: &str, told: &[u8]) -> Heard {
        let Some(arena) = self.arenas.named(arena).filter(|arena| !arena.is_here()) else {
            return Heard::Passed;
        };
        let Some((head, rows)) = form::read(told) else {
            tracing::debug!(arena = arena.id, "what another server tells of an arena can't be read");
            return Heard::Passed;
        };
        let mut heard = lock(&self.heard);
        let (known, now) = (heard.get(&arena.id).copied(), (head.epoch, head.state));
        let Head { tick, players, drones, round, totals, until, podium, .. } = head;
        let report = Report { tick, players, drones, round, ..Report::default() };
        match rows {
            _ if known.is_some_and(|known| now < known) => return Heard::Passed,
            Some(_) | None if known == Some(now) => arena.show(report, None),
            None => return Heard::Missing,
            Some(rows) => {
                let contest = Contest { totals, until, podium: podium.map(Arc::new) };
                arena.show(report, Some(BoardSnapshot::copied(now.1, rows, contest)));
            }
        }
        heard.insert(arena.id.clone(), now);
        Heard::Taken
    }

    fn silent(&self, arena: &str) {
        lock(&self.heard).remove(arena);
        self.arenas.named(arena).iter().for_each(|arena| arena.show_nothing());
    }

    fn announced(&self, text: &str) {
        self.announcer.hear(text);
    }
}

#[cfg(test)]
mod tests;
