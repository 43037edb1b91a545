//! The line chart of the leaders' scores, as SVG.
//!
//! Enters: lines of the history. Leaves: nothing. Names go in as text; which line is whose is told by colour, dashes and the
//! legend's order.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlElement};

use super::history::{KEPT, LEADERS, Line};
use crate::dom::{self, TextSlot};
use crate::hud::grouped;

/// The drawing's own units: it is stretched to its element.
const WIDTH: f64 = 600.0;
const HEIGHT: f64 = 100.0;

const SVG: &str = "http://www.w3.org/2000/svg";

/// The chart.
#[derive(Debug)]
pub struct Chart {
    lines: Vec<Element>,
    legend: Vec<(HtmlElement, TextSlot, TextSlot)>,
    most: TextSlot,
    half: TextSlot,
}

impl Chart {
    /// The chart in `#chart`.
    pub fn new() -> Result<Self, JsValue> {
        let (svg, list): (Element, HtmlElement) = (dom::by_id("chart-lines")?, dom::by_id("chart-legend")?);
        let (mut lines, mut legend) = (Vec::new(), Vec::new());
        for colour in 0..LEADERS {
            let line = dom::document().create_element_ns(Some(SVG), "polyline")?;
            dom::set_attribute(&line, "class", &format!("line c{colour}"));
            svg.append_child(&line)?;
            lines.push(line);
            let item = dom::child(&list, "li", "", "")?;
            let name = TextSlot::of(dom::child(&item, "span", "name", "")?);
            let score = TextSlot::of(dom::child(&item, "span", "score", "")?);
            legend.push((item, name, score));
        }
        let (most, half) = (TextSlot::by_id("chart-most")?, TextSlot::by_id("chart-half")?);
        Ok(Self { lines, legend, most, half })
    }

    /// Draws `lines`.
    pub fn draw(&mut self, lines: &[Line]) {
        let highest = lines.iter().flat_map(|line| &line.points).map(|(_, score)| *score).max();
        let most = rounded_up(highest.unwrap_or(0));
        self.most.set(&grouped(most));
        self.half.set(&grouped(most / 2));
        for (colour, element) in self.lines.iter().enumerate() {
            let line = lines.iter().find(|line| line.colour == colour);
            let points = line.map(|line| polyline(&line.points, most)).unwrap_or_default();
            dom::set_attribute(element, "points", &points);
        }
        for (index, (item, name, score)) in self.legend.iter_mut().enumerate() {
            let line = lines.get(index);
            item.set_hidden(line.is_none());
            if let Some(line) = line {
                dom::set_attribute(item.unchecked_ref(), "class", &format!("c{}", line.colour));
                name.set(&line.name);
                score.set(&grouped(line.score));
            }
        }
    }
}

/// The points of a line: now is on the right, `most` at the top.
fn polyline(points: &[(usize, u32)], most: u32) -> String {
    let mut text = String::with_capacity(points.len() * 12);
    for (ago, score) in points {
        let x = WIDTH - *ago as f64 * WIDTH / (KEPT - 1) as f64;
        let y = HEIGHT - f64::from(*score) * HEIGHT / f64::from(most);
        text.push_str(&format!("{x:.1},{y:.1} "));
    }
    text
}

/// The next number above that is easy to read, with an even half: 20, 40, 100, 200, 400, 1000 …
fn rounded_up(number: u32) -> u32 {
    let mut step = 10_u32;
    loop {
        for times in [2, 4, 10] {
            let round = step.saturating_mul(times);
            if round >= number {
                return round;
            }
        }
        step = step.saturating_mul(10);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_axis_ends_in_a_number_that_is_easy_to_read() {
        assert_eq!([0, 20, 21, 99, 101, 1234].map(rounded_up), [20, 20, 40, 100, 200, 2000]);
        assert_eq!(rounded_up(u32::MAX), u32::MAX);
    }

    #[test]
    fn now_is_on_the_right_and_the_highest_at_the_top() {
        assert_eq!(polyline(&[(KEPT - 1, 0), (0, 40)], 40), "0.0,100.0 600.0,0.0 ");
    }
}
