//! Sound: what the arena sounds like to the one who flies in it.
//!
//! `effect` lists what can be heard, `recipe` makes the samples of each, `place` says how loud and from which side, `mixer`
//! plays them. Enters: what happens, with its place, and the settings. Leaves: sound, after the visitor's first gesture and
//! not before. Every sound is made here from arithmetic; there are no recordings. It must never decide anything, nor fail the
//! page where a browser has no sound.

pub mod effect;
pub mod mixer;
pub mod place;
pub mod recipe;
