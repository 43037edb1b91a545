//! Hands the tick's batches to the shards. Never waits: whether a shard has room was asked before its batch was built.

use crate::Report;
use crate::ports::{Batch, Delivery, Ports};
use crate::replication::Replication;
use bevy_ecs::prelude::*;

/// One batch per shard that has something to send.
pub(crate) fn send_batches(
    mut replication: ResMut<Replication>,
    mut report: ResMut<Report>,
    ports: Res<Ports>,
) {
    for (batch, port) in replication.take_batches(ports.shards.len()).zip(&ports.shards) {
        if batch.items.is_empty() {
            continue;
        }
        if port.batches.try_send(batch).is_err() {
            tracing::debug!("a shard is gone");
        }
        (port.wake)();
    }
    report.batches_waiting = ports.shards.iter().map(|port| port.batches.len()).max().unwrap_or(0) as u32;
}

/// What goes to one session, after another.
pub(crate) fn post(batch: &mut Batch, session: shared::ids::SessionId, delivery: Delivery) {
    batch.items.push((session, delivery));
}
