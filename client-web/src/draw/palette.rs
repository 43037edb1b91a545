//! The colours of the arena.
//!
//! Owns: every colour that is drawn with WebGL; those of the pages are in `pages/base.css`. Enters: a player's number.
//! Leaves: a colour that is the same in every tab. Gold is the own ship's alone, so that nobody looks for himself.

use shared::power::PowerUp;

use super::sprite::Colour;

/// The own ship and its shots.
pub const OWN: Colour = Colour::hex(0xff_c8_5c);
/// Drones, a muted steel: present, not important.
pub const DRONE: Colour = Colour::hex(0x86_96_b4);
/// Asteroids.
pub const ROCK: Colour = Colour::hex(0x9c_8f_8a);
/// Shards.
pub const SHARD: Colour = Colour::hex(0x7d_f5_d0);
/// The arena's walls.
pub const WALL: Colour = Colour::hex(0x5a_8c_ff);
/// The grid; its strength is set where it is drawn.
pub const GRID: Colour = Colour::hex(0x6f_93_d8);
/// Stars.
pub const STAR: Colour = Colour::hex(0xcf_dd_ff);
/// A hull that is nearly gone.
pub const DANGER: Colour = Colour::hex(0xff_5d_6c);
/// A hull in order.
pub const SOUND: Colour = Colour::hex(0x8e_f0_b8);
/// The trough of a hull bar.
pub const TROUGH: Colour = Colour::hex(0x16_20_38);
/// Sparks and the heart of an explosion.
pub const SPARK: Colour = Colour::hex(0xff_e9_c4);
/// Engine fire.
pub const FIRE: Colour = Colour::hex(0xff_8a_4c);

/// Power-ups.
pub fn power(kind: PowerUp) -> Colour {
    match kind {
        PowerUp::Repair => Colour::hex(0x7d_f5_90),
        PowerUp::Charge => Colour::hex(0x5c_d6_ff),
        PowerUp::Rapid => Colour::hex(0xff_85_5e),
        PowerUp::Armour => Colour::hex(0xc4_b0_ff),
    }
}

/// Colours of other players' ships: eight that differ from gold, from steel and from each other.
const RIVALS: [Colour; 8] = [
    Colour::hex(0x5c_d6_ff),
    Colour::hex(0xff_6f_a3),
    Colour::hex(0xa8_8b_ff),
    Colour::hex(0x6e_ea_8c),
    Colour::hex(0xff_85_5e),
    Colour::hex(0x5e_93_ff),
    Colour::hex(0xe4_74_ff),
    Colour::hex(0x4f_e3_c6),
];

/// The colour of another player's ship.
pub fn rival(player: u32) -> Colour {
    // Players who joined one after another get colours that are far apart.
    let mixed = player.wrapping_mul(0x9e37_79b1) >> 29;
    RIVALS[mixed as usize % RIVALS.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_player_keeps_one_colour_and_neighbours_differ() {
        assert_eq!(rival(7), rival(7));
        assert!((1..50).all(|player| rival(player) != rival(player + 1)));
    }
}
