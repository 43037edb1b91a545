//! Particles: explosions, hits, engine trails, picked-up shards.
//!
//! Owns: a bounded pool of short-lived particles, purely for show. Enters: what happened and where, in world units. Leaves:
//! sprites. It must never influence the game, and drops new particles when the pool is full.

use super::camera::Camera;
use super::palette;
use super::sprite::{Batch, Colour, Shape, Sprite};

/// The most particles at once; those beyond it are not born.
const CAPACITY: usize = 700;

/// Share of its speed that a particle keeps over a second.
const DRAG: f32 = 0.12;

#[derive(Debug, Clone, Copy)]
struct Particle {
    at: [f32; 2],
    /// World units per second.
    velocity: [f32; 2],
    /// Seconds lived, and to live.
    age: f32,
    life: f32,
    /// World units at birth and at the end.
    radius: [f32; 2],
    colour: Colour,
    shape: Shape,
}

/// All particles in the air.
#[derive(Debug)]
pub struct Sparks {
    particles: Vec<Particle>,
    random: u32,
    /// Whether the visitor asked for less motion: then only what tells something is shown.
    calm: bool,
}

impl Sparks {
    /// An empty pool; `calm` for a visitor who asked for less motion.
    pub fn new(calm: bool) -> Self {
        Self { particles: Vec::with_capacity(CAPACITY), random: 0x2545_f491, calm }
    }

    /// A ship blew up at `at`.
    pub fn explosion(&mut self, at: [f32; 2], colour: Colour) {
        self.born(at, [0.0, 0.0], 0.16, [34.0, 95.0], palette::SPARK, Shape::Disc);
        self.born(at, [0.0, 0.0], 0.55, [12.0, 130.0], colour, Shape::Ring);
        if self.calm {
            return;
        }
        for index in 0..34 {
            let velocity = self.scatter(60.0, 420.0);
            let tint = if index % 3 == 0 { palette::SPARK } else { colour };
            let life = 0.35 + 0.7 * self.chance();
            self.born(at, velocity, life, [9.0, 2.0], tint, Shape::Disc);
        }
        for _ in 0..8 {
            let velocity = self.scatter(10.0, 90.0);
            self.born(at, velocity, 0.9, [26.0, 44.0], palette::FIRE.faded(0.4), Shape::Disc);
        }
    }

    /// A shot hit something at `at`.
    pub fn hit(&mut self, at: [f32; 2], colour: Colour) {
        self.born(at, [0.0, 0.0], 0.12, [16.0, 26.0], palette::SPARK, Shape::Disc);
        for _ in 0..if self.calm { 0 } else { 7 } {
            let velocity = self.scatter(60.0, 260.0);
            self.born(at, velocity, 0.3, [6.0, 1.5], colour, Shape::Disc);
        }
    }

    /// A shard was picked up at `at`.
    pub fn pickup(&mut self, at: [f32; 2]) {
        self.born(at, [0.0, 0.0], 0.35, [8.0, 42.0], palette::SHARD, Shape::Ring);
        for _ in 0..if self.calm { 0 } else { 6 } {
            let velocity = self.scatter(30.0, 130.0);
            self.born(at, velocity, 0.45, [5.0, 1.5], palette::SHARD, Shape::Disc);
        }
    }

    /// A puff of engine fire at `at`, thrown at `velocity` (world units per second).
    pub fn puff(&mut self, at: [f32; 2], velocity: [f32; 2], colour: Colour) {
        if self.calm {
            return;
        }
        let wander = self.scatter(0.0, 30.0);
        let velocity = [velocity[0] + wander[0], velocity[1] + wander[1]];
        self.born(at, velocity, 0.32, [5.5, 2.0], colour.faded(0.4), Shape::Disc);
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
        self.particles.retain(|particle| particle.age < particle.life);
    }

    /// Adds what `camera` sees.
    pub fn draw(&self, batch: &mut Batch, camera: &Camera) {
        for particle in self.particles.iter().filter(|particle| camera.sees(particle.at, 150.0)) {
            let done = particle.age / particle.life;
            let radius = particle.radius[0] + (particle.radius[1] - particle.radius[0]) * done;
            let glow = Sprite::glow(particle.at, radius, particle.colour.faded(1.0 - done));
            let detail = if particle.shape == Shape::Ring { 0.05 } else { 0.0 };
            batch.push(&Sprite { shape: particle.shape, detail, ..glow });
        }
    }

    fn born(
        &mut self,
        at: [f32; 2],
        velocity: [f32; 2],
        life: f32,
        radius: [f32; 2],
        colour: Colour,
        shape: Shape,
    ) {
        if self.particles.len() < CAPACITY {
            self.particles.push(Particle { at, velocity, age: 0.0, life, radius, colour, shape });
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
    use super::*;

    #[test]
    fn the_pool_never_grows_past_its_capacity() {
        let mut sparks = Sparks::new(false);
        (0..100).for_each(|_| sparks.explosion([0.0, 0.0], palette::OWN));
        assert_eq!(sparks.particles.len(), CAPACITY);
    }

    #[test]
    fn every_particle_ends() {
        let mut sparks = Sparks::new(false);
        sparks.explosion([0.0, 0.0], palette::OWN);
        (0..120).for_each(|_| sparks.advance(1.0 / 60.0));
        assert!(sparks.particles.is_empty());
    }

    #[test]
    fn less_motion_still_shows_that_a_ship_blew_up() {
        let mut sparks = Sparks::new(true);
        sparks.explosion([0.0, 0.0], palette::OWN);
        assert_eq!(sparks.particles.len(), 2);
    }
}
