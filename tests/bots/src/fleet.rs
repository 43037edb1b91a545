//! A fleet: starts the bots over the ramp, lets them fly, shows progress, and stops them together.
//!
//! A [`Plan`] enters, a filled [`Meter`] leaves. One thread, one task per bot. Must never run longer than the plan says,
//! plus [`PATIENCE`] for connections that hang.

use crate::bot::Bot;
use crate::client::{Client, ClientError};
use crate::meter::{Bytes, Meter, ratio};
use crate::pilot::{Behaviour, Pilot};
use crate::watcher::Watcher;
use rand::RngExt;
use rand_pcg::Pcg32;
use std::cell::RefCell;
use std::net::Ipv4Addr;
use std::rc::Rc;
use std::time::{Duration, Instant};
use tokio::sync::{Semaphore, watch};
use tokio::task::{JoinSet, LocalSet};
use tokio::time::{interval, sleep_until, timeout};

/// How long a connection may take, and how long the fleet waits for bots to say goodbye.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// How many bots connect at a time, so that a server's queue of new connections does not overflow.
const CONNECTING: usize = 100;

/// Attempts to come back before a bot gives up: about half a minute.
const ATTEMPTS: u32 = 16;
/// The longest wait before the first of them, in milliseconds, and before any; and before going where one was sent.
const FIRST_MS: u64 = 300;
const LONGEST_MS: u64 = 3000;
const MOVED_MS: u64 = 100;

/// What a fleet is to do.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Where the server's WebSocket is.
    pub url: String,
    /// How many bots.
    pub count: u32,
    /// How many watchers of the live board beside them.
    pub watchers: u32,
    /// Over how long they connect.
    pub ramp: Duration,
    /// How long they fly after the ramp.
    pub duration: Duration,
    /// Their behaviours, taken in turn.
    pub behaviours: Vec<Behaviour>,
    /// Where the first of them comes from, if not from where the system says: the others from the addresses after it.
    pub from: Option<Ipv4Addr>,
    /// The arenas they join, taken in turn; none to go where there is room.
    pub arenas: Vec<String>,
    /// Come back when the connection is lost, as a page does.
    pub persist: bool,
    /// Of a hundred bots that need not see, so many hold whole views and compare checksums; the others read heads of frames.
    pub verify: u8,
    /// All the chance there is.
    pub seed: u64,
}

impl Plan {
    /// Does the bot with that index hold a whole view?
    fn verifies(&self, index: u32) -> bool {
        let so_many = |bots: u64| bots * u64::from(self.verify) / 100;
        so_many(u64::from(index) + 1) > so_many(index.into())
    }
}

/// What the meter stood at, and what it did since the last look.
#[derive(Debug, Default)]
pub struct Progress {
    /// Since the run began.
    pub elapsed: Duration,
    /// Frames per second and bot, since the last look.
    pub frames_per_second: f64,
    /// Bytes per second and bot, since the last look.
    pub bytes_per_second: f64,
    seen: (u64, Bytes, Duration),
}

impl Progress {
    fn look(&mut self, meter: &Meter, elapsed: Duration) {
        let (frames, bytes, served) = self.seen;
        let seconds = (meter.served - served).as_secs_f64();
        self.frames_per_second = ratio((meter.frames - frames) as f64, seconds);
        self.bytes_per_second = ratio((meter.bytes.total() - bytes.total()) as f64, seconds);
        self.elapsed = elapsed;
        self.seen = (meter.frames, meter.bytes, meter.served);
    }
}

/// Carries out `plan`. `show` is called once a second.
pub async fn run(plan: Plan, show: impl FnMut(&Meter, &Progress)) -> Meter {
    run_until(std::future::pending(), plan, show).await
}

/// Carries out `plan`, but once the ramp is over no longer than until `over`.
pub async fn run_until(
    over: impl Future<Output = ()>,
    plan: Plan,
    mut show: impl FnMut(&Meter, &Progress),
) -> Meter {
    let local = LocalSet::new();
    local.run_until(fly(over, Rc::new(plan), &mut show)).await
}

async fn fly(
    over: impl Future<Output = ()>,
    plan: Rc<Plan>,
    show: &mut impl FnMut(&Meter, &Progress),
) -> Meter {
    let meter = Rc::new(RefCell::new(Meter::default()));
    let epoch = Instant::now();
    let (stop, stopped) = watch::channel(false);
    let launch = Launch { plan: Rc::clone(&plan), meter: Rc::clone(&meter), epoch, stopped, gate: gate() };
    let crew = tokio::task::spawn_local(launch.all());
    let mut progress = Progress::default();
    watch_over(&meter, epoch, plan.ramp, &mut progress, show).await;
    meter.borrow_mut().settle();
    tokio::select! {
        () = watch_over(&meter, epoch, plan.ramp + plan.duration, &mut progress, show) => {}
        () = over => {}
    }
    let measured = meter.take();
    // The receivers are gone only when no bot is left.
    let _nobody_left = stop.send(true);
    let _late = timeout(PATIENCE, crew).await;
    measured.with_ends_of(&meter.take())
}

fn gate() -> Rc<Semaphore> {
    Rc::new(Semaphore::new(CONNECTING))
}

