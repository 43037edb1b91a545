//! Bots that play while something else is measured, in a thread of their own, each from an address of its own. Gaps between
//! frames are kept apart by what goes on meanwhile.
//!
//! Enters: which part it is. Leaves: gaps of each part, and what the bots met in all.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use bots::fleet::{self, Plan};
use bots::meter::{Meter, Times};
use bots::pilot::Behaviour;
use tokio::sync::Notify;

/// How long they play if nobody tells them to leave.
const FOR_EVER: Duration = Duration::from_secs(3600);
/// How long they may take until all of them fly.
const PATIENCE: Duration = Duration::from_secs(30);

/// What goes on beside the bots.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Part {
    /// What is not measured.
    Between,
    /// Nothing.
    Quiet,
    /// Attackers.
    Attacked,
}

/// What the fleet's thread and its owner share.
#[derive(Default)]
struct Tally {
    part: AtomicU8,
    joined: AtomicU64,
    gaps: Mutex<[Times; 3]>,
    over: Notify,
}

/// A fleet that plays.
pub struct Innocents {
    tally: Arc<Tally>,
    count: u32,
    thread: JoinHandle<io::Result<Meter>>,
}

impl Innocents {
    /// So many connect over `ramp`, from this address and those after it, and play until they are told to leave.
    ///
    /// # Errors
    /// When there can be no thread.
    pub fn come(to: SocketAddr, count: u32, from: Ipv4Addr, ramp: Duration) -> io::Result<Self> {
        let tally = Arc::new(Tally::default());
        let plan = Plan {
            url: format!("ws://{to}/ws"),
            count,
            watchers: 0,
            ramp,
            duration: FOR_EVER,
            behaviours: vec![Behaviour::Play],
            from: Some(from),
            arenas: Vec::new(),
            persist: false,
            verify: 100,
            seed: 1,
        };
        let shared = tally.clone();
        let thread = std::thread::Builder::new().spawn(move || fly(plan, &shared))?;
        Ok(Self { tally, count, thread })
    }

    /// Waits until all of them fly.
    ///
    /// # Errors
    /// When they do not.
    pub fn are_there(&self) -> io::Result<()> {
        let begun = Instant::now();
        while self.tally.joined.load(Relaxed) < self.count.into() {
            if begun.elapsed() > PATIENCE {
                return Err(io::Error::other("not every bot got a ship while nobody attacked"));
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    /// Gaps count as this part's from now on.
    pub fn count_as(&self, part: Part) {
        self.tally.part.store(part as u8, Relaxed);
    }

    /// The gaps of a part. A second in which another one began is in neither.
    pub fn gaps(&self, part: Part) -> Times {
        self.tally.gaps.lock().unwrap_or_else(PoisonError::into_inner)[part as usize].clone()
    }

    /// Tells them to leave, and gives what they met.
    ///
    /// # Errors
    /// When there could be no runtime, or the thread ended by a panic.
    pub fn leave(self) -> io::Result<Meter> {
        self.tally.over.notify_one();
        let meter = self.thread.join().map_err(|_| io::Error::other("the bots' thread panicked"))??;
        for trouble in &meter.troubles {
            eprintln!("bots: {trouble}");
        }
        Ok(meter)
    }
}

fn fly(plan: Plan, tally: &Tally) -> io::Result<Meter> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut last = (Part::Between as u8, Times::default());
    let meter = runtime.block_on(fleet::run_until(tally.over.notified(), plan, |meter, _progress| {
        tally.joined.store(meter.joined, Relaxed);
        let part = tally.part.load(Relaxed);
        if part == last.0 {
            let mut gaps = tally.gaps.lock().unwrap_or_else(PoisonError::into_inner);
            gaps[usize::from(part)].join(&meter.gaps.since(&last.1));
        }
        last = (part, meter.gaps.clone());
    }));
    Ok(meter)
}
