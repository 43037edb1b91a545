//! People who play behind a balancer, as pages do: who is sent on goes there, who is lost comes back as who he was. What they
//! see is remembered.

use crate::seen::{Absence, Flight, Seen};
use bots::client::{Client, ClientError, Event, JoinAnswer};
use bots::pilot::{Behaviour, Pilot};
use e2e::patience::SOON;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg32;
use shared::ids::Token;
use shared::protocol::{CloseReason, Role, ServerMessage, Welcome};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// All of them.
pub struct People {
    stop: watch::Sender<bool>,
    seen: Vec<Arc<Mutex<Seen>>>,
    playing: Vec<JoinHandle<()>>,
}

/// Their arenas, in turn.
const ARENAS: [&str; 3] = ["1", "2", "3"];

impl People {
    /// So many come to the WebSocket at `url`; waits until all of them have flown.
    pub async fn come(url: &str, count: u64, behaviour: Behaviour) -> Self {
        let (stop, stopped) = watch::channel(false);
        let mut people = Self { stop, seen: Vec::new(), playing: Vec::new() };
        for number in 0..count {
            let arena = ARENAS[number as usize % ARENAS.len()].to_owned();
            let seen = Arc::new(Mutex::new(Seen { arena: arena.clone(), ..Seen::default() }));
            let person = Person {
                url: url.to_owned(),
                name: format!("person {number}"),
                arena,
                pilot: Pilot::new(behaviour, number),
                chance: Pcg32::seed_from_u64(number),
                seen: seen.clone(),
                token: None,
                lost: None,
            };
            let mut stopped = stopped.clone();
            people.seen.push(seen);
            people.playing.push(tokio::spawn(async move {
                tokio::select! {
                    () = person.play() => {}
                    _ = stopped.wait_for(|stopped| *stopped) => {}
                }
            }));
        }
        let fly = async || people.seen().iter().all(|seen| seen.last.is_some()).then_some(());
        e2e::patience::until("everyone flies", SOON, fly).await;
        people
    }

    /// What they have seen until now.
    pub fn seen(&self) -> Vec<Seen> {
        self.seen.iter().map(|seen| look(seen).clone()).collect()
    }

    /// Times between frames are measured from now on.
    pub fn forget_gaps(&self) {
        self.seen.iter().for_each(|seen| look(seen).longest_gap = Duration::ZERO);
    }

    /// All leave at once, without a word; what they saw.
    pub async fn leave(self) -> Vec<Seen> {
        self.stop.send_replace(true);
        for playing in self.playing {
            playing.await.unwrap();
        }
        self.seen.iter().map(|seen| look(seen).clone()).collect()
    }
}

fn look(seen: &Mutex<Seen>) -> MutexGuard<'_, Seen> {
    seen.lock().unwrap()
}

struct Person {
    url: String,
    name: String,
    arena: String,
    pilot: Pilot,
    chance: Pcg32,
    seen: Arc<Mutex<Seen>>,
    token: Option<Token>,
    /// The last that was seen of a flight that is gone, and what was said then.
    lost: Option<(Option<CloseReason>, Flight)>,
}

/// The waits of the page before it connects again, in milliseconds: where it was sent, and else the first and the longest.
const MOVED_MS: u64 = 100;
const FIRST_MS: u64 = 300;
const LONGEST_MS: u64 = 3000;

impl Person {
    async fn play(mut self) {
        let (mut url, mut wait) = (self.url.clone(), FIRST_MS);
        loop {
            match Client::connect(&url).await {
                Ok(mut client) => {
                    let end = self.session(&mut client).await;
                    let why = match &end {
                        Err(ClientError::Closed(farewell)) => farewell.reason(),
                        Ok(()) | Err(_) => None,
                    };
                    let last = look(&self.seen).last.filter(|last| last.flies);
                    if let (true, Some(before), None) = (client.player().is_some(), last, self.lost) {
                        self.lost = Some((why, before));
                    }
                    let moved = client.moved().map(|url| format!("{}/ws", url.replacen("http", "ws", 1)));
                    wait = if moved.is_some() { MOVED_MS } else { FIRST_MS };
                    url = moved.unwrap_or_else(|| self.url.clone());
                }
                Err(_) => {
                    url.clone_from(&self.url);
                    wait = (wait * 2).min(LONGEST_MS);
                }
            }
            tokio::time::sleep(Duration::from_millis(self.chance.random_range(0..wait))).await;
        }
    }

