//! What one connection may ask of the server. Each limit says what happens at it.

use std::time::Duration;

use shared::protocol::{MAX_CLIENT_MESSAGE, MAX_SERVER_MESSAGE};
use sim::ports::OUTBOX_BYTES;
use tokio::time::Instant;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

/// Time for a request's headers. Beyond, the connection is dropped.
pub(super) const HEADER_TIME: Duration = Duration::from_secs(5);
/// Bytes of a request's headers. Beyond, it is answered with 431.
pub(super) const HEADER_BYTES: usize = 16 * 1024;
/// Time from the handshake to Hello. Beyond: closed, no hello.
pub(super) const HELLO_TIME: Duration = Duration::from_secs(5);
/// A connection that was silent this long is pinged.
pub(super) const PING_EVERY: Duration = Duration::from_secs(15);
/// A connection that did not even answer pings this long is closed as idle.
pub(super) const IDLE_TIME: Duration = Duration::from_secs(45);
/// Time for a closed connection to take its close frame, before it is dropped.
pub(super) const LINGER_TIME: Duration = Duration::from_secs(1);
/// Bytes that the system may hold unsent for a connection. Beyond, the socket is full, and frames are skipped: what is
/// queued deeper would be stale when it arrives.
pub(super) const UNSENT_BYTES: u32 = 16 * 1024;
/// Messages per second that a session may send over a longer time. Beyond the burst: closed for flooding.
pub(super) const MESSAGES_PER_SECOND: f64 = 150.0;
/// Messages that a session may send at once.
pub(super) const MESSAGE_BURST: f64 = 300.0;

/// How tungstenite is set up. Its defaults are made for other uses: a 128 KiB read buffer that is zeroed at each read,
/// messages of 64 MiB, and a write buffer without end. A read of 1 KiB holds two of the longest messages, and 50 usual
/// ones.
pub(super) fn websocket_config() -> WebSocketConfig {
    WebSocketConfig::default()
        .read_buffer_size(1024)
        .write_buffer_size(8 * 1024)
        .max_write_buffer_size(MAX_SERVER_MESSAGE + OUTBOX_BYTES as usize)
        .max_message_size(Some(MAX_CLIENT_MESSAGE))
        .max_frame_size(Some(MAX_CLIENT_MESSAGE))
}

/// A token bucket over a session's messages.
#[derive(Debug)]
pub(super) struct Allowance {
    tokens: f64,
    refilled: Instant,
}

impl Allowance {
    pub(super) fn new(now: Instant) -> Self {
        Self { tokens: MESSAGE_BURST, refilled: now }
    }

    /// May one more message come at `now`?
    pub(super) fn take(&mut self, now: Instant) -> bool {
        let passed = now.duration_since(self.refilled).as_secs_f64();
        self.refilled = now;
        self.tokens = (self.tokens + passed * MESSAGES_PER_SECOND).min(MESSAGE_BURST) - 1.0;
        self.tokens >= 0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_steady_stream_within_the_rate_passes_and_a_flood_does_not() {
        let start = Instant::now();
        let mut steady = Allowance::new(start);
        let pace = Duration::from_secs_f64(1.0 / MESSAGES_PER_SECOND);
        assert!((1..5000).all(|n| steady.take(start + pace * n)));
        let mut flood = Allowance::new(start);
        assert_eq!((0..1000).filter(|_| flood.take(start)).count(), MESSAGE_BURST as usize);
    }
}
