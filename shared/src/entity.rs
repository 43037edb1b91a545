//! The replicated state of everything in the arena, and one rule each for the next tick. A replica holds these; the
//! server holds beside the true state what every replica computes, and sends a row where the two differ.

use crate::angle::Angle;
use crate::controls::Controls;
use crate::ids::{NetId, PlayerId};
use crate::motion::{Body, Rules, scaled};
use crate::tuning::{ROCK_RADIUS, SHIP_RADIUS, SHOT_RADIUS};
use crate::units::{Point, SUBUNITS, Vector};

/// A ship and its controls.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ShipState {
    /// Who flies it.
    pub player: PlayerId,
    /// Flown by the server.
    pub drone: bool,
    /// Place, velocity, heading.
    pub body: Body,
    /// What its pilot does now.
    pub controls: Controls,
    /// Hull points left, up to [`crate::tuning::HULL_MAX`].
    pub hull: u8,
}

/// A shot on its straight way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ShotState {
    /// Who fired it.
    pub owner: PlayerId,
    /// Its centre.
    pub pos: Point,
    /// Where it flies, at [`Rules::shot_speed`].
    pub heading: Angle,
    /// Ticks it has left.
    pub left: u8,
}

/// A shard that lies about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ShardState {
    /// Its centre, at whole world units: see [`ShardState::at`].
    pub pos: Point,
    /// Points it is worth.
    pub points: u8,
}

/// A drifting asteroid.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RockState {
    /// Its centre.
    pub pos: Point,
    /// Subunits per tick.
    pub vel: Vector,
    /// 1 small, 2 middle, 3 large. What is outside counts as the nearest.
    pub size: u8,
    /// Hull points left.
    pub hull: u8,
}

/// What is replicated of one entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntityState {
    /// A ship.
    Ship(ShipState),
    /// A shot.
    Shot(ShotState),
    /// A shard.
    Shard(ShardState),
    /// An asteroid.
    Rock(RockState),
}

impl ShipState {
    /// The ship one tick later, if nothing touches it.
    #[must_use]
    pub fn step(self, rules: &Rules) -> Self {
        Self { body: self.body.step(self.controls, rules), ..self }
    }
}

/// A shot leaves the barrel this far from the ship's centre, in subunits.
const MUZZLE: i32 = (SHIP_RADIUS + SHOT_RADIUS + 2) * SUBUNITS;

impl ShipState {
    /// The shot that leaves the gun of this ship now; none when its muzzle is in a wall.
    #[must_use]
    pub fn fired(&self, rules: &Rules) -> Option<ShotState> {
        let heading = self.body.heading;
        let pos = self.body.pos.moved(scaled(heading.direction(), MUZZLE));
        rules.contains(pos).then_some(ShotState { owner: self.player, pos, heading, left: rules.shot_life })
    }
}

impl ShotState {
    /// The shot one tick later; none when its time is over or it has met a wall.
    #[must_use]
    pub fn step(self, rules: &Rules) -> Option<Self> {
        let left = self.left.checked_sub(1)?;
        let pos = self.pos.moved(scaled(self.heading.direction(), rules.shot_speed));
        (left > 0 && rules.contains(pos)).then_some(Self { pos, left, ..self })
    }
}

impl ShardState {
    /// A shard near `place`, at whole world units, as they are all it is sent in.
    #[must_use]
    pub fn at(place: Point, points: u8) -> Self {
        Self { pos: Point::from_units(place.x / SUBUNITS, place.y / SUBUNITS), points }
    }
}

impl RockState {
    /// The asteroid one tick later: it drifts, and bounces off the walls without loss.
    #[must_use]
    pub fn step(self, rules: &Rules) -> Self {
        let moved = self.pos.moved(self.vel);
        let (x, vx) = mirrored(moved.x, self.vel.x, self.radius(), rules.arena);
        let (y, vy) = mirrored(moved.y, self.vel.y, self.radius(), rules.arena);
        Self { pos: Point { x, y }, vel: Vector { x: vx, y: vy }, ..self }
    }

    /// Its radius, in subunits.
    #[must_use]
    pub fn radius(self) -> i32 {
        ROCK_RADIUS[self.class()] * SUBUNITS
    }

    /// Its size as an index from 0 to 2 into the tables of [`crate::tuning`].
    #[must_use]
    pub fn class(self) -> usize {
        usize::from(self.size.clamp(1, 3)) - 1
    }
}

fn mirrored(at: i32, speed: i32, margin: i32, arena: i32) -> (i32, i32) {
    let outward = at < margin && speed < 0 || at > arena - margin && speed > 0;
    (at.clamp(margin, arena - margin), if outward { speed.wrapping_neg() } else { speed })
}

impl EntityState {
    /// The entity one tick later, if nothing touches it; none when it ends by its own rule.
    #[must_use]
    pub fn step(self, rules: &Rules) -> Option<Self> {
        match self {
            Self::Ship(ship) => Some(Self::Ship(ship.step(rules))),
            Self::Shot(shot) => shot.step(rules).map(Self::Shot),
            Self::Shard(shard) => Some(Self::Shard(shard)),
            Self::Rock(rock) => Some(Self::Rock(rock.step(rules))),
        }
    }

    /// Where it is.
    #[must_use]
    pub fn pos(&self) -> Point {
        match self {
            Self::Ship(ship) => ship.body.pos,
            Self::Shot(shot) => shot.pos,
            Self::Shard(shard) => shard.pos,
            Self::Rock(rock) => rock.pos,
        }
    }

    /// Its share in a view's checksum. The checksum of a view is the wrapping sum over its entities, so cells can be
    /// added up in any order.
    #[must_use]
    pub fn checksum(&self, id: NetId) -> u32 {
        let mut sum = Checksum::new(id.0);
        match self {
            Self::Ship(ship) => sum.ship(ship),
            Self::Shot(shot) => sum.shot(shot),
            Self::Shard(shard) => sum.words([3, place(shard.pos), shard.points.into()]),
            Self::Rock(rock) => sum.rock(rock),
        }
        sum.0
    }
}

/// FNV-1a over 32-bit words, with a final mix.
struct Checksum(u32);

impl Checksum {
    fn new(seed: u32) -> Self {
        Self(0x811c_9dc5 ^ seed.wrapping_mul(0x9e37_79b1))
    }

    fn words<const N: usize>(&mut self, words: [u32; N]) {
        for word in words {
            self.0 = (self.0 ^ word).wrapping_mul(0x0100_0193);
            self.0 ^= self.0 >> 15;
        }
    }

    fn ship(&mut self, ship: &ShipState) {
        let vel = ship.body.vel;
        self.words([1, ship.player.0 << 1 | u32::from(ship.drone), place(ship.body.pos)]);
        self.words([vel.x.cast_unsigned(), vel.y.cast_unsigned(), turn(ship.body.heading)]);
        self.words([ship.controls.pack().into(), ship.hull.into()]);
    }

    fn rock(&mut self, rock: &RockState) {
        let (x, y) = (rock.vel.x.cast_unsigned(), rock.vel.y.cast_unsigned());
        self.words([4, place(rock.pos), x, y, u32::from(rock.size) << 8 | u32::from(rock.hull)]);
    }

    fn shot(&mut self, shot: &ShotState) {
        self.words([2, shot.owner.0, place(shot.pos), turn(shot.heading), shot.left.into()]);
    }
}

fn place(p: Point) -> u32 {
    p.x.cast_unsigned().wrapping_mul(0x01f1_23bb) ^ p.y.cast_unsigned()
}

fn turn(angle: Angle) -> u32 {
    angle.0.into()
}
