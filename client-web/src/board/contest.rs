//! What an arena is about, for those who watch its board: the points of its teams, the time that is left, who has won.
//!
//! Enters: messages, or what a page of the board says over HTTP; the page's clock. Leaves: a line of words.

use js_sys::{Array, Reflect};
use shared::protocol::{Podium, Round, Totals};
use wasm_bindgen::{JsCast, JsValue};

use super::entry::{number, text};
use crate::hud::contest::clock;
use crate::hud::grouped;
use crate::words;

/// A step of the podium: whose, and how many points.
type Step = (String, u32);

/// How far the round is.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Turn {
    podium: bool,
    /// When that is over, on the page's clock in milliseconds.
    until_ms: f64,
}

/// The points of the teams, and how far the round is.
#[derive(Debug)]
pub struct Contest {
    tick_hz: u16,
    points: Option<[u32; 2]>,
    turn: Option<Turn>,
    podium: Vec<Step>,
    /// How much later it is here than at the server, in milliseconds, with the least time that anything took from there.
    ahead_ms: f64,
}

impl Default for Contest {
    fn default() -> Self {
        Self { tick_hz: 1, points: None, turn: None, podium: Vec::new(), ahead_ms: f64::INFINITY }
    }
}

/// What a page of the live board says of the contest. Moments are milliseconds since 1970 by the server's clock.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    points: Option<[u32; 2]>,
    /// When it was said, when the round or its podium ends.
    round: Option<(f64, f64)>,
    podium: Option<Vec<Step>>,
}

impl Told {
    /// What `json` says; none where it says nothing.
    pub fn read(json: &JsValue) -> Option<Self> {
        let contest = field(json, "contest")?;
        let points = field(&contest, "points").and_then(|points| points.dyn_into::<Array>().ok());
        let points = points.map(|points| [0, 1].map(|team| points.get(team).as_f64().unwrap_or(0.0) as u32));
        let round = field(&contest, "round");
        let round = round.map(|round| (number(&round, "at"), number(&round, "ends_at")));
        let podium = field(&contest, "podium").and_then(|podium| field(&podium, "entries"));
        let step = |step: JsValue| (text(&step, "name").unwrap_or_default(), number(&step, "score") as u32);
        let podium = podium.and_then(|steps| steps.dyn_into::<Array>().ok());
        Some(Self { points, round, podium: podium.map(|steps| steps.iter().map(step).collect()) })
    }
}

/// What is in a field, unless that is nothing.
fn field(json: &JsValue, key: &str) -> Option<JsValue> {
    Reflect::get(json, &key.into()).ok().filter(|value| !value.is_null() && !value.is_undefined())
}

impl Contest {
    /// Nothing known yet of an arena of so many ticks per second.
    pub fn new(tick_hz: u16) -> Self {
        Self { tick_hz: tick_hz.max(1), ..Self::default() }
    }

    /// The teams have that.
    pub fn count(&mut self, totals: &Totals) {
        self.points = Some(totals.points);
    }

    /// The round is that far at `now_ms`.
    pub fn turn(&mut self, round: Round, now_ms: f64) {
        let until_ms = now_ms + f64::from(round.ticks) * 1000.0 / f64::from(self.tick_hz);
        self.turn = Some(Turn { podium: round.podium, until_ms });
    }

    /// The round ended so.
    pub fn won(&mut self, podium: &Podium) {
        self.podium = podium.rows.iter().map(|row| (row.name.as_str().to_owned(), row.score)).collect();
    }

    /// A page says all of it, at `now_ms` by the page's clock and at `wall_ms` since 1970 by the device's, which may be wrong.
    pub fn hear(&mut self, told: Told, wall_ms: f64, now_ms: f64) {
        self.points = told.points;
        self.turn = told.round.map(|(at_ms, ends_at_ms)| {
            self.ahead_ms = self.ahead_ms.min(wall_ms - at_ms);
            Turn { podium: told.podium.is_some(), until_ms: now_ms + ends_at_ms + self.ahead_ms - wall_ms }
        });
        self.podium = told.podium.unwrap_or_default();
    }

    /// All of it in a line; empty where everyone is against everyone without end.
    pub fn line(&self, now_ms: f64) -> String {
        let mut parts = Vec::new();
        let shown = self.turn.is_some_and(|turn| turn.podium);
        if shown && !self.podium.is_empty() {
            let steps = self.podium.iter().zip(1..);
            let steps: Vec<String> =
                steps.map(|((name, score), rank)| format!("{rank}. {name} {}", grouped(*score))).collect();
            parts.push(words::fill("podium.line", &[("names", &steps.join(", "))]));
        } else if shown {
            parts.push(words::say("podium.over").to_owned());
        } else if let Some(points) = self.points {
            let [suns, moons] = points.map(grouped);
            parts.push(words::fill("podium.totals", &[("suns", &suns), ("moons", &moons)]));
        }
        if let Some(Turn { until_ms, .. }) = self.turn {
            let left = ((until_ms - now_ms).max(0.0) / 1000.0).ceil() as u32;
            let key = if shown { "podium.next" } else { "round.left" };
            parts.push(words::fill(key, &[("s", &left.to_string()), ("time", &clock(left))]));
        }
        parts.join(" · ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(round: (f64, f64), podium: Option<Vec<Step>>) -> Told {
        Told { points: Some([1200, 30]), round: Some(round), podium }
    }

    #[test]
    fn a_page_that_was_long_on_its_way_does_not_set_the_clock_back() {
        let mut contest = Contest::default();
        // The device's clock is an hour ahead; the first page is 10 s old, the second fresh.
        let wall = 3_600_000.0;
        contest.hear(told((0.0, 60_000.0), None), wall + 10_000.0, 0.0);
        contest.hear(told((12_000.0, 60_000.0), None), wall + 12_000.0, 2_000.0);
        assert_eq!(contest.line(2_000.0), "Suns 1\u{202f}200 – 30 Moons · 0:48 left");
        assert_eq!(contest.line(12_000.0), "Suns 1\u{202f}200 – 30 Moons · 0:38 left");
    }

    #[test]
    fn the_podium_is_named_while_it_is_shown() {
        let mut contest = Contest::default();
        contest.hear(told((0.0, 4_000.0), Some(vec![("ada".to_owned(), 70)])), 0.0, 0.0);
        assert_eq!(contest.line(0.0), "Podium: 1. ada 70 · The next round begins in 4 s");
        contest.hear(told((0.0, 4_000.0), Some(Vec::new())), 0.0, 0.0);
        assert_eq!(contest.line(0.0), "The round is over · The next round begins in 4 s");
    }

    #[test]
    fn where_everyone_is_against_everyone_without_end_there_is_nothing_to_say() {
        let mut contest = Contest::new(30);
        contest.hear(Told { points: None, round: None, podium: None }, 0.0, 0.0);
        assert_eq!(contest.line(0.0), "");
    }
}
