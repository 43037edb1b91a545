//! How the arenas are played.

use std::time::Duration;

use shared::mode::Mode;

/// How the arenas are played.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Modes")]
pub struct Modes {
    /// How the arenas are played, in their order: ffa, teams, rounds or team-rounds; those that are not named are ffa
    #[arg(long, value_name = "MODE", value_delimiter = ',')]
    pub modes: Vec<Mode>,

    /// How long a round lasts, such as 5m or 90s, where there are rounds
    #[arg(long, value_name = "TIME", default_value = "5m", value_parser = round_time)]
    pub round_time: Duration,

    /// How long its podium is shown; nobody flies meanwhile
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = podium_time)]
    pub podium_time: Duration,

    /// How private arenas are played
    #[arg(long, value_name = "MODE", default_value_t = Mode::FreeForAll)]
    pub private_mode: Mode,
}

impl Modes {
    /// How the arena with this index is played.
    #[must_use]
    pub fn of(&self, index: usize) -> Mode {
        self.modes.get(index).copied().unwrap_or_default()
    }

    /// How long a round lasts, in milliseconds.
    #[must_use]
    pub fn round_ms(&self) -> u32 {
        milliseconds(self.round_time)
    }

    /// How long a podium is shown, in milliseconds.
    #[must_use]
    pub fn podium_ms(&self) -> u32 {
        milliseconds(self.podium_time)
    }
}

fn milliseconds(time: Duration) -> u32 {
    u32::try_from(time.as_millis()).unwrap_or(u32::MAX)
}

/// From 5 seconds to an hour.
fn round_time(text: &str) -> Result<Duration, String> {
    match seconds(text)? {
        seconds @ 5..=3600 => Ok(Duration::from_secs(seconds)),
        0..5 | 3601.. => Err("may be 5s to 60m".into()),
    }
}

/// From 3 seconds, in which one can read it, to a minute.
fn podium_time(text: &str) -> Result<Duration, String> {
    match seconds(text)? {
        seconds @ 3..=60 => Ok(Duration::from_secs(seconds)),
        0..3 | 61.. => Err("may be 3s to 1m".into()),
    }
}

fn seconds(text: &str) -> Result<u64, String> {
    let (number, unit) = match text.strip_suffix('m') {
        Some(minutes) => (minutes, 60),
        None => (text.strip_suffix('s').unwrap_or(text), 1),
    };
    let number: u64 = number.parse().map_err(|_| format!("{text:?} is no time such as 5m or 90s"))?;
    Ok(number.saturating_mul(unit))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::Args;
    use clap::Parser;
    use shared::tuning::{PODIUM_MS, ROUND_MS};

    #[test]
    fn a_round_time_is_read_as_people_write_it() {
        let seconds = |text| round_time(text).map(|time| time.as_secs()).ok();
        assert_eq!(["5m", "90s", "45"].map(seconds), [Some(300), Some(90), Some(45)]);
        assert_eq!(["", "m", "4s", "2h", "61m"].map(seconds), [None; 5]);
        let podium = |text| podium_time(text).map(|time| time.as_secs()).ok();
        assert_eq!(["3s", "1m", "2s", "61", "x"].map(podium), [Some(3), Some(60), None, None, None]);
        let usual = Args::parse_from(["starfray"]).modes;
        assert_eq!((usual.round_ms(), usual.podium_ms()), (ROUND_MS, PODIUM_MS));
    }

    #[test]
    fn arenas_whose_mode_is_not_named_are_open_to_everyone_against_everyone() {
        let args = Args::parse_from(["starfray", "--arenas", "3", "--modes", "ffa,team-rounds"]);
        let modes = [0, 1, 2].map(|index| args.arena(index).mode);
        assert_eq!(modes, [Mode::FreeForAll, Mode::TeamRounds, Mode::FreeForAll]);
        assert_eq!((args.worlds(), args.private_arena().mode), (3, Mode::FreeForAll));
    }

    #[test]
    fn there_is_an_arena_for_each_mode_that_is_named() {
        let args = Args::parse_from(["starfray", "--modes", "ffa,teams", "--private-mode", "rounds"]);
        assert_eq!((args.worlds(), args.private_arena().mode), (2, Mode::Rounds));
        assert!(Args::try_parse_from(["starfray", "--modes", "duel"]).is_err());
    }
}
