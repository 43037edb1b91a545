//! The scene: sprites for everything in view.
//!
//! Owns: what is only for show and lasts a moment, the sparks and the flashes of struck hulls. Enters: what is seen at the
//! moment to draw, what happened, whose ship is whose. Leaves: a batch, back to front: sky, shards, shots, ships, sparks.

use std::collections::BTreeMap;

use shared::balance::POWER_RADIUS;
use shared::hull::Hull;
use shared::power::PowerUp;
use shared::tuning::{ROCK_RADIUS, SHARD_POINTS, SHARD_RADIUS, SHIP_RADIUS};

use super::camera::Camera;
use super::palette;
use super::sky;
use super::sparks::Sparks;
use super::sprite::{Batch, Colour, Shape, Sprite};
use crate::world::happenings::Happening;
use crate::world::seen::{Kind, Seen, ShipLook};

/// A struck hull flashes for this many seconds.
const FLASH_SECONDS: f32 = 0.16;

/// Half the width and height of a hull bar, and how far below the ship it is, in world units.
const BAR: [f32; 2] = [22.0, 2.0];
const BAR_BELOW: f32 = 34.0;

/// Radius of the light around the own ship, in world units.
const OWN_GLOW: f32 = 95.0;

/// Engine puffs per second of thrust.
const PUFFS_PER_SECOND: f32 = 40.0;

/// What the scene needs to know beside the entities.
#[derive(Debug, Clone, Copy)]
pub struct Frame<'a> {
    /// What is in view, in the order of ids.
    pub seen: &'a [Seen],
    /// One's own player id; 0 while watching.
    pub own: u32,
    /// The arena's side, in world units.
    pub arena: f32,
    /// Ticks per second: velocities are per tick.
    pub tick_hz: f32,
    /// Seconds since the page opened, and since the last draw.
    pub clock: f32,
    /// Seconds since the last draw.
    pub seconds: f32,
}

/// Everything that draws the arena, except the graphics card.
#[derive(Debug)]
pub struct Scene {
    batch: Batch,
    sparks: Sparks,
    /// Seconds of flash left, by NetId.
    flashes: BTreeMap<u32, f32>,
    /// Puffs owed to engines that run.
    puffs: f32,
}

impl Scene {
    /// An empty scene; `calm` for a visitor who asked for less motion.
    pub fn new(calm: bool) -> Self {
        Self { batch: Batch::default(), sparks: Sparks::new(calm), flashes: BTreeMap::new(), puffs: 0.0 }
    }

    /// Shows what happened since the last draw.
    pub fn happened(&mut self, happening: Happening, own: u32) {
        match happening {
            Happening::Explosion { at, ship } => self.sparks.explosion(at, ship_colour(&ship, own)),
            Happening::Hit { at, owner } => self.sparks.hit(at, shot_colour(owner, own)),
            Happening::Struck { id } => {
                self.flashes.insert(id, FLASH_SECONDS);
            }
            Happening::Shatter { at, size } => {
                (0..size).for_each(|_| self.sparks.hit(at, palette::ROCK));
            }
            Happening::Pickup { at } => self.sparks.pickup(at),
        }
    }

    /// The sprites of one draw.
    pub fn compose(&mut self, camera: &Camera, frame: &Frame<'_>) -> &Batch {
        self.fade(frame.seconds);
        self.batch.clear();
        sky::behind(&mut self.batch, camera, frame.arena);
        let visible = |seen: &&Seen| camera.sees(seen.at, 60.0);
        for seen in frame.seen.iter().filter(visible) {
            match seen.kind {
                Kind::Shard { points } => self.shard(seen, points),
                Kind::Shot { owner, presence, .. } => {
                    self.shot(seen, shot_colour(owner, frame.own).faded(presence));
                }
                Kind::Rock { size, .. } => self.rock(seen, size, frame.clock),
                Kind::Power { kind } => self.power(seen, kind, frame.clock),
                Kind::Ship(_) => {}
            }
        }
        self.engines(frame);
        self.sparks.draw(&mut self.batch, camera);
        for seen in frame.seen.iter().filter(visible) {
            match seen.kind {
                Kind::Ship(look) => self.ship(seen, &look, frame),
                Kind::Shot { .. } | Kind::Shard { .. } | Kind::Rock { .. } | Kind::Power { .. } => {}
            }
        }
        &self.batch
    }

