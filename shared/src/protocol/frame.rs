//! The frame: what one session gets for one tick. A small private head, then the blobs of the cells it watches.
//!
//! Head: flags (1 byte), tick (varint in a reset, else its low byte), then what the flags announce, in their order.
//! Body: with [`flag::KEYFRAMES`] a varint that says how many bytes of deltas follow, the deltas, and then keyframes and
//! arrivals to the end; without it deltas to the end.

use super::wire::{BadBytes, Reader, put_varint};
use crate::grid::{Cell, CellRect};
use crate::ids::NetId;
use crate::tick::Tick;

/// The bits of a frame's first byte. The highest bit is never set: it marks messages.
pub mod flag {
    /// The replica starts anew: nothing it holds counts any longer.
    pub const RESET: u8 = 1;
    /// Another rectangle of cells is watched.
    pub const WATCH: u8 = 2;
    /// The view follows another ship.
    pub const FOCUS: u8 = 4;
    /// The own score, kills or rank changed.
    pub const STATUS: u8 = 8;
    /// Another input was applied.
    pub const ACK: u8 = 16;
    /// A checksum of the view is here, and when the tick began.
    pub const CHECKSUM: u8 = 32;
    /// Keyframes or arrivals follow the deltas.
    pub const KEYFRAMES: u8 = 64;
}

/// The tick a frame is for: whole in a reset, else only its low byte, since it is the one after the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FrameTick {
    /// The replica starts anew at this tick.
    Reset(Tick),
    /// The next tick, whose low byte this is.
    Next(u8),
}

/// What the view follows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Focus {
    /// The ship at its centre; 0 when there is none.
    pub ship: NetId,
    /// Is it one's own? Else one only watches it.
    pub own: bool,
}

/// How one's own life goes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Status {
    /// Points of this life.
    pub score: u32,
    /// Ships destroyed in this life.
    pub kills: u32,
    /// Rank on the live board, from 1, at most 200 ms old; 0 when one is not on it.
    pub rank: u32,
}

/// The last input applied, and how well inputs are timed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ack {
    /// Its sequence.
    pub sequence: u16,
    /// How many ticks before its step the latest input arrived; negative when it came too late.
    pub margin: i8,
}

/// A look at the view, every second or so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Check {
    /// The checksum of the view.
    pub checksum: u32,
    /// When the server began the tick, by its wall clock: microseconds since 1970, the low 32 bits. On one machine the
    /// time from the tick to its receipt can be told from it.
    pub begun_us: u32,
}

/// The private part of a frame. What is `None` has not changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Which tick.
    pub tick: FrameTick,
    /// The watched cells.
    pub watch: Option<CellRect>,
    /// What the view follows.
    pub focus: Option<Focus>,
    /// One's own score, kills and rank.
    pub status: Option<Status>,
    /// The last input applied.
    pub ack: Option<Ack>,
    /// What to hold the view against after this frame.
    pub check: Option<Check>,
}

impl Head {
    /// Writes the head of a frame that carries keyframes or not.
    pub fn put(&self, keyframes: bool, out: &mut Vec<u8>) {
        out.push(self.flags(keyframes));
        match self.tick {
            FrameTick::Reset(tick) => put_varint(out, tick.0),
            FrameTick::Next(low) => out.push(low),
        }
        if let Some(watch) = self.watch {
            out.extend([watch.min.x, watch.min.y, watch.max.x, watch.max.y].map(|line| line as u8));
        }
        if let Some(focus) = self.focus {
            put_varint(out, focus.ship.0 << 1 | u32::from(focus.own));
        }
        if let Some(status) = self.status {
            put_varint(out, status.score);
            put_varint(out, status.kills);
            put_varint(out, status.rank);
        }
        if let Some(ack) = self.ack {
            out.extend_from_slice(&ack.sequence.to_le_bytes());
            out.push(ack.margin.cast_unsigned());
        }
        if let Some(check) = self.check {
            out.extend_from_slice(&check.checksum.to_le_bytes());
            out.extend_from_slice(&check.begun_us.to_le_bytes());
        }
    }

    fn flags(&self, keyframes: bool) -> u8 {
        let bit = |set: bool, bit: u8| if set { bit } else { 0 };
        bit(matches!(self.tick, FrameTick::Reset(_)), flag::RESET)
            | bit(self.watch.is_some(), flag::WATCH)
            | bit(self.focus.is_some(), flag::FOCUS)
            | bit(self.status.is_some(), flag::STATUS)
            | bit(self.ack.is_some(), flag::ACK)
            | bit(self.check.is_some(), flag::CHECKSUM)
            | bit(keyframes, flag::KEYFRAMES)
    }

    fn read(flags: u8, bytes: &mut Reader<'_>) -> Result<Self, BadBytes> {
        let has = |bit: u8| flags & bit != 0;
        let tick = if has(flag::RESET) {
            FrameTick::Reset(Tick(bytes.varint()?))
        } else {
            FrameTick::Next(bytes.u8()?)
        };
        Ok(Self {
            tick,
            watch: has(flag::WATCH).then(|| read_watch(bytes)).transpose()?,
            focus: has(flag::FOCUS).then(|| read_focus(bytes)).transpose()?,
            status: has(flag::STATUS).then(|| read_status(bytes)).transpose()?,
            ack: has(flag::ACK).then(|| read_ack(bytes)).transpose()?,
            check: has(flag::CHECKSUM).then(|| read_check(bytes)).transpose()?,
        })
    }
}

/// A frame taken apart; the parts still to be read by [`super::rows::read_blobs`].
#[derive(Debug, Clone, Copy)]
pub struct Frame<'a> {
    /// The private head.
    pub head: Head,
    /// Blobs of the cells that were watched before and still are.
    pub deltas: Reader<'a>,
    /// Blobs of newly watched cells, and of entities that came from cells that are not watched.
    pub keyframes: Reader<'a>,
}

impl<'a> Frame<'a> {
    /// Takes a frame's bytes apart.
    pub fn read(bytes: &'a [u8]) -> Result<Self, BadBytes> {
        let mut bytes = Reader(bytes);
        let flags = bytes.u8()?;
        let head = Head::read(flags, &mut bytes)?;
        if flags & flag::KEYFRAMES == 0 {
            return Ok(Self { head, deltas: bytes, keyframes: Reader(&[]) });
        }
        let length = bytes.varint()?;
        let deltas = bytes.part(length as usize)?;
        Ok(Self { head, deltas, keyframes: bytes })
    }
}

fn read_watch(bytes: &mut Reader<'_>) -> Result<CellRect, BadBytes> {
    let [left, top, right, bottom] = bytes.take()?.map(|line: u8| u16::from(line));
    Ok(CellRect { min: Cell { x: left, y: top }, max: Cell { x: right, y: bottom } })
}

fn read_focus(bytes: &mut Reader<'_>) -> Result<Focus, BadBytes> {
    let raw = bytes.varint()?;
    Ok(Focus { ship: NetId(raw >> 1), own: raw & 1 != 0 })
}

fn read_ack(bytes: &mut Reader<'_>) -> Result<Ack, BadBytes> {
    Ok(Ack { sequence: bytes.u16()?, margin: bytes.u8()?.cast_signed() })
}

fn read_check(bytes: &mut Reader<'_>) -> Result<Check, BadBytes> {
    Ok(Check { checksum: bytes.u32()?, begun_us: bytes.u32()? })
}

fn read_status(bytes: &mut Reader<'_>) -> Result<Status, BadBytes> {
    Ok(Status { score: bytes.varint()?, kills: bytes.varint()?, rank: bytes.varint()? })
}
