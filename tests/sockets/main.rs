//! The server over real sockets: what it answers, what it refuses, and that nobody suffers for somebody else's mistake.
//! Every test has a server process of its own.

mod announced;
mod arenas;
mod bad_input;
mod board;
mod cheats;
mod command_line;
mod hung;
mod link;
mod modes;
mod names;
mod pages;
mod play;
mod private;
mod resume;
mod slow;
mod stop;
mod talk;
