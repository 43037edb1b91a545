//! When to ping, and how long the way to the server and back takes.
//!
//! Enters: the page's clock in milliseconds, Pongs. Leaves: Pings to send, and the round trip, smoothed a little so that the
//! number on the screen can be read.

use shared::protocol::ClientMessage;

/// Time between two pings, in milliseconds.
const EVERY_MS: f64 = 2000.0;

/// The weight of the newest round trip.
const WEIGHT: f64 = 0.4;

/// The round trips of one connection.
#[derive(Debug, Default)]
pub struct Pings {
    due_ms: f64,
    round_trip_ms: Option<f64>,
}

impl Pings {
    /// A Ping, when one is due.
    pub fn due(&mut self, now_ms: f64) -> Option<ClientMessage> {
        if now_ms < self.due_ms {
            return None;
        }
        self.due_ms = now_ms + EVERY_MS;
        Some(ClientMessage::Ping { sent_ms: now_ms as u32 })
    }

    /// A new connection: a Ping is due at once. The round trip of the last one holds until it is back.
    pub fn restart(&mut self) {
        self.due_ms = 0.0;
    }

    /// A Pong came back with the time its Ping was sent.
    pub fn returned(&mut self, sent_ms: u32, now_ms: f64) {
        let sample = (now_ms - f64::from(sent_ms)).max(0.0);
        let before = self.round_trip_ms.unwrap_or(sample);
        self.round_trip_ms = Some(before + (sample - before) * WEIGHT);
    }

    /// The round trip in milliseconds, once one is known.
    pub fn round_trip_ms(&self) -> Option<f64> {
        self.round_trip_ms
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ping_is_due_at_once_and_then_every_two_seconds() {
        let mut pings = Pings::default();
        assert!(pings.due(10.0).is_some());
        assert!(pings.due(2009.0).is_none());
        assert!(pings.due(2011.0).is_some());
    }

    #[test]
    fn the_round_trip_follows_the_samples() {
        let mut pings = Pings::default();
        pings.returned(100, 130.0);
        assert_eq!(pings.round_trip_ms(), Some(30.0));
        pings.returned(200, 240.0);
        assert_eq!(pings.round_trip_ms(), Some(34.0));
    }
}
