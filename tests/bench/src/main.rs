//! All benchmarks by one command: `cargo run --release -p bench`, or one of them by its name. Each prints a table.
//! They need the release builds of `starfray` and `bots` beside them: `cargo build --release -p server -p bots`.

mod cpu;
mod fanout;
mod floor;
mod load;
mod redis_server;
mod stages;
mod standings;
mod table;

use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};

/// Measures Starfray on this machine.
#[derive(Debug, Parser)]
struct Args {
    #[command(subcommand)]
    which: Option<Which>,
}

#[derive(Debug, Subcommand)]
enum Which {
    /// Time of each stage of a tick, and of a frame, at 100, 1,000 and 5,000 ships
    Stages,
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
    /// Ranks in process beside a Redis on this machine, and durable results per second
    Standings {
        /// Entries of the boards
        #[arg(long, value_delimiter = ',', default_values_t = [10_000, 1_000_000, 10_000_000])]
        sizes: Vec<u32>,
        /// Leave Redis out
        #[arg(long)]
        no_redis: bool,
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
    let outcome = match Args::parse().which {
        None => stages::run().and_then(|()| fanout::run(2000, Duration::from_secs(15), "wander")),
        Some(Which::Stages) => stages::run(),
        Some(Which::Fanout { count, seconds, behaviour }) => {
            fanout::run(count, Duration::from_secs(seconds), &behaviour)
        }
        Some(Which::Standings { sizes, no_redis }) => standings::run(&sizes, !no_redis),
        Some(Which::Floor { bytes, hz }) => floor::serve(bytes, hz),
        Some(Which::Load { address, count, inputs, seconds }) => {
            load::run(address, count, inputs, Duration::from_secs(seconds))
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