    fn fade(&mut self, seconds: f32) {
        self.sparks.advance(seconds);
        self.flashes.retain(|_, left| {
            *left -= seconds;
            *left > 0.0
        });
    }

    fn shard(&mut self, seen: &Seen, points: u8) {
        let worth = f32::from(points) / f32::from(SHARD_POINTS.max(1));
        let radius = SHARD_RADIUS as f32 * worth.sqrt().clamp(0.7, 1.5) * 0.85;
        let lean = (seen.id % 7) as f32 * 0.12 - 0.36;
        let phase = (seen.id % 97) as f32 / 97.0;
        self.batch.push(&Sprite::body(Shape::Shard, seen.at, radius, lean, palette::SHARD).detail(phase));
    }

    /// Tumbles at a pace of its own.
    fn rock(&mut self, seen: &Seen, size: u8, clock: f32) {
        let radius = ROCK_RADIUS[usize::from(size.clamp(1, 3)) - 1] as f32;
        let pace = ((seen.id % 11) as f32 - 5.0) * 0.07;
        let flash = self.flash(seen.id).min(0.99);
        let look = (seen.id % 89) as f32 + flash;
        let turn = clock * pace + seen.id as f32;
        self.batch.push(&Sprite::body(Shape::Rock, seen.at, radius, turn, palette::ROCK).detail(look));
    }

    fn flash(&self, id: u32) -> f32 {
        self.flashes.get(&id).map_or(0.0, |left| left / FLASH_SECONDS)
    }

    fn shot(&mut self, seen: &Seen, colour: Colour) {
        let sprite = Sprite::body(Shape::Shot, seen.at, 1.0, seen.heading, colour);
        self.batch.push(&Sprite { extent: [24.0, 9.0], ..sprite });
    }

    fn ship(&mut self, seen: &Seen, look: &ShipLook, frame: &Frame<'_>) {
        let colour = ship_colour(look, frame.own);
        let own = is_own(look, frame.own);
        if own {
            self.batch.push(&Sprite::glow(seen.at, OWN_GLOW, colour.faded(0.09)));
        }
        if look.thrust {
            self.flame(seen, look.boosts, colour, frame.clock);
        }
        let shape = if look.drone { Shape::Drone } else { Shape::Dart };
        let flash = self.flash(seen.id);
        let radius = SHIP_RADIUS as f32 * girth(look.class);
        self.batch.push(&Sprite::body(shape, seen.at, radius, seen.heading, colour).detail(flash));
        self.bubble(seen, look, colour);
        if !own {
            self.hull_bar(seen.at, look);
        }
    }

    fn flame(&mut self, seen: &Seen, boosts: bool, colour: Colour, clock: f32) {
        let flicker = 0.85 + 0.15 * (clock * 47.0 + seen.id as f32).sin();
        let reach = SHIP_RADIUS as f32 * if boosts { 2.2 } else { 1.3 } * flicker;
        let (sin, cos) = seen.heading.sin_cos();
        let back = SHIP_RADIUS as f32 * 0.4 + reach;
        let at = [seen.at[0] - cos * back, seen.at[1] - sin * back];
        let sprite = Sprite::body(Shape::Flame, at, 1.0, seen.heading, colour.faded(0.9));
        self.batch.push(&Sprite { extent: [reach, SHIP_RADIUS as f32 * 0.4], ..sprite });
    }

