//! The line that an operator says to everyone.
//!
//! Enters: words, the page's clock. Leaves: nothing. They go in as text. The box that is read aloud is always there; only what is in
//! it comes and goes, or else nobody would hear of it.

use shared::tuning::ANNOUNCEMENT_MS;
use wasm_bindgen::JsValue;
use web_sys::HtmlElement;

use crate::dom::{self, TextSlot};

/// The line.
#[derive(Debug)]
pub struct Announced {
    whole: HtmlElement,
    line: TextSlot,
    until_ms: Option<f64>,
}

impl Announced {
    /// The line in `#announced`, hidden.
    pub fn new() -> Result<Self, JsValue> {
        Ok(Self { whole: dom::by_id("announced")?, line: TextSlot::by_id("announced-line")?, until_ms: None })
    }

    /// Shows what is said, for a while. It outlives the connection: a server that is about to stop may have said it.
    pub fn show(&mut self, said: &str, now_ms: f64) {
        self.until_ms = Some(now_ms + f64::from(ANNOUNCEMENT_MS));
        self.line.set(said);
        self.whole.set_hidden(false);
    }

    /// Takes it away when its time is over.
    pub fn tick(&mut self, now_ms: f64) {
        if self.until_ms.is_some_and(|until_ms| now_ms >= until_ms) {
            self.until_ms = None;
            self.line.set("");
            self.whole.set_hidden(true);
        }
    }
}
