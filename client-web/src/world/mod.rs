//! The game as this client knows it: the replica, and the moment of it that is drawn.
//!
//! Owns: the replica, the last few ticks of what was in view, the playout clock. Enters: frames as they arrive, the time
//! between draws. Leaves: what is in view at the moment to draw, and what happened since the last draw. The own ship is
//! shown as the server last said, like all others; a prediction of it goes between [`World::advance`] and the scene.

pub mod happenings;
pub mod history;
pub mod playout;

use shared::motion::Rules;
use shared::protocol::Welcome;
use shared::replica::{Applied, Replica, ReplicaError};

use happenings::Happening;
use history::{History, Seen, Snapshot};
use playout::Playout;

/// Everything known of the arena.
#[derive(Debug)]
pub struct World {
    replica: Replica,
    history: History,
    playout: Playout,
    /// What happened and is not drawn yet, oldest first, each with its tick.
    coming: Vec<(u32, Happening)>,
    now: Vec<Seen>,
    frames: u64,
}

/// Happenings that wait to be drawn; a tab in the background draws none, and need not catch up on them.
const MOST_COMING: usize = 256;

impl World {
    /// The world that Welcome announced, empty until the first frame.
    pub fn new(welcome: &Welcome) -> Self {
        Self {
            replica: Replica::new(Rules::new(welcome.tick_hz, welcome.arena_size)),
            history: History::default(),
            playout: Playout::new(f64::from(welcome.tick_hz)),
            coming: Vec::new(),
            now: Vec::new(),
            frames: 0,
        }
    }

    /// Takes a frame.
    pub fn frame(&mut self, bytes: &[u8]) -> Result<Applied, ReplicaError> {
        let applied = self.replica.apply(bytes)?;
        if applied.reset {
            self.history.clear();
            self.coming.clear();
        }
        let tick = self.replica.tick().0;
        let snapshot = Snapshot::of(&self.replica);
        if let Some(before) = self.history.latest() {
            let happened = happenings::between(before, &snapshot, &self.replica);
            self.coming.extend(happened.into_iter().map(|happening| (tick, happening)));
            let surplus = self.coming.len().saturating_sub(MOST_COMING);
            self.coming.drain(..surplus);
        }
        self.history.push(snapshot);
        self.playout.arrived(tick);
        self.frames += 1;
        Ok(applied)
    }

    /// Runs the playout clock on by `seconds`; afterwards [`World::seen`] is what to draw. Returns what has happened.
    pub fn advance(&mut self, seconds: f64) -> Vec<Happening> {
        let moment = self.playout.advance(seconds);
        self.history.at(moment, &mut self.now);
        let due = self.coming.iter().take_while(|(tick, _)| f64::from(*tick) <= moment).count();
        self.coming.drain(..due).map(|(_, happening)| happening).collect()
    }

    /// What is in view at the moment to draw, in the order of ids.
    pub fn seen(&self) -> &[Seen] {
        &self.now
    }

    /// The entity with this id at the moment to draw.
    pub fn find(&self, id: u32) -> Option<&Seen> {
        self.now.binary_search_by_key(&id, |seen| seen.id).ok().and_then(|index| self.now.get(index))
    }

    /// The replica: the exact state at the newest tick.
    pub fn replica(&self) -> &Replica {
        &self.replica
    }

    /// The newest snapshot.
    pub fn latest(&self) -> Option<&Snapshot> {
        self.history.latest()
    }

    /// Frames applied so far.
    pub fn frames(&self) -> u64 {
        self.frames
    }

    /// The arena's side, in world units.
    pub fn arena(&self) -> f32 {
        self.replica.rules().arena_size() as f32
    }
}
