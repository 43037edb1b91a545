//! When inputs leave and how evenly frames come: the clock of whoever flies a ship from afar, page and bot alike.
//!
//! Owns: the pilot's clock, what is known of how early inputs are, the jitter. Enters: times in milliseconds, from a clock
//! that the caller reads. Leaves: the tick to fly now. None of it is part of the game's state, so it may use floats; it
//! must never reach anything that both ends must compute alike.

pub mod jitter;
pub mod lead;
pub mod margin;

pub use jitter::Jitter;
pub use lead::Lead;
pub use margin::Margin;
