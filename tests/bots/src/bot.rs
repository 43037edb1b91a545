//! One bot: a client, its pilot, and what it adds to the meter. Frames drive it: whatever it does at a certain time it
//! does at the frame that is due, so thousands of bots need no timer of their own.

use crate::client::{Client, ClientError, Event};
use crate::meter::{Meter, wall_clock_us};
use crate::pilot::Pilot;
use shared::controls::Controls;
use shared::identity::Identity;
use shared::ids::Token;
use shared::protocol::{ClientMessage, Role, ServerMessage};
use shared::replica::{Applied, Replica};
use shared::tick::Tick;
use std::cell::RefCell;
use std::rc::Rc;
use std::time::{Duration, Instant};

/// Longest time without an Input while the ship flies, in milliseconds: a little over four a second.
const INPUT_MS: u32 = 220;
/// Time between two Pings, in milliseconds.
const PING_MS: u32 = 2000;
/// Inputs that a spamming pilot sends per frame: just under what a server of 30 ticks a second allows.
const SPAM: usize = 4;
/// One frame of so many is looked at for how many ships are in view.
const LOOK_EVERY: u64 = 8;

pub(crate) struct Bot {
    client: Client,
    pilot: Pilot,
    arena: Option<String>,
    name: String,
    meter: Rc<RefCell<Meter>>,
    epoch: Instant,
    last_frame: Option<Instant>,
    frames: u64,
    joined: bool,
    said: Option<Controls>,
    since_input: u32,
    since_ping: u32,
    /// Who it was over the last connection.
    token: Option<Token>,
    identity: Option<Identity>,
    /// Its last frame before it was gone from a flight.
    away: Option<Instant>,
    /// It is back, and about to hear whether its ship still flies.
    waits: bool,
    /// It reads the heads of frames alone.
    skims: bool,
}

impl Bot {
    pub(crate) fn new(
        client: Client,
        pilot: Pilot,
        arena: Option<String>,
        name: String,
        meter: Rc<RefCell<Meter>>,
        epoch: Instant,
    ) -> Self {
        // Spread over the period, so that the pings of a fleet do not come in one tick.
        let since_ping = name.bytes().fold(0_u32, |sum, b| sum.wrapping_mul(31).wrapping_add(b.into())) % 64;
        Self {
            client,
            pilot,
            arena,
            name,
            meter,
            epoch,
            last_frame: None,
            frames: 0,
            joined: false,
            said: None,
            since_input: 0,
            since_ping,
            token: None,
            identity: None,
            away: None,
            waits: false,
            skims: false,
        }
    }

    /// The same, which reads only the heads of frames.
    pub(crate) fn that_skims(mut self) -> Self {
        self.client.skim();
        Self { skims: true, ..self }
    }

    /// Flies until `stop` is over or the session is. An error says why it ended early.
    pub(crate) async fn fly(&mut self, stop: impl Future<Output = ()>) -> Result<(), ClientError> {
        let mut stop = std::pin::pin!(stop);
        self.client.say_hello_as(Role::Play, self.arena.clone(), self.token).await?;
        loop {
            tokio::select! {
                biased;
                event = self.client.next() => self.take(event?).await?,
                () = &mut stop => return Ok(()),
            }
        }
    }

    /// Says goodbye.
    pub(crate) async fn finish(self) -> Result<(), ClientError> {
        if !self.joined {
            let mut meter = self.meter.borrow_mut();
            meter.failed += 1;
            meter.trouble(format!("{} never got a ship", self.name));
        }
        self.client.leave().await
    }

    async fn take(&mut self, event: Event) -> Result<(), ClientError> {
        match event {
            Event::Frame { applied, bytes } => {
                self.measure(&applied, bytes);
                self.act().await
            }
            Event::Message { message, bytes } => {
                self.meter.borrow_mut().bytes.messages += bytes as u64;
                self.hear(&message).await
            }
            Event::Skipped { bytes } => {
                self.meter.borrow_mut().bytes.head += bytes as u64;
                Ok(())
            }
            Event::Fault { fault, bytes } => {
                let mut meter = self.meter.borrow_mut();
                meter.bytes.head += bytes as u64;
                meter.decode_errors += 1;
                meter.trouble(format!("{}: {fault}", self.name));
                Ok(())
            }
        }
    }

    fn measure(&mut self, applied: &Applied, bytes: usize) {
        let mut meter = self.meter.borrow_mut();
        let now = Instant::now();
        if let Some(last) = self.last_frame.replace(now) {
            meter.gap(now.duration_since(last));
        }
        meter.frames += 1;
        meter.bytes.add_frame(applied, bytes);
        meter.checksums += u64::from(applied.checksum.is_some());
        meter.checksum_mismatches += u64::from(applied.checksum == Some(false));
        if let Some(begun_us) = applied.begun_us {
            meter.receipts.record(Duration::from_micros(wall_clock_us().wrapping_sub(begun_us).into()));
            let tick = self.client.view().map_or_else(Tick::default, Replica::tick);
            meter.tick_begun(tick, begun_us);
        }
        self.frames += 1;
        if !self.skims && self.frames.is_multiple_of(LOOK_EVERY) {
            meter.ships_seen.0 += self.client.view().map_or(0, ships);
            meter.ships_seen.1 += 1;
        }
    }

