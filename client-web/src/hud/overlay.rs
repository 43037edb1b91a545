//! The overlay that shows the truth about the connection: a line per number, with the graph of its last seconds.
//!
//! Enters: the numbers of now, ten times a second. Leaves: nothing. It is built when it is first shown, and costs nothing
//! while it is hidden.

use std::collections::VecDeque;

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlElement};

use crate::dom::{self, TextSlot};
use crate::words;

/// Numbers in a graph.
const KEPT: usize = 60;

/// A graph's size in its own units.
const WIDTH: f64 = 59.0;
const HEIGHT: f64 = 14.0;

const SVG: &str = "http://www.w3.org/2000/svg";

/// One number of the overlay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// Round trip, in milliseconds.
    Ping,
    /// How far frames stray from an even pace, in milliseconds.
    Jitter,
    /// How far the pilot's clock is ahead of the newest frame, in milliseconds.
    Lead,
    /// How many ticks inputs are early, on average.
    Margin,
    /// How far from its predicted place the own ship is drawn, in world units.
    Correction,
    /// How far behind the newest frame others are drawn, in milliseconds.
    Delay,
    /// Views that started anew since Welcome.
    Missed,
    /// Bytes per second of frames' heads.
    Head,
    /// Bytes per second of deltas.
    Deltas,
    /// Bytes per second of keyframes and arrivals.
    Keyframes,
    /// Bytes per second of messages.
    Messages,
    /// Draws per second.
    Draws,
    /// Milliseconds in a draw.
    DrawTime,
}

/// Every reading, as the overlay lists them.
pub const READINGS: [Reading; 13] = [
    Reading::Ping,
    Reading::Jitter,
    Reading::Lead,
    Reading::Margin,
    Reading::Correction,
    Reading::Delay,
    Reading::Missed,
    Reading::Head,
    Reading::Deltas,
    Reading::Keyframes,
    Reading::Messages,
    Reading::Draws,
    Reading::DrawTime,
];

impl Reading {
    /// Its field in the probe, the key of its name, its unit or the key of that, its decimals.
    fn words(self) -> (&'static str, &'static str, &'static str, usize) {
        match self {
            Self::Ping => ("pingMs", "net.ping", "ms", 0),
            Self::Jitter => ("jitterMs", "net.jitter", "ms", 1),
            Self::Lead => ("leadMs", "net.lead", "ms", 0),
            Self::Margin => ("margin", "net.margin", "unit.ticks", 1),
            Self::Correction => ("correction", "net.correction", "unit.units", 1),
            Self::Delay => ("delayMs", "net.delay", "ms", 0),
            Self::Missed => ("missed", "net.missed", "", 0),
            Self::Head => ("headBytes", "net.heads", "B/s", 0),
            Self::Deltas => ("deltaBytes", "net.deltas", "B/s", 0),
            Self::Keyframes => ("keyframeBytes", "net.keyframes", "B/s", 0),
            Self::Messages => ("messageBytes", "net.messages", "B/s", 0),
            Self::Draws => ("drawsPerSecond", "net.draws", "/s", 0),
            Self::DrawTime => ("drawMs", "net.time", "ms", 1),
        }
    }

    /// Its field in the probe.
    pub fn key(self) -> &'static str {
        self.words().0
    }

    fn text(self, number: f64) -> String {
        let (_, _, unit, decimals) = self.words();
        let unit = if unit.starts_with("unit.") { words::say(unit) } else { unit };
        // Minus zero looks like a mistake.
        format!("{:.decimals$}\u{202f}{unit}", if number.abs() < 0.05 { 0.0 } else { number })
    }
}

/// One line: its number and its graph.
#[derive(Debug)]
struct Line {
    value: TextSlot,
    curve: Element,
    past: VecDeque<f64>,
}

/// The overlay.
#[derive(Debug)]
pub struct Overlay {
    panel: HtmlElement,
    lines: Vec<Line>,
}

impl Overlay {
    /// The overlay in `#overlay`, hidden.
    pub fn new() -> Result<Self, JsValue> {
        Ok(Self { panel: dom::by_id("overlay")?, lines: Vec::new() })
    }

    /// Shows it, or hides it.
    pub fn toggle(&mut self) -> Result<(), JsValue> {
        if self.lines.is_empty() {
            self.lines =
                READINGS.iter().map(|reading| line(&self.panel, *reading)).collect::<Result<_, _>>()?;
        }
        self.panel.set_hidden(!self.panel.hidden());
        Ok(())
    }

    /// Is it on the screen?
    pub fn is_shown(&self) -> bool {
        !self.panel.hidden()
    }

    /// Shows the numbers of now, in the order of [`READINGS`].
    pub fn show(&mut self, numbers: &[f64; READINGS.len()]) {
        for ((line, reading), number) in self.lines.iter_mut().zip(READINGS).zip(numbers) {
            line.value.set(&reading.text(*number));
            if line.past.len() == KEPT {
                line.past.pop_front();
            }
            line.past.push_back(*number);
            dom::set_attribute(&line.curve, "points", &curve(&line.past));
        }
    }
}

fn line(panel: &HtmlElement, reading: Reading) -> Result<Line, JsValue> {
    let row = dom::child(panel, "div", "overlay-line", "")?;
    words::child(&row, "span", "overlay-name", reading.words().1)?;
    let value = TextSlot::of(dom::child(&row, "span", "overlay-value", "")?);
    let graph = dom::document().create_element_ns(Some(SVG), "svg")?;
    dom::set_attribute(&graph, "viewBox", &format!("0 -1 {WIDTH} {}", HEIGHT + 2.0));
    dom::set_attribute(&graph, "preserveAspectRatio", "none");
    let curve = dom::document().create_element_ns(Some(SVG), "polyline")?;
    graph.append_child(&curve)?;
    row.append_child(graph.unchecked_ref())?;
    Ok(Line { value, curve, past: VecDeque::new() })
}

/// The points of a graph, newest at the right edge, from zero or the lowest at the bottom to the highest at the top.
fn curve(past: &VecDeque<f64>) -> String {
    let low = past.iter().copied().fold(0.0, f64::min);
    let high = past.iter().copied().fold(1e-6, f64::max);
    let left = KEPT - past.len();
    let point = |(index, number): (usize, &f64)| {
        let up = (number - low) / (high - low) * HEIGHT;
        format!("{},{:.1}", left + index, HEIGHT - up)
    };
    past.iter().enumerate().map(point).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_graph_ends_at_its_right_edge_and_fits_its_height() {
        assert_eq!(curve(&VecDeque::from([0.0, 5.0, 10.0])), "57,14.0 58,7.0 59,0.0");
        assert_eq!(curve(&VecDeque::from([0.0])), "59,14.0");
    }

    #[test]
    fn numbers_carry_their_units_and_no_minus_zero() {
        assert_eq!(Reading::Margin.text(-0.01), "0.0\u{202f}ticks");
        assert_eq!(Reading::Deltas.text(1234.4), "1234\u{202f}B/s");
    }
}
