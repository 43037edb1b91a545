//! The rules of motion and the message protocol, for the server and every client alike.
//!
//! Owns: the units, what moves and how, every byte on the wire, and the client's side of replication.
//! Must never: read a clock, draw a random number, open a socket, or know the ECS. Everything here gives the same
//! bits natively and in WASM, in debug and in release builds: the arithmetic of the game is on integers throughout. Only
//! [`timing`] has floats: it decides when something is said, never what it does.

pub mod angle;
pub mod balance;
mod clean;
pub mod controls;
pub mod entity;
pub mod grid;
pub mod hull;
pub mod identity;
pub mod ids;
pub mod leaderboard;
pub mod mode;
pub mod motion;
pub mod name;
pub mod power;
pub mod private;
pub mod protocol;
pub mod ranking;
pub mod replica;
pub mod saying;
pub mod ship;
pub mod tick;
pub mod timing;
pub mod trial;
pub mod tuning;
pub mod units;
