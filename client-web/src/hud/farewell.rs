//! The line that says when the server stops.
//!
//! Enters: in how many seconds, the page's clock. Leaves: nothing. It changes seldom, since it is read aloud, too.

use wasm_bindgen::JsValue;

use crate::dom::TextSlot;
use crate::words;

/// The line.
#[derive(Debug)]
pub struct Farewell {
    line: TextSlot,
    until_ms: Option<f64>,
}

impl Farewell {
    /// The line in `#closing`, hidden.
    pub fn new() -> Result<Self, JsValue> {
        Ok(Self { line: TextSlot::by_id("closing")?, until_ms: None })
    }

    /// The server stops in so many seconds.
    pub fn begin(&mut self, in_seconds: u16, now_ms: f64) {
        self.until_ms = Some(now_ms + f64::from(in_seconds) * 1000.0);
        self.tick(now_ms);
    }

    /// The connection is gone: what was said of its server is over.
    pub fn end(&mut self) {
        self.until_ms = None;
        self.tick(0.0);
    }

    /// Seconds until the server stops.
    pub fn left_s(&self, now_ms: f64) -> Option<f64> {
        self.until_ms.map(|until_ms| ((until_ms - now_ms).max(0.0) / 1000.0).ceil())
    }

    /// Shows how long it still is.
    pub fn tick(&mut self, now_ms: f64) {
        let left = self.left_s(now_ms);
        let line = left.map_or_else(String::new, |left| words::fill("closing.in", &[("time", &about(left))]));
        self.line.set(&line);
        self.line.element().set_hidden(left.is_none());
    }
}

/// So many seconds, in steps that are worth saying.
fn about(seconds: f64) -> String {
    let steps = |step: f64| format!("{:.0}", (seconds / step).ceil());
    match seconds {
        90.0.. => words::fill("time.min", &[("min", &steps(60.0))]),
        10.0.. => words::fill("time.s", &[("s", &format!("{}0", steps(10.0)))]),
        _ => words::fill("time.s", &[("s", "10")]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_is_said_in_steps_and_never_less_than_it_is() {
        let plain = |seconds| about(seconds).replace(|c: char| c.is_whitespace(), " ");
        assert_eq!([3600.0, 91.0, 89.0, 31.0, 3.0].map(plain), ["60 min", "2 min", "90 s", "40 s", "10 s"]);
    }
}
