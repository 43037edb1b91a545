//! The banner of a lost connection: what happened, and when the next attempt is made.
//!
//! Enters: how the link was closed, the page's clock. Leaves: nothing. Used by both pages.

use wasm_bindgen::JsValue;

use crate::dom::{self, TextSlot};
use crate::net::link::Closing;
use crate::words;

/// The banner.
#[derive(Debug)]
pub struct Banner {
    what: TextSlot,
    next: TextSlot,
}

impl Banner {
    /// Finds the banner on the page.
    pub fn new() -> Result<Self, JsValue> {
        Ok(Self { what: TextSlot::by_id("lost-what")?, next: TextSlot::by_id("lost-next")? })
    }

    /// Shows how things stand; the page's styles show the banner while the phase is `lost`.
    pub fn show(&mut self, closing: &Closing) {
        self.what.set(closing.sentence());
        self.next.set(&next(closing.retry_at_ms, dom::now_ms()));
    }
}

fn next(retry_at_ms: Option<f64>, now_ms: f64) -> String {
    match retry_at_ms.map(|at_ms| ((at_ms - now_ms) / 1000.0).ceil()) {
        None => words::say("lost.reload").to_owned(),
        Some(seconds) if seconds >= 1.0 => words::fill("lost.in", &[("seconds", &format!("{seconds:.0}"))]),
        Some(_) => words::say("lost.now").to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_countdown_ends_in_an_attempt() {
        assert_eq!(next(Some(5000.0), 1500.0), "Reconnecting in 4 s");
        assert_eq!(next(Some(5000.0), 5000.0), "Reconnecting …");
    }
}
