//! The colours of the arena.
//!
//! Owns: every colour that is drawn with WebGL; those of the pages are in `pages/base.css`. Enters: the visitor's choice, a
//! player's number. Leaves: a colour that is the same in every tab. The own colour is the own ship's alone, so that nobody
//! looks for himself; and what is told apart by colour is told apart by shape, too.

use shared::mode::Team;
use shared::power::PowerUp;

use super::sprite::Colour;
use crate::settings::choice::Colours;

/// The colours of one choice.
#[derive(Debug)]
pub struct Palette {
    /// The own ship and its shots.
    pub own: Colour,
    /// Drones: present, not important.
    pub drone: Colour,
    /// Asteroids.
    pub rock: Colour,
    /// Shards.
    pub shard: Colour,
    /// The arena's walls.
    pub wall: Colour,
    /// The grid; its strength is set where it is drawn.
    pub grid: Colour,
    /// Stars.
    pub star: Colour,
    /// A hull that is nearly gone.
    pub danger: Colour,
    /// A hull in order.
    pub sound: Colour,
    /// The trough of a hull bar.
    pub trough: Colour,
    /// Sparks and the heart of an explosion.
    pub spark: Colour,
    /// Engine fire.
    pub fire: Colour,
    /// Smoke of a hull that is nearly gone.
    pub smoke: Colour,
    /// Power-ups, in the order of their numbers.
    pub powers: [Colour; PowerUp::ALL.len()],
    /// The two teams, which differ in light as well as in colour.
    pub teams: [Colour; 2],
    /// Other players' ships: they differ from the own one, from drones and from each other.
    pub rivals: [Colour; 8],
}

const USUAL: Palette = Palette {
    own: Colour::hex(0xff_c8_5c),
    drone: Colour::hex(0x8f_a3_c9),
    rock: Colour::hex(0xa8_97_8c),
    shard: Colour::hex(0x7d_f5_d0),
    wall: Colour::hex(0x5a_8c_ff),
    grid: Colour::hex(0x6f_93_d8),
    star: Colour::hex(0xcf_dd_ff),
    danger: Colour::hex(0xff_5d_6c),
    sound: Colour::hex(0x8e_f0_b8),
    trough: Colour::hex(0x16_20_38),
    spark: Colour::hex(0xff_e9_c4),
    fire: Colour::hex(0xff_8a_4c),
    smoke: Colour::hex(0x6b_74_8c),
    powers: [
        Colour::hex(0x7d_f5_90),
        Colour::hex(0x5c_d6_ff),
        Colour::hex(0xff_85_5e),
        Colour::hex(0xc4_b0_ff),
    ],
    teams: [Colour::hex(0xff_a0_3c), Colour::hex(0x4f_8d_ff)],
    rivals: [
        Colour::hex(0x5c_d6_ff),
        Colour::hex(0xff_6f_a3),
        Colour::hex(0xa8_8b_ff),
        Colour::hex(0x6e_ea_8c),
        Colour::hex(0xff_85_5e),
        Colour::hex(0x5e_93_ff),
        Colour::hex(0xe4_74_ff),
        Colour::hex(0x4f_e3_c6),
    ],
};

/// Okabe and Ito's, brightened for a dark arena: blue against orange, never red against green.
const RED_GREEN: Palette = Palette {
    own: Colour::hex(0xff_e0_66),
    shard: Colour::hex(0x6c_c8_ff),
    danger: Colour::hex(0xff_8c_1a),
    sound: Colour::hex(0x5a_b4_ff),
    fire: Colour::hex(0xff_a2_3c),
    teams: [Colour::hex(0xff_b0_40), Colour::hex(0x3f_8f_ff)],
    rivals: [
        Colour::hex(0x56_b4_e9),
        Colour::hex(0xff_ff_ff),
        Colour::hex(0xe0_8f_c4),
        Colour::hex(0x3f_8f_ff),
        Colour::hex(0xff_a0_4d),
        Colour::hex(0xb8_c8_ff),
        Colour::hex(0xd5_6a_ff),
        Colour::hex(0x8c_d8_f0),
    ],
    ..USUAL
};

