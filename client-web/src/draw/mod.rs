//! Drawing: from what the replica holds at a moment to pixels.
//!
//! The order of one draw: `camera` decides what is seen, `sky`, `scene` and `ships` make sprites of it, `trails`, `sparks`,
//! `numbers` and `shake` add what is only for show, `painter` hands the batch to the graphics card, which paints the `backdrop`
//! first, `labels` puts names below ships. Nothing in here may send,
//! decide or remember anything about the game.

pub mod backdrop;
pub mod camera;
pub mod canvas;
pub mod happened;
pub mod labels;
pub mod nebula;
pub mod numbers;
pub mod painter;
pub mod palette;
pub mod program;
pub mod scene;
pub mod shake;
pub mod ships;
pub mod sky;
pub mod sparks;
pub mod sprite;
pub mod trails;
