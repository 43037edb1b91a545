//! Rows: what a delta or keyframe says of one entity. A blob is the rows of one cell in the order of their ids, ended
//! by a zero byte; frames are made of whole blobs, so one cell's bytes serve every session that watches it.
//!
//! A row begins with a varint: for a nudge twice the distance from the previous row's id (from 0 in the first row); for
//! the others eight times that distance, plus 1 for update, 3 for spawn, 5 for despawn. Ids ascend, so a nudge's varint
//! is never the zero that ends a blob; and as nudges are by far the most, theirs are the shortest.

use super::wire::{BadBytes, Reader, put_u24, put_varint, put_zigzag};
use crate::angle::Angle;
use crate::controls::Controls;
use crate::entity::{EntityState, PowerState, RockState, ShardState, ShipState, ShotState};
use crate::hull::Hull;
use crate::ids::{NetId, PlayerId};
use crate::mode::Team;
use crate::motion::Body;
use crate::power::{Effect, PowerUp};
use crate::units::{Point, SUBUNITS, Vector};

/// What changed about a ship beyond what its rule of motion gives. Other kinds have no updates: they are sent whole.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ShipUpdate {
    /// New controls. They count before the tick's step.
    pub controls: Option<Steering>,
    /// Hull points left.
    pub hull: Option<u8>,
    /// Energy left, and whether the bar was empty.
    pub energy: Option<(u16, bool)>,
    /// What a power-up does to it from now on.
    pub effect: Option<Effect>,
    /// Place, velocity and heading after the tick's step.
    pub body: Option<Body>,
    /// It fired: the shot of that name leaves its gun, as [`ShipState::fired`] has it after all of the above.
    pub fired: Option<NetId>,
}

/// New controls, as short as they can be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Steering {
    /// Only the aim moved, by so many of its steps.
    Nudge(i32),
    /// All of them.
    Set(Controls),
}

impl Steering {
    /// What turns `before` into `now`; nothing when they are the same.
    #[must_use]
    pub fn between(before: Controls, now: Controls) -> Option<Self> {
        let nudge = now.nudge_from(before).map(Self::Nudge);
        (before != now).then(|| nudge.unwrap_or(Self::Set(now)))
    }

    /// The controls that follow from `before`.
    #[must_use]
    pub fn apply(self, before: Controls) -> Controls {
        match self {
            Self::Nudge(steps) => before.nudged(steps),
            Self::Set(controls) => controls,
        }
    }
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
const SPAWN: u32 = 3;
const DESPAWN: u32 = 5;
/// The bit that tells the other rows from nudges.
const OTHER: u32 = 1;

const CONTROLS: u8 = 1;
const HULL: u8 = 2;
const BODY: u8 = 4;
const FIRED: u8 = 8;
const AIM: u8 = 16;
const ENERGY: u8 = 32;
const EFFECT: u8 = 64;

const SHIP: u8 = 0;
const SHOT: u8 = 1;
/// The same of the first team's shots; the second's come after.
const TEAM_SHOT: u8 = 5;
const TEAM_SHOTS: std::ops::RangeInclusive<u8> = TEAM_SHOT..=TEAM_SHOT + 1;
const SHARD: u8 = 2;
const ROCK: u8 = 3;
const POWER: u8 = 4;

/// What a ship's spawn row says in the byte after its player: the hull in the lowest two bits, and what follows; the team in the highest two.
mod has {
    pub(super) const SPENT: u8 = 4;
    pub(super) const GUN: u8 = 8;
    pub(super) const SAFE: u8 = 16;
    pub(super) const EFFECT: u8 = 32;
    /// The team's number is in the bits from this one on.
    pub(super) const TEAM_AT: u32 = 6;
}

impl ShipUpdate {
    /// Is there nothing to say?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// How far the aim moved, if that is all there is to say.
    fn only_nudge(&self) -> Option<i32> {
        match self.controls {
            Some(Steering::Nudge(steps)) if self.mask() == AIM => Some(steps),
            Some(Steering::Nudge(_) | Steering::Set(_)) | None => None,
        }
    }

