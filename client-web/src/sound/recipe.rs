//! The samples of each sound, made from waves and noise.
//!
//! Enters: which sound. Leaves: samples at [`RATE`], within -1 to 1, that begin and end in silence, so that nothing clicks. The
//! same every time.

use std::f32::consts::TAU;

use super::effect::Effect;

/// Samples per second: enough for sounds without much above 10 kHz.
pub const RATE: f32 = 24_000.0;

/// Seconds of the engine's loop.
const LOOP_SECONDS: f32 = 1.0;

/// A sound begins and ends within so many seconds.
const ATTACK: f32 = 0.003;
const RELEASE: f32 = 0.012;

/// The samples of `effect`.
pub fn samples(effect: Effect) -> Vec<f32> {
    match effect {
        Effect::Shot => {
            made(0.15, |t, s| decay(t, 0.045) * (s.sweep(1500.0, 240.0, 0.06) + 0.25 * s.noise(0.5)))
        }
        Effect::Hit => {
            made(0.14, |t, s| decay(t, 0.03) * (0.8 * s.noise(0.6) + 0.6 * s.sweep(420.0, 140.0, 0.05)))
        }
        Effect::Struck => {
            made(0.3, |t, s| decay(t, 0.08) * (0.7 * s.noise(0.25) + 0.8 * s.sweep(170.0, 48.0, 0.1)))
        }
        Effect::Shatter => {
            made(0.45, |t, s| decay(t, 0.11) * (1.3 * s.noise(0.12) + 0.3 * crackle(t) * s.noise(0.9)))
        }
        Effect::Explosion => made(1.2, |t, s| {
            let dark = 0.02 + 0.25 * decay(t, 0.12);
            decay(t, 0.3) * (2.0 * s.noise(dark) + 0.9 * s.sweep(110.0, 28.0, 0.35))
        }),
        Effect::Shard => made(0.34, |t, _| bell(t, 1318.5) + bell(t - 0.06, 1975.5)),
        Effect::Kill => made(0.75, |t, _| bell(t, 523.3) + bell(t - 0.08, 659.3) + bell(t - 0.16, 1046.5)),
        Effect::Death => made(1.5, |t, s| decay(t, 0.45) * (s.sweep(320.0, 36.0, 0.5) + 1.6 * s.noise(0.06))),
        Effect::Launch => made(0.7, |t, s| {
            rise(t, 0.25)
                * decay((t - 0.25).max(0.0), 0.14)
                * (0.7 * s.sweep(90.0, 520.0, 0.5) + s.noise(0.1))
        }),
        Effect::Power => made(0.6, |t, _| {
            bell(t, 659.3) + bell(t - 0.07, 830.6) + bell(t - 0.14, 987.8) + bell(t - 0.21, 1318.5)
        }),
        Effect::Boost => {
            made(0.5, |t, s| rise(t, 0.08) * decay((t - 0.08).max(0.0), 0.14) * 1.8 * s.noise(0.08 + 0.5 * t))
        }
        Effect::Shield => made(0.45, |t, _| {
            let hum = (TAU * 220.0 * t).sin() + 0.6 * (TAU * 331.0 * t).sin();
            decay(t, 0.16) * 0.5 * hum * (1.0 + 0.4 * (TAU * 19.0 * t).sin())
        }),
        Effect::Spent => made(0.3, |t, s| decay(t, 0.09) * 0.7 * s.sweep(300.0, 110.0, 0.2)),
    }
}

/// A second of engine that can follow itself.
pub fn engine() -> Vec<f32> {
    let count = (LOOP_SECONDS * RATE) as usize;
    let overlap = count / 4;
    let mut source = Source::default();
    let long: Vec<f32> = (0..count + overlap).map(|_| 2.4 * source.noise(0.035)).collect();
    let blend = |index: usize| {
        // Where the loop begins, its own end fades out.
        let share = (index as f32 / overlap as f32).min(1.0);
        let end = long.get(index + count).copied().unwrap_or_default();
        (long[index] * share.sqrt() + end * (1.0 - share).sqrt()).clamp(-1.0, 1.0)
    };
    (0..count).map(blend).collect()
}

