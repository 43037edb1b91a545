//! Gaps in the connection: times in which nothing is heard, and how soon all is well after them.
//!
//! Enters: when frames arrive and draws are shown, in milliseconds. Leaves: whether what arrives now, and how it is drawn,
//! says more about a gap than about the link. It must never call the jitter of a poor link a gap.

/// Frames come every 8 to 100 ms. Nothing for so long is a gap.
const GAP_MS: f64 = 200.0;

/// What a gap held up has arrived, and is drawn, so long after the first of it.
const AFTER_MS: f64 = 100.0;

/// The gaps of one connection.
#[derive(Debug, Clone, Copy, Default)]
pub struct Gaps {
    arrived_ms: Option<f64>,
    ended_ms: Option<f64>,
    /// The last one is over, but what is drawn does not show it yet.
    heals: bool,
    healed: u32,
    longest_ms: f64,
}

impl Gaps {
    /// A frame arrived.
    pub fn arrived(&mut self, now_ms: f64) {
        if self.is_open(now_ms) {
            (self.ended_ms, self.heals) = (Some(now_ms), true);
        }
        self.arrived_ms = Some(now_ms);
    }

    fn is_open(&self, now_ms: f64) -> bool {
        self.arrived_ms.is_some_and(|arrived_ms| now_ms - arrived_ms > GAP_MS)
    }

    /// Is nothing heard, or just something again?
    pub fn is_upset(&self, now_ms: f64) -> bool {
        self.is_open(now_ms) || self.ended_ms.is_some_and(|ended_ms| now_ms - ended_ms < AFTER_MS)
    }

    /// A draw is shown, and is `current`: as if there had been no gap.
    pub fn shown(&mut self, now_ms: f64, current: bool) {
        if let Some(ended_ms) = self.ended_ms.filter(|_| self.heals && current && !self.is_open(now_ms)) {
            self.heals = false;
            self.healed += 1;
            self.longest_ms = self.longest_ms.max(now_ms - ended_ms);
        }
    }

    /// Gaps that are over, and drawn over.
    pub fn healed(&self) -> u32 {
        self.healed
    }

    /// From the first frame after a gap to the first draw that is current, at the longest, in milliseconds.
    pub fn longest_ms(&self) -> f64 {
        self.longest_ms
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_is_over_with_the_first_frame_and_healed_with_the_first_current_draw() {
        let mut gaps = Gaps::default();
        [0.0, 33.0, 120.0].iter().for_each(|ms| gaps.arrived(*ms));
        assert!(!gaps.is_upset(300.0) && gaps.is_upset(330.0));
        gaps.shown(330.0, true);
        assert_eq!(gaps.healed(), 0, "nothing was heard yet");
        gaps.arrived(620.0);
        gaps.shown(630.0, false);
        gaps.shown(646.0, true);
        gaps.shown(900.0, true);
        assert_eq!((gaps.healed(), gaps.longest_ms()), (1, 26.0));
        assert!(gaps.is_upset(700.0) && !gaps.is_upset(721.0));
    }
}
