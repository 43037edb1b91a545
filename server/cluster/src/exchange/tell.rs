//! What other programs are told beside lives: who came, who left, how rounds ended. Waits while Redis is away, within a
//! bound; what a server that dies has not told is not told.

use std::collections::VecDeque;

use tokio::sync::mpsc;

use crate::keys::{EVENTS, EVENTS_KEPT};
use crate::link::{Link, Trouble};

/// Events that may wait. Beyond, the newest is dropped.
const WAITING: usize = 16_384;

/// Events of one call.
const BATCH: usize = 500;

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its `type`.
    pub kind: &'static str,
    /// What no other event has: one that comes twice is told apart by it.
    pub id: String,
    /// The rest, as a JSON object.
    pub json: String,
}

/// Takes events. Clones are the same one.
#[derive(Debug, Clone)]
pub struct Events(mpsc::Sender<Event>);

impl Events {
    pub(super) fn channel() -> (Self, mpsc::Receiver<Event>) {
        let (tell, told) = mpsc::channel(WAITING);
        (Self(tell), told)
    }

    /// Tells this, soon.
    pub fn tell(&self, event: Event) {
        if self.0.try_send(event).is_err() {
            tracing::debug!("an event is not told: too many wait for Redis");
        }
    }
}

pub(super) struct Teller {
    link: Link,
    told: mpsc::Receiver<Event>,
    waiting: VecDeque<Event>,
}

impl Teller {
    pub(super) fn new(link: Link, told: mpsc::Receiver<Event>) -> Self {
        Self { link, told, waiting: VecDeque::new() }
    }

    /// Tells whatever comes, as long as it is let.
    pub(super) async fn run(mut self) {
        loop {
            if self.waiting.is_empty() {
                match self.told.recv().await {
                    Some(event) => self.waiting.push_back(event),
                    None => return std::future::pending().await,
                }
            }
            while self.waiting.len() < BATCH
                && let Ok(event) = self.told.try_recv()
            {
                self.waiting.push_back(event);
            }
            match self.send().await {
                Ok(()) => self.waiting.clear(),
                Err(_) => self.link.give_up(),
            }
        }
    }

    async fn send(&mut self) -> Result<(), Trouble> {
        let mut connection = self.link.connection().await?;
        let mut calls = redis::pipe();
        for Event { kind, id, json } in &self.waiting {
            let call = calls.cmd("XADD").arg(EVENTS).arg("MAXLEN").arg("~").arg(EVENTS_KEPT).arg("*");
            call.arg("v").arg(1).arg("type").arg(kind).arg("id").arg(id).arg("json").arg(json).ignore();
        }
        Ok(calls.query_async(&mut connection).await?)
    }
}
