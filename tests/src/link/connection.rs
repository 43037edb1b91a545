//! One connection through the link: two pipes, until both have ended or it is cut.

use super::Conditions;
use super::pipe::{self, Delays};
use super::stalls::Stalls;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;
use socket2::SockRef;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::sync::Notify;

/// Where a connection goes, and how.
#[derive(Debug, Clone, Copy)]
pub(super) struct Way {
    pub to: SocketAddr,
    pub conditions: Conditions,
    pub stalls: Option<Stalls>,
    /// Which of the link's connections it is: each has chance of its own.
    pub number: u64,
    /// It is torn after so many bytes of answers, or fewer: somewhere in the middle of one.
    pub tear: Option<u64>,
}

/// Carries `near` to the server and back until it ends, or `cut` does.
pub(super) async fn carry(mut near: TcpStream, way: Way, cut: impl Future<Output = ()>) {
    // A connection over a way of that length is only there a round trip after it was asked for.
    tokio::time::sleep(way.conditions.delay * 2).await;
    let Ok(mut far) = TcpStream::connect(way.to).await else { return reset(&near) };
    if near.set_nodelay(true).and_then(|()| far.set_nodelay(true)).is_err() {
        return;
    }
    let was_cut = {
        let (from_near, to_near) = near.split();
        let (from_far, to_far) = far.split();
        let torn = Notify::new();
        let there = pipe::carry(from_near, to_far, way.delays(0), None);
        let back = pipe::carry(from_far, to_near, way.delays(1), way.tear().map(|after| (after, &torn)));
        tokio::select! {
            _both_ended = async { tokio::join!(there, back) } => false,
            () = torn.notified() => true,
            () = cut => true,
        }
    };
    if was_cut {
        reset(&near);
        reset(&far);
    }
}

impl Way {
    fn delays(&self, direction: u64) -> Delays {
        Delays::new(&self.conditions, self.stalls, self.number * 2 + direction)
    }

    /// After how many bytes of answers it is torn.
    fn tear(&self) -> Option<usize> {
        let mut chance = Pcg64Mcg::seed_from_u64(self.conditions.seed ^ self.number);
        let after = chance.random_range(1..=self.tear?);
        Some(usize::try_from(after).unwrap_or(usize::MAX))
    }
}

/// Lets a connection end with a reset instead of a goodbye.
pub(super) fn reset(stream: &TcpStream) {
    // One that has ended already has nothing to be reset.
    let _ended = SockRef::from(stream).set_linger(Some(Duration::ZERO));
}
