//! What one connection may ask of the server. Each limit says what happens at it.

use std::time::{Duration, Instant};

use super::bucket::{Bucket, Rate};
use crate::args::Limits;
use shared::protocol::{MAX_CLIENT_MESSAGE, MAX_SERVER_MESSAGE};
use sim::ports::OUTBOX_BYTES;
use sim::talk::AT_ONCE;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

/// Time for a closed connection to take its close frame, before it is dropped.
pub(super) const LINGER_TIME: Duration = Duration::from_secs(1);
/// Bytes that the system may hold unsent for a connection. Beyond, the socket is full, and frames are skipped: what is
/// queued deeper would be stale when it arrives.
pub(super) const UNSENT_BYTES: u32 = 16 * 1024;
/// Sessions beyond the limit that are heard out: one that plays may take the place of one that watches. Beyond: 503.
pub(super) const HEARD_OUT: u64 = 256;
/// Looks at an arena with too much to do after which its watchers go although someone still listens to boards over HTTP: who
/// takes nothing of what he asked for does not hear that he is to go.
pub(super) const LISTENERS_FIRST: u32 = 4;
/// Watchers that a thread closes at a time, twice a second, while their arena has too much to do.
pub(super) const SHED_AT_ONCE: usize = 64;

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

/// How long a connection may be silent.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    /// From the handshake to Hello. Beyond: closed, no hello.
    pub hello: Duration,
    /// A connection that was silent this long is pinged.
    pub ping: Duration,
    /// One that did not even answer pings this long is closed as idle.
    pub idle: Duration,
}

impl Patience {
    /// As the operator says.
    pub(super) fn new(limits: &Limits) -> Self {
        Self { hello: limits.hello_time_ms, ping: limits.idle_ms / 3, idle: limits.idle_ms }
    }
}

/// What a session may send.
#[derive(Debug, Clone, Copy)]
pub(super) struct SessionRates {
    messages: Rate,
    bytes: Rate,
    joins: Rate,
    chat: Rate,
}

/// How often a session is told that something was not said: once a second.
const TOLD: Rate = Rate { per_second: 1.0, burst: 1.0 };

impl SessionRates {
    /// As the operator says.
    pub(super) fn new(limits: &Limits) -> Self {
        let joins = Rate { per_second: f64::from(limits.joins) / 60.0, burst: limits.joins.into() };
        let chat = Rate { per_second: f64::from(limits.chat) / 60.0, burst: AT_ONCE.into() };
        let (messages, bytes) = (Rate::new(limits.messages, 2.0), Rate::new(limits.message_bytes, 2.0));
        Self { messages, bytes, joins, chat }
    }
}

/// What is left of it for one session. What goes beyond is closed for flooding.
#[derive(Debug)]
pub(super) struct Allowance {
    rates: SessionRates,
    messages: Bucket,
    bytes: Bucket,
    joins: Bucket,
    chat: Bucket,
    told: Bucket,
    /// Bytes that are paid for.
    paid: u64,
}

impl Allowance {
    pub(super) fn new(rates: SessionRates, now: Instant) -> Self {
        let full = |rate| Bucket::full(rate, now);
        Self {
            rates,
            messages: full(rates.messages),
            bytes: full(rates.bytes),
            joins: full(rates.joins),
            chat: full(rates.chat),
            told: full(TOLD),
            paid: 0,
        }
    }

    /// May one more message come? Pings and such are messages, too.
    pub(super) fn message(&mut self, now: Instant) -> bool {
        self.messages.take(self.rates.messages, 1.0, now)
    }

    /// May there be one more join?
    pub(super) fn join(&mut self, now: Instant) -> bool {
        self.joins.take(self.rates.joins, 1.0, now)
    }

    /// Is one more thing that is said within what a player may say? What is not, the arena refuses; it is not to use up what
    /// others of the same address may say.
    pub(super) fn says(&mut self, now: Instant) -> bool {
        self.chat.take(self.rates.chat, 1.0, now)
    }

    /// May it be told once more that something was not said?
    pub(super) fn tell_unsaid(&mut self, now: Instant) -> bool {
        self.told.take(TOLD, 1.0, now)
    }

    /// May so many bytes have come in all? They are counted as they come, so that a message in a thousand fragments, or
    /// one that never ends, is seen.
    pub(super) fn bytes(&mut self, heard: u64, now: Instant) -> bool {
        let more = heard - self.paid;
        self.paid = heard;
        more == 0 || self.bytes.take(self.rates.bytes, more as f64, now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[test]
    fn a_session_may_send_so_many_messages_bytes_and_joins() {
        let limits = crate::args::Args::parse_from(["starfray"]).limits;
        let now = Instant::now();
        let fresh = || Allowance::new(SessionRates::new(&limits), now);
        let (mut messages, mut joins, mut bytes) = (fresh(), fresh(), fresh());
        assert_eq!((0..1000).filter(|_| messages.message(now)).count(), 300);
        assert_eq!((0..1000).filter(|_| joins.join(now)).count(), 60);
        assert!((0..32).all(|kib| bytes.bytes((kib + 1) * 1024, now)));
        assert!(!bytes.bytes(33 * 1024, now));
        assert!(bytes.bytes(34 * 1024, now + Duration::from_millis(70)), "16 KiB a second come back");
    }
}
