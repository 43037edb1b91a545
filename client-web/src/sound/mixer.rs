//! The mixer: plays sounds with the browser's audio.
//!
//! Owns: the audio context, made at the first gesture, and the samples of every sound. Enters: sounds with their places, how the
//! engine runs, volume. Leaves: what is heard. At most `MOST` sounds at once: beyond, the newest is not played. A browser
//! without audio is left in peace.

use std::collections::VecDeque;

use wasm_bindgen::JsValue;
use web_sys::{AudioBuffer, AudioContext, AudioContextState, BiquadFilterType, GainNode};

use super::effect::{EFFECTS, Effect};
use super::place::Heard;
use super::recipe::{self, RATE};
use crate::dom;
use crate::settings::Settings;

/// Sounds at once.
const MOST: usize = 20;

/// Softer than this is not worth playing.
const SOFTEST: f32 = 0.012;

/// How loud the engine is among the sounds, and how fast it follows, in seconds.
const ENGINE: f32 = 0.34;
const ENGINE_SECONDS: f64 = 0.06;

/// The mixer.
#[derive(Debug, Default)]
pub struct Mixer {
    desk: Option<Desk>,
    volume: f32,
    /// When each of those that play ends, in milliseconds.
    playing: VecDeque<f64>,
    last_ms: [f64; EFFECTS.len()],
    played: u32,
    engine: f32,
}

/// What there is only with a context.
#[derive(Debug)]
struct Desk {
    context: AudioContext,
    master: GainNode,
    engine: GainNode,
    buffers: Vec<AudioBuffer>,
}

impl Mixer {
    /// The visitor did something: from now on browsers allow sound.
    pub fn wake(&mut self) {
        if self.desk.is_none() {
            self.desk = Desk::new().map_err(|problem| dom::complain("no sound", &problem)).ok();
            self.turn();
        }
        if let Some(desk) =
            self.desk.as_ref().filter(|desk| desk.context.state() == AudioContextState::Suspended)
        {
            // A browser that refuses is asked again at the next gesture.
            let _ = desk.context.resume();
        }
    }

    /// Takes volume and mute from the settings.
    pub fn follow(&mut self, settings: &Settings) {
        let share = f32::from(settings.volume) / 100.0;
        // As ears hear it: half way is half as loud.
        self.volume = if settings.muted { 0.0 } else { share * share };
        self.turn();
    }

    fn turn(&self) {
        if let Some(desk) = &self.desk {
            desk.master.gain().set_value(self.volume);
        }
    }

    /// Plays `effect` as it is heard from its place.
    pub fn play(&mut self, effect: Effect, heard: Heard, now_ms: f64) {
        let gain = heard.gain * effect.level();
        let close = now_ms - self.last_ms[effect as usize] < effect.least_gap_ms();
        self.playing.retain(|end_ms| *end_ms > now_ms);
        if self.volume == 0.0 || gain < SOFTEST || close || self.playing.len() >= MOST {
            return;
        }
        let Some(desk) = self.desk.as_ref().filter(|desk| desk.context.state() == AudioContextState::Running)
        else {
            return;
        };
        match desk.play(effect, gain, heard.pan) {
            Ok(seconds) => {
                self.last_ms[effect as usize] = now_ms;
                self.playing.push_back(now_ms + seconds * 1000.0);
                self.played += 1;
            }
            Err(problem) => dom::complain("a sound cannot be played", &problem),
        }
    }

    /// How hard the own engine runs, 0 to 1.
    pub fn engine(&mut self, power: f32) {
        if power == self.engine {
            return;
        }
        self.engine = power;
        if let Some(desk) = &self.desk {
            let now = desk.context.current_time();
            // Fails for times before the beginning alone.
            let _ = desk.engine.gain().set_target_at_time(power * ENGINE, now, ENGINE_SECONDS);
        }
    }

    /// Is there sound, would one listen?
    pub fn runs(&self) -> bool {
        self.desk.as_ref().is_some_and(|desk| desk.context.state() == AudioContextState::Running)
    }

    /// Sounds played since the page was loaded.
    pub fn played(&self) -> u32 {
        self.played
    }

    /// The strength of everything, 0 to 1.
    pub fn volume(&self) -> f32 {
        self.volume
    }
}

impl Desk {
    fn new() -> Result<Self, JsValue> {
        let context = AudioContext::new()?;
        let (master, limiter) = (context.create_gain()?, context.create_dynamics_compressor()?);
        master.connect_with_audio_node(&limiter)?;
        limiter.connect_with_audio_node(&context.destination())?;
        let buffers = EFFECTS
            .iter()
            .map(|effect| buffer(&context, &recipe::samples(*effect)))
            .collect::<Result<_, _>>()?;
        let engine = running_engine(&context, &master)?;
        Ok(Self { context, master, engine, buffers })
    }

    /// Returns for how many seconds it plays.
    fn play(&self, effect: Effect, gain: f32, pan: f32) -> Result<f64, JsValue> {
        let source = self.context.create_buffer_source()?;
        let buffer = &self.buffers[effect as usize];
        source.set_buffer(Some(buffer));
        let (volume, side) = (self.context.create_gain()?, self.context.create_stereo_panner()?);
        volume.gain().set_value(gain);
        side.pan().set_value(pan);
        source.connect_with_audio_node(&volume)?;
        volume.connect_with_audio_node(&side)?;
        side.connect_with_audio_node(&self.master)?;
        source.start()?;
        Ok(buffer.duration())
    }
}

/// The engine's loop, silent until it is turned up.
fn running_engine(context: &AudioContext, master: &GainNode) -> Result<GainNode, JsValue> {
    let (source, filter, gain) =
        (context.create_buffer_source()?, context.create_biquad_filter()?, context.create_gain()?);
    source.set_buffer(Some(&buffer(context, &recipe::engine())?));
    source.set_loop(true);
    filter.set_type(BiquadFilterType::Lowpass);
    filter.frequency().set_value(420.0);
    gain.gain().set_value(0.0);
    source.connect_with_audio_node(&filter)?;
    filter.connect_with_audio_node(&gain)?;
    gain.connect_with_audio_node(master)?;
    source.start()?;
    Ok(gain)
}

fn buffer(context: &AudioContext, samples: &[f32]) -> Result<AudioBuffer, JsValue> {
    let buffer = context.create_buffer(1, samples.len() as u32, RATE)?;
    buffer.copy_to_channel(samples, 0)?;
    Ok(buffer)
}
