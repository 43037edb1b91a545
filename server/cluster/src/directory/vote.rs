//! Whether play goes on while Redis can't be reached: it does as long as no other node can reach it either, since nobody can
//! take an arena then. Asked beside the signs of life, which may be waiting for a connection.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use tokio::time::{MissedTickBehavior, interval};

use super::beats::{BEAT, MARGIN};
use super::hold::Hold;
use super::map::Map;
use super::{LEASE, peers};
use crate::state::State;

/// What it is about.
pub(super) struct Vote {
    /// What this node runs.
    pub holds: Arc<Mutex<Vec<Hold>>>,
    /// Knows the others.
    pub map: Arc<Map>,
    /// Knows how Redis does.
    pub state: Arc<State>,
}

impl Vote {
    /// Asks whenever it has to, for ever.
    pub(super) async fn run(self) {
        let mut due = interval(BEAT);
        due.set_missed_tick_behavior(MissedTickBehavior::Skip);
        loop {
            due.tick().await;
            let holds = self.holds.lock().unwrap_or_else(PoisonError::into_inner).clone();
            if holds.is_empty() || self.state.reaches_redis() {
                continue;
            }
            let (begun, others) = (Instant::now(), self.map.others());
            let asked = tokio::task::spawn_blocking(move || peers::all_without(&others)).await;
            if asked.unwrap_or(false) {
                holds.iter().for_each(|hold| hold.extend(begun + LEASE - MARGIN));
            }
        }
    }
}