    fn mask(&self) -> u8 {
        let controls = match self.controls {
            None => 0,
            Some(Steering::Nudge(_)) => AIM,
            Some(Steering::Set(_)) => CONTROLS,
        };
        let bit = |set: bool, bit: u8| if set { bit } else { 0 };
        controls
            | bit(self.hull.is_some(), HULL)
            | bit(self.energy.is_some(), ENERGY)
            | bit(self.effect.is_some(), EFFECT)
            | bit(self.body.is_some(), BODY)
            | bit(self.fired.is_some(), FIRED)
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

fn put_update(out: &mut Vec<u8>, update: &ShipUpdate) {
    out.push(update.mask());
    match update.controls {
        None => {}
        Some(Steering::Nudge(steps)) => put_zigzag(out, steps),
        Some(Steering::Set(controls)) => out.extend_from_slice(&controls.pack().to_le_bytes()),
    }
    out.extend(update.hull);
    if let Some((energy, spent)) = update.energy {
        put_varint(out, u32::from(energy) << 1 | u32::from(spent));
    }
    if let Some(effect) = update.effect {
        put_effect(out, effect);
    }
    if let Some(body) = &update.body {
        put_body(out, body);
    }
    if let Some(shot) = update.fired {
        put_varint(out, shot.0);
    }
}

fn read_update(bytes: &mut Reader<'_>) -> Result<ShipUpdate, BadBytes> {
    let mask = bytes.u8()?;
    if mask & !(CONTROLS | HULL | BODY | FIRED | AIM | ENERGY | EFFECT) != 0
        || mask & (CONTROLS | AIM) == CONTROLS | AIM
    {
        return Err(BadBytes);
    }
    let has = |bit: u8| mask & bit != 0;
    let set =
        has(CONTROLS).then(|| bytes.u16().map(|bits| Steering::Set(Controls::unpack(bits)))).transpose()?;
    let nudge = has(AIM).then(|| bytes.zigzag().map(Steering::Nudge)).transpose()?;
    Ok(ShipUpdate {
        controls: set.or(nudge),
        hull: has(HULL).then(|| bytes.u8()).transpose()?,
        energy: has(ENERGY).then(|| read_energy(bytes)).transpose()?,
        effect: has(EFFECT).then(|| read_effect(bytes)).transpose()?,
        body: has(BODY).then(|| read_body(bytes)).transpose()?,
        fired: has(FIRED).then(|| bytes.varint().map(NetId)).transpose()?,
    })
}

fn put_state(out: &mut Vec<u8>, state: &EntityState) {
    match state {
        EntityState::Ship(ship) => put_ship(out, ship),
        EntityState::Shot(shot) => {
            out.push(shot.team.map_or(SHOT, |team| TEAM_SHOT + team as u8));
            put_varint(out, shot.owner.0 << 2 | shot.class as u32);
            put_point(out, shot.pos);
            out.extend_from_slice(&shot.heading.0.to_le_bytes());
            out.push(shot.left);
        }
        EntityState::Shard(shard) => {
            out.push(SHARD);
            put_units(out, shard.pos);
            out.push(shard.points);
        }
        EntityState::Rock(rock) => {
            out.push(ROCK);
            put_point(out, rock.pos);
            put_zigzag(out, rock.vel.x);
            put_zigzag(out, rock.vel.y);
            out.extend([rock.size, rock.hull]);
        }
        EntityState::Power(power) => {
            out.push(POWER);
            put_units(out, power.pos);
            out.push(power.kind as u8);
        }
    }
}

fn put_ship(out: &mut Vec<u8>, ship: &ShipState) {
    let bit = |set: bool, bit: u8| if set { bit } else { 0 };
    out.push(SHIP);
    put_varint(out, ship.player.0 << 1 | u32::from(ship.drone));
    out.push(
        ship.class as u8
            | bit(ship.spent, has::SPENT)
            | bit(ship.gun > 0, has::GUN)
            | bit(ship.safe > 0, has::SAFE)
            | bit(ship.effect.is_some(), has::EFFECT)
            | Team::number(ship.team) << has::TEAM_AT,
    );
    put_body(out, &ship.body);
    out.extend_from_slice(&ship.controls.pack().to_le_bytes());
    out.push(ship.hull);
    out.extend_from_slice(&ship.energy.to_le_bytes());
    out.extend([ship.gun, ship.safe].into_iter().filter(|ticks| *ticks > 0));
    if let Some(effect) = ship.effect {
        put_effect(out, effect);
    }
}

fn put_effect(out: &mut Vec<u8>, effect: Effect) {
    out.push(effect.kind as u8);
    put_varint(out, effect.left.into());
}

fn read_effect(bytes: &mut Reader<'_>) -> Result<Effect, BadBytes> {
    let kind = PowerUp::of_number(bytes.u8()?).ok_or(BadBytes)?;
    let left = u16::try_from(bytes.varint()?).map_err(|_| BadBytes)?;
    Ok(Effect { kind, left })
}

fn read_energy(bytes: &mut Reader<'_>) -> Result<(u16, bool), BadBytes> {
    let raw = bytes.varint()?;
    u16::try_from(raw >> 1).map(|energy| (energy, raw & 1 != 0)).map_err(|_| BadBytes)
}

fn read_state(bytes: &mut Reader<'_>) -> Result<EntityState, BadBytes> {
    match bytes.u8()? {
        SHIP => read_ship(bytes).map(EntityState::Ship),
        SHOT => read_shot(bytes, None).map(EntityState::Shot),
        kind if TEAM_SHOTS.contains(&kind) => {
            let team = Team::ALL[usize::from(kind - TEAM_SHOT)];
            read_shot(bytes, Some(team)).map(EntityState::Shot)
        }
        SHARD => Ok(EntityState::Shard(ShardState { pos: read_units(bytes)?, points: bytes.u8()? })),
        ROCK => read_rock(bytes).map(EntityState::Rock),
        POWER => read_power(bytes).map(EntityState::Power),
        _ => Err(BadBytes),
    }
}

fn read_rock(bytes: &mut Reader<'_>) -> Result<RockState, BadBytes> {
    let pos = read_point(bytes)?;
    let vel = Vector { x: bytes.zigzag()?, y: bytes.zigzag()? };
    Ok(RockState { pos, vel, size: bytes.u8()?, hull: bytes.u8()? })
}

fn read_power(bytes: &mut Reader<'_>) -> Result<PowerState, BadBytes> {
    let pos = read_units(bytes)?;
    Ok(PowerState { pos, kind: PowerUp::of_number(bytes.u8()?).ok_or(BadBytes)? })
}

fn read_ship(bytes: &mut Reader<'_>) -> Result<ShipState, BadBytes> {
    let (who, about) = (bytes.varint()?, bytes.u8()?);
    let has = |bit: u8| about & bit != 0;
    Ok(ShipState {
        player: PlayerId(who >> 1),
        drone: who & 1 != 0,
        team: Team::of_number(about >> has::TEAM_AT).map_err(|_| BadBytes)?,
        class: Hull::of_bits(about),
        body: read_body(bytes)?,
        controls: Controls::unpack(bytes.u16()?),
        hull: bytes.u8()?,
        energy: bytes.u16()?,
        spent: has(has::SPENT),
        gun: if has(has::GUN) { bytes.u8()? } else { 0 },
        safe: if has(has::SAFE) { bytes.u8()? } else { 0 },
        effect: has(has::EFFECT).then(|| read_effect(bytes)).transpose()?,
    })
}

fn read_shot(bytes: &mut Reader<'_>, team: Option<Team>) -> Result<ShotState, BadBytes> {
    let who = bytes.varint()?;
    Ok(ShotState {
        owner: PlayerId(who >> 2),
        team,
        class: Hull::of_bits(who as u8),
        pos: read_point(bytes)?,
        heading: Angle(bytes.u16()?),
        left: bytes.u8()?,
    })
}

/// A place at whole world units, which fit in 16 bits.
fn put_units(out: &mut Vec<u8>, p: Point) {
    for subunits in [p.x, p.y] {
        out.extend_from_slice(&((subunits / SUBUNITS) as u16).to_le_bytes());
    }
}

fn read_units(bytes: &mut Reader<'_>) -> Result<Point, BadBytes> {
    Ok(Point::from_units(bytes.u16()?.into(), bytes.u16()?.into()))
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
