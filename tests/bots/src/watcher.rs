//! A watcher of the live board: takes what comes, and measures how long a change took from the tick in which it happened.
//!
//! Bots of the same fleet know when ticks began, since checked frames say so. Must never decide anything.

use crate::client::{Client, ClientError, Event};
use crate::meter::Meter;
use shared::protocol::{Role, ServerMessage};
use std::cell::RefCell;
use std::rc::Rc;

pub(crate) struct Watcher {
    client: Client,
    arena: Option<String>,
    meter: Rc<RefCell<Meter>>,
}

impl Watcher {
    pub(crate) fn new(client: Client, arena: Option<String>, meter: Rc<RefCell<Meter>>) -> Self {
        Self { client, arena, meter }
    }

    /// Watches until `stop` is over or the session is. An error says why it ended early.
    pub(crate) async fn watch(mut self, stop: impl Future<Output = ()>) -> Result<(), ClientError> {
        let mut stop = std::pin::pin!(stop);
        self.client.say_hello_in(Role::Board, self.arena.take()).await?;
        loop {
            tokio::select! {
                biased;
                event = self.client.next() => self.take(&event?),
                () = &mut stop => break,
            }
        }
        self.client.leave().await
    }

    fn take(&mut self, event: &Event) {
        let mut meter = self.meter.borrow_mut();
        match event {
            Event::Message { message: ServerMessage::BoardDelta(delta), bytes } => {
                meter.board_bytes += *bytes as u64;
                delta.changed.iter().for_each(|standing| meter.board_change(standing.since));
            }
            Event::Message { message: ServerMessage::Welcome(_), .. } => meter.watchers += 1,
            Event::Message { bytes, .. } => meter.board_bytes += *bytes as u64,
            Event::Frame { .. } | Event::Skipped { .. } => {}
            Event::Fault { fault, .. } => {
                meter.decode_errors += 1;
                meter.trouble(format!("a watcher: {fault}"));
            }
        }
    }
}
