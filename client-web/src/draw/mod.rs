//! Drawing: from what the replica holds at a moment to pixels.
//!
//! The order of one draw: `camera` decides what is seen, `sky` and `scene` make sprites of it, `sparks` adds what is only
//! for show, `painter` hands the batch to the graphics card, `labels` puts names above ships. Nothing in here may send,
//! decide or remember anything about the game.

pub mod camera;
pub mod canvas;
pub mod labels;
pub mod painter;
pub mod palette;
pub mod scene;
pub mod sky;
pub mod sparks;
pub mod sprite;
