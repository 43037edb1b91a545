//! When this client's inputs are meant for: the same clock that a page flies by.
//!
//! Enters: when Hello left, Welcome, Joined and frames came. Leaves: the tick that an input is for. It reads the system's
//! clock, and nothing else.

use shared::timing::Lead;
use std::time::Instant;

/// The clock of one session.
#[derive(Debug)]
pub(super) struct Clock {
    epoch: Instant,
    hello_ms: f64,
    round_trip_ms: f64,
    lead: Option<Lead>,
    acknowledged: Option<u16>,
}

impl Clock {
    /// A clock of a session that has not begun.
    pub(super) fn new() -> Self {
        Self { epoch: Instant::now(), hello_ms: 0.0, round_trip_ms: 0.0, lead: None, acknowledged: None }
    }

    fn now_ms(&self) -> f64 {
        self.epoch.elapsed().as_secs_f64() * 1000.0
    }

    /// Hello leaves.
    pub(super) fn hello(&mut self) {
        self.hello_ms = self.now_ms();
    }

    /// Welcome came: the way there and back, and a tick's wait at most.
    pub(super) fn welcome(&mut self, tick_hz: u16) {
        self.round_trip_ms = self.now_ms() - self.hello_ms;
        self.lead = Some(Lead::new(tick_hz.into()));
    }

    /// A life begins.
    pub(super) fn take_off(&mut self) {
        let now_ms = self.now_ms();
        if let Some(lead) = &mut self.lead {
            lead.start(self.round_trip_ms, now_ms);
        }
    }

    /// A frame came, with the last input's sequence and margin if there is one.
    pub(super) fn frame(&mut self, tick: u32, ack: Option<(u16, i8)>) {
        let now_ms = self.now_ms();
        let Some(lead) = &mut self.lead else { return };
        lead.arrived(tick, now_ms);
        if let Some((sequence, margin)) = ack.filter(|(sequence, _)| Some(*sequence) != self.acknowledged) {
            self.acknowledged = Some(sequence);
            lead.acknowledged(margin);
        }
    }

    /// The tick that an input which leaves now is for; none before the first life.
    pub(super) fn input(&mut self) -> Option<u32> {
        let now_ms = self.now_ms();
        let lead = self.lead.as_mut().filter(|lead| lead.runs())?;
        lead.advance(now_ms);
        lead.asked(now_ms);
        Some(lead.tick())
    }
}
