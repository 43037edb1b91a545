//! What the scene makes of what happened: sparks, flashes, numbers, jolts.
//!
//! Enters: happenings, and where the own ship is. Leaves: things to show that last a moment.

use shared::mode::Team;

use super::scene::Scene;
use crate::world::happenings::Happening;

/// A struck hull flashes for this many seconds.
pub(super) const FLASH_SECONDS: f32 = 0.16;

/// An own shot that hit counts for what is struck this close, in world units, for so many seconds.
const OWN_HIT: f32 = 70.0;
const OWN_HIT_SECONDS: f32 = 0.2;

/// Own hits remembered at once.
const MOST_HITS: usize = 16;

/// What blows up farther away than this many world units shakes nothing.
const FELT: f32 = 620.0;

/// How hard the own ship's end, another's near by, and each lost point of the own hull shake, 0 to 1.
const OWN_END: f32 = 1.0;
const OTHER_END: f32 = 0.5;
const PER_POINT: f32 = 0.03;

/// The one who looks.
#[derive(Debug, Clone, Copy)]
pub struct Viewer {
    /// One's own player id; 0 while watching.
    pub player: u32,
    /// The own ship's NetId; 0 without one.
    pub ship: u32,
    /// Where one is, in world units.
    pub at: [f32; 2],
}

impl Scene {
    /// Shows what happened since the last draw.
    pub fn happened(&mut self, happening: Happening, viewer: Viewer) {
        let palette = self.palette;
        match happening {
            Happening::Explosion { at, ship } => {
                self.sparks.explosion(at, self.ship_colour(&ship, viewer.player), palette);
                let own = viewer.player != 0 && ship.player == viewer.player;
                self.jolt(at, viewer, if own { OWN_END } else { OTHER_END });
            }
            Happening::Hit { at, owner, team } => self.hit(at, (owner, team), viewer),
            Happening::Struck { id, at, lost } => self.struck(id, at, lost, viewer),
            Happening::Fired { at, owner, team } => {
                self.sparks.muzzle(at, self.shot_colour(owner, team, viewer.player));
            }
            Happening::Shatter { at, size } => {
                self.sparks.shatter(at, size, palette);
                self.jolt(at, viewer, 0.1 * f32::from(size));
            }
            Happening::Pickup { at } => self.sparks.pickup(at, palette.shard),
            Happening::Power { at, kind } => self.sparks.pickup(at, palette.power(kind)),
        }
    }

    fn hit(&mut self, at: [f32; 2], (owner, team): (u32, Option<Team>), viewer: Viewer) {
        self.sparks.hit(at, self.shot_colour(owner, team, viewer.player), self.palette);
        if viewer.player != 0 && owner == viewer.player {
            self.own_hits.truncate(MOST_HITS - 1);
            self.own_hits.insert(0, (at, OWN_HIT_SECONDS));
        }
    }

    fn struck(&mut self, id: u32, at: [f32; 2], lost: u8, viewer: Viewer) {
        self.flashes.insert(id, FLASH_SECONDS);
        let points = u32::from(lost);
        if id == viewer.ship {
            self.numbers.rise([at[0], at[1] - 30.0], points, false, self.palette.danger);
            self.shake.jolt(f32::from(lost) * PER_POINT);
        } else if self.own_hits.iter().any(|(hit, _)| distance(*hit, at) < OWN_HIT) {
            self.numbers.rise([at[0], at[1] - 30.0], points, false, self.palette.spark);
        }
    }

    /// Points were won at `at`.
    pub fn won(&mut self, at: [f32; 2], points: u32) {
        self.numbers.rise([at[0], at[1] - 46.0], points, true, self.palette.own);
    }

    fn jolt(&mut self, at: [f32; 2], viewer: Viewer, strength: f32) {
        let near = (1.0 - distance(at, viewer.at) / FELT).max(0.0);
        self.shake.jolt(strength * near);
    }

    pub(super) fn flash(&self, id: u32) -> f32 {
        self.flashes.get(&id).map_or(0.0, |left| left / FLASH_SECONDS)
    }
}

fn distance(a: [f32; 2], b: [f32; 2]) -> f32 {
    (a[0] - b[0]).hypot(a[1] - b[1])
}
