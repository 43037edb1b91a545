//! The clouds far behind the arena: a small picture of noise that repeats, painted once.
//!
//! Leaves: the bytes of a texture with two channels. The shader lays it over the backdrop at two depths. It is the same in
//! every tab.

/// The picture's side, in texels; a power of two.
pub const SIDE: usize = 128;

/// Layers of noise, each twice as fine as the one before.
const OCTAVES: u32 = 4;

/// Cells of the coarsest layer, per side.
const COARSEST: usize = 4;

/// Red and green of every texel: two clouds that have nothing to do with each other.
pub fn texels() -> Vec<u8> {
    let clouds = [cloud(0x51ed), cloud(0xc0de)];
    (0..SIDE * SIDE).flat_map(|index| [clouds[0][index], clouds[1][index]]).collect()
}

fn cloud(seed: u32) -> Vec<u8> {
    let mut sums = vec![0.0f32; SIDE * SIDE];
    for octave in 0..OCTAVES {
        let (cells, weight) = (COARSEST << octave, 0.5f32.powi(octave as i32 + 1));
        let seed = seed.wrapping_add(octave * 7919);
        for (index, sum) in sums.iter_mut().enumerate() {
            *sum += weight * value(index % SIDE, index / SIDE, cells, seed);
        }
    }
    // The layers meet in the middle: what is around it is spread over all of the range.
    sums.iter().map(|sum| (((sum - 0.25) / 0.45).clamp(0.0, 1.0) * 255.0) as u8).collect()
}

/// Noise between the corners of a grid of `cells`, which repeats.
fn value(x: usize, y: usize, cells: usize, seed: u32) -> f32 {
    let place = |part: usize| {
        let at = part as f32 * cells as f32 / SIDE as f32;
        let share = at.fract();
        (at as usize, share * share * (3.0 - 2.0 * share))
    };
    let ((left, across), (top, down)) = (place(x), place(y));
    let corner = |x: usize, y: usize| chance((x % cells) as u32, (y % cells) as u32, seed);
    let mix = |from: f32, to: f32, share: f32| from + (to - from) * share;
    let upper = mix(corner(left, top), corner(left + 1, top), across);
    let lower = mix(corner(left, top + 1), corner(left + 1, top + 1), across);
    mix(upper, lower, down)
}

fn chance(x: u32, y: u32, seed: u32) -> f32 {
    let mut mixed =
        x.wrapping_mul(0x9e37_79b9) ^ y.wrapping_mul(0x85eb_ca6b) ^ seed.wrapping_mul(0xc2b2_ae35);
    mixed = (mixed ^ (mixed >> 15)).wrapping_mul(0x2c1b_3c6d);
    mixed = (mixed ^ (mixed >> 12)).wrapping_mul(0x297a_2d39);
    ((mixed ^ (mixed >> 15)) >> 8) as f32 / 16_777_216.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clouds_have_bright_and_dark_places_and_no_seam() {
        let texels = texels();
        assert_eq!(texels.len(), SIDE * SIDE * 2);
        for channel in [0, 1] {
            let at = |x: usize, y: usize| i32::from(texels[(y * SIDE + x) * 2 + channel]);
            let all = (0..SIDE * SIDE).map(|index| at(index % SIDE, index / SIDE));
            let (least, most) = (all.clone().min().unwrap_or(0), all.max().unwrap_or(0));
            assert!(least < 60 && most > 190, "{least} to {most}");
            let steps = (0..SIDE).map(|y| (at(0, y) - at(SIDE - 1, y)).abs()).max().unwrap_or(0);
            assert!(steps < 60, "{steps}");
        }
    }
}