    /// What is due at this frame: the controls when they changed or it is time to say them again, and a Ping.
    async fn act(&mut self) -> Result<(), ClientError> {
        if std::mem::take(&mut self.waits) {
            // Joined comes before the first frame when the ship still flies: it was sunk before the connection went.
            self.away = None;
            self.client.say_join(&self.name).await?;
        }
        let Some(view) = self.client.view() else { return Ok(()) };
        let (input_due, ping_due) = (view.rules().ticks(INPUT_MS), view.rules().ticks(PING_MS));
        let controls = self.pilot.fly(view);
        self.since_input += 1;
        self.since_ping += 1;
        if self.since_ping >= ping_due {
            self.since_ping = 0;
            self.client.send(&ClientMessage::Ping { sent_ms: self.now_ms() }).await?;
        }
        if self.pilot.spams() {
            for _ in 0..SPAM {
                self.say(controls.unwrap_or_default()).await?;
            }
        } else if controls
            .is_some_and(|controls| self.said != Some(controls) || self.since_input >= input_due)
        {
            self.say(controls.unwrap_or_default()).await?;
        }
        Ok(())
    }

    async fn say(&mut self, controls: Controls) -> Result<(), ClientError> {
        (self.said, self.since_input) = (Some(controls), 0);
        self.client.input(controls).await.map(|_sequence| ())
    }

    async fn hear(&mut self, message: &ServerMessage) -> Result<(), ClientError> {
        match message {
            ServerMessage::Welcome(welcome) => {
                self.meter.borrow_mut().connected += u64::from(self.token.is_none());
                self.welcomed(welcome.resumed).await?;
            }
            ServerMessage::Joined { .. } => {
                let mut meter = self.meter.borrow_mut();
                meter.joined += u64::from(!self.joined);
                if let Some(since) = self.away.take() {
                    meter.returned += 1;
                    meter.returns.record(since.elapsed());
                }
                (self.joined, self.said, self.waits) = (true, None, false);
            }
            ServerMessage::Refused(refusal) => {
                self.meter.borrow_mut().trouble(format!("{}: {}", self.name, refusal.sentence()));
            }
            ServerMessage::Died { .. } => {
                self.meter.borrow_mut().deaths += 1;
                self.client.say_join(&self.name).await?;
            }
            ServerMessage::Kill { .. } => self.meter.borrow_mut().kills += 1,
            ServerMessage::Pong { sent_ms } => {
                let trip = self.now_ms().wrapping_sub(*sent_ms);
                self.meter.borrow_mut().round_trips.record(Duration::from_millis(trip.into()));
            }
            ServerMessage::Top { .. }
            | ServerMessage::Names(_)
            | ServerMessage::Board { .. }
            | ServerMessage::BoardDelta(_)
            | ServerMessage::Recorded(_)
            | ServerMessage::Around { .. }
            | ServerMessage::Bounty { .. }
            | ServerMessage::Powers(_)
            | ServerMessage::News(_)
            | ServerMessage::Unsaid(_)
            | ServerMessage::Mode(_)
            | ServerMessage::Totals(_)
            | ServerMessage::Round(_)
            | ServerMessage::Podium(_)
            | ServerMessage::Moved { .. }
            | ServerMessage::Closing { .. }
            | ServerMessage::Announced(_) => {}
        }
        Ok(())
    }

    /// Asks for a ship, or for the one it had when the connection went.
    async fn welcomed(&mut self, resumed: bool) -> Result<(), ClientError> {
        self.client.fly_in(self.pilot.hull());
        if resumed {
            self.waits = true;
            return Ok(());
        }
        if self.away.take().is_some() {
            self.meter.borrow_mut().anew += 1;
        }
        self.client.say_join(&self.name).await
    }

    /// Where its arena is now, if the server has said so.
    pub(crate) fn moved(&self) -> Option<(String, String)> {
        self.client.moved().zip(self.client.ticket()).map(|(url, ticket)| (url.to_owned(), ticket.to_owned()))
    }

    /// Goes on over another connection, as who it was.
    pub(crate) fn go_on(&mut self, client: Client) {
        let before = std::mem::replace(&mut self.client, client);
        if self.skims {
            self.client.skim();
        }
        let known = before.welcome().map(|welcome| (welcome.token, welcome.identity));
        if let Some((token, identity)) = known {
            (self.token, self.identity) = (Some(token), identity.or(self.identity));
        }
        if self.joined && self.away.is_none() {
            self.away = self.last_frame;
        }
        (self.last_frame, self.said, self.waits) = (None, None, false);
        self.client.fly_in(self.pilot.hull());
        if let Some(identity) = self.identity {
            self.client.come_as(identity);
        }
    }

    /// Milliseconds since the run began; wraps after seven weeks.
    fn now_ms(&self) -> u32 {
        self.epoch.elapsed().as_millis() as u32
    }
}

fn ships(view: &Replica) -> u64 {
    view.ships().count() as u64
}
