//! One frame onto the replica. The order of the steps is part of the protocol:
//! 1. let go of cells that are no longer watched;
//! 2. take new controls; 3. run every entity's rule for one tick; 4. apply the other rows;
//! 5. take keyframes and arrivals; 6. let go of what has flown out of the watched cells.

use super::Replica;
use crate::entity::EntityState;
use crate::grid::CellRect;
use crate::ids::NetId;
use crate::protocol::frame::{Frame, FrameTick, Head};
use crate::protocol::rows::{Row, ShipUpdate, read_blobs};
use crate::protocol::wire::{BadBytes, Reader};
use crate::tick::Tick;

/// Most entities a replica holds. A frame that brings more is refused.
pub const MAX_ENTITIES: usize = 65_536;

/// Why a frame could not be applied. The replica then waits for a reset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReplicaError {
    /// The bytes are no frame.
    #[error(transparent)]
    BadBytes(#[from] BadBytes),
    /// The frame is not for the tick after the last one.
    #[error("a frame is missing before this one")]
    Gap,
    /// A row changes an entity that is not here, or of another kind.
    #[error("a row changes an entity that is not in view")]
    Unknown(NetId),
    /// The watched cells are not on the arena's grid.
    #[error("the watched cells are not on the grid")]
    BadWatch,
    /// More entities than a view may hold.
    #[error("more entities than a view may hold")]
    TooMany,
}

/// What a frame brought, in bytes and outcome.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Applied {
    /// The replica started anew.
    pub reset: bool,
    /// Was there a checksum, and did it match?
    pub checksum: Option<bool>,
    /// When the server began the tick, as in [`crate::protocol::frame::Check::begun_us`]; with checksums only.
    pub begun_us: Option<u32>,
    /// Bytes of the head.
    pub head_bytes: usize,
    /// Bytes of the deltas.
    pub delta_bytes: usize,
    /// Bytes of keyframes and arrivals.
    pub keyframe_bytes: usize,
}

impl Replica {
    /// Applies a frame. After an error the replica is not to be trusted until the next reset, which
    /// [`crate::protocol::ClientMessage::Mismatch`] asks for.
    pub fn apply(&mut self, bytes: &[u8]) -> Result<Applied, ReplicaError> {
        let outcome = self.apply_frame(bytes);
        if outcome.is_err() {
            self.started = false;
        }
        outcome
    }

    /// Takes a frame's head alone. The view stays empty, and nothing is held against a checksum: for a load tool that is to
    /// measure a server rather than itself.
    pub fn skim(&mut self, bytes: &[u8]) -> Result<Applied, ReplicaError> {
        let frame = Frame::read(bytes)?;
        let reset = self.advance(frame.head.tick)?;
        self.rewatch(frame.head.watch)?;
        self.take_head(&frame.head);
        let (delta_bytes, keyframe_bytes) = (frame.deltas.0.len(), frame.keyframes.0.len());
        let begun_us = frame.head.check.map(|check| check.begun_us);
        let head_bytes = bytes.len() - delta_bytes - keyframe_bytes;
        Ok(Applied { reset, checksum: None, begun_us, head_bytes, delta_bytes, keyframe_bytes })
    }

    fn apply_frame(&mut self, bytes: &[u8]) -> Result<Applied, ReplicaError> {
        let frame = Frame::read(bytes)?;
        let reset = self.advance(frame.head.tick)?;
        let kept = self.rewatch(frame.head.watch)?;
        if frame.head.watch.is_some() {
            self.release(kept);
        }
        let left = self.apply_deltas(frame.deltas)?;
        self.apply_keyframes(frame.keyframes)?;
        if left {
            self.release(self.watch);
        }
        self.take_head(&frame.head);
        let body = frame.deltas.0.len() + frame.keyframes.0.len();
        Ok(Applied {
            reset,
            checksum: self.compare(frame.head.check.map(|check| check.checksum)),
            begun_us: frame.head.check.map(|check| check.begun_us),
            head_bytes: bytes.len() - body,
            delta_bytes: frame.deltas.0.len(),
            keyframe_bytes: frame.keyframes.0.len(),
        })
    }

    fn advance(&mut self, tick: FrameTick) -> Result<bool, ReplicaError> {
        match tick {
            FrameTick::Reset(tick) => {
                (self.tick, self.started, self.watch) = (tick, true, None);
                self.entities.clear();
                Ok(true)
            }
            FrameTick::Next(low) => {
                let next: Tick = self.tick.next();
                if !self.started || low != next.0 as u8 {
                    return Err(ReplicaError::Gap);
                }
                self.tick = next;
                Ok(false)
            }
        }
    }

