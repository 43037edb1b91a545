//! Particles: explosions, hits, engine trails, picked-up shards.
//!
//! Owns: a bounded pool of short-lived particles, purely for show. Enters: what happened and where, in world units. Leaves:
//! sprites. It must never influence the game, and drops new particles when the pool is full.

use super::camera::Camera;
use super::palette::Palette;
use super::sprite::{Batch, Colour, Shape, Sprite};

/// The most particles at once; those beyond it are not born.
const CAPACITY: usize = 900;

/// Share of its speed that a particle keeps over a second.
const DRAG: f32 = 0.12;

/// How a particle looks over its life.
#[derive(Debug, Clone, Copy)]
struct Look {
    /// Seconds to live.
    life: f32,
    /// World units at birth and at the end.
    radius: [f32; 2],
    colour: Colour,
    shape: Shape,
}

impl Look {
    fn glow(colour: Colour, life: f32, radius: [f32; 2]) -> Self {
        Self { life, radius, colour, shape: Shape::Disc }
    }
}

#[derive(Debug, Clone, Copy)]
struct Particle {
    at: [f32; 2],
    /// World units per second.
    velocity: [f32; 2],
    /// Seconds lived.
    age: f32,
    /// Radians per second.
    spin: f32,
    look: Look,
}

impl Particle {
    fn sprite(&self) -> Sprite {
        let done = self.age / self.look.life;
        let [from, to] = self.look.radius;
        let radius = from + (to - from) * done;
        let glow = Sprite::glow(self.at, radius, self.look.colour.faded(1.0 - done));
        let shape = self.look.shape;
        let turn = self.spin * self.age;
        if shape == Shape::Ring {
            return Sprite { shape, detail: 0.05, ..glow };
        }
        if shape == Shape::Rock {
            return Sprite::body(shape, self.at, radius, turn, glow.colour);
        }
        if shape == Shape::Band {
            // As long as the way of a thirtieth of a second.
            let [x, y] = self.velocity;
            let long = x.hypot(y) / 60.0 + radius;
            return Sprite { shape, extent: [long, radius], angle: y.atan2(x), ..glow };
        }
        glow
    }
}

/// All particles in the air.
#[derive(Debug)]
pub struct Sparks {
    particles: Vec<Particle>,
    random: u32,
    /// Whether the visitor asked for less motion: then only what tells something is shown.
    calm: bool,
    /// Whether the visitor asked for dim flashes.
    dim: bool,
}

impl Default for Sparks {
    fn default() -> Self {
        Self::new()
    }
}

impl Sparks {
    /// Less motion, dim flashes?
    pub fn follow(&mut self, calm: bool, dim: bool) {
        (self.calm, self.dim) = (calm, dim);
    }

    /// An empty pool.
    pub fn new() -> Self {
        Self { particles: Vec::with_capacity(CAPACITY), random: 0x2545_f491, calm: false, dim: false }
    }

    /// A ship blew up at `at`.
    pub fn explosion(&mut self, at: [f32; 2], colour: Colour, palette: &Palette) {
        if !self.dim {
            self.born(Look::glow(palette.spark, 0.16, [34.0, 120.0]), at, [0.0, 0.0]);
        }
        self.born(Look { shape: Shape::Ring, ..Look::glow(colour, 0.6, [12.0, 150.0]) }, at, [0.0, 0.0]);
        if self.calm {
            return;
        }
        self.born(Look { shape: Shape::Ring, ..Look::glow(palette.fire, 0.35, [6.0, 80.0]) }, at, [0.0, 0.0]);
        for index in 0..40 {
            let velocity = self.scatter(60.0, 520.0);
            let tint = if index % 3 == 0 { palette.spark } else { colour };
            let life = 0.35 + 0.7 * self.chance();
            self.born(Look { shape: Shape::Band, ..Look::glow(tint, life, [4.5, 1.2]) }, at, velocity);
        }
        for _ in 0..10 {
            let velocity = self.scatter(10.0, 110.0);
            self.born(Look::glow(palette.fire.faded(0.42), 0.9, [26.0, 48.0]), at, velocity);
        }
        for _ in 0..9 {
            let (velocity, size) = (self.scatter(40.0, 190.0), 4.0 + 5.0 * self.chance());
            self.born(
                Look { shape: Shape::Rock, ..Look::glow(colour, 1.3, [size, size * 0.5]) },
                at,
                velocity,
            );
        }
    }

    /// A shot hit something at `at`.
    pub fn hit(&mut self, at: [f32; 2], colour: Colour, palette: &Palette) {
        if !self.dim {
            self.born(Look::glow(palette.spark, 0.12, [16.0, 28.0]), at, [0.0, 0.0]);
        }
        for _ in 0..if self.calm { 2 } else { 9 } {
            let velocity = self.scatter(70.0, 340.0);
            self.born(Look { shape: Shape::Band, ..Look::glow(colour, 0.3, [3.6, 1.0]) }, at, velocity);
        }
    }

