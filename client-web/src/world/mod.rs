//! The game as this client knows it: the replica, and the moment of it that is drawn.
//!
//! Owns: the replica, the last few ticks of what was in view, the playout clock, and for the own ship the pilot's clock and
//! the prediction. Enters: frames as they arrive, the controls of each tick, the time between draws. Leaves: what is in view
//! at the moment to draw, the own ship at the pilot's moment and all others at the playout's, and what happened since the
//! last draw. It must never let the prediction into the replica.

pub mod blend;
pub mod gaps;
pub mod happenings;
pub mod history;
pub mod offset;
pub mod own;
pub mod playout;
pub mod prediction;
pub mod record;
pub mod seen;
pub mod shots;
pub mod smoothness;

use shared::motion::Rules;
use shared::protocol::Welcome;
use shared::replica::{Applied, Replica, ReplicaError};
use shared::timing::{Jitter, Lead};

use blend::Blend;
use gaps::Gaps;
use happenings::Happening;
use history::History;
use playout::Playout;
use prediction::Prediction;
use seen::{Seen, Snapshot, States};
use shots::Shots;
use smoothness::Smoothness;

/// Everything known of the arena.
#[derive(Debug)]
pub struct World {
    replica: Replica,
    history: History,
    playout: Playout,
    lead: Lead,
    prediction: Prediction,
    /// The controls are others than in the last draw.
    fresh: bool,
    shots: Shots,
    jitter: Jitter,
    gaps: Gaps,
    blend: Blend,
    smoothness: Smoothness,
    /// What happened and is not drawn yet, oldest first, each with its tick.
    coming: Vec<(u32, Happening)>,
    now: Vec<Seen>,
    /// Room for what would be drawn after news.
    truth: Vec<Seen>,
    frames: u64,
    resets: u32,
}

/// Happenings that wait to be drawn; a tab in the background draws none, and need not catch up on them.
const MOST_COMING: usize = 256;

impl World {
    /// The world that Welcome announced, empty until the first frame.
    pub fn new(welcome: &Welcome) -> Self {
        let rules = Rules::new(welcome.tick_hz, welcome.arena_size);
        Self {
            replica: Replica::new(rules),
            history: History::new(rules),
            playout: Playout::new(f64::from(welcome.tick_hz)),
            lead: Lead::new(f64::from(welcome.tick_hz)),
            prediction: Prediction::new(rules),
            fresh: false,
            shots: Shots::new(rules),
            jitter: Jitter::new(f64::from(welcome.tick_hz)),
            gaps: Gaps::default(),
            blend: Blend::default(),
            smoothness: Smoothness::new(&rules),
            resets: 0,
            coming: Vec::new(),
            now: Vec::new(),
            truth: Vec::new(),
            frames: 0,
        }
    }

    /// Takes a frame that arrived at `now_ms`.
    pub fn frame(&mut self, bytes: &[u8], now_ms: f64) -> Result<Applied, ReplicaError> {
        let heard = self.replica.ack();
        let applied = self.replica.apply(bytes)?;
        if applied.reset {
            self.restart();
        }
        let tick = self.replica.tick().0;
        self.remember(tick);
        self.keep_pace(tick, now_ms, applied.reset);
        self.lead.arrived(tick, now_ms);
        if let Some(ack) = self.replica.ack().filter(|ack| Some(*ack) != heard) {
            self.lead.acknowledged(ack.margin);
        }
        self.confirm(tick);
        self.frames += 1;
        Ok(applied)
    }

    /// What the arrival of a frame says of the link. What a gap held up says nothing.
    fn keep_pace(&mut self, tick: u32, now_ms: f64, reset: bool) {
        self.gaps.arrived(now_ms);
        if self.gaps.is_upset(now_ms) {
            self.playout.arrived_late(tick, now_ms);
        } else {
            self.jitter.arrived(tick, now_ms, reset);
            self.playout.arrived(tick, self.jitter.ticks(), now_ms);
        }
    }

