//! The pilot's clock: the tick that a ship is flown in from afar, ahead of what has arrived from the server.
//!
//! Enters: a clock in milliseconds, the tick of each frame as it arrives, how early the server says inputs come.
//! Leaves: a moment in ticks, far enough ahead that an input for it reaches the server just before its step. It comes to
//! where it should be by running a few percent faster or slower. It must never jump, except when it starts, and after a gap
//! that nobody flew through: a tab that slept, a server that stood still.

use super::margin::Margin;

/// Ticks of margin to begin with, beyond what is wanted: the first seconds of a page are its busiest.
const AT_FIRST: f64 = 1.0;

/// An input is on average this many ticks earlier than the server counts, which counts whole ones.
const COUNTED_AWAY: f64 = 0.5;

/// Where no frame came for so long the link stood still; what was late then says nothing about the next second. For so
/// long after it margins are passed over. In milliseconds.
const STALL_MS: f64 = 200.0;
const AFTER_STALL_MS: f64 = 400.0;

/// A frame counts as at most this many ticks from its time.
const OUTLIER: f64 = 3.0;

/// Change of pace per tick of error, and its most.
const DRIFT_PER_TICK: f64 = 0.02;
const MOST_DRIFT: f64 = 0.04;

/// The weight of one frame in the remembered lead, and that lead at most, in milliseconds.
const LEAD_WEIGHT: f64 = 0.03;
const LONGEST_LEAD_MS: f64 = 800.0;

/// Inputs that are not acknowledged for this long are too far ahead to be taken, in milliseconds.
const UNANSWERED_MS: f64 = 1500.0;

/// Frames that are so much off their time, in milliseconds, come from another time: the clock starts over. After as long
/// without a look at it, it is not steered.
const GAP_MS: f64 = 500.0;

/// A server that stays behind for this long has stood still, in milliseconds.
const STOOD_STILL_MS: f64 = 300.0;

/// The clock that a ship is flown by.
#[derive(Debug, Clone, Copy)]
pub struct Lead {
    ticks_per_ms: f64,
    at: f64,
    read_ms: f64,
    latest: f64,
    /// Ticks ahead of a frame at its arrival; none until the clock runs.
    lead: Option<f64>,
    margin: Margin,
    arrived_ms: f64,
    /// Until when margins say more about a stall than about the link.
    upset_until_ms: f64,
    /// Since when frames come much too late.
    behind_since_ms: Option<f64>,
    /// Since when inputs wait for an answer.
    asked_ms: Option<f64>,
}

impl Lead {
    /// A clock that does not run yet; `tick_hz` is ticks per second.
    #[must_use]
    pub fn new(tick_hz: f64) -> Self {
        Self {
            ticks_per_ms: tick_hz / 1000.0,
            at: 0.0,
            read_ms: 0.0,
            latest: 0.0,
            lead: None,
            margin: Margin::beyond(AT_FIRST),
            arrived_ms: f64::INFINITY,
            upset_until_ms: 0.0,
            behind_since_ms: None,
            asked_ms: None,
        }
    }

    /// Starts the clock, unless it runs: far enough ahead of the newest frame for a way there and back of that long.
    pub fn start(&mut self, round_trip_ms: f64, now_ms: f64) {
        if self.lead.is_none() {
            let way = round_trip_ms.min(LONGEST_LEAD_MS) * self.ticks_per_ms;
            self.lead = Some(way + self.margin.wanted() + COUNTED_AWAY + AT_FIRST);
            self.anchor(now_ms);
        }
    }

    /// A frame for `tick` arrived.
    pub fn arrived(&mut self, tick: u32, now_ms: f64) {
        self.latest = f64::from(tick);
        if now_ms - self.arrived_ms > STALL_MS {
            self.upset_until_ms = now_ms + AFTER_STALL_MS;
        }
        self.arrived_ms = now_ms;
        let Some(lead) = self.lead else { return };
        if self.asked_ms.is_some_and(|asked_ms| now_ms - asked_ms > UNANSWERED_MS) {
            (self.lead, self.asked_ms) = (Some(lead / 2.0), None);
            return self.anchor(now_ms);
        }
        let error = self.moment(now_ms) - self.latest - lead;
        let gap = GAP_MS * self.ticks_per_ms;
        let stands_still = error > gap && self.stays_behind(now_ms);
        if error < -gap / 2.0 || stands_still {
            return self.anchor(now_ms);
        }
        if error <= gap {
            self.behind_since_ms = None;
            let off = error.clamp(-OUTLIER, OUTLIER);
            self.lead = Some((lead + off * LEAD_WEIGHT).min(LONGEST_LEAD_MS * self.ticks_per_ms));
        }
    }

    fn stays_behind(&mut self, now_ms: f64) -> bool {
        now_ms - *self.behind_since_ms.get_or_insert(now_ms) > STOOD_STILL_MS
    }

    /// An input was sent.
    pub fn asked(&mut self, now_ms: f64) {
        self.asked_ms.get_or_insert(now_ms);
    }

    /// The server says that an input arrived `margin` ticks before its step.
    pub fn acknowledged(&mut self, margin: i8) {
        self.asked_ms = None;
        if self.arrived_ms >= self.upset_until_ms {
            self.margin.heard(margin);
        }
    }

    /// Runs the clock on to `now_ms`. After a gap, too, the server has most likely gone on as ever; if not, the next frame
    /// tells.
    pub fn advance(&mut self, now_ms: f64) {
        let passed = now_ms - self.read_ms;
        if self.lead.is_none() || passed <= 0.0 {
            return;
        }
        let step = passed * self.ticks_per_ms;
        let drift = if passed > GAP_MS { 0.0 } else { step * (self.pace() - 1.0) };
        self.margin.moved(drift);
        self.margin.calmed(passed / 1000.0);
        (self.at, self.read_ms) = (self.at + step + drift, now_ms);
    }

    fn anchor(&mut self, now_ms: f64) {
        let lead = self.lead.unwrap_or_default();
        (self.at, self.read_ms, self.behind_since_ms) = (self.latest + lead, now_ms, None);
    }

    fn pace(&self) -> f64 {
        1.0 + ((self.margin.wanted() - self.margin.average()) * DRIFT_PER_TICK).clamp(-MOST_DRIFT, MOST_DRIFT)
    }

    /// The moment at `ms`, in ticks, for times close to the last advance.
    #[must_use]
    pub fn moment(&self, ms: f64) -> f64 {
        self.at + (ms - self.read_ms) * self.ticks_per_ms
    }

    /// The tick whose step is flown now: controls count for it until the next one begins.
    #[must_use]
    pub fn tick(&self) -> u32 {
        self.at.max(0.0).floor() as u32 + 1
    }

    /// Does the clock run?
    #[must_use]
    pub fn runs(&self) -> bool {
        self.lead.is_some()
    }

    /// Ticks ahead of the newest frame at its arrival.
    #[must_use]
    pub fn ahead(&self) -> f64 {
        self.lead.unwrap_or_default()
    }

    /// Ticks that inputs are early, on average.
    #[must_use]
    pub fn margin(&self) -> f64 {
        self.margin.average()
    }
}

#[cfg(test)]
#[path = "lead_tests.rs"]
mod tests;
