//! The short board beside the arena: the best ten, and one's own rank under them.
//!
//! Enters: the rows of a Top message, one's own standing. Leaves: nothing. Its elements are made once and reused.

use shared::protocol::TopRow;
use shared::tuning::TOP_ROWS;
use wasm_bindgen::JsValue;
use web_sys::HtmlElement;

use super::grouped;
use crate::dom::{self, TextSlot};

#[derive(Debug)]
struct Line {
    row: HtmlElement,
    rank: TextSlot,
    name: TextSlot,
    score: TextSlot,
}

/// One's own place, for the line under the ten.
#[derive(Debug, Clone, Copy)]
pub struct Own<'a> {
    /// One's player id; 0 while watching.
    pub player: u32,
    /// One's name.
    pub name: &'a str,
    /// Rank from 1; 0 for none.
    pub rank: u32,
    /// Points of this life.
    pub score: u32,
}

/// The short board.
#[derive(Debug)]
pub struct TopTen {
    lines: Vec<Line>,
    own: Line,
    rows: Vec<TopRow>,
}

impl TopTen {
    /// Makes the lines inside `#top-rows`.
    pub fn new() -> Result<Self, JsValue> {
        let list: HtmlElement = dom::by_id("top-rows")?;
        let lines = (0..TOP_ROWS).map(|_| Line::new(&list)).collect::<Result<_, _>>()?;
        let own = Line::new(&list)?;
        Ok(Self { lines, own, rows: Vec::new() })
    }

    /// Takes the rows of a Top message.
    pub fn take(&mut self, rows: &[TopRow]) {
        self.rows = rows.to_vec();
    }

    /// The rows as they came last.
    pub fn rows(&self) -> &[TopRow] {
        &self.rows
    }

    /// Shows the rows, with one's own marked or set under them.
    pub fn show(&mut self, own: Own<'_>) {
        let mut listed = false;
        for (index, line) in self.lines.iter_mut().enumerate() {
            let Some(row) = self.rows.get(index) else {
                line.hide();
                continue;
            };
            let mine = own.player != 0 && row.player.0 == own.player;
            listed |= mine;
            line.show(index as u32 + 1, row.name.as_str(), row.score, class(mine, row.drone));
        }
        if listed || own.player == 0 || own.rank == 0 {
            self.own.hide();
        } else {
            self.own.show(own.rank, own.name, own.score, "top-row own apart");
        }
    }
}

fn class(own: bool, drone: bool) -> &'static str {
    match (own, drone) {
        (true, _) => "top-row own",
        (false, true) => "top-row drone",
        (false, false) => "top-row",
    }
}

impl Line {
    fn new(list: &HtmlElement) -> Result<Self, JsValue> {
        let row = dom::element("li", "top-row unused", "")?;
        let slot = |class: &str| -> Result<TextSlot, JsValue> {
            Ok(TextSlot::of(dom::child(&row, "span", class, "")?))
        };
        let (rank, name, score) = (slot("rank")?, slot("name")?, slot("score")?);
        list.append_child(&row)?;
        Ok(Self { rank, name, score, row })
    }

    fn show(&mut self, rank: u32, name: &str, score: u32, class: &str) {
        self.rank.set(&rank.to_string());
        self.name.set(name);
        self.score.set(&grouped(score));
        dom::set_attribute(&self.row, "class", class);
    }

    fn hide(&self) {
        dom::set_attribute(&self.row, "class", "top-row unused");
    }
}
