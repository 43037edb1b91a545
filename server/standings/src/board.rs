//! One bucket in memory: everyone's best life of it, ranked.

use std::sync::{Mutex, PoisonError};

use serde::Serialize;
use shared::ranking::Ranking;

use crate::bests::Bests;
use crate::period::UnixMs;
use crate::place::{Place, Slot};
use crate::ring::Ring;

/// The state of a board after some change. Grows with every change of what the board shows, names included, also
/// across restarts; equal numbers of one board mean equal contents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize)]
#[serde(transparent)]
pub struct Version(pub u64);

/// How equal scores are numbered. Who was first stands first in either.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ranks {
    /// 1, 2, 3: everyone has a rank of his own.
    #[default]
    Standard,
    /// 1, 1, 3: equal scores share the best of their ranks.
    Competition,
}

/// A board as it was at some version; what comes later does not change it.
#[derive(Debug, Clone)]
pub(crate) struct View {
    pub(crate) version: Version,
    pub(crate) ranking: Ranking<Place>,
}

impl View {
    /// The rank, counted from 1, of the place at a position.
    pub(crate) fn rank(&self, position: usize, place: Place, ranks: Ranks) -> u64 {
        let before = match ranks {
            Ranks::Standard => position,
            Ranks::Competition => self.ranking.rank_of_bound(&Place::first_with(place.score())),
        };
        before as u64 + 1
    }
}

/// One bucket's best lives.
#[derive(Debug, Default)]
pub(crate) struct Board {
    view: View,
    best: Bests,
    /// Those who read only note which version they were given.
    ring: Mutex<Ring>,
}

impl Default for View {
    fn default() -> Self {
        Self { version: Version::default(), ranking: Ranking::new() }
    }
}

impl Board {
    pub(crate) fn empty(version: Version) -> Self {
        Self { view: View { version, ranking: Ranking::new() }, ..Self::default() }
    }

    /// Builds from each player's best place, in any order.
    pub(crate) fn build(version: Version, mut places: Vec<Place>) -> Self {
        places.sort_unstable();
        let mut best = Bests::default();
        places.iter().for_each(|place| best.put(*place));
        let ranking = Ranking::from_sorted(places);
        Self { view: View { version, ranking }, best, ring: Mutex::default() }
    }

    pub(crate) const fn view(&self) -> &View {
        &self.view
    }

    pub(crate) fn version(&self) -> Version {
        self.view.version
    }

    pub(crate) fn len(&self) -> usize {
        self.view.ranking.len()
    }

    pub(crate) fn place(&self, slot: Slot) -> Option<Place> {
        self.best.get(slot)
    }

    /// Whether this life would become its player's best.
    pub(crate) fn betters(&self, place: Place) -> bool {
        self.place(place.slot()).is_none_or(|best| place < best)
    }

    /// Takes a life in if it is its player's best; says whether it is.
    pub(crate) fn offer(&mut self, place: Place) -> bool {
        match self.best.get(place.slot()) {
            Some(best) if best <= place => return false,
            Some(best) => {
                self.view.ranking.remove(&best);
            }
            None => {}
        }
        self.best.put(place);
        self.view.ranking.insert(place);
        self.ring.get_mut().unwrap_or_else(PoisonError::into_inner).count_change();
        true
    }

    /// Takes a player out. What was kept for cursors goes too: it still shows him.
    pub(crate) fn remove(&mut self, slot: Slot) -> bool {
        let Some(place) = self.best.remove(slot) else { return false };
        self.view.ranking.remove(&place);
        self.ring = Mutex::default();
        true
    }

    /// Keeps a version because a cursor to it is handed out.
    pub(crate) fn keep_version(&self, view: &View, now: UnixMs) {
        self.ring.lock().unwrap_or_else(PoisonError::into_inner).keep(view, now);
    }

    /// The version that a cursor points into; None when it is gone.
    pub(crate) fn find_version(&self, version: Version, now: UnixMs) -> Option<View> {
        self.ring.lock().unwrap_or_else(PoisonError::into_inner).find(version, now)
    }

    /// Says that the board shows something else from now on.
    pub(crate) fn touch(&mut self, version: Version) {
        self.view.version = version;
    }
}