async fn watch_over(
    meter: &RefCell<Meter>,
    epoch: Instant,
    length: Duration,
    progress: &mut Progress,
    show: &mut impl FnMut(&Meter, &Progress),
) {
    let mut second = interval(Duration::from_secs(1));
    second.tick().await;
    let mut end = std::pin::pin!(sleep_until((epoch + length).into()));
    loop {
        tokio::select! {
            () = &mut end => return,
            _ = second.tick() => {
                progress.look(&meter.borrow(), epoch.elapsed());
                show(&meter.borrow(), progress);
            }
        }
    }
}

/// What starting a bot needs.
#[derive(Clone)]
struct Launch {
    plan: Rc<Plan>,
    meter: Rc<RefCell<Meter>>,
    epoch: Instant,
    stopped: watch::Receiver<bool>,
    gate: Rc<Semaphore>,
}

impl Launch {
    /// Starts every bot in its time, and ends when the last one has.
    async fn all(mut self) {
        let mut crew = JoinSet::new();
        for index in 0..self.plan.count {
            let due = self.epoch + self.plan.ramp * index / self.plan.count;
            tokio::select! {
                () = sleep_until(due.into()) => {}
                _ = self.stopped.wait_for(|stopped| *stopped) => break,
            }
            crew.spawn_local(self.clone().one(index));
        }
        for index in 0..self.plan.watchers {
            crew.spawn_local(self.clone().watcher(index));
        }
        while crew.join_next().await.is_some() {}
    }

    async fn one(self, index: u32) {
        match self.connect(index).await {
            Ok(client) => self.fly(client, index).await,
            Err(error) => {
                let mut meter = self.meter.borrow_mut();
                meter.failed += 1;
                meter.trouble(format!("bot {index}: {error}"));
            }
        }
    }

    async fn watcher(self, index: u32) {
        let watched = match self.connect(self.plan.count.saturating_add(index)).await {
            Ok(client) => {
                let watcher = Watcher::new(client, self.arena(index), Rc::clone(&self.meter));
                watcher.watch(self.stop()).await
            }
            Err(error) => Err(error),
        };
        if let Err(error) = watched.as_ref()
            && !*self.stopped.borrow()
        {
            let mut meter = self.meter.borrow_mut();
            meter.disconnects += 1;
            meter.trouble(format!("watcher {index}: {error}"));
        }
    }

    /// The arena of the bot with that index.
    fn arena(&self, index: u32) -> Option<String> {
        let arenas = &self.plan.arenas;
        arenas.get(index as usize % arenas.len().max(1)).cloned()
    }

    /// Over when the fleet is told to stop.
    fn stop(&self) -> impl Future<Output = ()> + use<> {
        let mut stopped = self.stopped.clone();
        async move { stopped.wait_for(|stopped| *stopped).await.map_or((), |_| ()) }
    }

    async fn connect(&self, index: u32) -> Result<Client, ClientError> {
        let _turn = self.gate.acquire().await;
        let url = &self.plan.url;
        let connected = match self.plan.from {
            Some(first) => {
                let from = Ipv4Addr::from_bits(first.to_bits().wrapping_add(index));
                timeout(PATIENCE, Client::connect_from(from, url)).await
            }
            None => timeout(PATIENCE, Client::connect(url)).await,
        };
        connected.unwrap_or(Err(ClientError::TimedOut))
    }

    async fn fly(self, client: Client, index: u32) {
        let behaviour = self.plan.behaviours[index as usize % self.plan.behaviours.len()];
        let pilot =
            Pilot::new(behaviour, self.plan.seed ^ u64::from(index).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let arena = self.arena(index);
        let mut bot =
            Bot::new(client, pilot, arena, format!("bot {index}"), Rc::clone(&self.meter), self.epoch);
        if !behaviour.looks() && !self.plan.verifies(index) {
            bot = bot.that_skims();
        }
        while let Err(error) = bot.fly(self.stop()).await {
            if *self.stopped.borrow() {
                return;
            }
            let comes_back = self.plan.persist || bot.moved().is_some();
            if !comes_back || !self.come_back(&mut bot, index).await {
                let mut meter = self.meter.borrow_mut();
                meter.disconnects += 1;
                meter.trouble(format!("bot {index}: {error}"));
                return;
            }
        }
        // The server may be gone by now.
        let _goodbye = bot.finish().await;
    }

    /// Connects again, where the server has said that the arena is or else where it connected first, with the waits of the
    /// page. False when that did not work for too long.
    async fn come_back(&self, bot: &mut Bot, index: u32) -> bool {
        let mut chance = Pcg32::new(self.plan.seed ^ u64::from(index), 7);
        let mut there =
            bot.moved().map(|(url, ticket)| (format!("{}/ws", url.replacen("http", "ws", 1)), ticket));
        for attempt in 0..ATTEMPTS {
            let most_ms = if there.is_some() { MOVED_MS } else { (FIRST_MS << attempt).min(LONGEST_MS) };
            tokio::time::sleep(Duration::from_millis(chance.random_range(0..most_ms))).await;
            let (url, tickets) = match there.take() {
                Some((url, ticket)) => (url, vec![format!("ticket.{ticket}")]),
                None => (self.plan.url.clone(), Vec::new()),
            };
            let _turn = self.gate.acquire().await;
            if let Ok(Ok(client)) = timeout(PATIENCE, Client::connect_with(&url, &tickets)).await {
                bot.go_on(client);
                return true;
            }
        }
        false
    }
}
