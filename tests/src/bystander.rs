//! An innocent player, connected while someone else misbehaves. Whatever they do, its frames keep coming, each one fits,
//! and every checksum matches.

use crate::patience::SOON;
use crate::scene;
use bots::client::{Client, ClientError, Event};
use std::future::Future;

/// The innocent player.
#[derive(Debug)]
pub struct Bystander {
    client: Client,
    frames: u32,
    checksums: u32,
}

impl Bystander {
    /// Connects and joins.
    pub async fn join(url: &str) -> Self {
        Self { client: scene::player(url, "bystander").await, frames: 0, checksums: 0 }
    }

    /// Looks on while `deed` is done.
    ///
    /// # Panics
    /// When the bystander is harmed.
    pub async fn during<T>(&mut self, deed: impl Future<Output = T>) -> T {
        let mut deed = std::pin::pin!(deed);
        loop {
            tokio::select! {
                event = self.client.next() => self.take(event),
                done = &mut deed => return done,
            }
        }
    }

    /// Goes on for thirty frames more, at least one of them with a checksum.
    ///
    /// # Panics
    /// When frames stop coming, or one does not fit.
    pub async fn goes_on(&mut self) {
        let (frames, checksums) = (self.frames + 30, self.checksums + 1);
        while self.frames < frames || self.checksums < checksums {
            let event = tokio::time::timeout(SOON, self.client.next()).await;
            self.take(event.expect("the bystander's frames keep coming"));
        }
    }

    fn take(&mut self, event: Result<Event, ClientError>) {
        match event.expect("the bystander stays connected") {
            Event::Frame { applied, .. } => {
                self.frames += 1;
                self.checksums += u32::from(applied.checksum.is_some());
                assert_ne!(applied.checksum, Some(false), "the bystander's view is right");
            }
            Event::Message { .. } => {}
            event @ (Event::Fault { .. } | Event::Skipped { .. }) => {
                unreachable!("the bystander got what does not fit: {event:?}")
            }
        }
    }
}
