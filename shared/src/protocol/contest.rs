//! What the server says of teams and rounds.

use crate::ids::PlayerId;
use crate::mode::Team;
use crate::name::PlayerName;
use serde::{Deserialize, Serialize};

/// What the two teams have: the first team's, the second's.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Points of the lives that are being played, all together; in rounds, of the best life that each has had in the round.
    pub points: [u32; 2],
    /// People and drones.
    pub members: [u16; 2],
}

/// How far a round is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Round {
    /// The podium is shown, and nobody flies.
    pub podium: bool,
    /// Ticks until that changes.
    pub ticks: u32,
}

/// One of those who have won.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PodiumRow {
    /// Who.
    pub player: PlayerId,
    /// The name.
    pub name: PlayerName,
    /// Flown by the server.
    pub drone: bool,
    /// The team, where there are teams.
    pub team: Option<Team>,
    /// Points of the best life in the round.
    pub score: u32,
}

/// How a round ended.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Podium {
    /// The team that has won; none without teams, and when both had as much.
    pub winner: Option<Team>,
    /// What the teams had; none without teams.
    pub totals: Option<Totals>,
    /// The best, at most [`crate::tuning::PODIUM_ROWS`]: of the team that has won, if one has.
    pub rows: Vec<PodiumRow>,
}
