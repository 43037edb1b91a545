//! The card that ends a life: who did it, and what the life was worth.
//!
//! Enters: a Died message in words and numbers. Leaves: nothing; the page shows the card while the phase is `dead`.

use shared::protocol::{Life, Recorded, RecordedPlace};
use wasm_bindgen::JsValue;
use web_sys::HtmlButtonElement;

use super::grouped;
use crate::dom::{self, TextSlot};

/// The card.
#[derive(Debug)]
pub struct Card {
    killer: TextSlot,
    score: TextSlot,
    kills: TextSlot,
    flown: TextSlot,
    recorded: TextSlot,
    again: HtmlButtonElement,
}

impl Card {
    /// Finds the card on the page.
    pub fn new() -> Result<Self, JsValue> {
        Ok(Self {
            killer: TextSlot::by_id("killer")?,
            score: TextSlot::by_id("life-score")?,
            kills: TextSlot::by_id("life-kills")?,
            flown: TextSlot::by_id("life-flown")?,
            recorded: TextSlot::by_id("life-recorded")?,
            again: dom::by_id("again")?,
        })
    }

    /// Fills the card: `killer`'s name, if it was anyone, and the life flown at `tick_hz` ticks a second.
    pub fn fill(&mut self, killer: Option<&str>, life: &Life, tick_hz: u16) {
        self.killer.set(killer.unwrap_or("the void"));
        self.score.set(&grouped(life.score));
        self.kills.set(&grouped(life.kills));
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

/// Where the player stands now, and whether that is by this life.
fn sentence(recorded: &Recorded) -> String {
    let places: Vec<String> = recorded.places.iter().map(place).collect();
    let what = match recorded.places.iter().find(|place| place.best) {
        Some(best) => format!("Your best life {}. ", when(&best.period)),
        None => String::new(),
    };
    format!("{what}Recorded: {}.", places.join(", "))
}

fn place(place: &RecordedPlace) -> String {
    format!("rank {} {}", grouped(place.rank), when(&place.period))
}

/// A period in words; one that this page does not know by its own name.
fn when(period: &str) -> &str {
    match period {
        "day" => "today",
        "week" => "this week",
        "all" => "of all time",
        other => other,
    }
}

/// Seconds as people say them.
fn duration(seconds: u32) -> String {
    match seconds {
        0..60 => format!("{seconds}\u{202f}s"),
        60..3600 => format!("{}\u{202f}min {:02}\u{202f}s", seconds / 60, seconds % 60),
        3600.. => format!("{}\u{202f}h {:02}\u{202f}min", seconds / 3600, seconds / 60 % 60),
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
}
