//! Limits that an operator may set. What happens at each is in one table of the README.
//!
//! Those by address do not count connections from this machine unless they are given: a proxy that nobody told the server
//! about, and whoever tries things out, come from there. What a trusted proxy brings counts always.

use std::time::Duration;

/// What strangers may ask of the server.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Limits")]
pub struct Limits {
    /// Most connections at once, players and watchers alike
    #[arg(long, value_name = "N", default_value_t = 8192, value_parser = clap::value_parser!(u32).range(1..=60_000))]
    pub max_sessions: u32,

    /// Most people who play in an arena at once
    #[arg(long, value_name = "N", default_value_t = 4096, value_parser = clap::value_parser!(u16).range(1..))]
    pub max_players: u16,

    /// Most connections that speak HTTP at once; more wait
    #[arg(long, value_name = "N", default_value_t = 1024, value_parser = clap::value_parser!(u32).range(1..=60_000))]
    pub max_http: u32,

    /// Most connections of an address at once; of IPv6, of a /64 [default: 256, but from this machine any number]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub max_per_address: Option<u32>,

    /// Most players of an address who stay in an arena without a connection, to be taken back; those of others leave at once
    /// [default: 32, but from this machine any number]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..))]
    pub max_left_per_address: Option<u32>,

    /// WebSocket handshakes a second in all, over a longer time; four times as many at once
    /// [default: 500, but from this machine any number]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub handshakes: Option<u32>,

    /// WebSocket handshakes a second of an address, over a longer time; four times as many at once
    /// [default: 20, but from this machine any number]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub handshakes_per_address: Option<u32>,

    /// HTTP requests a second of an address, over a longer time; four times as many at once
    /// [default: 50, but from this machine any number]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub requests_per_address: Option<u32>,

    /// New players an hour of an address whose lives are recorded, as many at once; more play without
    /// [default: 120, but from this machine any number]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..))]
    pub new_players_per_address: Option<u32>,

    /// Addresses that are remembered at once, of about 128 bytes each
    #[arg(long, value_name = "N", default_value_t = 65_536, value_parser = clap::value_parser!(u32).range(1..=16_777_216))]
    pub max_addresses: u32,

    /// Most event streams and long polls at once
    #[arg(long, value_name = "N", default_value_t = 512, value_parser = clap::value_parser!(u32).range(1..=60_000))]
    pub max_listeners: u32,

    /// Most event streams and long polls of an address at once
    /// [default: an eighth of --max-listeners, and 4 in any case, but from this machine any number]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub max_listeners_per_address: Option<u32>,

    /// Commands that may wait for the next tick of an arena
    #[arg(long, value_name = "N", default_value_t = sim::ports::COMMANDS as u32, value_parser = clap::value_parser!(u32).range(16..=1_048_576))]
    pub max_commands: u32,

    /// Time that bytes on their way to somebody may go untaken
    #[arg(long, value_name = "MS", default_value = "20000", value_parser = milliseconds)]
    pub untaken_ms: Duration,

    /// Time from a handshake to Hello
    #[arg(long, value_name = "MS", default_value = "5000", value_parser = milliseconds)]
    pub hello_time_ms: Duration,

    /// How long a session may be silent; after a third of it, it is pinged
    #[arg(long, value_name = "MS", default_value = "45000", value_parser = milliseconds)]
    pub idle_ms: Duration,

    /// Time for a request's head, and for the encryption before it
    #[arg(long, value_name = "MS", default_value = "5000", value_parser = milliseconds)]
    pub head_time_ms: Duration,

    /// Bytes of a request's head
    #[arg(long, value_name = "BYTES", default_value_t = 16 * 1024, value_parser = clap::value_parser!(u32).range(8192..=1_048_576))]
    pub head_bytes: u32,

    /// Messages a second of a session, over a longer time; twice as many at once
    #[arg(long, value_name = "N", default_value_t = 150, value_parser = clap::value_parser!(u32).range(1..))]
    pub messages: u32,

    /// Bytes a second of a session, over a longer time; twice as many at once
    #[arg(long, value_name = "BYTES", default_value_t = 16 * 1024, value_parser = clap::value_parser!(u32).range(1024..))]
    pub message_bytes: u32,

    /// Joins a minute of a session, over a longer time; as many at once
    #[arg(long, value_name = "N", default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..))]
    pub joins: u32,

    /// Things that a player may say a minute, over a longer time; five at once
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u16).range(1..=600))]
    pub chat: u16,

    /// Things that all players of an address may say a minute, over a longer time; a quarter of them at once
    /// [default: 60, but from this machine any number]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(4..))]
    pub chat_per_address: Option<u32>,

    /// Nobody says anything, neither lines nor phrases
    #[arg(long, conflicts_with = "chat")]
    pub no_chat: bool,
}

/// A limit of what one address may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PerAddress {
    /// How much.
    pub most: u32,
    /// Does it count for connections from this machine, too?
    pub here: bool,
}

impl PerAddress {
    fn of(given: Option<u32>, default: u32) -> Self {
        Self { most: given.unwrap_or(default), here: given.is_some() }
    }

    /// Does it count for who is of this machine, or is not?
    pub(crate) fn holds(self, is_here: bool) -> bool {
        self.here || !is_here
    }
}

impl Limits {
    /// Connections of an address at once.
    pub(crate) fn per_address(&self) -> PerAddress {
        PerAddress::of(self.max_per_address, 256)
    }

    /// Event streams and long polls of an address at once: a household has a few, and it takes several to have all.
    pub(crate) fn listeners_per_address(&self) -> PerAddress {
        PerAddress::of(self.max_listeners_per_address, (self.max_listeners / 8).max(4))
    }

    /// Players of an address without a connection.
    pub(crate) fn left_per_address(&self) -> PerAddress {
        PerAddress::of(self.max_left_per_address, 32)
    }

    /// Handshakes a second in all.
    pub(crate) fn handshakes(&self) -> PerAddress {
        PerAddress::of(self.handshakes, 500)
    }

    /// Handshakes a second of an address.
    pub(crate) fn handshakes_per_address(&self) -> PerAddress {
        PerAddress::of(self.handshakes_per_address, 20)
    }

    /// Requests a second of an address.
    pub(crate) fn requests_per_address(&self) -> PerAddress {
        PerAddress::of(self.requests_per_address, 50)
    }

    /// New players an hour of an address whose lives are recorded.
    pub(crate) fn new_players_per_address(&self) -> PerAddress {
        PerAddress::of(self.new_players_per_address, 120)
    }

    /// Things that all players of an address say a minute.
    pub(crate) fn chat_per_address(&self) -> PerAddress {
        PerAddress::of(self.chat_per_address, 60)
    }
}

fn milliseconds(text: &str) -> Result<Duration, String> {
    let ms: u64 = text.parse().map_err(|_| format!("{text:?} is no number of milliseconds"))?;
    if (100..=600_000).contains(&ms) {
        Ok(Duration::from_millis(ms))
    } else {
        Err("may be 100 to 600000".into())
    }
}
