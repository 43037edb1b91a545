//! One direction of a connection: what comes in goes out when its time has come, in the order in which it came.

use super::Conditions;
use super::stalls::Stalls;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{ReadHalf, WriteHalf};
use tokio::sync::{Notify, mpsc};
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

/// Who is told when so many bytes are through: nothing after them is.
pub(super) type Tear<'a> = Option<(usize, &'a Notify)>;

/// Carries everything from `from` to `to`, and its end, too.
pub(super) async fn carry(from: ReadHalf<'_>, to: WriteHalf<'_>, delays: Delays, tear: Tear<'_>) {
    let (queue, coming) = mpsc::channel(ON_THE_WAY);
    tokio::join!(take(from, queue, delays), give(to, coming, tear));
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

async fn give(mut to: WriteHalf<'_>, mut coming: mpsc::Receiver<(Instant, Vec<u8>)>, mut tear: Tear<'_>) {
    while let Some((due, mut piece)) = coming.recv().await {
        sleep_until(due.into()).await;
        let is_last = tear.as_mut().is_some_and(|(left, _)| {
            piece.truncate(*left);
            *left -= piece.len();
            *left == 0
        });
        if to.write_all(&piece).await.is_err() {
            return;
        }
        if let (true, Some((_, torn))) = (is_last, tear) {
            return torn.notify_one();
        }
    }
    // The other end has gone as well, then.
    let _gone = to.shutdown().await;
}