/// Red against cyan, and neither blue nor yellow alone.
const BLUE_YELLOW: Palette = Palette {
    own: Colour::hex(0xff_ff_ff),
    shard: Colour::hex(0x4f_e8_d8),
    wall: Colour::hex(0x3f_c8_d0),
    grid: Colour::hex(0x5f_a8_b0),
    danger: Colour::hex(0xff_4d_5e),
    sound: Colour::hex(0x5c_f0_e0),
    spark: Colour::hex(0xff_d8_d0),
    fire: Colour::hex(0xff_7a_70),
    teams: [Colour::hex(0xff_5a_6c), Colour::hex(0x5f_f0_e4)],
    rivals: [
        Colour::hex(0xff_6a_78),
        Colour::hex(0x3f_e0_d0),
        Colour::hex(0xff_a8_b8),
        Colour::hex(0x8f_d0_d4),
        Colour::hex(0xe8_40_60),
        Colour::hex(0xb0_f4_ec),
        Colour::hex(0xff_88_c0),
        Colour::hex(0x2f_b0_a8),
    ],
    ..USUAL
};

const CONTRAST: Palette = Palette {
    own: Colour::hex(0xff_e6_00),
    drone: Colour::hex(0xc8_d4_f0),
    rock: Colour::hex(0xd8_cc_c0),
    shard: Colour::hex(0x40_ff_d8),
    wall: Colour::hex(0x9c_c0_ff),
    danger: Colour::hex(0xff_50_50),
    sound: Colour::hex(0x60_ff_a0),
    grid: Colour::hex(0x40_50_70),
    teams: [Colour::hex(0xff_b0_20), Colour::hex(0x60_a8_ff)],
    star: Colour::hex(0x70_78_88),
    ..USUAL
};

/// The colours of that choice.
pub fn of(colours: Colours) -> &'static Palette {
    match colours {
        Colours::Usual => &USUAL,
        Colours::RedGreen => &RED_GREEN,
        Colours::BlueYellow => &BLUE_YELLOW,
        Colours::Contrast => &CONTRAST,
    }
}

impl Palette {
    /// The colour of a power-up.
    pub fn power(&self, kind: PowerUp) -> Colour {
        self.powers[kind as usize]
    }

    /// The colour of a team.
    pub fn team(&self, team: Team) -> Colour {
        self.teams[team.index()]
    }

    /// The colour of another player's ship.
    pub fn rival(&self, player: u32) -> Colour {
        // Players who joined one after another get colours that are far apart.
        let mixed = player.wrapping_mul(0x9e37_79b1) >> 29;
        self.rivals[mixed as usize % self.rivals.len()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::choice::Choice;

    #[test]
    fn a_player_keeps_one_colour_and_neighbours_differ() {
        let palette = of(Colours::Usual);
        assert_eq!(palette.rival(7), palette.rival(7));
        assert!((1..50).all(|player| palette.rival(player) != palette.rival(player + 1)));
    }

    #[test]
    fn nobody_has_the_own_colour() {
        for choice in Colours::ALL {
            let palette = of(*choice);
            let others = palette.rivals.iter().chain([&palette.drone, &palette.shard, &palette.rock]);
            assert!(others.into_iter().all(|other| *other != palette.own), "{choice:?}");
        }
    }

    /// Light as eyes weigh it, near enough.
    fn light(Colour([red, green, blue, _]): Colour) -> f32 {
        0.3 * red + 0.59 * green + 0.11 * blue
    }

    #[test]
    fn teams_are_well_apart_whatever_the_eyes_see() {
        // As eyes see that lack one sort of cones, near enough: what is left of red and green, or of blue.
        for choice in Colours::ALL {
            let [Colour(suns), Colour(moons)] = of(*choice).teams;
            let red_green = |c: [f32; 4]| [0.5 * (c[0] + c[1]), c[2]];
            let blue_yellow = |c: [f32; 4]| [c[0], 0.5 * (c[1] + c[2])];
            let apart = |a: [f32; 2], b: [f32; 2]| (a[0] - b[0]).hypot(a[1] - b[1]);
            assert!(apart(red_green(suns), red_green(moons)) > 0.4, "{choice:?}");
            assert!(apart(blue_yellow(suns), blue_yellow(moons)) > 0.4, "{choice:?}");
        }
    }

    #[test]
    fn everything_stands_out_from_the_dark() {
        for choice in Colours::ALL {
            let palette = of(*choice);
            let all =
                palette.rivals.iter().chain([&palette.own, &palette.drone, &palette.danger, &palette.shard]);
            let all = all.chain(&palette.teams);
            assert!(all.into_iter().all(|colour| light(*colour) > 0.33), "{choice:?}");
        }
    }
}
