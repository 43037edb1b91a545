//! The arenas of the process, as the network and HTTP see them: a door for commands, and what each last published.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use crate::clock::Pulse;
use arc_swap::ArcSwap;
use crossbeam_channel::Sender;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use shared::ids::Token;
use sim::ports::Command;
use sim::{BoardSnapshot, Stage};

/// One arena.
#[derive(Debug)]
pub(crate) struct Arena {
    /// Its name, as in `/?arena=ID`: `1`, `2`, ...
    pub id: String,
    /// Its place in the list of arenas.
    pub index: u16,
    /// Where its sessions' commands go.
    pub commands: Sender<Command>,
    /// What its tick loop last published.
    pub pulse: ArcSwap<Pulse>,
    /// The live board as it was after the last tick that changed it.
    pub board: ArcSwap<BoardSnapshot>,
    /// Sessions in it now.
    pub sessions: AtomicU32,
    /// Time of each stage, in seconds, in the order of [`Stage::ALL`].
    pub stages: [Histogram; Stage::ALL.len()],
}

impl Arena {
    /// An arena that has not ticked yet.
    pub(crate) fn new(index: u16, commands: Sender<Command>) -> Self {
        let stages = std::array::from_fn(|_| Histogram::new(exponential_buckets(10e-6, 2.0, 14)));
        let id = (index + 1).to_string();
        Self {
            id,
            index,
            commands,
            pulse: ArcSwap::default(),
            board: ArcSwap::default(),
            sessions: AtomicU32::new(0),
            stages,
        }
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

/// All arenas. There is at least one.
#[derive(Debug)]
pub(crate) struct Arenas {
    all: Vec<Arc<Arena>>,
    comfortable: u32,
}

impl Arenas {
    /// These arenas; each is comfortable up to so many sessions.
    pub(crate) fn new(all: Vec<Arc<Arena>>, comfortable: u32) -> Self {
        Self { all, comfortable }
    }

    /// Every arena.
    pub(crate) fn all(&self) -> &[Arc<Arena>] {
        &self.all
    }

    /// The arena of that name.
    pub(crate) fn named(&self, id: &str) -> Option<&Arc<Arena>> {
        self.all.iter().find(|arena| arena.id == id)
    }

    /// The arena that gave this token, if it is one of these.
    pub(crate) fn of_token(&self, token: Token) -> Option<&Arc<Arena>> {
        let [low, high, ..] = token.0;
        self.all.get(usize::from(u16::from_le_bytes([low, high])))
    }

    /// Where someone goes who named none: to the fullest arena that is still comfortable, so that people meet; when none
    /// is, to the emptiest.
    pub(crate) fn with_room(&self) -> Option<&Arc<Arena>> {
        let sessions = |arena: &&Arc<Arena>| arena.sessions.load(Relaxed);
        let comfortable = self.all.iter().rev().filter(|arena| sessions(arena) < self.comfortable);
        comfortable.max_by_key(sessions).or_else(|| self.all.iter().min_by_key(sessions))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arenas(sessions: &[u32]) -> Arenas {
        let all = sessions.iter().enumerate().map(|(index, sessions)| {
            let arena = Arena::new(index as u16, sim::ports::command_queue().0);
            arena.sessions.store(*sessions, Relaxed);
            Arc::new(arena)
        });
        Arenas::new(all.collect(), 100)
    }

    fn chosen(sessions: &[u32]) -> String {
        arenas(sessions).with_room().unwrap().id.clone()
    }

    #[test]
    fn who_names_no_arena_goes_where_people_are_while_it_is_comfortable() {
        assert_eq!(chosen(&[0, 0, 0]), "1");
        assert_eq!(chosen(&[0, 7, 0]), "2");
        assert_eq!(chosen(&[100, 7, 99]), "3");
    }

    #[test]
    fn when_all_are_crowded_the_emptiest_takes_the_next() {
        assert_eq!(chosen(&[130, 110, 150]), "2");
    }
}
