//! Ships: hull, engine, and what shows how a ship is.
//!
//! Enters: a ship as it is seen, its colour, what flashes. Leaves: sprites. It must never know who is at the controls but for
//! the own ship, which has a light of its own and no bar: its gauge is on the page.

use shared::hull::Hull;
use shared::tuning::SHIP_RADIUS;

use super::palette::Palette;
use super::sprite::{Batch, Colour, Shape, Sprite};
use crate::world::seen::{Seen, ShipLook};

/// Half the width and height of a hull bar, and how far below the ship it is, in world units.
const BAR: [f32; 2] = [22.0, 2.2];
const BAR_BELOW: f32 = 34.0;

/// Radius of the light around the own ship, in world units.
const OWN_GLOW: f32 = 95.0;

/// Radius of a shield, in world units.
const SHELL: f32 = 40.0;

/// A hull with less than this share of its points is nearly gone.
pub const NEARLY_GONE: f32 = 0.35;

/// A ship to draw.
#[derive(Debug, Clone, Copy)]
pub struct Drawn<'a> {
    /// Where it is.
    pub seen: &'a Seen,
    /// How it looks.
    pub look: ShipLook,
    /// Is it one's own?
    pub own: bool,
    /// Its colour.
    pub colour: Colour,
    /// How white it flashes, 0 to 1.
    pub flash: f32,
    /// Seconds since the page opened.
    pub clock: f32,
}

/// The share of its hull that a ship has left.
pub fn hull_share(look: &ShipLook) -> f32 {
    f32::from(look.hull) / f32::from(look.hull_points().max(1))
}

/// Adds the ship.
pub fn draw(batch: &mut Batch, ship: &Drawn<'_>, palette: &Palette) {
    let Drawn { seen, look, own, colour, flash, .. } = *ship;
    if own {
        batch.push(&Sprite::glow(seen.at, OWN_GLOW, colour.faded(0.1)));
        if look.team.is_some() {
            let ring = Sprite::body(Shape::Ring, seen.at, SHELL * 0.62, 0.0, palette.own.faded(0.8));
            batch.push(&ring.detail(0.03));
        }
    }
    if look.thrust {
        flame(batch, ship);
    }
    batch.push(&Sprite::body(shape(&look), seen.at, SHIP_RADIUS as f32, seen.heading, colour).detail(flash));
    protection(batch, ship, palette);
    if !own {
        hull_bar(batch, seen.at, hull_share(&look), palette);
    }
}

/// A drone is round, whatever its hull: nobody takes it for a player.
fn shape(look: &ShipLook) -> Shape {
    match look.class {
        _ if look.drone => Shape::Drone,
        Hull::Corsair => Shape::Dart,
        Hull::Wasp => Shape::Wasp,
        Hull::Anvil => Shape::Anvil,
        Hull::Lance => Shape::Lance,
    }
}

/// Shield, the safety of a new ship, and what a power-up does.
fn protection(batch: &mut Batch, ship: &Drawn<'_>, palette: &Palette) {
    let Drawn { seen, look, colour, flash, clock, .. } = *ship;
    let shell = |radius: f32, colour: Colour| {
        let sprite = Sprite::body(Shape::Bubble, seen.at, radius / 2.0, 0.0, colour);
        sprite.detail(flash)
    };
    if look.shields {
        batch.push(&shell(SHELL, palette.wall));
    }
    if look.safe {
        batch.push(&shell(SHELL * 1.12, palette.star.faded(0.35 + 0.2 * (clock * 9.0).sin())));
    }
    if let Some(kind) = look.effect {
        let ring = Sprite::body(Shape::Ring, seen.at, SHELL * 0.46, 0.0, palette.power(kind).faded(0.7));
        batch.push(&ring.detail(0.04));
    }
    if look.boosts {
        batch.push(&Sprite::glow(seen.at, SHELL * 1.3, colour.faded(0.14)));
    }
}

fn flame(batch: &mut Batch, ship: &Drawn<'_>) {
    let seen = ship.seen;
    let flicker = 0.85 + 0.15 * (ship.clock * 47.0 + seen.id as f32).sin();
    let reach = SHIP_RADIUS as f32 * if ship.look.boosts { 2.3 } else { 1.3 } * flicker;
    let (sin, cos) = seen.heading.sin_cos();
    let back = SHIP_RADIUS as f32 * 0.4 + reach;
    let at = [seen.at[0] - cos * back, seen.at[1] - sin * back];
    let sprite = Sprite::body(Shape::Flame, at, 1.0, seen.heading, ship.colour.faded(0.9));
    batch.push(&Sprite::glow(at, reach * 1.1, ship.colour.faded(0.16)));
    batch.push(&Sprite { extent: [reach, SHIP_RADIUS as f32 * 0.42], ..sprite });
}

fn hull_bar(batch: &mut Batch, at: [f32; 2], share: f32, palette: &Palette) {
    if share >= 1.0 {
        return;
    }
    let below = [at[0], at[1] + BAR_BELOW];
    batch.push(&Sprite::bar(below, [BAR[0] + 1.5, BAR[1] + 1.5], palette.trough.faded(0.85)));
    let colour = if share < NEARLY_GONE { palette.danger } else { palette.sound };
    let left = [below[0] - BAR[0] * (1.0 - share), below[1]];
    batch.push(&Sprite::bar(left, [BAR[0] * share, BAR[1]], colour));
}