/// Phase and noise of one sound in the making.
struct Source {
    random: u32,
    low: f32,
    phase: f32,
    at: f32,
}

impl Default for Source {
    fn default() -> Self {
        Self { random: 0x1234_5671, low: 0.0, phase: 0.0, at: 0.0 }
    }
}

impl Source {
    /// Noise; the smaller `open` (0 to 1), the darker.
    fn noise(&mut self, open: f32) -> f32 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 17;
        self.random ^= self.random << 5;
        let white = (self.random >> 8) as f32 / 8_388_608.0 - 1.0;
        self.low += (white - self.low) * open.clamp(0.0, 1.0);
        self.low
    }

    /// A tone that goes from one frequency to another, most of the way within `seconds`; a little brighter than a sine.
    fn sweep(&mut self, from: f32, to: f32, seconds: f32) -> f32 {
        let frequency = to + (from - to) * decay(self.at, seconds);
        self.phase = (self.phase + frequency / RATE).fract();
        let angle = TAU * self.phase;
        0.8 * angle.sin() + 0.2 * (2.0 * angle).sin()
    }
}

fn made(seconds: f32, sample: impl Fn(f32, &mut Source) -> f32) -> Vec<f32> {
    let mut source = Source::default();
    let count = (seconds * RATE) as usize;
    let each = |index: usize| {
        let t = index as f32 / RATE;
        source.at = t;
        let edge = (t / ATTACK).min((seconds - t) / RELEASE).clamp(0.0, 1.0);
        (sample(t, &mut source) * 0.8).clamp(-1.0, 1.0) * edge
    };
    (0..count).map(each).collect()
}

fn decay(t: f32, seconds: f32) -> f32 {
    (-t / seconds).exp()
}

fn rise(t: f32, seconds: f32) -> f32 {
    (t / seconds).min(1.0)
}

/// A struck bell; silent before its time.
fn bell(t: f32, frequency: f32) -> f32 {
    if t < 0.0 {
        return 0.0;
    }
    let angle = TAU * frequency * t;
    0.4 * rise(t, ATTACK) * decay(t, 0.1) * (angle.sin() + 0.35 * (2.76 * angle).sin() * decay(t, 0.04))
}

/// Grains, some forty a second.
fn crackle(t: f32) -> f32 {
    (TAU * 37.0 * t + 3.0 * (TAU * 5.3 * t).sin()).sin().max(0.0).powi(6) * 4.0
}

#[cfg(test)]
mod tests {
    use super::super::effect::EFFECTS;
    use super::*;

    #[test]
    fn every_sound_can_be_heard_and_neither_clips_nor_clicks() {
        for effect in EFFECTS {
            let samples = samples(effect);
            let most = samples.iter().fold(0.0f32, |most, sample| most.max(sample.abs()));
            assert!((0.1..=1.0).contains(&most), "{effect:?}: {most}");
            let (first, last) = (samples[0], samples[samples.len() - 1]);
            assert!(first.abs() < 0.01 && last.abs() < 0.01, "{effect:?}: {first} {last}");
            let mean = samples.iter().sum::<f32>() / samples.len() as f32;
            assert!(mean.abs() < 0.05, "{effect:?}: {mean}");
        }
    }

    #[test]
    fn the_list_of_sounds_has_each_with_its_length() {
        let list = include_str!("../../../assets/SOUNDS.md");
        for effect in EFFECTS {
            let seconds = samples(effect).len() as f32 / RATE;
            let row = list.lines().find(|line| line.starts_with(&format!("| {effect:?} |")));
            let end = format!("; {seconds:.2} s |");
            assert!(row.is_some_and(|row| row.ends_with(&end)), "{effect:?}: {end} in {row:?}");
        }
    }

    #[test]
    fn the_engine_follows_itself_without_a_step() {
        let engine = engine();
        let step = (engine[0] - engine[engine.len() - 1]).abs();
        let usual = engine.windows(2).map(|pair| (pair[1] - pair[0]).abs()).fold(0.0, f32::max);
        assert!(step <= usual, "{step} of {usual}");
    }
}
