//! Rows: what a delta or keyframe says of one entity. A blob is the rows of one cell in the order of their ids, ended
//! by a zero byte; frames are made of whole blobs, so one cell's bytes serve every session that watches it.
//!
//! A row begins with a varint: for a nudge twice the distance from the previous row's id (from 0 in the first row); for
//! the others eight times that distance, plus 1 for update, 3 for spawn, 5 for despawn. Ids ascend, so a nudge's varint
//! is never the zero that ends a blob; and as nudges are by far the most, theirs are the shortest.

mod parts;
mod state;
mod update;

use super::wire::{BadBytes, Reader, put_varint, put_zigzag};
use crate::entity::EntityState;
use crate::ids::NetId;
use state::{put_state, read_state};
use update::{put_update, read_update};

pub use update::{ShipUpdate, Steering};

/// What a row says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Row {
    /// The entity changed otherwise than by its rule.
    Update(ShipUpdate),
    /// The entity as it is after this tick, new or not.
    Spawn(EntityState),
    /// The entity is gone.
    Despawn,
}

const UPDATE: u32 = 1;
const SPAWN: u32 = 3;
const DESPAWN: u32 = 5;
/// The bit that tells the other rows from nudges.
const OTHER: u32 = 1;

/// Writes rows one after another.
#[derive(Debug, Default)]
pub struct BlobWriter {
    bytes: Vec<u8>,
    last: u32,
}

impl BlobWriter {
    /// Adds a row. Ids must come in ascending order.
    pub fn push(&mut self, id: NetId, row: &Row) {
        debug_assert!(id.0 > self.last, "rows come in the order of their ids");
        let distance = id.0 - self.last;
        let head = match row {
            Row::Update(update) if update.only_nudge().is_some() => distance << 1,
            Row::Update(_) => distance << 3 | UPDATE,
            Row::Spawn(_) => distance << 3 | SPAWN,
            Row::Despawn => distance << 3 | DESPAWN,
        };
        put_varint(&mut self.bytes, head);
        self.last = id.0;
        match row {
            Row::Update(update) => match update.only_nudge() {
                Some(steps) => put_zigzag(&mut self.bytes, steps),
                None => put_update(&mut self.bytes, update),
            },
            Row::Spawn(state) => put_state(&mut self.bytes, state),
            Row::Despawn => {}
        }
    }

    /// Ends the blob. Nothing when there were no rows.
    #[must_use]
    pub fn finish(mut self) -> Vec<u8> {
        if !self.bytes.is_empty() {
            self.bytes.push(0);
        }
        self.bytes
    }

    /// Ends the blob, adds it to `out`, and starts anew with the same memory.
    pub fn finish_into(&mut self, out: &mut Vec<u8>) {
        if !self.bytes.is_empty() {
            out.extend_from_slice(&self.bytes);
            out.push(0);
        }
        self.bytes.clear();
        self.last = 0;
    }
}

/// Reads blobs to the end of `bytes`, and gives each row to `each`.
pub fn read_blobs(mut bytes: Reader<'_>, mut each: impl FnMut(NetId, Row)) -> Result<(), BadBytes> {
    let mut last = 0_u32;
    while !bytes.is_empty() {
        let head = bytes.varint()?;
        if head == 0 {
            last = 0;
            continue;
        }
        let distance = if head & OTHER == 0 { head >> 1 } else { head >> 3 };
        if distance == 0 {
            return Err(BadBytes);
        }
        last = last.checked_add(distance).ok_or(BadBytes)?;
        each(NetId(last), read_row(&mut bytes, head)?);
    }
    if last == 0 { Ok(()) } else { Err(BadBytes) }
}

fn read_row(bytes: &mut Reader<'_>, head: u32) -> Result<Row, BadBytes> {
    if head & OTHER == 0 {
        let controls = Some(Steering::Nudge(bytes.zigzag()?));
        return Ok(Row::Update(ShipUpdate { controls, ..ShipUpdate::default() }));
    }
    match head & 7 {
        UPDATE => read_update(bytes).map(Row::Update),
        SPAWN => read_state(bytes).map(Row::Spawn),
        DESPAWN => Ok(Row::Despawn),
        _ => Err(BadBytes),
    }
}
