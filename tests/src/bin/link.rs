//! The link conditioner by hand: a bad connection to a server that is near.

use clap::Parser;
use e2e::link::conditions::{Stall, bandwidth};
use e2e::link::{Conditions, Link};
use std::net::SocketAddr;
use std::time::Duration;

/// A bad connection to a server that is near: open the printed address instead of the server's.
#[derive(Debug, Parser)]
#[command(name = "link")]
struct Args {
    /// The server.
    #[arg(long, default_value = "127.0.0.1:8080")]
    to: SocketAddr,
    /// Where to listen; port 0 picks a free one.
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// How long a byte takes, one way, such as 50ms.
    #[arg(long, default_value = "50ms", value_parser = bots::args::duration)]
    delay: Duration,
    /// How far that strays, from end to end.
    #[arg(long, default_value = "0ms", value_parser = bots::args::duration)]
    jitter: Duration,
    /// How long nothing moves, and how often, such as 500ms/10s.
    #[arg(long)]
    stall: Option<Stall>,
    /// Bits per second in each direction, such as 1mbit.
    #[arg(long, value_parser = bandwidth)]
    bandwidth: Option<u64>,
    /// How often every connection is cut.
    #[arg(long, value_parser = bots::args::duration)]
    cut_every: Option<Duration>,
    /// The seed of everything left to chance.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::io::Result<()> {
    let Args { to, listen, delay, jitter, stall, bandwidth, cut_every, seed } = Args::parse();
    let conditions = Conditions { delay, jitter, stall, bandwidth, cut_every, seed };
    let link = Link::start(listen, to, conditions).await?;
    println!("{}", link.url("/"));
    std::future::pending().await
}
