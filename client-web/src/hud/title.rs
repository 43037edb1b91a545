//! The title screen: the name field, its suggestion, and what is wrong with a name.
//!
//! Owns: the form. Enters: a refusal to show. Leaves: the name as typed, which the server cleans. The last name flown under is
//! remembered by the browser.

use js_sys::Math;
use wasm_bindgen::JsValue;
use web_sys::{HtmlFormElement, HtmlInputElement};

use crate::dom::{self, TextSlot};

/// Where the browser remembers the name.
const KEY: &str = "starfray.name";

/// Parts of suggested names: every pair is at most 16 characters.
const FIRST: [&str; 12] = [
    "Amber", "Cobalt", "Dusty", "Ember", "Frosty", "Lucky", "Nova", "Rusty", "Silent", "Solar", "Swift",
    "Velvet",
];
const LAST: [&str; 12] = [
    "Comet", "Falcon", "Gannet", "Heron", "Kestrel", "Lynx", "Magpie", "Marten", "Osprey", "Petrel", "Raven",
    "Wren",
];

/// The title screen.
#[derive(Debug)]
pub struct Title {
    form: HtmlFormElement,
    name: HtmlInputElement,
    problem: TextSlot,
}

impl Title {
    /// Finds the form, fills in the remembered name or a suggestion, and puts the cursor there.
    pub fn new() -> Result<Self, JsValue> {
        let title = Self {
            form: dom::by_id("join")?,
            name: dom::by_id("name")?,
            problem: TextSlot::by_id("name-problem")?,
        };
        title.name.set_value(&dom::remembered(KEY).unwrap_or_else(suggestion));
        // On a phone the keyboard would cover the page before anyone has seen it.
        if !dom::matches_media("(pointer: coarse)") {
            title.name.focus()?;
            title.name.select();
        }
        Ok(title)
    }

    /// The form, whose submission is the wish to fly.
    pub fn form(&self) -> &HtmlFormElement {
        &self.form
    }

    /// The name as typed.
    pub fn name(&self) -> String {
        self.name.value()
    }

    /// One flies: the name is remembered, and the keyboard belongs to the ship.
    pub fn flying(&mut self) {
        dom::remember(KEY, &self.name.value());
        self.problem.set("");
        // Failing to take the focus away harms nothing: keys in the field are left to it.
        let _ = self.name.blur();
    }

    /// The keyboard belongs to whoever watches.
    pub fn leave(&self) {
        let _ = self.name.blur();
    }

    /// Shows why a name was refused.
    pub fn refuse(&mut self, sentence: &str) {
        self.problem.set(sentence);
    }
}

fn suggestion() -> String {
    let pick = |parts: &[&'static str]| parts[(Math::random() * parts.len() as f64) as usize % parts.len()];
    format!("{} {}", pick(&FIRST), pick(&LAST))
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::tuning::NAME_CHARS;

    #[test]
    fn every_suggestion_is_a_name_the_server_takes_as_it_is() {
        for first in FIRST {
            for last in LAST {
                let name = format!("{first} {last}");
                assert!(name.len() <= NAME_CHARS, "{name}");
            }
        }
    }
}
