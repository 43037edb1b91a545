//! The part of the settings that says which key does what.
//!
//! Owns: the buttons, and which of them waits for a key. Enters: the bindings to show, clicks, keys. Leaves: which key was
//! chosen for what. It must never take a key that nobody asked it to take.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlButtonElement, HtmlElement};

use crate::dom::{self, TextSlot};
use crate::pilot::bindings::{self, Bindings, SLOTS};
use crate::pilot::keys::{ACTIONS, Action};
use crate::words;

/// A key of an action, to be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Of which action.
    pub action: Action,
    /// The first key or the second.
    pub slot: usize,
}

/// The list of keys.
#[derive(Debug)]
pub struct KeyList {
    buttons: Vec<(Place, HtmlButtonElement)>,
    usual: HtmlButtonElement,
    note: TextSlot,
    waiting: Option<Place>,
}

impl KeyList {
    /// Fills the list in `#keys`.
    pub fn new() -> Result<Self, JsValue> {
        let list: HtmlElement = dom::by_id("keys")?;
        let mut buttons = Vec::new();
        for action in ACTIONS {
            let row = dom::child(&list, "div", "keys-row", "")?;
            words::child(&row, "span", "keys-name", action.word())?;
            for slot in 0..SLOTS {
                let button = dom::child(&row, "button", "key", "")?;
                dom::set_attribute(&button, "type", "button");
                buttons.push((Place { action, slot }, button.dyn_into()?));
            }
        }
        let (usual, note) = (dom::by_id("keys-usual")?, TextSlot::by_id("keys-note")?);
        Ok(Self { buttons, usual, note, waiting: None })
    }

    /// The buttons, each with the key it is for.
    pub fn buttons(&self) -> &[(Place, HtmlButtonElement)] {
        &self.buttons
    }

    /// The button that brings the usual keys back.
    pub fn usual(&self) -> &HtmlButtonElement {
        &self.usual
    }

    /// No key is waited for any more.
    pub fn forget(&mut self, bindings: &Bindings) {
        self.waiting = None;
        self.note.set("");
        self.show(bindings);
    }

    /// The next key is for `place`; chosen again, it is for nothing.
    pub fn ask(&mut self, place: Place, bindings: &Bindings) {
        self.waiting = (self.waiting != Some(place)).then_some(place);
        self.note.set(if self.waiting.is_some() { words::say("keys.ask") } else { "" });
        self.show(bindings);
    }

    /// Takes the key at this place of the keyboard, if one is waited for. Returns whether it was.
    pub fn take(&mut self, code: &str, bindings: &mut Bindings) -> bool {
        let Some(Place { action, slot }) = self.waiting.take() else { return false };
        let refused = code != "Escape" && !bindings.bind(action, slot, code);
        self.note.set(if refused { words::say("keys.refused") } else { "" });
        self.show(bindings);
        true
    }

    /// Shows which key does what.
    pub fn show(&self, bindings: &Bindings) {
        for (place, button) in &self.buttons {
            let waits = self.waiting == Some(*place);
            let name = bindings::name(bindings.code(place.action, place.slot));
            button.set_text_content(Some(if waits { "…" } else { &name }));
            let (action, number) = (words::say(place.action.word()), (place.slot + 1).to_string());
            let label = words::fill("keys.label", &[("action", action), ("n", &number), ("key", &name)]);
            dom::set_attribute(button, "aria-label", &label);
            dom::set_attribute(button, "aria-pressed", if waits { "true" } else { "false" });
        }
    }
}
