//! The podium of a round: the best three, the team that has won, one's own place, and when it goes on.
//!
//! Enters: a Podium message, one's own points as they come. Leaves: nothing. Names go in as text.

use shared::protocol::{Podium as Outcome, Recorded};
use wasm_bindgen::JsValue;
use web_sys::HtmlElement;

use super::card;
use super::contest::{TEAMS, style};
use super::grouped;
use crate::dom::{self, TextSlot};
use crate::words;

#[derive(Debug)]
struct Step {
    row: HtmlElement,
    name: TextSlot,
    score: TextSlot,
}

/// The podium.
#[derive(Debug)]
pub struct Podium {
    title: TextSlot,
    steps: Vec<Step>,
    totals: TextSlot,
    own: TextSlot,
    recorded: TextSlot,
    next: TextSlot,
    shown: u32,
    /// Points of one's own best life in the round, as far as the page has seen it.
    best: u32,
}

impl Podium {
    /// Finds the parts, and makes the steps.
    pub fn new() -> Result<Self, JsValue> {
        let list: HtmlElement = dom::by_id("podium-steps")?;
        let step = |rank: usize| -> Result<Step, JsValue> {
            let row = dom::child(&list, "li", "podium-step unused", "")?;
            dom::child(&row, "span", "place", &rank.to_string())?;
            let slot = |class: &str| dom::child(&row, "span", class, "").map(TextSlot::of);
            Ok(Step { name: slot("name")?, score: slot("score")?, row })
        };
        Ok(Self {
            title: TextSlot::by_id("podium-title")?,
            steps: (1..=shared::tuning::PODIUM_ROWS).map(step).collect::<Result<_, _>>()?,
            totals: TextSlot::by_id("podium-totals")?,
            own: TextSlot::by_id("podium-own")?,
            recorded: TextSlot::by_id("podium-recorded")?,
            next: TextSlot::by_id("podium-next")?,
            shown: 0,
            best: 0,
        })
    }

    /// A round begins.
    pub fn begin(&mut self) {
        self.best = 0;
    }

    /// A life of one's own has so many points.
    pub fn scored(&mut self, score: u32) {
        self.best = self.best.max(score);
    }

    /// Fills it; `own` is one's own player id, 0 while watching.
    pub fn fill(&mut self, outcome: &Outcome, own: u32) {
        self.shown += 1;
        self.title.set(&title(outcome));
        self.recorded.set("");
        for (index, step) in self.steps.iter_mut().enumerate() {
            let Some(row) = outcome.rows.get(index) else {
                dom::set_attribute(&step.row, "class", "podium-step unused");
                continue;
            };
            step.name.set(row.name.as_str());
            step.score.set(&grouped(row.score));
            let mine = if own != 0 && row.player.0 == own { " own" } else { "" };
            let drone = if row.drone { " drone" } else { "" };
            dom::set_attribute(&step.row, "class", &format!("podium-step {}{mine}{drone}", style(row.team)));
        }
        self.totals.set(&outcome.totals.map_or_else(String::new, |totals| {
            let [suns, moons] = totals.points.map(grouped);
            words::fill("podium.totals", &[("suns", &suns), ("moons", &moons)])
        }));
        self.own.set(&own_line(outcome, own, self.best));
    }

    /// The own life of the round is recorded.
    pub fn recorded(&mut self, recorded: &Recorded) {
        self.recorded.set(&card::sentence(recorded));
    }

    /// How many podiums were shown.
    pub fn count(&self) -> u32 {
        self.shown
    }

    /// Shows it or not, and when it goes on.
    pub fn show(&mut self, left_s: Option<u32>) {
        dom::flag_body("data-podium", if left_s.is_some() { "yes" } else { "no" });
        if let Some(left) = left_s {
            self.next.set(&words::fill("podium.next", &[("s", &left.to_string())]));
        }
    }
}

/// Where one stands; who does not stand there is told of the best life.
fn own_line(outcome: &Outcome, own: u32, best: u32) -> String {
    let step = outcome.rows.iter().zip(1..).find(|(row, _)| own != 0 && row.player.0 == own);
    match (step, best) {
        (Some((row, rank)), _) => {
            words::fill("podium.own", &[("rank", &card::rank(rank)), ("n", &grouped(row.score))])
        }
        (None, 0) => String::new(),
        (None, best) => words::fill("podium.best", &[("n", &grouped(best))]),
    }
}

fn title(outcome: &Outcome) -> String {
    match (outcome.winner, outcome.totals) {
        (Some(team), _) => {
            let name = words::say(&format!("team.{}", TEAMS[team.index()]));
            words::fill("podium.won", &[("team", name)])
        }
        (None, Some(_)) => words::say("podium.draw").to_owned(),
        (None, None) if outcome.rows.is_empty() => words::say("podium.nobody").to_owned(),
        (None, None) => words::say("podium.over").to_owned(),
    }
}
