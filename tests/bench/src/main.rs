//! All benchmarks by one command: `cargo run --release -p bench`, or one of them by its name. Each prints a table.
//! They need the release builds of `starfray` and `bots` beside them: `cargo build --release -p server -p bots`.

mod attacks;
mod balance;
mod census;
mod child;
mod cpu;
mod deflate;
mod directory;
mod fanout;
mod floor;
mod forms;
mod innocents;
mod load;
mod nodes;
mod redis_server;
mod soak;
mod stages;
mod standings;
mod table;
mod traffic;

use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use attackers::Kind;
use attacks::Trial;
use clap::{Parser, Subcommand};
use forms::Form;
use load::Load;

/// Bytes of a bot's usual input.
const INPUT_BYTES: u8 = 7;

/// Measures Starfray on this machine.
#[derive(Debug, Parser)]
struct Args {
    #[command(subcommand)]
    which: Option<Which>,
}

#[derive(Debug, Subcommand)]
enum Which {
    /// Time of each stage of a tick, and of a frame, at 100 to 5,000 ships, and at 3,000 in every mode
    Stages,
    /// Win rates of every hull against every other, flown by drones of the highest skill
    Balance {
        /// Duels of each pair
        #[arg(long, default_value_t = 400)]
        duels: u32,
        /// Seed of all that is left to chance
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// CPU of the whole server per frame delivered, beside a bare epoll loop that writes the same bytes
    Fanout {
        /// Connections
        #[arg(long, default_value_t = 2000)]
        count: usize,
        /// Seconds to measure each
        #[arg(long, default_value_t = 15)]
        seconds: u64,
        /// What the bots do
        #[arg(long, default_value = "wander")]
        behaviour: String,
    },
    /// What attackers do to those who play beside them: lost sessions, newcomers kept out, gaps between frames, memory
    Attacks {
        /// Bots that play
        #[arg(long, default_value_t = 100)]
        bots: u32,
        /// Attackers of each kind
        #[arg(long, default_value_t = 20)]
        attackers: u8,
        /// Seconds of a part, with attackers or without
        #[arg(long, default_value_t = 5)]
        seconds: u64,
        /// Parts of either sort, by turns
        #[arg(long, default_value_t = 2)]
        turns: u32,
        /// Seconds between two kinds; players without a connection stay for 20, what a crowd took is kept for 26; memory is looked at after it
        #[arg(long, default_value_t = 30)]
        settle: u64,
        /// The kinds; without, all of them
        #[arg(long, value_delimiter = ',')]
        kinds: Vec<Kind>,
    },
    /// A long run in which bots come and go: whether memory, file descriptors, threads and sessions stay
    Soak {
        /// How long
        #[arg(long, default_value_t = 60)]
        minutes: u64,
        /// Bots at a time
        #[arg(long, default_value_t = 60)]
        bots: u32,
    },
    /// What WebSocket compression would save, and cost
    Deflate {
        /// Bots beside the one who is measured
        #[arg(long, default_value_t = 100)]
        bots: u32,
        /// Seconds
        #[arg(long, default_value_t = 10)]
        seconds: u64,
    },
    /// What several servers ask of their one Redis
    Directory {
        /// How many servers
        #[arg(long, value_delimiter = ',', default_values_t = [3, 30, 100, 350])]
        nodes: Vec<u32>,
        /// Arenas that each has
        #[arg(long, default_value_t = 8)]
        arenas: u32,
    },
    /// Two servers with a Redis beside one server, on the same core: CPU per frame, and how many bots are on time
    Nodes {
        /// How many servers
        #[arg(long, value_delimiter = ',', default_values_t = [1, 2])]
        servers: Vec<usize>,
        /// How many bots, in all
        #[arg(long, value_delimiter = ',', default_values_t = [1000])]
        counts: Vec<usize>,
        /// Give each server a core of its own, and the bots what those leave
        #[arg(long)]
        apart: bool,
        /// Seconds to measure each
        #[arg(long, default_value_t = 10)]
        seconds: u64,
    },
    /// Ranks in process beside a Redis on this machine, and durable results per second
    Standings {
        /// Entries of the boards
        #[arg(long, value_delimiter = ',', default_values_t = [10_000, 1_000_000, 10_000_000])]
        sizes: Vec<u32>,
        /// Leave Redis out
        #[arg(long)]
        no_redis: bool,
    },
    /// The network path in several forms, each a small server under the same load: CPU per frame delivered
    Forms {
        /// Connections
        #[arg(long, default_value_t = 1000)]
        count: usize,
        /// Seconds to measure each, in each round
        #[arg(long, default_value_t = 2)]
        seconds: u64,
        /// Rounds
        #[arg(long, default_value_t = 5)]
        rounds: usize,
    },
    /// One of the forms by itself: prints its address, serves until it is ended
    #[command(hide = true)]
    Form {
        /// Which
        form: Form,
        /// Bytes of a frame, at most 125
        #[arg(long, value_parser = clap::value_parser!(u8).range(1..=125))]
        bytes: u8,
        /// Frames per second and connection
        #[arg(long)]
        hz: u32,
    },
    /// The bare epoll loop by itself: prints its address, serves until it is ended
    #[command(hide = true)]
    Floor {
        /// Bytes of a frame
        #[arg(long)]
        bytes: usize,
        /// Frames per second and connection
        #[arg(long)]
        hz: u32,
    },
    /// Clients for the bare epoll loop
    #[command(hide = true)]
    Load {
        /// Where it listens
        #[arg(long)]
        address: SocketAddr,
        /// Connections
        #[arg(long)]
        count: usize,
        /// Inputs per second and connection
        #[arg(long)]
        inputs: f64,
        /// How long
        #[arg(long)]
        seconds: u64,
    },
}

fn main() -> ExitCode {
    ::standings::huge_pages::ask_for_them();
    let outcome = match Args::parse().which {
        None => stages::run().and_then(|()| fanout::run(2000, Duration::from_secs(15), "wander")),
        Some(Which::Stages) => stages::run(),
        Some(Which::Balance { duels, seed }) => balance::run(duels, seed),
        Some(Which::Fanout { count, seconds, behaviour }) => {
            fanout::run(count, Duration::from_secs(seconds), &behaviour)
        }
        Some(Which::Attacks { bots, attackers, seconds, turns, settle, kinds }) => {
            let [part, settle] = [seconds, settle].map(Duration::from_secs);
            Trial { bots, attackers, part, turns, settle }.run(&kinds)
        }
        Some(Which::Deflate { bots, seconds }) => deflate::run(bots, Duration::from_secs(seconds)),
        Some(Which::Soak { minutes, bots }) => soak::run(Duration::from_secs(minutes * 60), bots),
        Some(Which::Directory { nodes, arenas }) => {
            directory::run(&nodes, arenas).and_then(|()| traffic::run(&nodes, arenas))
        }
        Some(Which::Nodes { servers, counts, apart, seconds }) => {
            nodes::run(&servers, &counts, Duration::from_secs(seconds), apart)
        }
        Some(Which::Standings { sizes, no_redis }) => standings::run(&sizes, !no_redis),
        Some(Which::Forms { count, seconds, rounds }) => {
            forms::compare::run(count, Duration::from_secs(seconds), rounds)
        }
        Some(Which::Form { form, bytes, hz }) => form.serve(bytes.into(), hz),
        Some(Which::Floor { bytes, hz }) => floor::serve(bytes, hz),
        Some(Which::Load { address, count, inputs, seconds }) => {
            let time = Duration::from_secs(seconds);
            Load::connect(address, count, INPUT_BYTES)
                .and_then(|load| load.run(inputs, time, &AtomicU64::new(0)))
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}