    /// An asteroid of that size, 1 to 3, broke at `at`.
    pub fn shatter(&mut self, at: [f32; 2], size: u8, palette: &Palette) {
        for _ in 0..if self.calm { 3 } else { 7 * u32::from(size) } {
            let (velocity, wide) = (self.scatter(20.0, 130.0), 3.0 + 6.0 * self.chance());
            let life = 0.7 + 0.6 * self.chance();
            let look = Look { shape: Shape::Rock, ..Look::glow(palette.rock, life, [wide, wide * 0.4]) };
            self.born(look, at, velocity);
        }
        self.born(Look::glow(palette.rock.faded(0.35), 0.5, [30.0, 70.0]), at, [0.0, 0.0]);
    }

    /// Something was gathered at `at`.
    pub fn pickup(&mut self, at: [f32; 2], colour: Colour) {
        self.born(Look { shape: Shape::Ring, ..Look::glow(colour, 0.35, [8.0, 42.0]) }, at, [0.0, 0.0]);
        for _ in 0..if self.calm { 0 } else { 7 } {
            let velocity = self.scatter(30.0, 150.0);
            self.born(Look::glow(colour, 0.45, [5.0, 1.5]), at, velocity);
        }
    }

    /// A gun's flash at `at`.
    pub fn muzzle(&mut self, at: [f32; 2], colour: Colour) {
        if !self.dim {
            self.born(Look::glow(colour.faded(0.8), 0.07, [13.0, 7.0]), at, [0.0, 0.0]);
        }
    }

    /// A puff of engine fire at `at`, thrown at `velocity` (world units per second).
    pub fn puff(&mut self, at: [f32; 2], velocity: [f32; 2], colour: Colour) {
        if self.calm {
            return;
        }
        let wander = self.scatter(0.0, 34.0);
        let velocity = [velocity[0] + wander[0], velocity[1] + wander[1]];
        self.born(Look::glow(colour.faded(0.4), 0.34, [5.5, 2.0]), at, velocity);
    }

    /// Smoke of a hull that is nearly gone.
    pub fn smoke(&mut self, at: [f32; 2], palette: &Palette) {
        if self.calm {
            return;
        }
        let velocity = self.scatter(4.0, 26.0);
        let look = if self.chance() < 0.3 {
            Look::glow(palette.fire.faded(0.7), 0.4, [4.0, 1.0])
        } else {
            Look::glow(palette.smoke.faded(0.3), 0.9, [6.0, 19.0])
        };
        self.born(look, at, velocity);
    }

    /// Moves every particle on by `seconds` and lets the old ones end.
    pub fn advance(&mut self, seconds: f32) {
        let keep = DRAG.powf(seconds);
        for particle in &mut self.particles {
            particle.age += seconds;
            for axis in [0, 1] {
                particle.at[axis] += particle.velocity[axis] * seconds;
                particle.velocity[axis] *= keep;
            }
        }
        self.particles.retain(|particle| particle.age < particle.look.life);
    }

    /// Adds what `camera` sees.
    pub fn draw(&self, batch: &mut Batch, camera: &Camera) {
        for particle in self.particles.iter().filter(|particle| camera.sees(particle.at, 150.0)) {
            batch.push(&particle.sprite());
        }
    }

    fn born(&mut self, look: Look, at: [f32; 2], velocity: [f32; 2]) {
        if self.particles.len() < CAPACITY {
            let spin = (self.chance() - 0.5) * 9.0;
            self.particles.push(Particle { at, velocity, age: 0.0, spin, look });
        }
    }

    /// A velocity in any direction, between `slow` and `fast` world units per second.
    fn scatter(&mut self, slow: f32, fast: f32) -> [f32; 2] {
        let (sin, cos) = (self.chance() * std::f32::consts::TAU).sin_cos();
        let speed = slow + (fast - slow) * self.chance();
        [cos * speed, sin * speed]
    }

    /// The next number from 0 to 1: an xorshift, since nobody plays for what sparks do.
    fn chance(&mut self) -> f32 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 17;
        self.random ^= self.random << 5;
        (self.random >> 8) as f32 / 16_777_216.0
    }
}

#[cfg(test)]
mod tests {
    use super::super::palette;
    use super::*;
    use crate::settings::choice::Colours;

    fn blown_up(times: u32, calm: bool, dim: bool) -> Sparks {
        let (mut sparks, palette) = (Sparks::new(), palette::of(Colours::Usual));
        sparks.follow(calm, dim);
        (0..times).for_each(|_| sparks.explosion([0.0, 0.0], palette.own, palette));
        sparks
    }

    #[test]
    fn the_pool_never_grows_past_its_capacity() {
        assert_eq!(blown_up(100, false, false).particles.len(), CAPACITY);
    }

    #[test]
    fn every_particle_ends() {
        let mut sparks = blown_up(1, false, false);
        (0..120).for_each(|_| sparks.advance(1.0 / 60.0));
        assert!(sparks.particles.is_empty());
    }

    #[test]
    fn less_motion_and_dim_flashes_still_show_that_a_ship_blew_up() {
        assert_eq!(blown_up(1, true, false).particles.len(), 2);
        assert_eq!(blown_up(1, true, true).particles.len(), 1);
    }
}
