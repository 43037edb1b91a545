//! One direction of a connection: what comes in goes out when its time has come, in the order in which it came.

use super::Conditions;
use super::stalls::Stalls;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{ReadHalf, WriteHalf};
use tokio::sync::mpsc;
use tokio::time::sleep_until;

/// Bytes of a piece at most.
const PIECE: usize = 16 * 1024;
/// Pieces that are on their way in one direction of a connection, at most. Full: the link stops reading.
pub const ON_THE_WAY: usize = 64;

/// When each piece is at the other end.
#[derive(Debug)]
pub(super) struct Delays {
    chance: Pcg64Mcg,
    shortest: Duration,
    jitter: Duration,
    stalls: Option<Stalls>,
    bandwidth: Option<u64>,
    last: Option<Instant>,
}

impl Delays {
    pub(super) fn new(conditions: &Conditions, stalls: Option<Stalls>, stream: u64) -> Self {
        Self {
            chance: Pcg64Mcg::seed_from_u64(conditions.seed ^ stream.wrapping_mul(0x9e37_79b9_7f4a_7c15)),
            shortest: conditions.delay.saturating_sub(conditions.jitter / 2),
            jitter: conditions.jitter,
            stalls,
            bandwidth: conditions.bandwidth,
            last: None,
        }
    }

    /// When `bytes` that came at `came` are through: never before what came earlier.
    fn due(&mut self, came: Instant, bytes: usize) -> Instant {
        let due = came + self.shortest + self.jitter.mul_f64(self.chance.random());
        let due = self.last.map_or(due, |last| due.max(last)) + self.takes(bytes);
        let due = self.stalls.and_then(|stalls| stalls.end_at(due)).unwrap_or(due);
        self.last = Some(due);
        due
    }

    /// How long the narrowest part of the way takes for that.
    fn takes(&self, bytes: usize) -> Duration {
        let bits = bytes as u64 * 8;
        self.bandwidth
            .map_or(Duration::ZERO, |per_second| Duration::from_nanos(bits * 1_000_000_000 / per_second))
    }
}

/// Carries everything from `from` to `to`, and its end, too.
pub(super) async fn carry(from: ReadHalf<'_>, to: WriteHalf<'_>, delays: Delays) {
    let (queue, coming) = mpsc::channel(ON_THE_WAY);
    tokio::join!(take(from, queue, delays), give(to, coming));
}

async fn take(mut from: ReadHalf<'_>, queue: mpsc::Sender<(Instant, Vec<u8>)>, mut delays: Delays) {
    loop {
        let mut piece = Vec::with_capacity(PIECE);
        let read = from.read_buf(&mut piece).await;
        if !matches!(read, Ok(1..)) {
            return;
        }
        let due = delays.due(Instant::now(), piece.len());
        if queue.send((due, piece)).await.is_err() {
            return;
        }
    }
}

async fn give(mut to: WriteHalf<'_>, mut coming: mpsc::Receiver<(Instant, Vec<u8>)>) {
    while let Some((due, piece)) = coming.recv().await {
        sleep_until(due.into()).await;
        if to.write_all(&piece).await.is_err() {
            return;
        }
    }
    // The other end has gone as well, then.
    let _gone = to.shutdown().await;
}
