//! Short messages in play: kills and what else is worth a moment.
//!
//! Enters: a sentence and the page's clock. Leaves: nothing. At most a few are shown; each leaves by itself.

use std::collections::VecDeque;

use wasm_bindgen::JsValue;
use web_sys::HtmlElement;

use crate::dom;

/// How long a toast stays, in milliseconds; as long as its animation in `hud.css`.
const STAY_MS: f64 = 3600.0;

/// Toasts at once.
const MOST: usize = 4;

/// The toasts on the screen, oldest first, each with the time it leaves.
#[derive(Debug)]
pub struct Toasts {
    list: HtmlElement,
    shown: VecDeque<(HtmlElement, f64)>,
}

impl Toasts {
    /// The toasts in the list with this id.
    pub fn new(id: &str) -> Result<Self, JsValue> {
        Ok(Self { list: dom::by_id(id)?, shown: VecDeque::new() })
    }

    /// Shows a toast of two parts: what, and who or how much, which is set apart.
    pub fn show(&mut self, what: &str, whom: &str, points: &str, now_ms: f64) {
        if self.shown.len() >= MOST {
            self.drop_oldest();
        }
        if let Ok(toast) = self.build(what, whom, points) {
            self.shown.push_back((toast, now_ms + STAY_MS));
        }
    }

    /// Takes away those whose time is over.
    pub fn tidy(&mut self, now_ms: f64) {
        while self.shown.front().is_some_and(|(_, end)| *end <= now_ms) {
            self.drop_oldest();
        }
    }

    fn build(&self, what: &str, whom: &str, points: &str) -> Result<HtmlElement, JsValue> {
        let toast = dom::element("div", "toast", "")?;
        for (class, text) in [("what", what), ("whom", whom), ("points", points)] {
            if !text.is_empty() {
                dom::child(&toast, "span", class, text)?;
            }
        }
        self.list.append_child(&toast)?;
        Ok(toast)
    }

    fn drop_oldest(&mut self) {
        if let Some((toast, _)) = self.shown.pop_front() {
            toast.remove();
        }
    }
}
