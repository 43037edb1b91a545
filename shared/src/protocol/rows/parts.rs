//! Places, bodies and effects, as rows have them.

use crate::angle::Angle;
use crate::motion::Body;
use crate::power::{Effect, PowerUp};
use crate::protocol::wire::{BadBytes, Reader, put_u24, put_varint, put_zigzag};
use crate::units::{Point, SUBUNITS, Vector};

pub(super) fn put_effect(out: &mut Vec<u8>, effect: Effect) {
    out.push(effect.kind as u8);
    put_varint(out, effect.left.into());
}

pub(super) fn read_effect(bytes: &mut Reader<'_>) -> Result<Effect, BadBytes> {
    let kind = PowerUp::of_number(bytes.u8()?).ok_or(BadBytes)?;
    let left = u16::try_from(bytes.varint()?).map_err(|_| BadBytes)?;
    Ok(Effect { kind, left })
}

/// A place at whole world units, which fit in 16 bits.
pub(super) fn put_units(out: &mut Vec<u8>, p: Point) {
    for subunits in [p.x, p.y] {
        out.extend_from_slice(&((subunits / SUBUNITS) as u16).to_le_bytes());
    }
}

pub(super) fn read_units(bytes: &mut Reader<'_>) -> Result<Point, BadBytes> {
    Ok(Point::from_units(bytes.u16()?.into(), bytes.u16()?.into()))
}

pub(super) fn put_body(out: &mut Vec<u8>, body: &Body) {
    put_point(out, body.pos);
    put_zigzag(out, body.vel.x);
    put_zigzag(out, body.vel.y);
    out.extend_from_slice(&body.heading.0.to_le_bytes());
}

pub(super) fn read_body(bytes: &mut Reader<'_>) -> Result<Body, BadBytes> {
    let pos = read_point(bytes)?;
    let vel = Vector { x: bytes.zigzag()?, y: bytes.zigzag()? };
    Ok(Body { pos, vel, heading: Angle(bytes.u16()?) })
}

/// Places are within the walls, so they are positive and fit in 24 bits.
pub(super) fn put_point(out: &mut Vec<u8>, p: Point) {
    put_u24(out, p.x.cast_unsigned());
    put_u24(out, p.y.cast_unsigned());
}

pub(super) fn read_point(bytes: &mut Reader<'_>) -> Result<Point, BadBytes> {
    Ok(Point { x: bytes.u24()?.cast_signed(), y: bytes.u24()?.cast_signed() })
}
