//! What a fleet measures. Bots add to one meter as things happen; a report or a progress line is read from it.
//!
//! Bytes are those of the messages with their WebSocket headers, without TCP's and IP's.

use hdrhistogram::Histogram;
use shared::replica::Applied;
use shared::tick::Tick;
use std::collections::BTreeMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Longest time a histogram tells apart, in microseconds: a minute.
const LONGEST_US: u64 = 60_000_000;

/// Times in microseconds, to three digits.
#[derive(Debug, Clone)]
pub struct Times(Histogram<u64>);

impl Default for Times {
    fn default() -> Self {
        let bounds = Histogram::new_with_bounds(1, LONGEST_US, 3);
        Self(bounds.expect("these constant bounds are valid"))
    }
}

impl Times {
    /// Adds one; what is longer than a minute counts as a minute.
    pub fn record(&mut self, time: Duration) {
        self.0.saturating_record(u64::try_from(time.as_micros()).unwrap_or(LONGEST_US));
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.0.len()
    }

    /// Those that came since `earlier`; all of them when they were begun anew since.
    #[must_use]
    pub fn since(&self, earlier: &Self) -> Self {
        let mut later = self.clone();
        match later.0.subtract(&earlier.0) {
            Ok(()) => later,
            Err(_) => self.clone(),
        }
    }

    /// Adds all of `others`.
    pub fn join(&mut self, others: &Self) {
        // Fails for times that this one has no room for; all have the same bounds.
        let _joined = self.0.add(&others.0);
    }

    /// The time that `share` (0 to 1) of all are within, in milliseconds.
    #[must_use]
    pub fn quantile_ms(&self, share: f64) -> f64 {
        self.0.value_at_quantile(share) as f64 / 1000.0
    }

    /// The longest, in milliseconds.
    #[must_use]
    pub fn max_ms(&self) -> f64 {
        self.0.max() as f64 / 1000.0
    }
}

/// Bytes received, by what they were for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Bytes {
    /// Heads of frames, with the frames' WebSocket headers.
    pub head: u64,
    /// Deltas of watched cells.
    pub deltas: u64,
    /// Keyframes and arrivals.
    pub keyframes: u64,
    /// Everything that is not a frame, with its WebSocket headers.
    pub messages: u64,
}

impl Bytes {
    /// All of them.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.head + self.deltas + self.keyframes + self.messages
    }

    pub(crate) fn add_frame(&mut self, applied: &Applied, size: usize) {
        self.deltas += applied.delta_bytes as u64;
        self.keyframes += applied.keyframe_bytes as u64;
        self.head += (size - applied.delta_bytes - applied.keyframe_bytes) as u64;
    }
}

/// Everything a fleet measures.
#[derive(Debug, Default)]
pub struct Meter {
    /// Bots that were welcomed.
    pub connected: u64,
    /// Bots that got a ship at least once.
    pub joined: u64,
    /// Bots that could not connect, or never got a ship.
    pub failed: u64,
    /// Bots whose session ended before the run did.
    pub disconnects: u64,
    /// Flights that went on after the connection was lost, or the arena went to another server.
    pub returned: u64,
    /// From the last frame before until then.
    pub returns: Times,
    /// Bots that came back too late: their players were gone.
    pub anew: u64,
    /// Things from the server that are not of the protocol or did not fit the view.
    pub decode_errors: u64,
    /// Checksums that were compared.
    pub checksums: u64,
    /// Checksums that did not match.
    pub checksum_mismatches: u64,
    /// Frames applied.
    pub frames: u64,
    /// Bytes received.
    pub bytes: Bytes,
    /// Ships destroyed by bots.
    pub kills: u64,
    /// Bots' ships destroyed.
    pub deaths: u64,
    /// Time between two frames of a bot, since the ramp was over.
    pub gaps: Times,
    /// From the server's beginning of a tick to the receipt of its frame, since the ramp was over; true where both have
    /// one clock.
    pub receipts: Times,
    /// From Ping to Pong, since the ramp was over.
    pub round_trips: Times,
    /// Watchers that were welcomed.
    pub watchers: u64,
    /// Bytes of the live board to all watchers.
    pub board_bytes: u64,
    /// From the beginning of the tick in which a score changed to a watcher's receipt of it, since the ramp was over; true
    /// where both have one clock, and all are in one arena.
    pub board_changes: Times,
    /// When the last ticks began, by the server's wall clock in microseconds (the low 32 bits), as checked frames said.
    begun: BTreeMap<Tick, u32>,
    /// The sum of all gaps, the ramp's too: the time that bots have been served.
    pub served: Duration,
    /// How many gaps that were.
    pub gaps_served: u64,
    /// The sum of the ships seen in the frames that were looked at, and how many frames those were.
    pub ships_seen: (u64, u64),
    /// Why bots failed or were lost: the first few.
    pub troubles: Vec<String>,
}