    /// A stone in a slow ring, so that it is told from a shard from afar.
    fn power(&mut self, seen: &Seen, kind: PowerUp, clock: f32) {
        let colour = palette::power(kind);
        let radius = POWER_RADIUS as f32;
        self.batch.push(&Sprite::glow(seen.at, radius * 2.6, colour.faded(0.25)));
        let ring =
            Sprite::body(Shape::Ring, seen.at, radius * (1.0 + 0.08 * (clock * 2.0).sin()), 0.0, colour);
        self.batch.push(&ring.detail(0.05));
        self.batch.push(&Sprite::body(Shape::Shard, seen.at, radius * 0.7, clock * 0.8, colour).detail(0.5));
    }

    /// What keeps a ship from harm.
    fn bubble(&mut self, seen: &Seen, look: &ShipLook, colour: Colour) {
        if look.shields || look.safe {
            let colour = colour.faded(if look.shields { 0.9 } else { 0.35 });
            let ring = Sprite::body(Shape::Ring, seen.at, SHIP_RADIUS as f32 * 0.95, 0.0, colour);
            self.batch.push(&ring.detail(0.07));
        }
    }

    fn hull_bar(&mut self, at: [f32; 2], look: &ShipLook) {
        if look.hull >= look.hull_points() {
            return;
        }
        let share = f32::from(look.hull) / f32::from(look.hull_points());
        let below = [at[0], at[1] + BAR_BELOW];
        self.batch.push(&Sprite::bar(below, [BAR[0] + 1.5, BAR[1] + 1.5], palette::TROUGH.faded(0.85)));
        let colour = if share < 0.35 { palette::DANGER } else { palette::SOUND };
        let left = [below[0] - BAR[0] * (1.0 - share), below[1]];
        self.batch.push(&Sprite::bar(left, [BAR[0] * share, BAR[1]], colour));
    }

    fn engines(&mut self, frame: &Frame<'_>) {
        self.puffs += frame.seconds.min(0.1) * PUFFS_PER_SECOND;
        let puffs = self.puffs.floor();
        self.puffs -= puffs;
        for seen in frame.seen {
            match seen.kind {
                Kind::Ship(look) if look.thrust => {
                    let colour = ship_colour(&look, frame.own);
                    (0..puffs as u32).for_each(|_| self.puff(seen, colour, frame.tick_hz));
                }
                Kind::Ship(_)
                | Kind::Shot { .. }
                | Kind::Shard { .. }
                | Kind::Rock { .. }
                | Kind::Power { .. } => {}
            }
        }
    }

    fn puff(&mut self, seen: &Seen, colour: Colour, tick_hz: f32) {
        let (sin, cos) = seen.heading.sin_cos();
        let back = SHIP_RADIUS as f32 * 1.1;
        let at = [seen.at[0] - cos * back, seen.at[1] - sin * back];
        let thrown = [-cos, -sin].map(|part| part * 130.0);
        let velocity = [0, 1].map(|axis| seen.velocity[axis] * tick_hz + thrown[axis]);
        self.sparks.puff(at, velocity, colour);
    }
}

/// How large a hull is drawn. All are hit alike.
fn girth(hull: Hull) -> f32 {
    match hull {
        Hull::Corsair | Hull::Lance => 1.0,
        Hull::Wasp => 0.85,
        Hull::Anvil => 1.18,
    }
}

fn is_own(look: &ShipLook, own: u32) -> bool {
    own != 0 && look.player == own
}

fn ship_colour(look: &ShipLook, own: u32) -> Colour {
    if is_own(look, own) {
        palette::OWN
    } else if look.drone {
        palette::DRONE
    } else {
        palette::rival(look.player)
    }
}

/// A shot does not say whether its owner is a drone; its own colour by id tells shooters apart well enough.
fn shot_colour(owner: u32, own: u32) -> Colour {
    if own != 0 && owner == own { palette::OWN } else { palette::rival(owner) }
}
