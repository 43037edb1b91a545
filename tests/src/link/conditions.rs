//! How bad a link is, and how people write it.

use std::time::Duration;

/// How bad a link is, the same in both directions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Conditions {
    /// How long a byte is on its way, on average. A round trip takes twice as long.
    pub delay: Duration,
    /// The time on the way strays evenly over as much: from half of it less than the delay to half of it more.
    pub jitter: Duration,
    /// When nothing moves, in both directions.
    pub stall: Option<Stall>,
    /// Bits per second and direction; none for as many as there are.
    pub bandwidth: Option<u64>,
    /// Time between two cuts of every connection.
    pub cut_every: Option<Duration>,
    /// Of everything left to chance.
    pub seed: u64,
}

impl Conditions {
    /// What the game must feel well on: 100 ms there and back, 30 ms of jitter, half a second of nothing every ten seconds.
    #[must_use]
    pub fn rough(seed: u64) -> Self {
        let stall = Some(Stall { length: Duration::from_millis(500), every: Duration::from_secs(10) });
        Self { stall, ..Self::calm(seed) }
    }

    /// The same without the stalls.
    #[must_use]
    pub fn calm(seed: u64) -> Self {
        let (delay, jitter) = (Duration::from_millis(50), Duration::from_millis(30));
        Self { delay, jitter, seed, ..Self::default() }
    }
}

/// A link that stands still now and then: for `length`, beginning every `every`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stall {
    /// How long nothing moves.
    pub length: Duration,
    /// From the beginning of one to that of the next. The first begins that long after the link's start.
    pub every: Duration,
}

impl std::str::FromStr for Stall {
    type Err = String;

    /// As in `500ms/10s`.
    fn from_str(text: &str) -> Result<Self, String> {
        let (length, every) = text.split_once('/').ok_or_else(|| format!("{text:?} has no '/'"))?;
        let stall = Self { length: bots::args::duration(length)?, every: bots::args::duration(every)? };
        if stall.length < stall.every { Ok(stall) } else { Err(format!("{text:?} stalls for ever")) }
    }
}

/// Bits per second as people write them: a whole number and bit, kbit, mbit or gbit.
///
/// # Errors
/// When it is not of that form, or nothing.
pub fn bandwidth(text: &str) -> Result<u64, String> {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let number: u64 = number.parse().map_err(|_| format!("{text:?} does not begin with a number"))?;
    let scale = match unit {
        "bit" => 1,
        "kbit" => 1000,
        "mbit" => 1_000_000,
        "gbit" => 1_000_000_000,
        _ => return Err(format!("{text:?} does not end with bit, kbit, mbit or gbit")),
    };
    number.checked_mul(scale).filter(|bits| *bits > 0).ok_or_else(|| format!("{text:?} is no bandwidth"))
}