/// How many troubles are kept.
const TROUBLES: usize = 5;

/// Ticks whose beginning is known: two seconds of them.
const TICKS_KNOWN: usize = 64;

/// Microseconds since 1970, the low 32 bits.
pub(crate) fn wall_clock_us() -> u32 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |passed| passed.as_micros() as u32)
}

impl Meter {
    /// Mean number of ships in view, the own one counted.
    #[must_use]
    pub fn visible_ships(&self) -> f64 {
        ratio(self.ships_seen.0 as f64, self.ships_seen.1 as f64)
    }

    /// Did everything go as it must?
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.failed + self.disconnects + self.decode_errors + self.checksum_mismatches == 0
    }

    pub(crate) fn gap(&mut self, gap: Duration) {
        self.gaps.record(gap);
        self.served += gap;
        self.gaps_served += 1;
    }

    /// A checked frame said when its tick began.
    pub(crate) fn tick_begun(&mut self, tick: Tick, begun_us: u32) {
        self.begun.insert(tick, begun_us);
        while self.begun.len() > TICKS_KNOWN {
            self.begun.pop_first();
        }
    }

    /// A watcher heard of a change that happened in `tick`.
    pub(crate) fn board_change(&mut self, tick: Tick) {
        if let Some(begun_us) = self.begun.get(&tick) {
            let passed = wall_clock_us().wrapping_sub(*begun_us);
            self.board_changes.record(Duration::from_micros(passed.into()));
        }
    }

    /// What was measured until the stop, with the bots that the stop found without a ship. Frames that come while
    /// thousands say goodbye measure only that.
    pub(crate) fn with_ends_of(mut self, later: &Self) -> Self {
        self.failed += later.failed;
        self.disconnects += later.disconnects;
        self.decode_errors += later.decode_errors;
        self.checksum_mismatches += later.checksum_mismatches;
        self.troubles.extend(later.troubles.iter().cloned());
        self.troubles.truncate(TROUBLES);
        self
    }

    /// The ramp is over: times are measured from here on, of a fleet that is complete.
    pub(crate) fn settle(&mut self) {
        (self.gaps, self.receipts, self.round_trips) = Default::default();
        (self.board_changes, self.board_bytes) = Default::default();
    }

    pub(crate) fn trouble(&mut self, what: String) {
        if self.troubles.len() < TROUBLES {
            self.troubles.push(what);
        }
    }
}

/// `part / whole`, 0 of nothing.
pub(crate) fn ratio(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_a_frame_add_up_to_its_size_on_the_wire() {
        let applied = Applied { head_bytes: 3, delta_bytes: 100, keyframe_bytes: 40, ..Applied::default() };
        let mut bytes = Bytes::default();
        bytes.add_frame(&applied, 147);
        assert_eq!(bytes, Bytes { head: 7, deltas: 100, keyframes: 40, messages: 0 });
        assert_eq!(bytes.total(), 147);
    }

    #[test]
    fn times_of_a_while_are_told_apart_from_those_before() {
        let (mut times, ms) = (Times::default(), Duration::from_millis);
        (0..50).for_each(|_| times.record(ms(10)));
        let earlier = times.clone();
        times.record(ms(300));
        let mut later = times.since(&earlier);
        assert_eq!((later.count(), later.quantile_ms(0.5).round() as u32), (1, 300));
        later.join(&earlier);
        assert_eq!((later.count(), later.quantile_ms(0.5).round() as u32), (51, 10));
        assert_eq!(Times::default().since(&earlier).count(), 0, "begun anew");
    }

    #[test]
    fn a_lost_bot_is_not_a_clean_run() {
        assert!(Meter::default().is_clean());
        assert!(!Meter { disconnects: 1, ..Meter::default() }.is_clean());
        assert!(!Meter { checksum_mismatches: 1, ..Meter::default() }.is_clean());
    }
}
