//! The replicated state of everything in the arena, and one rule each for the next tick. A replica holds these; the
//! server holds beside the true state what every replica computes, and sends a row where the two differ.

use crate::angle::Angle;
use crate::hull::Hull;
use crate::ids::{NetId, PlayerId};
use crate::mode::Team;
use crate::motion::{Rules, scaled};
pub use crate::power::PowerState;
pub use crate::ship::ShipState;
use crate::tuning::ROCK_RADIUS;
use crate::units::{Point, SUBUNITS, Vector};

/// A shot on its straight way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ShotState {
    /// Who fired it.
    pub owner: PlayerId,
    /// The team of who fired it. It flies through ships of the same.
    pub team: Option<Team>,
    /// The hull it was fired from: says how fast it flies and what it takes.
    pub class: Hull,
    /// Its centre.
    pub pos: Point,
    /// Where it flies, at the speed of its hull's shots.
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
    /// A power-up.
    Power(PowerState),
}

impl ShotState {
    /// The shot one tick later; none when its time is over or it has met a wall.
    #[must_use]
    pub fn step(self, rules: &Rules) -> Option<Self> {
        let left = self.left.checked_sub(1)?;
        let pos = self.pos.moved(scaled(self.heading.direction(), rules.hull(self.class).shot_speed));
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
            Self::Power(power) => Some(Self::Power(power)),
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
            Self::Power(power) => power.pos,
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
            Self::Power(power) => sum.words([5, place(power.pos), power.kind as u32]),
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
        self.words([ship.controls.pack().into(), ship.hull.into(), ship.energy.into()]);
        let short =
            [ship.class as u8 | Team::number(ship.team) << 2, ship.gun, ship.safe, u8::from(ship.spent)];
        let effect = ship.effect.map_or(0, |effect| (effect.kind as u32 + 1) << 16 | u32::from(effect.left));
        self.words([u32::from_le_bytes(short), effect]);
    }

    fn rock(&mut self, rock: &RockState) {
        let (x, y) = (rock.vel.x.cast_unsigned(), rock.vel.y.cast_unsigned());
        self.words([4, place(rock.pos), x, y, u32::from(rock.size) << 8 | u32::from(rock.hull)]);
    }

    fn shot(&mut self, shot: &ShotState) {
        self.words([
            2 | u32::from(Team::number(shot.team)) << 8,
            shot.owner.0 << 2 | shot.class as u32,
            place(shot.pos),
            turn(shot.heading),
            shot.left.into(),
        ]);
    }
}

fn place(p: Point) -> u32 {
    p.x.cast_unsigned().wrapping_mul(0x01f1_23bb) ^ p.y.cast_unsigned()
}

fn turn(angle: Angle) -> u32 {
    angle.0.into()
}
