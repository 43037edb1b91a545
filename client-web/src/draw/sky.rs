//! What is between the backdrop and the game: three depths of stars, and the grid.
//!
//! Enters: the camera and the arena's side. Leaves: sprites. Stars are placed by arithmetic, the same in every tab and
//! every draw; it must never hold more than the stars' places.

use super::camera::Camera;
use super::palette::Palette;
use super::sprite::{Batch, Colour, Sprite};

/// Share of the camera's motion that a depth follows, its stars' radius in pixels, their strength, and their number.
const DEPTHS: [(f32, f32, f32, u32); 3] = [(0.12, 1.3, 0.6, 190), (0.3, 1.8, 0.8, 90), (0.55, 2.7, 1.0, 36)];

/// Stars repeat with this period, in world units: wider than any view.
const PERIOD: f32 = 2600.0;

/// Distance between grid lines, in world units.
const GRID_STEP: f32 = 150.0;

/// Adds everything that is behind the ships.
pub fn behind(batch: &mut Batch, camera: &Camera, arena: f32, palette: &Palette) {
    for (depth, row) in DEPTHS.iter().enumerate() {
        stars(batch, camera, depth as u32, *row, palette.star);
    }
    grid(batch, camera, arena, palette.grid);
}

fn stars(
    batch: &mut Batch,
    camera: &Camera,
    depth: u32,
    (follow, radius, strength, count): (f32, f32, f32, u32),
    colour: Colour,
) {
    let unit = camera.units_per_pixel().max(0.8);
    for index in 0..count {
        let seed = depth * 977 + index;
        let place = [0, 1].map(|axis| {
            let home = noise(seed * 2 + axis) * PERIOD;
            let shifted = home - camera.at[axis as usize] * follow;
            camera.at[axis as usize] + shifted.rem_euclid(PERIOD) - PERIOD / 2.0
        });
        if camera.sees(place, 8.0) {
            let bright = 0.35 + 0.65 * noise(seed + 40_000);
            batch.push(&Sprite::glow(
                place,
                radius * unit * 1.6,
                tinted(colour, seed).faded(strength * bright),
            ));
        }
    }
}

/// Some stars are warmer than others.
fn tinted(Colour([red, green, blue, strength]): Colour, seed: u32) -> Colour {
    let warm = noise(seed + 90_000);
    Colour([red * (0.75 + 0.4 * warm), green * (0.85 + 0.1 * warm), blue * (1.1 - 0.4 * warm), strength])
}

/// A number from 0 to 1 that depends on `seed` alone.
fn noise(seed: u32) -> f32 {
    let mut mixed = seed.wrapping_mul(0x9e37_79b9) ^ 0x85eb_ca6b;
    mixed = (mixed ^ (mixed >> 15)).wrapping_mul(0x2c1b_3c6d);
    mixed = (mixed ^ (mixed >> 12)).wrapping_mul(0x297a_2d39);
    ((mixed ^ (mixed >> 15)) >> 8) as f32 / 16_777_216.0
}

fn grid(batch: &mut Batch, camera: &Camera, arena: f32, colour: Colour) {
    let thin = camera.units_per_pixel() * 0.5;
    let colour = colour.faded(0.16);
    for axis in [0, 1] {
        let other = 1 - axis;
        let low = (camera.at[other] - camera.half[other]).max(0.0);
        let high = (camera.at[other] + camera.half[other]).min(arena);
        if high <= low {
            continue;
        }
        for line in lines(camera.at[axis], camera.half[axis], arena) {
            let (mut at, mut extent) = ([0.0; 2], [0.0; 2]);
            (at[axis], extent[axis]) = (line, thin);
            (at[other], extent[other]) = ((low + high) / 2.0, (high - low) / 2.0);
            batch.push(&Sprite::bar(at, extent, colour));
        }
    }
}

/// The grid lines inside the arena that a view around `centre` crosses.
fn lines(centre: f32, half: f32, arena: f32) -> impl Iterator<Item = f32> {
    let first = ((centre - half).max(0.0) / GRID_STEP).ceil() as i32;
    let last = ((centre + half).min(arena) / GRID_STEP).floor() as i32;
    (first..=last).map(|index| index as f32 * GRID_STEP)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grid_lines_stay_inside_the_arena() {
        let drawn: Vec<f32> = lines(0.0, 400.0, 300.0).collect();
        assert_eq!(drawn, [0.0, 150.0, 300.0]);
        assert_eq!(lines(-900.0, 400.0, 300.0).count(), 0);
    }

    #[test]
    fn star_noise_is_spread_between_zero_and_one() {
        let mean = (0..1000).map(noise).sum::<f32>() / 1000.0;
        assert!((mean - 0.5).abs() < 0.05, "{mean}");
        assert!((0..1000).map(noise).all(|value| (0.0..1.0).contains(&value)));
    }
}
