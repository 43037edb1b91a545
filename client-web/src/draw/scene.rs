//! The scene: sprites for everything in view.
//!
//! Owns: what is only for show and lasts a moment: sparks, trails, rising numbers, the flashes of struck hulls, the shaking.
//! Enters: what is seen at the moment to draw, what happened, whose ship is whose. Leaves: a batch, back to front: sky,
//! shards, shots, trails, sparks, ships, numbers.

use std::collections::BTreeMap;

use shared::balance::POWER_RADIUS;
use shared::mode::Team;
use shared::power::PowerUp;
use shared::tuning::{ROCK_RADIUS, SHARD_POINTS, SHARD_RADIUS, SHIP_RADIUS};

use super::backdrop::Backdrop;
use super::camera::Camera;
use super::numbers::Numbers;
use super::palette::{self, Palette};
use super::shake::Shake;
use super::ships::{self, Drawn};
use super::sky;
use super::sparks::Sparks;
use super::sprite::{Batch, Colour, Shape, Sprite};
use super::trails::Trails;
use crate::settings::Settings;
use crate::settings::choice::Colours;
use crate::world::seen::{Kind, Seen, ShipLook};

/// Engine puffs per second of thrust, and puffs of smoke per second of a hull that is nearly gone.
const PUFFS_PER_SECOND: f32 = 40.0;
const SMOKE_PER_SECOND: f32 = 16.0;

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
    /// Seconds since the page opened.
    pub clock: f32,
    /// Seconds since the last draw.
    pub seconds: f32,
}

/// Everything that draws the arena, except the graphics card.
#[derive(Debug)]
pub struct Scene {
    batch: Batch,
    pub(super) palette: &'static Palette,
    pub(super) calm: bool,
    pub(super) sparks: Sparks,
    pub(super) numbers: Numbers,
    pub(super) shake: Shake,
    trails: Trails,
    /// Seconds of flash left, by NetId.
    pub(super) flashes: BTreeMap<u32, f32>,
    /// Where own shots hit of late, and for how many seconds that still counts.
    pub(super) own_hits: Vec<([f32; 2], f32)>,
    /// Puffs and smoke owed.
    puffs: f32,
    smoke: f32,
}

impl Default for Scene {
    fn default() -> Self {
        Self {
            batch: Batch::default(),
            palette: palette::of(Colours::default()),
            calm: false,
            sparks: Sparks::new(),
            numbers: Numbers::default(),
            shake: Shake::default(),
            trails: Trails::default(),
            flashes: BTreeMap::new(),
            own_hits: Vec::new(),
            puffs: 0.0,
            smoke: 0.0,
        }
    }
}

impl Scene {
    /// Takes colours and calm from the settings.
    pub fn follow(&mut self, settings: &Settings) {
        self.palette = palette::of(settings.colours);
        self.calm = settings.calm();
        self.sparks.follow(self.calm, settings.dim());
    }

    /// How far the picture is moved in this draw, `seconds` after the last.
    pub fn shaken(&mut self, seconds: f32) -> [f32; 2] {
        let moved = self.shake.advance(seconds);
        if self.calm { [0.0, 0.0] } else { moved }
    }

    /// The sprites of one draw.
    pub fn compose(&mut self, camera: &Camera, frame: &Frame<'_>) -> &Batch {
        self.fade(frame.seconds);
        self.batch.clear();
        sky::behind(&mut self.batch, camera, frame.arena, self.palette);
        let visible = |seen: &&Seen| camera.sees(seen.at, 60.0);
        for seen in frame.seen.iter().filter(visible) {
            match seen.kind {
                Kind::Shard { points } => self.shard(seen, points),
                Kind::Shot { owner, team, presence, .. } => {
                    self.shot(seen, self.shot_colour(owner, team, frame.own).faded(presence));
                }
                Kind::Rock { size, .. } => self.rock(seen, size, frame.clock),
                Kind::Power { kind } => self.power(seen, kind),
                Kind::Ship(_) => {}
            }
        }
        self.engines(frame, camera);
        self.sparks.draw(&mut self.batch, camera);
        for seen in frame.seen.iter().filter(visible) {
            if let Some(look) = seen.kind.ship() {
                self.ship(seen, look, frame);
            }
        }
        self.numbers.draw(&mut self.batch, camera);
        &self.batch
    }

    /// What is behind the sprites, `clock` seconds after the page opened.
    pub fn backdrop(&self, clock: f32, arena: f32) -> Backdrop {
        Backdrop { seconds: clock, arena, wall: self.palette.wall }
    }

    /// How many sprites the last draw had.
    pub fn sprites(&self) -> i32 {
        self.batch.count()
    }

