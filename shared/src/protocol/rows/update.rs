//! What an update row says: the parts of a ship that are otherwise than its rule gives, each if its bit is set.

use super::parts::{put_body, put_effect, read_body, read_effect};
use crate::controls::Controls;
use crate::ids::NetId;
use crate::motion::Body;
use crate::power::Effect;
use crate::protocol::wire::{BadBytes, Reader, put_varint, put_zigzag};

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
    /// It fired: the shot of that name leaves its gun, as [`crate::entity::ShipState::fired`] has it after all of the above.
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

const CONTROLS: u8 = 1;
const HULL: u8 = 2;
const BODY: u8 = 4;
const FIRED: u8 = 8;
const AIM: u8 = 16;
const ENERGY: u8 = 32;
const EFFECT: u8 = 64;

impl ShipUpdate {
    /// Is there nothing to say?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// How far the aim moved, if that is all there is to say.
    pub(super) fn only_nudge(&self) -> Option<i32> {
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

pub(super) fn put_update(out: &mut Vec<u8>, update: &ShipUpdate) {
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

pub(super) fn read_update(bytes: &mut Reader<'_>) -> Result<ShipUpdate, BadBytes> {
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

fn read_energy(bytes: &mut Reader<'_>) -> Result<(u16, bool), BadBytes> {
    let raw = bytes.varint()?;
    u16::try_from(raw >> 1).map(|energy| (energy, raw & 1 != 0)).map_err(|_| BadBytes)
}
