//! Rows: what a delta or keyframe says of one entity. A blob is the rows of one cell in the order of their ids, ended
//! by a zero byte; frames are made of whole blobs, so one cell's bytes serve every session that watches it.
//!
//! A row begins with a varint: the distance from the previous row's id (from 0 in the first row) times four, plus
//! what it does: 1 update, 2 spawn, 3 despawn.

use super::wire::{BadBytes, Reader, put_u24, put_varint, put_zigzag};
use crate::angle::Angle;
use crate::controls::Controls;
use crate::entity::{EntityState, RockState, ShardState, ShipState, ShotState};
use crate::ids::{NetId, PlayerId};
use crate::motion::Body;
use crate::units::{Point, Vector};

/// What changed about a ship beyond what its rule of motion gives. Other kinds have no updates: they are sent whole.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ShipUpdate {
    /// New controls. They count before the tick's step.
    pub controls: Option<Controls>,
    /// Hull points left.
    pub hull: Option<u8>,
    /// Place, velocity and heading after the tick's step.
    pub body: Option<Body>,
}

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
const SPAWN: u32 = 2;
const DESPAWN: u32 = 3;

const CONTROLS: u8 = 1;
const HULL: u8 = 2;
const BODY: u8 = 4;

const SHIP: u8 = 0;
const SHOT: u8 = 1;
const SHARD: u8 = 2;
const ROCK: u8 = 3;

impl ShipUpdate {
    /// What turns `shown`, which is what replicas compute for this tick, into `truth`.
    #[must_use]
    pub fn between(shown: &ShipState, truth: &ShipState) -> Self {
        Self {
            controls: (shown.controls != truth.controls).then_some(truth.controls),
            hull: (shown.hull != truth.hull).then_some(truth.hull),
            body: (shown.body != truth.body).then_some(truth.body),
        }
    }

    /// Is there nothing to say?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

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
        let op = match row {
            Row::Update(_) => UPDATE,
            Row::Spawn(_) => SPAWN,
            Row::Despawn => DESPAWN,
        };
        put_varint(&mut self.bytes, (id.0 - self.last) << 2 | op);
        self.last = id.0;
        match row {
            Row::Update(update) => put_update(&mut self.bytes, update),
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
        last = last.checked_add(head >> 2).ok_or(BadBytes)?;
        each(NetId(last), read_row(&mut bytes, head & 3)?);
    }
    if last == 0 { Ok(()) } else { Err(BadBytes) }
}

fn read_row(bytes: &mut Reader<'_>, op: u32) -> Result<Row, BadBytes> {
    match op {
        UPDATE => read_update(bytes).map(Row::Update),
        SPAWN => read_state(bytes).map(Row::Spawn),
        DESPAWN => Ok(Row::Despawn),
        _ => Err(BadBytes),
    }
}

fn put_update(out: &mut Vec<u8>, update: &ShipUpdate) {
    let mask = update.controls.map_or(0, |_| CONTROLS)
        | update.hull.map_or(0, |_| HULL)
        | update.body.map_or(0, |_| BODY);
    out.push(mask);
    if let Some(controls) = update.controls {
        out.extend_from_slice(&controls.pack().to_le_bytes());
    }
    out.extend(update.hull);
    if let Some(body) = &update.body {
        put_body(out, body);
    }
}

fn read_update(bytes: &mut Reader<'_>) -> Result<ShipUpdate, BadBytes> {
    let mask = bytes.u8()?;
    if mask & !(CONTROLS | HULL | BODY) != 0 {
        return Err(BadBytes);
    }
    let has = |bit: u8| mask & bit != 0;
    Ok(ShipUpdate {
        controls: has(CONTROLS).then(|| bytes.u16().map(Controls::unpack)).transpose()?,
        hull: has(HULL).then(|| bytes.u8()).transpose()?,
        body: has(BODY).then(|| read_body(bytes)).transpose()?,
    })
}

fn put_state(out: &mut Vec<u8>, state: &EntityState) {
    match state {
        EntityState::Ship(ship) => {
            out.push(SHIP);
            put_varint(out, ship.player.0 << 1 | u32::from(ship.drone));
            put_body(out, &ship.body);
            out.extend_from_slice(&ship.controls.pack().to_le_bytes());
            out.push(ship.hull);
        }
        EntityState::Shot(shot) => {
            out.push(SHOT);
            put_varint(out, shot.owner.0);
            put_point(out, shot.pos);
            out.extend_from_slice(&shot.heading.0.to_le_bytes());
            out.push(shot.left);
        }
        EntityState::Shard(shard) => {
            out.push(SHARD);
            put_point(out, shard.pos);
            out.push(shard.points);
        }
        EntityState::Rock(rock) => {
            out.push(ROCK);
            put_point(out, rock.pos);
            put_zigzag(out, rock.vel.x);
            put_zigzag(out, rock.vel.y);
            out.extend([rock.size, rock.hull]);
        }
    }
}

fn read_state(bytes: &mut Reader<'_>) -> Result<EntityState, BadBytes> {
    match bytes.u8()? {
        SHIP => read_ship(bytes).map(EntityState::Ship),
        SHOT => read_shot(bytes).map(EntityState::Shot),
        SHARD => Ok(EntityState::Shard(ShardState { pos: read_point(bytes)?, points: bytes.u8()? })),
        ROCK => read_rock(bytes).map(EntityState::Rock),
        _ => Err(BadBytes),
    }
}

fn read_rock(bytes: &mut Reader<'_>) -> Result<RockState, BadBytes> {
    let pos = read_point(bytes)?;
    let vel = Vector { x: bytes.zigzag()?, y: bytes.zigzag()? };
    Ok(RockState { pos, vel, size: bytes.u8()?, hull: bytes.u8()? })
}

fn read_ship(bytes: &mut Reader<'_>) -> Result<ShipState, BadBytes> {
    let who = bytes.varint()?;
    Ok(ShipState {
        player: PlayerId(who >> 1),
        drone: who & 1 != 0,
        body: read_body(bytes)?,
        controls: Controls::unpack(bytes.u16()?),
        hull: bytes.u8()?,
    })
}

fn read_shot(bytes: &mut Reader<'_>) -> Result<ShotState, BadBytes> {
    Ok(ShotState {
        owner: PlayerId(bytes.varint()?),
        pos: read_point(bytes)?,
        heading: Angle(bytes.u16()?),
        left: bytes.u8()?,
    })
}

fn put_body(out: &mut Vec<u8>, body: &Body) {
    put_point(out, body.pos);
    put_zigzag(out, body.vel.x);
    put_zigzag(out, body.vel.y);
    out.extend_from_slice(&body.heading.0.to_le_bytes());
}

fn read_body(bytes: &mut Reader<'_>) -> Result<Body, BadBytes> {
    let pos = read_point(bytes)?;
    let vel = Vector { x: bytes.zigzag()?, y: bytes.zigzag()? };
    Ok(Body { pos, vel, heading: Angle(bytes.u16()?) })
}

/// Places are within the walls, so they are positive and fit in 24 bits.
fn put_point(out: &mut Vec<u8>, p: Point) {
    put_u24(out, p.x.cast_unsigned());
    put_u24(out, p.y.cast_unsigned());
}

fn read_point(bytes: &mut Reader<'_>) -> Result<Point, BadBytes> {
    Ok(Point { x: bytes.u24()?.cast_signed(), y: bytes.u24()?.cast_signed() })
}