    /// One connection, until it is lost.
    async fn session(&mut self, client: &mut Client) -> Result<(), ClientError> {
        if let Some(identity) = look(&self.seen).identity {
            client.come_as(identity);
        }
        client.fly_in(self.pilot.hull());
        client.say_hello_as(Role::Play, Some(self.arena.clone()), self.token).await?;
        let (mut waits, mut last_frame) = (false, None::<Instant>);
        loop {
            match client.next().await? {
                Event::Message { message, .. } => self.hear(client, &message, &mut waits).await?,
                Event::Frame { applied, .. } => {
                    if std::mem::take(&mut waits) {
                        // Joined comes before the first frame where the ship still flies.
                        self.lost = None;
                        client.say_join(&self.name).await?;
                    }
                    self.see(client, &mut last_frame, applied.checksum == Some(false));
                    if let Some(controls) = client.view().and_then(|view| self.pilot.fly(view)) {
                        client.input(controls).await?;
                    }
                }
                Event::Skipped { .. } | Event::Fault { .. } => {}
            }
        }
    }

    fn see(&mut self, client: &Client, last_frame: &mut Option<Instant>, mismatch: bool) {
        let Some(view) = client.view() else { return };
        let (at, flies) = (Instant::now(), view.focus().own);
        let flight = Flight { at, tick: view.tick().0, score: view.status().score, flies };
        let mut seen = look(&self.seen);
        if let Some(last) = last_frame.replace(at) {
            seen.longest_gap = seen.longest_gap.max(at - last);
        }
        seen.mismatches += u32::from(mismatch);
        if self.lost.is_none() && seen.last.is_none_or(|last| last.score != flight.score) {
            seen.scores.push((flight.tick, flight.score));
        }
        if flies && let Some((why, before)) = self.lost.take() {
            seen.absences.push(Absence { why, before, after: flight });
        }
        seen.last = Some(flight);
    }

    async fn hear(
        &mut self,
        client: &mut Client,
        message: &ServerMessage,
        waits: &mut bool,
    ) -> Result<(), ClientError> {
        if let ServerMessage::Welcome(welcome) = message {
            *waits = welcome.resumed;
            self.welcomed(welcome);
            if !welcome.resumed {
                client.say_join(&self.name).await?;
            }
        } else if let ServerMessage::Joined { .. } = message {
            *waits = false;
        } else if let ServerMessage::Died { life, .. } = message {
            if life.score > 0 {
                look(&self.seen).ends.push((Instant::now(), *life));
            }
            self.lost = None;
            client.say_join(&self.name).await?;
        }
        Ok(())
    }

    fn welcomed(&mut self, welcome: &Welcome) {
        let came_before = self.token.replace(welcome.token).is_some();
        let mut seen = look(&self.seen);
        seen.identity = welcome.identity.or(seen.identity);
        if !welcome.resumed {
            seen.anew += u32::from(came_before && self.lost.take().is_some());
        }
    }
}

/// A newcomer who comes once and flies: how long that took.
pub async fn newcomer(url: &str, arena: &str) -> Duration {
    let begun = Instant::now();
    let fly = async || {
        let mut url = url.to_owned();
        for _ in 0..2 {
            let mut client = Client::connect(&url).await.ok()?;
            client.say_hello_in(Role::Play, Some(arena.to_owned())).await.ok()?;
            let welcomed = client.wait_until(SOON, |client| client.welcome().is_some()).await;
            if welcomed.is_ok() {
                let joined = client.join("newcomer", SOON).await.ok()?;
                client.wait_until(SOON, |client| client.ship().is_some()).await.ok()?;
                return matches!(joined, JoinAnswer::Joined(_)).then_some(());
            }
            url = format!("{}/ws", client.moved()?.replacen("http", "ws", 1));
        }
        None
    };
    e2e::patience::until("a newcomer flies", SOON, fly).await;
    begun.elapsed()
}