    fn fade(&mut self, seconds: f32) {
        self.sparks.advance(seconds);
        self.numbers.advance(seconds);
        self.flashes.retain(|_, left| {
            *left -= seconds;
            *left > 0.0
        });
        self.own_hits.retain_mut(|(_, left)| {
            *left -= seconds;
            *left > 0.0
        });
    }

    fn shard(&mut self, seen: &Seen, points: u8) {
        let worth = f32::from(points) / f32::from(SHARD_POINTS.max(1));
        let radius = SHARD_RADIUS as f32 * worth.sqrt().clamp(0.7, 1.5) * 0.85;
        let lean = (seen.id % 7) as f32 * 0.12 - 0.36;
        let phase = (seen.id % 97) as f32 / 97.0;
        self.batch.push(&Sprite::body(Shape::Shard, seen.at, radius, lean, self.palette.shard).detail(phase));
    }

    /// Tumbles at a pace of its own.
    fn rock(&mut self, seen: &Seen, size: u8, clock: f32) {
        let radius = ROCK_RADIUS[usize::from(size.clamp(1, 3)) - 1] as f32;
        let pace = ((seen.id % 11) as f32 - 5.0) * 0.07;
        let flash = self.flash(seen.id).min(0.99);
        let look = (seen.id % 89) as f32 + flash;
        let turn = clock * pace + seen.id as f32;
        self.batch.push(&Sprite::body(Shape::Rock, seen.at, radius, turn, self.palette.rock).detail(look));
    }

    fn power(&mut self, seen: &Seen, kind: PowerUp) {
        let colour = self.palette.power(kind);
        let radius = POWER_RADIUS as f32;
        self.batch.push(&Sprite::glow(seen.at, radius * 3.0, colour.faded(0.14)));
        let body = Sprite::body(Shape::Power, seen.at, radius, 0.0, colour);
        self.batch.push(&body.detail(f32::from(kind as u8)));
    }

    fn shot(&mut self, seen: &Seen, colour: Colour) {
        let sprite = Sprite::body(Shape::Shot, seen.at, 1.0, seen.heading, colour);
        self.batch.push(&Sprite { extent: [24.0, 9.0], ..sprite });
    }

    fn ship(&mut self, seen: &Seen, look: ShipLook, frame: &Frame<'_>) {
        let (colour, own) = (self.ship_colour(&look, frame.own), is_own(&look, frame.own));
        let drawn = Drawn { seen, look, own, colour, flash: self.flash(seen.id), clock: frame.clock };
        ships::draw(&mut self.batch, &drawn, self.palette);
    }

    /// Trails, puffs and smoke.
    fn engines(&mut self, frame: &Frame<'_>, camera: &Camera) {
        let note = self.trails.advance(frame.seconds);
        let seconds = frame.seconds.min(0.1);
        let (puffs, smoke) = (
            whole(&mut self.puffs, seconds * PUFFS_PER_SECOND),
            whole(&mut self.smoke, seconds * SMOKE_PER_SECOND),
        );
        for seen in frame.seen {
            let Some(look) = seen.kind.ship() else { continue };
            let colour = self.ship_colour(&look, frame.own);
            if note && !self.calm {
                self.trails.note(seen.id, seen.at, power(&look), colour);
            }
            self.trails.draw(&mut self.batch, camera, seen.id, seen.at);
            if look.thrust {
                let puffs = if look.boosts { 2 * puffs } else { puffs };
                (0..puffs).for_each(|_| self.puff(seen, colour, frame.tick_hz));
            }
            if ships::hull_share(&look) < ships::NEARLY_GONE {
                (0..smoke).for_each(|_| self.sparks.smoke(seen.at, self.palette));
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

    pub(super) fn ship_colour(&self, look: &ShipLook, own: u32) -> Colour {
        if let Some(team) = look.team {
            // One's own is told by its light and its ring.
            self.palette.team(team)
        } else if is_own(look, own) {
            self.palette.own
        } else if look.drone {
            self.palette.drone
        } else {
            self.palette.rival(look.player)
        }
    }

    /// A shot does not say whether its owner is a drone; its own colour by id tells shooters apart well enough.
    pub(super) fn shot_colour(&self, owner: u32, team: Option<Team>, own: u32) -> Colour {
        if let Some(team) = team {
            return self.palette.team(team);
        }
        if own != 0 && owner == own { self.palette.own } else { self.palette.rival(owner) }
    }
}

/// How strongly a ship's engine runs, for its trail.
fn power(look: &ShipLook) -> f32 {
    match (look.boosts, look.thrust) {
        (true, _) => 2.0,
        (false, true) => 1.0,
        (false, false) => 0.0,
    }
}

/// The whole part of what is owed with `more`; the rest stays owed.
fn whole(owed: &mut f32, more: f32) -> u32 {
    *owed += more;
    let whole = owed.floor();
    *owed -= whole;
    whole as u32
}

fn is_own(look: &ShipLook, own: u32) -> bool {
    own != 0 && look.player == own
}
