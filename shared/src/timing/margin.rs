//! How early inputs reach the server, and how early they should.
//!
//! Enters: what the server says of each input. Leaves: the average, and the average that is wanted: as little as the
//! spread allows, and a little more for a while after an input was late.
//!
//! The server counts whole ticks: 0 is anything from just in time to a tick early. An even link therefore settles between 0
//! and 1, where every input has about one tick to spare, and shows a spread of half a tick that is none.

/// Ticks that an input should be early on average, where nothing strays. Less would put the even ones at the edge.
const EARLY: f64 = 0.5;

/// The spread that counting whole ticks makes by itself.
const COUNTING: f64 = 0.5;

/// Spreads beyond that which are held in reserve: all of an evenly spread jitter, nearly all of others.
const RESERVE: f64 = 3.0;

/// The weight of one margin in average and spread.
const WEIGHT: f64 = 0.1;

/// A margin counts as at most this many ticks from the average.
const OUTLIER: f64 = 3.0;

/// What one late input adds to the margin that is wanted, the most of it, and how much of it ends per second, in ticks.
const LATE: f64 = 0.25;
const MOST_CAUTION: f64 = 2.0;
const CALMING_PER_SECOND: f64 = 0.0125;

/// What is known of how early inputs are.
#[derive(Debug, Clone, Copy)]
pub struct Margin {
    average: f64,
    spread: f64,
    caution: f64,
}

impl Margin {
    /// Nothing heard yet: inputs are taken to be `more` ticks earlier than wanted.
    #[must_use]
    pub fn beyond(more: f64) -> Self {
        Self { average: EARLY + more, spread: COUNTING, caution: 0.0 }
    }

    /// An input arrived `margin` ticks before its step.
    pub fn heard(&mut self, margin: i8) {
        let off = (f64::from(margin) - self.average).clamp(-OUTLIER, OUTLIER);
        self.average += off * WEIGHT;
        self.spread += (off.abs() - self.spread) * WEIGHT;
        if margin < 0 {
            self.caution = (self.caution + LATE).min(MOST_CAUTION);
        }
    }

    /// The margins to come will be larger by so many ticks; those on their way are not awaited.
    pub fn moved(&mut self, ticks: f64) {
        self.average += ticks;
    }

    /// Nothing was late for so long.
    pub fn calmed(&mut self, seconds: f64) {
        self.caution = (self.caution - CALMING_PER_SECOND * seconds).max(0.0);
    }

    /// Ticks that inputs are early, on average.
    #[must_use]
    pub fn average(&self) -> f64 {
        self.average
    }

    /// Ticks that they should be early, on average.
    #[must_use]
    pub fn wanted(&self) -> f64 {
        EARLY + RESERVE * (self.spread - COUNTING).max(0.0) + self.caution
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_even_link_wants_half_a_tick_on_average() {
        let mut margin = Margin::beyond(1.0);
        (0..100).for_each(|index| margin.heard(index % 2));
        assert!((margin.wanted() - 0.5).abs() < 0.1, "{}", margin.wanted());
        assert!((margin.average() - 0.5).abs() < 0.1);
    }

    #[test]
    fn a_wide_spread_wants_more() {
        let mut margin = Margin::beyond(1.0);
        (0..100).for_each(|index| margin.heard([0, 4][index % 2]));
        assert!(margin.wanted() > 3.0, "{}", margin.wanted());
    }

    #[test]
    fn a_late_input_is_remembered_for_a_while() {
        let mut margin = Margin::beyond(0.0);
        let before = margin.wanted();
        margin.heard(-1);
        let after = margin.wanted();
        assert!(after >= before + LATE);
        margin.calmed(60.0);
        assert!(margin.wanted() < after - 0.2);
    }
}