    fn restart(&mut self) {
        self.smoothness.restart();
        self.history.clear();
        self.coming.clear();
        self.blend.clear();
        // The first frame of a view is a reset, too.
        self.resets += u32::from(self.frames > 0);
    }

    /// Adds the newest tick. Where the last draw had to guess, the truth is blended in.
    fn remember(&mut self, tick: u32) {
        let before = self.history.latest().cloned();
        self.history.note(tick, States::of(&self.replica));
        if let Some((before, after)) = before.as_ref().zip(self.history.latest()) {
            let happened = happenings::between(before, after, &self.replica);
            self.coming.extend(happened.into_iter().map(|happening| (tick, happening)));
            let surplus = self.coming.len().saturating_sub(MOST_COMING);
            self.coming.drain(..surplus);
        }
        if self.playout.guesses() {
            self.history.at(self.playout.moment(), &mut self.truth);
            self.blend.surprise(&self.now, &self.truth);
        }
    }

    /// Runs the playout clock on by `seconds` for a draw at `ms`; afterwards [`World::seen`] is what to draw. Returns what
    /// has happened. `own` is one's own player, 0 for none.
    pub fn advance(&mut self, seconds: f64, ms: f64, own: u32) -> Vec<Happening> {
        self.playout.advance(seconds, ms);
        if self.gaps.is_upset(ms) {
            self.catch_up();
        }
        let moment = self.playout.moment();
        self.history.at(moment, &mut self.now);
        self.blend.apply(seconds as f32, self.gaps.is_upset(ms), &mut self.now);
        let happened = self.happened(moment, own);
        self.place_own(seconds as f32, ms, own);
        self.smoothness.drawn(&self.now, own, ms, self.gaps.is_upset(ms));
        happened
    }

    /// The game went on while nothing was heard: what is drawn goes where it is now, over a few draws.
    fn catch_up(&mut self) {
        self.history.at(self.playout.moment(), &mut self.now);
        self.blend.apply(0.0, false, &mut self.now);
        if self.playout.catch_up() {
            self.history.at(self.playout.moment(), &mut self.truth);
            self.blend.surprise(&self.now, &self.truth);
        }
    }

    /// A draw is on the screen: after a gap, is it as if there had been none?
    pub fn shown(&mut self, now_ms: f64) {
        let current = self.playout.lag() < 1.0 && self.blend.largest() < smoothness::LITTLE;
        self.gaps.shown(now_ms, current);
    }

    /// What is due at `moment`. The end of the own ship is not waited for: it is flown ahead of that moment.
    fn happened(&mut self, moment: f64, own: u32) -> Vec<Happening> {
        let is_due = |(tick, happening): &(u32, Happening)| f64::from(*tick) <= moment || happening.ends(own);
        let (due, coming) = self.coming.drain(..).partition(is_due);
        self.coming = coming;
        let due: Vec<(u32, Happening)> = due;
        due.into_iter().map(|(_, happening)| happening).collect()
    }

    /// Own shots that were fired since this was asked last.
    pub fn take_fired(&mut self) -> u32 {
        self.shots.take_fresh()
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

    /// How evenly frames arrive.
    pub fn jitter(&self) -> &Jitter {
        &self.jitter
    }

    /// The clock of what is drawn of the others.
    pub fn playout(&self) -> &Playout {
        &self.playout
    }

    /// How the gaps in the connection went.
    pub fn gaps(&self) -> &Gaps {
        &self.gaps
    }

    /// How smoothly the others were drawn.
    pub fn smoothness(&self) -> &Smoothness {
        &self.smoothness
    }

    /// Views that started anew after the first: frames were missed.
    pub fn resets(&self) -> u32 {
        self.resets
    }

    /// The arena's side, in world units.
    pub fn arena(&self) -> f32 {
        self.replica.rules().arena_size() as f32
    }
}
