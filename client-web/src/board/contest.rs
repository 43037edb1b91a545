//! What an arena is about, for those who watch its board: the points of its teams, the time that is left, who has won.
//!
//! Enters: messages, the board, the page's clock. Leaves: a line of words.

use shared::leaderboard::Board;
use shared::mode::Mode;
use shared::protocol::{Podium, Round};

use crate::hud::contest::clock;
use crate::hud::grouped;
use crate::words;

/// How the arena is played, and how far the round is.
#[derive(Debug, Default)]
pub struct Contest {
    tick_hz: u16,
    mode: Mode,
    round: Option<(Round, f64)>,
    podium: Option<Podium>,
}

impl Contest {
    /// Nothing known yet of an arena of so many ticks per second.
    pub fn new(tick_hz: u16) -> Self {
        Self { tick_hz, ..Self::default() }
    }

    /// It is played so.
    pub fn begin(&mut self, mode: Mode) {
        self.mode = mode;
    }

    /// The round is that far at `now_ms`.
    pub fn turn(&mut self, round: Round, now_ms: f64) {
        let until_ms = now_ms + f64::from(round.ticks) * 1000.0 / f64::from(self.tick_hz.max(1));
        self.round = Some((round, until_ms));
    }

    /// The round ended so.
    pub fn won(&mut self, podium: Podium) {
        self.podium = Some(podium);
    }

    /// All of it in a line.
    pub fn line(&self, board: &Board, now_ms: f64) -> String {
        let mut parts = Vec::new();
        let shown = self.round.is_some_and(|(round, _)| round.podium);
        if let Some(podium) = self.podium.as_ref().filter(|_| shown) {
            let steps = podium.rows.iter().zip(1..);
            let steps: Vec<String> = steps
                .map(|(row, rank)| format!("{rank}. {} {}", row.name.as_str(), grouped(row.score)))
                .collect();
            parts.push(words::fill("podium.line", &[("names", &steps.join(", "))]));
        } else if self.mode.has_teams() {
            let mut points = [0_u32; 2];
            for row in board.unordered() {
                if let Some(team) = row.team {
                    points[team.index()] = points[team.index()].saturating_add(row.standing.score);
                }
            }
            let [suns, moons] = points.map(grouped);
            parts.push(words::fill("podium.totals", &[("suns", &suns), ("moons", &moons)]));
        }
        if let Some((_, until_ms)) = self.round {
            let left = ((until_ms - now_ms).max(0.0) / 1000.0).ceil() as u32;
            let key = if shown { "podium.next" } else { "round.left" };
            parts.push(words::fill(key, &[("s", &left.to_string()), ("time", &clock(left))]));
        }
        parts.join(" · ")
    }
}
