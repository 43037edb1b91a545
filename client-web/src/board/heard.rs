//! How the page hears of changes, and since when it has not.
//!
//! Enters: the page's clock, the way and the time of the last news. Leaves: whether what is shown is stale, and a word.

use crate::words;

/// The way on which changes come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// None yet.
    None,
    /// The WebSocket.
    Socket,
    /// Server-Sent Events.
    Events,
    /// Long polling.
    Polling,
    /// None ever: the board is final.
    Final,
}

impl Transport {
    /// Its name in `window.starfray.state`.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Socket => "websocket",
            Self::Events => "events",
            Self::Polling => "polling",
            Self::Final => "final",
        }
    }

    /// The small word in the page's header.
    pub fn word(self) -> &'static str {
        match self {
            Self::None | Self::Final => "",
            Self::Socket => words::say("heard.socket"),
            Self::Events => words::say("heard.events"),
            Self::Polling => words::say("heard.polling"),
        }
    }

    /// Silence after which what is shown is stale, in milliseconds: longer than anything healthy takes to say at least that
    /// nothing has changed. The socket is pinged every 2 s, an event stream is asked about after 10 s, a poll takes up to
    /// 25 s.
    fn patience_ms(self) -> f64 {
        match self {
            Self::Socket => 6_000.0,
            Self::Events => 16_000.0,
            Self::None | Self::Polling => 32_000.0,
            Self::Final => f64::INFINITY,
        }
    }
}

/// When something was heard, and how.
#[derive(Debug, Clone, Copy)]
pub struct Heard {
    /// The way.
    pub transport: Transport,
    /// When, on the page's clock in milliseconds; none before the first time.
    pub at_ms: Option<f64>,
    /// The way is known to be broken.
    pub lost: bool,
}

impl Heard {
    /// Nothing yet.
    pub const NOTHING: Self = Self { transport: Transport::None, at_ms: None, lost: false };

    /// Something came.
    pub fn hear(&mut self, transport: Transport, now_ms: f64) {
        *self = Self { transport, at_ms: Some(now_ms), lost: false };
    }

    /// Is what is shown out of date?
    pub fn is_stale(&self, now_ms: f64) -> bool {
        self.lost || self.at_ms.is_some_and(|at_ms| now_ms - at_ms > self.transport.patience_ms())
    }

    /// Milliseconds since something was heard.
    pub fn silence_ms(&self, now_ms: f64) -> Option<f64> {
        self.at_ms.map(|at_ms| now_ms - at_ms)
    }

    /// What the header says about it.
    pub fn words(&self, now_ms: f64) -> String {
        match self.silence_ms(now_ms).filter(|_| self.is_stale(now_ms)) {
            None => self.transport.word().to_owned(),
            Some(ms) => words::fill("heard.ago", &[("time", &ago(ms))]),
        }
    }
}

fn ago(ms: f64) -> String {
    let seconds = (ms / 1000.0) as u64;
    match seconds {
        0..120 => words::fill("time.s", &[("s", &seconds.to_string())]),
        120..7200 => words::fill("time.min", &[("min", &(seconds / 60).to_string())]),
        7200.. => words::fill("time.h", &[("h", &(seconds / 3600).to_string())]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_makes_a_board_stale_and_says_for_how_long() {
        let mut heard = Heard::NOTHING;
        assert!(!heard.is_stale(99_000.0));
        heard.hear(Transport::Socket, 1000.0);
        assert_eq!(heard.words(3000.0), "by WebSocket");
        assert_eq!(heard.words(13_000.0), "last heard 12 s ago");
        heard.hear(Transport::Socket, 14_000.0);
        assert!(!heard.is_stale(15_000.0));
    }

    #[test]
    fn a_broken_way_is_stale_at_once_and_a_final_board_never() {
        let lost = Heard { transport: Transport::Events, at_ms: Some(0.0), lost: true };
        assert!(lost.is_stale(1.0));
        let done = Heard { transport: Transport::Final, at_ms: Some(0.0), lost: false };
        assert!(!done.is_stale(1e12));
    }
}
