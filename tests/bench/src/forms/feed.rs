//! What the forms with one network thread share: the clock's thread, which hands over a tick's frames in one batch; the
//! thread that accepts; and the runtime that both wake.

use std::io;
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::thread::Thread;
use std::time::{Duration, Instant};

use bytes::Bytes;
use crossbeam_channel::{Receiver, bounded};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::{Notify, mpsc};

/// Batches that may wait; a tick beyond is dropped. The server's number.
const BATCHES: usize = 4;

/// What comes to a network thread.
pub(super) struct Feed {
    /// Connections, in the order of their places in a batch.
    pub newcomers: mpsc::Receiver<TcpStream>,
    /// How many of them the network thread has: so many frames are in a batch.
    pub places: Arc<AtomicUsize>,
    /// Ticks' frames.
    pub batches: Receiver<Vec<Bytes>>,
    /// Told when a batch is there.
    pub wake: Arc<Notify>,
}

impl Feed {
    /// Starts both threads. The calling thread is the network thread, which is woken from its nap for each tick.
    pub(super) fn start(listener: TcpListener, bytes: usize, hz: u32) -> io::Result<Self> {
        let (newcomer, newcomers) = mpsc::channel(256);
        let (batch, batches) = bounded(BATCHES);
        let (places, wake) = (Arc::new(AtomicUsize::new(0)), Arc::new(Notify::new()));
        let (count, waking, napping) = (places.clone(), wake.clone(), std::thread::current());
        thread("accept", move || {
            listener.incoming().flatten().try_for_each(|stream| newcomer.blocking_send(stream)).unwrap_or(());
        })?;
        thread("clock", move || {
            every_tick(hz, |tick| {
                let frames = (0..count.load(Relaxed)).map(|place| frame(tick, place, bytes)).collect();
                let _full = batch.try_send(frames);
                wake_up(&waking, &napping);
            });
        })?;
        Ok(Self { newcomers, places, batches, wake })
    }
}

fn thread(name: &str, work: impl FnOnce() + Send + 'static) -> io::Result<()> {
    std::thread::Builder::new().name(name.to_owned()).spawn(work).map(drop)
}

fn wake_up(waking: &Notify, napping: &Thread) {
    waking.notify_one();
    napping.unpark();
}

/// A runtime on the calling thread, with a nap before each wait.
pub(super) fn runtime(nap: Option<Duration>) -> io::Result<Runtime> {
    let mut builder = Builder::new_current_thread();
    if let Some(nap) = nap {
        builder.on_thread_park(move || std::thread::park_timeout(nap));
    }
    builder.enable_all().build()
}

fn every_tick(hz: u32, mut tick: impl FnMut(u32)) {
    let (period, mut due) = (Duration::from_secs(1) / hz, Instant::now());
    for number in 0.. {
        due += period;
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
        tick(number);
    }
}

/// The frame of one tick for one place, like no other.
pub(super) fn frame(tick: u32, place: usize, bytes: usize) -> Bytes {
    let stamp = u64::from(tick) << 32 | place as u64;
    stamp.to_le_bytes().into_iter().cycle().take(bytes).collect()
}
