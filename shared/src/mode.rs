//! What an arena is about: everyone for himself or two teams, without end or in rounds.

use serde::{Deserialize, Serialize};

/// How an arena is played.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Mode {
    /// Everyone against everyone, without end.
    #[default]
    FreeForAll,
    /// Two teams, without end.
    Teams,
    /// Everyone against everyone, in rounds.
    Rounds,
    /// Two teams, in rounds.
    TeamRounds,
}

impl Mode {
    /// Every mode, in the order of its number on the wire.
    pub const ALL: [Self; 4] = [Self::FreeForAll, Self::Teams, Self::Rounds, Self::TeamRounds];

    /// Are there teams?
    #[must_use]
    pub const fn has_teams(self) -> bool {
        matches!(self, Self::Teams | Self::TeamRounds)
    }

    /// Are there rounds?
    #[must_use]
    pub const fn has_rounds(self) -> bool {
        matches!(self, Self::Rounds | Self::TeamRounds)
    }

    /// Its name on command lines and in JSON.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::FreeForAll => "ffa",
            Self::Teams => "teams",
            Self::Rounds => "rounds",
            Self::TeamRounds => "team-rounds",
        }
    }
}

impl std::str::FromStr for Mode {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = Self::ALL.into_iter().find(|mode| mode.label() == text);
        known.ok_or_else(|| format!("{text:?} is none of ffa, teams, rounds, team-rounds"))
    }
}

impl std::fmt::Display for Mode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.label())
    }
}

/// One of the two teams. Pages show them by colour and by shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Team {
    /// Warm colours, a disc.
    Suns,
    /// Cool colours, a crescent.
    Moons,
}

impl Team {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Suns, Self::Moons];

    /// Its place in [`Team::ALL`] and in pairs of numbers.
    #[must_use]
    pub const fn index(self) -> usize {
        self as usize
    }

    /// Its number where 0 is none: 1 or 2.
    #[must_use]
    pub const fn number(team: Option<Self>) -> u8 {
        match team {
            None => 0,
            Some(Self::Suns) => 1,
            Some(Self::Moons) => 2,
        }
    }

    /// The team with that number, and whether there is one.
    ///
    /// # Errors
    /// For numbers above 2.
    pub const fn of_number(number: u8) -> Result<Option<Self>, NoTeam> {
        match number {
            0 => Ok(None),
            1 => Ok(Some(Self::Suns)),
            2 => Ok(Some(Self::Moons)),
            3.. => Err(NoTeam),
        }
    }

    /// Are these two of one team? Who has none is nobody's friend.
    #[must_use]
    pub fn are_friends(one: Option<Self>, other: Option<Self>) -> bool {
        one.is_some() && one == other
    }

    /// Where someone goes who joins: to the smaller team; of two as large, to that with the lower total; of two as good, to
    /// the first.
    #[must_use]
    pub fn for_newcomer(members: [u32; 2], totals: [u64; 2]) -> Self {
        let [suns, moons] = [0, 1].map(|team| (members[team], totals[team]));
        if moons < suns { Self::Moons } else { Self::Suns }
    }
}

/// A number that is no team's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoTeam;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mode_is_read_by_its_label() {
        assert!(Mode::ALL.iter().all(|mode| mode.label().parse() == Ok(*mode)));
        assert!("duel".parse::<Mode>().is_err());
    }

    #[test]
    fn who_joins_goes_to_the_smaller_team_and_among_equals_to_the_one_with_less() {
        assert_eq!(Team::for_newcomer([3, 2], [0, 900]), Team::Moons);
        assert_eq!(Team::for_newcomer([2, 3], [900, 0]), Team::Suns);
        assert_eq!(Team::for_newcomer([2, 2], [10, 9]), Team::Moons);
        assert_eq!(Team::for_newcomer([2, 2], [9, 9]), Team::Suns);
    }

    #[test]
    fn who_has_no_team_has_no_friends() {
        assert!(!Team::are_friends(None, None) && !Team::are_friends(None, Some(Team::Suns)));
        assert!(Team::are_friends(Some(Team::Moons), Some(Team::Moons)));
    }

    #[test]
    fn a_team_is_found_by_its_number() {
        let all = [None, Some(Team::Suns), Some(Team::Moons)];
        assert!(all.into_iter().all(|team| Team::of_number(Team::number(team)) == Ok(team)));
        assert_eq!(Team::of_number(3), Err(NoTeam));
    }
}
