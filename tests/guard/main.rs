//! The server against strangers: RFC 6455 byte by byte, every limit, who may connect, encryption, faults, and stopping.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "what is not there fails the test")]

mod attacks;
mod cheats;
mod drain;
mod faults;
mod frames;
mod handshake;
mod join_tokens;
mod limits;
mod origins;
mod overload;
mod pages;
mod proxies;
mod raw;
mod tls;
mod waits;
