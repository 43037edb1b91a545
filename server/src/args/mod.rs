//! The command line.

mod access;
mod limits;
mod modes;
mod nodes;
mod private;

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Parser, Subcommand};
use shared::tuning;

use crate::command::{AnnounceCommand, BoardsCommand};
pub use access::Access;
pub use limits::Limits;
pub(crate) use limits::PerAddress;
pub use modes::Modes;
pub use nodes::Nodes;
pub use private::Private;

/// The whole command line: options to serve with, or a command instead.
#[derive(Debug, Clone, Parser)]
#[command(name = "starfray", version, args_conflicts_with_subcommands = true, about = ABOUT, long_about = LONG_ABOUT)]
pub struct CommandLine {
    /// How to serve.
    #[command(flatten)]
    pub serve: Args,
    /// What to do instead.
    #[command(subcommand)]
    pub command: Option<Command>,
}

const ABOUT: &str = "Starfray: a real-time multiplayer arena game in the browser, and its leaderboards";
const LONG_ABOUT: &str = "Starfray: a real-time multiplayer arena game in the browser, and its leaderboards\n\n\
    Starts the server and prints the two addresses to open. Ctrl-C stops it. Set RUST_LOG (for example to info or \
    server=debug) to see more of what it does.";

/// What `starfray` does instead of serving.
#[derive(Debug, Clone, Subcommand)]
pub enum Command {
    /// Export, import, back up or check the standings
    #[command(subcommand)]
    Boards(BoardsCommand),
    /// Say something to everyone who plays, on every server of the game
    Announce(AnnounceCommand),
}

/// How to serve.
#[derive(Debug, Clone, Parser)]
#[command(name = "starfray", about = ABOUT, long_about = LONG_ABOUT)]
pub struct Args {
    /// Address and port to serve on; port 0 picks a free one and prints it
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,

    /// Simulation steps per second
    #[arg(long, value_name = "HZ", default_value_t = tuning::TICK_HZ,
          value_parser = clap::value_parser!(u16).range(i64::from(*tuning::TICK_HZ_RANGE.start())..=i64::from(*tuning::TICK_HZ_RANGE.end())))]
    pub tick_hz: u16,

    /// Seed of the arena's randomness, for runs that can be repeated [default: a new one each start]
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,

    /// Side of the square arena, in world units; a ship is 36 long
    #[arg(long, value_name = "UNITS", default_value_t = tuning::ARENA_SIZE,
          value_parser = clap::value_parser!(u32).range(i64::from(*tuning::ARENA_SIZE_RANGE.start())..=i64::from(*tuning::ARENA_SIZE_RANGE.end())))]
    pub arena_size: u32,

    /// Ships flown by the server while few people play; one leaves for each person who joins
    #[arg(long, value_name = "N", default_value_t = tuning::DRONES, value_parser = clap::value_parser!(u16).range(..=2000))]
    pub drones: u16,

    /// Arenas to run, each a world of its own on its own thread; `/?arena=2` goes to the second
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=i64::from(MOST_ARENAS)))]
    pub arenas: u16,

    /// Threads that drive the sockets [default: half the cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=64))]
    pub net_threads: Option<u16>,

    /// Serve the pages from this folder instead of from the binary, to work on them without a rebuild
    #[arg(long, value_name = "DIR")]
    pub web_dir: Option<PathBuf>,

    /// Folder of the standings; made when it is not there
    #[arg(long, value_name = "DIR", default_value = DATA_DIR)]
    pub data_dir: PathBuf,

    /// Keep the standings in memory only: they are gone when the server ends
    #[arg(long, conflicts_with = "data_dir")]
    pub no_data: bool,

    /// How the arenas are played.
    #[command(flatten)]
    pub modes: Modes,

    /// Arenas of those who have the link.
    #[command(flatten)]
    pub private: Private,

    /// What strangers may ask of the server.
    #[command(flatten)]
    pub limits: Limits,

    /// The way in and out.
    #[command(flatten)]
    pub access: Access,

    /// Other servers of the same game.
    #[command(flatten)]
    pub nodes: Nodes,
}

/// Most arenas that are open to all.
const MOST_ARENAS: u16 = 64;

/// Where the standings are when nobody says otherwise: a folder beside where the server was started.
pub(crate) const DATA_DIR: &str = "./starfray-data";

impl Args {
    /// What the simulation of the arena with this index needs of it.
    #[must_use]
    pub fn arena(&self, index: usize) -> sim::Config {
        sim::Config {
            tick_hz: self.tick_hz,
            arena_size: self.arena_size,
            seed: self.seed.unwrap_or_else(fresh_seed).wrapping_add(index as u64),
            drones: self.drones,
            max_players: self.limits.max_players,
            sayings: if self.limits.no_chat { 0 } else { self.limits.chat },
            mode: self.modes.of(index),
            round_ms: self.modes.round_ms(),
            podium_ms: self.modes.podium_ms(),
        }
    }

    /// The same for private arenas.
    #[must_use]
    pub fn private_arena(&self) -> sim::Config {
        let max_players = self.limits.max_players.min(crate::private::MOST_PLAYERS);
        sim::Config { max_players, mode: self.modes.private_mode, ..self.arena(0) }
    }

    /// How many arenas are open to all: one for each mode that is named, at least.
    #[must_use]
    pub fn worlds(&self) -> u16 {
        self.arenas.max(u16::try_from(self.modes.modes.len()).unwrap_or(u16::MAX).min(MOST_ARENAS))
    }

    /// How many network threads to start.
    #[must_use]
    pub fn shards(&self) -> usize {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        self.net_threads.map_or((cores / 2).max(1), usize::from)
    }
}

/// std seeds its hash maps at random; that is random enough for an arena.
fn fresh_seed() -> u64 {
    use std::hash::{BuildHasher, RandomState};
    RandomState::new().hash_one(std::process::id())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_need_no_configuration() {
        let args = Args::parse_from(["starfray"]);
        assert_eq!(args.listen.to_string(), "127.0.0.1:8080");
        assert_eq!((args.tick_hz, args.drones), (tuning::TICK_HZ, tuning::DRONES));
    }

    #[test]
    fn values_out_of_range_are_refused() {
        for wrong in [["--tick-hz", "0"], ["--tick-hz", "1000"], ["--arena-size", "10"], ["--listen", "here"]]
        {
            assert!(Args::try_parse_from([&["starfray"], &wrong[..]].concat()).is_err(), "{wrong:?}");
        }
    }
}
