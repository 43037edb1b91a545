//! Boards over HTTP, against the real server: pages, cursors, past boards, event streams, long polls, what a player may
//! know and have removed; and the store under a server: damaged, read-only, killed, exported, imported, copied.

mod bad_input;
mod commands;
mod data_dir;
mod forms;
mod live;
mod openapi;
mod pages;
mod players;
mod rollover;
mod world;