    /// Takes the new rectangle; gives the part that was watched before and still is.
    fn rewatch(&mut self, watch: Option<CellRect>) -> Result<Option<CellRect>, ReplicaError> {
        let Some(watch) = watch else { return Ok(self.watch) };
        if !self.rules.grid.holds(watch) {
            return Err(ReplicaError::BadWatch);
        }
        let kept = self.watch.and_then(|before| before.intersection(watch));
        self.watch = Some(watch);
        Ok(kept)
    }

    /// Drops every entity outside `cells`.
    fn release(&mut self, cells: Option<CellRect>) {
        match cells.map(|cells| self.rules.grid.bounds(cells)) {
            None => self.entities.clear(),
            Some(bounds) => self.entities.keep_within(bounds),
        }
    }

    /// Steps and deltas. Gives whether anything may have left the watched cells.
    fn apply_deltas(&mut self, deltas: Reader<'_>) -> Result<bool, ReplicaError> {
        let mut rows = Vec::new();
        read_blobs(deltas, |id, row| rows.push((id, row)))?;
        for (id, row) in &rows {
            if let Row::Update(ShipUpdate { controls: Some(steering), .. }) = row {
                let ship = self.entities.ship_mut(*id).ok_or(ReplicaError::Unknown(*id))?;
                ship.controls = steering.apply(ship.controls);
            }
        }
        let bounds = self.watch.map(|cells| self.rules.grid.bounds(cells));
        let mut left = self.entities.step(&self.rules, bounds);
        for (id, row) in rows {
            let places = moved(id, &row);
            self.apply_row(id, row)?;
            let mut there = places.into_iter().flatten().filter_map(|id| self.entities.get(id));
            left |= there.any(|state| bounds.is_none_or(|bounds| !bounds.contains(state.pos())));
        }
        Ok(left)
    }

    fn apply_row(&mut self, id: NetId, row: Row) -> Result<(), ReplicaError> {
        match row {
            Row::Update(update) => self.update(id, update),
            Row::Spawn(state) => self.spawn(id, state),
            Row::Despawn if self.entities.remove(id) => Ok(()),
            Row::Despawn => Err(ReplicaError::Unknown(id)),
        }
    }

    fn update(&mut self, id: NetId, update: ShipUpdate) -> Result<(), ReplicaError> {
        let ship = self.entities.ship_mut(id).ok_or(ReplicaError::Unknown(id))?;
        ship.hull = update.hull.unwrap_or(ship.hull);
        (ship.energy, ship.spent) = update.energy.unwrap_or((ship.energy, ship.spent));
        ship.effect = update.effect.or(ship.effect);
        ship.body = update.body.unwrap_or(ship.body);
        let Some(shot) = update.fired else { return Ok(()) };
        let state = ship.fired(&self.rules).ok_or(ReplicaError::Unknown(id))?;
        self.spawn(shot, EntityState::Shot(state))
    }

    fn spawn(&mut self, id: NetId, state: EntityState) -> Result<(), ReplicaError> {
        if self.entities.len() >= MAX_ENTITIES {
            return Err(ReplicaError::TooMany);
        }
        self.entities.insert(id, state);
        Ok(())
    }

    fn apply_keyframes(&mut self, keyframes: Reader<'_>) -> Result<(), ReplicaError> {
        let mut rows = Vec::new();
        read_blobs(keyframes, |id, row| rows.push((id, row)))?;
        rows.into_iter().try_for_each(|(id, row)| self.apply_row(id, row))
    }

    fn take_head(&mut self, head: &Head) {
        self.focus = head.focus.unwrap_or(self.focus);
        self.status = head.status.unwrap_or(self.status);
        self.ack = head.ack.or(self.ack);
    }

    fn compare(&mut self, expected: Option<u32>) -> Option<bool> {
        let expected = expected?;
        let matches = self.checksum() == expected;
        self.mismatches += u32::from(!matches);
        Some(matches)
    }
}

/// Those that the row says the place of.
fn moved(id: NetId, row: &Row) -> [Option<NetId>; 2] {
    match row {
        Row::Update(update) => [update.body.map(|_| id), update.fired],
        Row::Spawn(_) => [Some(id), None],
        Row::Despawn => [None, None],
    }
}
