//! What a spawn row says: an entity whole.

use super::parts::{
    put_body, put_effect, put_point, put_units, read_body, read_effect, read_point, read_units,
};
use crate::angle::Angle;
use crate::controls::Controls;
use crate::entity::{EntityState, PowerState, RockState, ShardState, ShipState, ShotState};
use crate::hull::Hull;
use crate::ids::PlayerId;
use crate::mode::Team;
use crate::power::PowerUp;
use crate::protocol::wire::{BadBytes, Reader, put_varint, put_zigzag};
use crate::units::Vector;

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

pub(super) fn put_state(out: &mut Vec<u8>, state: &EntityState) {
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

pub(super) fn read_state(bytes: &mut Reader<'_>) -> Result<EntityState, BadBytes> {
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
