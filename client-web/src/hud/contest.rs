//! What the arena is about, while one flies: the clock of the round, the points of both teams, and which one is one's own.
//!
//! Enters: what the server says of mode, round and totals, one's own team. Leaves: nothing. In an arena without teams and rounds it
//! is not on the screen.

use shared::mode::{Mode, Team};
use shared::protocol::{Round, Totals};
use wasm_bindgen::JsValue;
use web_sys::HtmlElement;

use super::grouped;
use crate::dom::{self, TextSlot};

/// The last so many seconds of a round are shown as such.
const CLOSE_S: u32 = 10;

/// The names of the teams, as words and styles have them.
pub const TEAMS: [&str; 2] = ["suns", "moons"];

/// The style of a team; empty of none.
pub fn style(team: Option<Team>) -> &'static str {
    team.map_or("", |team| TEAMS[team.index()])
}

/// Mode, clock and totals.
#[derive(Debug)]
pub struct Contest {
    clock: TextSlot,
    totals: [(HtmlElement, TextSlot); 2],
    mode: Mode,
    round: Option<(Round, f64)>,
    points: [u32; 2],
    team: Option<Team>,
}

impl Contest {
    /// Finds the elements on the page.
    pub fn new() -> Result<Self, JsValue> {
        let total = |team: &str| -> Result<(HtmlElement, TextSlot), JsValue> {
            Ok((dom::by_id(&format!("team-{team}"))?, TextSlot::by_id(&format!("total-{team}"))?))
        };
        let [suns, moons] = TEAMS;
        let totals = [total(suns)?, total(moons)?];
        let (mode, clock) = (Mode::default(), TextSlot::by_id("clock")?);
        Ok(Self { clock, totals, mode, round: None, points: [0, 0], team: None })
    }

    /// The server says how the arena is played; what was known of another one is forgotten.
    pub fn begin(&mut self, mode: Mode) {
        (self.mode, self.round, self.team) = (mode, None, None);
        dom::flag_body("data-teams", if mode.has_teams() { "yes" } else { "no" });
        dom::flag_body("data-rounds", if mode.has_rounds() { "yes" } else { "no" });
        self.count(&Totals::default());
    }

    /// How it is played.
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// The round is that far at `now_ms`; it is over, or its podium, `until_ms`.
    pub fn turn(&mut self, round: Round, until_ms: f64) {
        self.round = Some((round, until_ms));
    }

    /// Is a podium shown?
    pub fn podium(&self) -> bool {
        self.round.is_some_and(|(round, _)| round.podium)
    }

    /// Whole seconds that are left of the round or its podium.
    pub fn left_s(&self, now_ms: f64) -> Option<u32> {
        self.round.map(|(_, until_ms)| ((until_ms - now_ms).max(0.0) / 1000.0).ceil() as u32)
    }

    /// The teams have that.
    pub fn count(&mut self, totals: &Totals) {
        self.points = totals.points;
        for ((_, slot), points) in self.totals.iter_mut().zip(totals.points) {
            slot.set(&grouped(points));
        }
    }

    /// Points of both teams.
    pub fn points(&self) -> [u32; 2] {
        self.points
    }

    /// One's own team is that; while one does not fly it stays what it was.
    pub fn belong(&mut self, team: Option<Team>) {
        self.team = team.or(self.team);
        for (index, (element, _)) in self.totals.iter().enumerate() {
            let own = self.team.is_some_and(|team| team.index() == index);
            dom::set_attribute(element, "data-own", if own { "yes" } else { "no" });
        }
    }

    /// One's own team, once it is known.
    pub fn team(&self) -> Option<Team> {
        self.team
    }

    /// Shows the time that is left.
    pub fn tick(&mut self, now_ms: f64) {
        let left = self.left_s(now_ms).filter(|_| !self.podium());
        self.clock.set(&left.map_or_else(String::new, clock));
        let close = left.is_some_and(|left| left <= CLOSE_S);
        dom::set_attribute(self.clock.element(), "data-close", if close { "yes" } else { "no" });
    }
}

/// Seconds as a clock shows them.
pub fn clock(seconds: u32) -> String {
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_has_minutes_and_two_digits_of_seconds() {
        assert_eq!([0, 9, 60, 301].map(clock), ["0:00", "0:09", "1:00", "5:01"]);
    }
}
