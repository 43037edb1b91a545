//! Names below ships, as page text: crisp at any density, in any script.
//!
//! Owns: a bounded pool of elements. Enters: names and places in CSS pixels, each draw. Leaves: nothing. Names go in as
//! text; elements are reused and never pile up.

use wasm_bindgen::JsValue;
use web_sys::HtmlElement;

use crate::dom::{self, TextSlot};

/// The most names at once; ships beyond it fly unnamed.
const MOST: usize = 48;

/// The pool of labels.
#[derive(Debug)]
pub struct Labels {
    layer: HtmlElement,
    pool: Vec<TextSlot>,
    used: usize,
    shown: usize,
}

impl Labels {
    /// The labels in the element `#labels`.
    pub fn new() -> Result<Self, JsValue> {
        Ok(Self { layer: dom::by_id("labels")?, pool: Vec::new(), used: 0, shown: 0 })
    }

    /// Begins a draw.
    pub fn begin(&mut self) {
        self.used = 0;
    }

    /// Shows `name` centred at `at`, in CSS pixels; a drone's quieter, and with the style of a team.
    pub fn show(&mut self, name: &str, at: [f32; 2], drone: bool, team: &str) {
        if self.used == self.pool.len() && !self.grow() {
            return;
        }
        let slot = &mut self.pool[self.used];
        slot.set(name);
        let style = slot.element().clone();
        dom::set_style(
            &style,
            "transform",
            &format!("translate({:.1}px,{:.1}px) translateX(-50%)", at[0], at[1]),
        );
        let drone = if drone { "label drone" } else { "label" };
        match team {
            "" => dom::set_attribute(&style, "class", drone),
            team => dom::set_attribute(&style, "class", &format!("{drone} {team}")),
        }
        self.used += 1;
    }

    /// Ends a draw: hides the labels that were not used.
    pub fn end(&mut self) {
        for slot in self.pool.iter().take(self.shown).skip(self.used) {
            dom::set_attribute(slot.element(), "class", "label unused");
        }
        self.shown = self.used;
    }

    fn grow(&mut self) -> bool {
        if self.pool.len() >= MOST {
            return false;
        }
        let Ok(element) = dom::child(&self.layer, "span", "label", "") else { return false };
        self.pool.push(TextSlot::of(element));
        true
    }
}
