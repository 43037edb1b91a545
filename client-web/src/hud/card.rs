//! The card that ends a life: who did it, from where, and what the life was worth.
//!
//! Enters: a life in names and numbers. Leaves: nothing; the page shows the card while the phase is `dead`.

use shared::protocol::{Life, Recorded, RecordedPlace};
use wasm_bindgen::JsValue;
use web_sys::{HtmlButtonElement, HtmlElement};

use super::grouped;
use crate::dom::{self, TextSlot};
use crate::words;

/// The end of a life, as far as the page knows it.
#[derive(Debug, Clone, Copy)]
pub struct Ending<'a> {
    /// The name of who did it, if it was anyone.
    pub killer: Option<&'a str>,
    /// Where they were, from the own ship: radians, clockwise on the screen from the right. None if they were not seen.
    pub from: Option<f32>,
    /// What the life was worth.
    pub life: &'a Life,
    /// Ticks per second.
    pub tick_hz: u16,
    /// The best rank it had; 0 for none.
    pub best_rank: u32,
}

/// The card.
#[derive(Debug)]
pub struct Card {
    killer: TextSlot,
    way: HtmlElement,
    from: TextSlot,
    score: TextSlot,
    kills: TextSlot,
    flown: TextSlot,
    rank: TextSlot,
    recorded: TextSlot,
    again: HtmlButtonElement,
}

impl Card {
    /// Finds the card on the page.
    pub fn new() -> Result<Self, JsValue> {
        Ok(Self {
            killer: TextSlot::by_id("killer")?,
            way: dom::by_id("killer-way")?,
            from: TextSlot::by_id("killer-from")?,
            score: TextSlot::by_id("life-score")?,
            kills: TextSlot::by_id("life-kills")?,
            flown: TextSlot::by_id("life-flown")?,
            rank: TextSlot::by_id("life-rank")?,
            recorded: TextSlot::by_id("life-recorded")?,
            again: dom::by_id("again")?,
        })
    }

    /// Fills the card.
    pub fn fill(&mut self, ending: &Ending<'_>) {
        let Ending { killer, from, life, tick_hz, best_rank } = *ending;
        self.killer.set(killer.unwrap_or_else(|| words::say("destroyed.by.nobody")));
        self.way.set_hidden(from.is_none());
        dom::set_style(&self.way, "rotate", &format!("{:.2}rad", from.unwrap_or_default()));
        self.from.set(&from.map_or_else(String::new, |from| {
            words::fill("from.here", &[("way", words::say(&format!("way.{}", octant(from))))])
        }));
        self.score.set(&grouped(life.score));
        self.kills.set(&grouped(life.kills));
        self.rank.set(&rank(best_rank));
        self.recorded.set("");
        self.flown.set(&duration(life.ticks / u32::from(tick_hz.max(1))));
    }

    /// The life is recorded.
    pub fn recorded(&mut self, recorded: &Recorded) {
        self.recorded.set(&sentence(recorded));
    }

    /// The button that flies again.
    pub fn button(&self) -> &HtmlButtonElement {
        &self.again
    }
}

/// A rank with its sign; a dash for none.
pub(super) fn rank(rank: u32) -> String {
    if rank == 0 { "–".to_owned() } else { format!("#{}", grouped(rank)) }
}

/// Which of the eight ways, from the right on clockwise, is nearest.
fn octant(angle: f32) -> u8 {
    ((angle / std::f32::consts::FRAC_PI_4).round() as i32).rem_euclid(8) as u8
}

/// Where the player stands now, and whether that is by this life.
pub(super) fn sentence(recorded: &Recorded) -> String {
    let places: Vec<String> = recorded.places.iter().map(place).collect();
    let places = words::fill("recorded", &[("places", &places.join(", "))]);
    match recorded.places.iter().find(|place| place.best) {
        Some(best) => {
            format!("{} {places}", words::fill("recorded.best", &[("when", when(&best.period))]))
        }
        None => places,
    }
}

fn place(place: &RecordedPlace) -> String {
    words::fill("recorded.place", &[("rank", &grouped(place.rank)), ("when", when(&place.period))])
}

/// A period in words; one that this page does not know by its own name.
fn when(period: &str) -> &str {
    match period {
        "day" => words::say("when.day"),
        "week" => words::say("when.week"),
        "all" => words::say("when.all"),
        other => other,
    }
}

/// Seconds as people say them.
fn duration(seconds: u32) -> String {
    let two = |number: u32| format!("{number:02}");
    match seconds {
        0..60 => words::fill("time.s", &[("s", &seconds.to_string())]),
        60..3600 => {
            let parts = [("min", &*(seconds / 60).to_string()), ("s", &*two(seconds % 60))];
            words::fill("time.min.s", &parts)
        }
        3600.. => {
            let parts = [("h", &*(seconds / 3600).to_string()), ("min", &*two(seconds / 60 % 60))];
            words::fill("time.h.min", &parts)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_said_in_fitting_units() {
        assert_eq!(duration(7), "7\u{202f}s");
        assert_eq!(duration(67), "1\u{202f}min 07\u{202f}s");
        assert_eq!(duration(7380), "2\u{202f}h 03\u{202f}min");
    }

    #[test]
    fn a_way_is_the_nearest_of_eight() {
        let quarter = std::f32::consts::FRAC_PI_2;
        assert_eq!([0.0, quarter, -quarter, 3.1, -3.1, 0.5].map(octant), [0, 2, 6, 4, 4, 1]);
    }
}
