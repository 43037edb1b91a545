//! The command line of the load tool.

use crate::fleet::Plan;
use crate::pilot::Behaviour;
use clap::{Parser, ValueEnum};
use std::net::Ipv4Addr;
use std::time::Duration;

/// How the report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Table,
    /// One JSON object on standard output, for programs.
    Json,
    /// A line a second on standard output while the run goes on, for plots.
    Csv,
}

/// Headless bots for Starfray: they connect, join and fly as players do, and measure what they get.
///
/// Progress goes to standard error, the report to standard output. Bytes are counted with their WebSocket headers.
/// The exit status is 1 when a bot could not join, was lost, or got something wrong.
#[derive(Debug, Clone, Parser)]
#[command(name = "bots", version)]
pub struct Args {
    /// The server's WebSocket.
    #[arg(long, default_value = "ws://127.0.0.1:8080/ws")]
    pub url: String,
    /// How many bots.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..))]
    pub count: u32,
    /// How many watchers of the live board beside them.
    #[arg(long, default_value_t = 0)]
    pub watchers: u32,
    /// How long they fly once all have been started, such as 30s, 500ms or 2m.
    #[arg(long, default_value = "30s", value_parser = duration)]
    pub duration: Duration,
    /// Over how long they are started.
    #[arg(long, default_value = "0s", value_parser = duration)]
    pub ramp: Duration,
    /// How they fly; several, separated by commas, are dealt out in turn.
    #[arg(long, value_enum, value_delimiter = ',', default_value = "play")]
    pub behaviour: Vec<Behaviour>,
    /// Arenas to join; several, separated by commas, are dealt out in turn. Without, where there is room.
    #[arg(long, value_delimiter = ',')]
    pub arena: Vec<String>,
    /// Come back when the connection is lost, as a page does, and say how long that took.
    #[arg(long)]
    pub persist: bool,
    /// The first bot comes from this address of the machine's, the next from the one after it, and so on: as strangers would,
    /// to a server on the same machine. The server's address must then be a number, too.
    #[arg(long, value_name = "127.2.0.1", value_parser = own_address)]
    pub from: Option<Ipv4Addr>,
    /// Of a hundred bots that wander, idle or spam, so many hold their whole view and compare checksums. The others read only the
    /// heads of frames, so that more fit on a machine.
    #[arg(long, value_name = "PERCENT", default_value_t = 100, value_parser = clap::value_parser!(u8).range(..=100))]
    pub verify: u8,
    /// The seed of everything the pilots leave to chance.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// How the report is written.
    #[arg(long, value_enum, default_value = "table")]
    pub report: Format,
}

impl Args {
    /// What the fleet is to do.
    #[must_use]
    pub fn plan(&self) -> Plan {
        Plan {
            url: self.url.clone(),
            count: self.count,
            watchers: self.watchers,
            ramp: self.ramp,
            duration: self.duration,
            behaviours: self.behaviour.clone(),
            from: self.from,
            arenas: self.arena.clone(),
            persist: self.persist,
            verify: self.verify,
            seed: self.seed,
        }
    }
}

/// An address of this machine that nobody outside has.
fn own_address(text: &str) -> Result<Ipv4Addr, String> {
    let address: Ipv4Addr = text.parse().map_err(|_| format!("{text:?} is no address"))?;
    if address.is_loopback() { Ok(address) } else { Err(format!("{address} is not in 127.0.0.0/8")) }
}

/// A length of time as people write it: a whole number and ms, s, m or h.
pub fn duration(text: &str) -> Result<Duration, String> {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let number: u64 = number.parse().map_err(|_| format!("{text:?} does not begin with a number"))?;
    let scale = match unit {
        "ms" => 1,
        "s" => 1000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => return Err(format!("{text:?} does not end with ms, s, m or h")),
    };
    number.checked_mul(scale).map(Duration::from_millis).ok_or_else(|| format!("{text:?} is too long"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_people_write_them() {
        assert_eq!(duration("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(duration("30s"), Ok(Duration::from_secs(30)));
        assert_eq!(duration("2m"), Ok(Duration::from_secs(120)));
    }

    #[test]
    fn durations_without_a_number_or_a_unit_are_refused() {
        for text in ["", "s", "30", "-1s", "1.5s", "99999999999999999999s", "18446744073709551615h"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }

    #[test]
    fn bots_come_from_addresses_of_this_machine_alone() {
        assert!(own_address("127.2.0.1").is_ok());
        assert!(own_address("10.0.0.1").is_err() && own_address("127.2").is_err());
    }

    #[test]
    fn behaviours_come_as_a_list() {
        let args = Args::parse_from(["bots", "--behaviour", "wander,hunt", "--count", "3"]);
        assert_eq!(args.behaviour, [Behaviour::Wander, Behaviour::Hunt]);
    }
}
