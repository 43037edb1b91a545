//! The rows on the page: one element per player, kept while the player is there, moved where the rank says.
//!
//! Enters: the board, best first. Leaves: nothing. A row moves by its transform alone, so the browser can glide it; a
//! changed score flashes. Names go in as text.

use std::collections::BTreeMap;

use shared::leaderboard::BoardRow;
use wasm_bindgen::JsValue;
use web_sys::HtmlElement;

use super::layout::Layout;
use crate::dom::{self, TextSlot};
use crate::hud::grouped;

/// The columns of a row: class of the cell, and its heading.
const CELLS: [(&str, &str); 5] =
    [("rank", "#"), ("name", "Name"), ("score", "Score"), ("kills", "Kills"), ("deaths", "Deaths")];

#[derive(Debug)]
struct Row {
    element: HtmlElement,
    cells: Vec<TextSlot>,
    place: (f64, f64),
    /// Two flash animations alternate: giving an element the same one again would not start it.
    flash: bool,
}

/// All rows.
#[derive(Debug)]
pub struct Rows {
    list: HtmlElement,
    heads: HtmlElement,
    rows: BTreeMap<u32, Row>,
    head_columns: usize,
    calm: bool,
}

impl Rows {
    /// The rows in `#rows`, headed by `#heads`; `calm` for a visitor who asked for less motion.
    pub fn new(calm: bool) -> Result<Self, JsValue> {
        let (list, heads) = (dom::by_id("rows")?, dom::by_id("heads")?);
        Ok(Self { list, heads, rows: BTreeMap::new(), head_columns: 0, calm })
    }

    /// Shows `board`.
    pub fn show(&mut self, board: &[BoardRow]) {
        let layout = self.layout(board.len());
        self.remove_gone(board);
        for (index, row) in board.iter().enumerate() {
            if let Err(problem) = self.show_row(index, row, &layout) {
                dom::complain("a row cannot be shown", &problem);
            }
        }
    }

    fn layout(&mut self, count: usize) -> Layout {
        let window = dom::window().inner_height().ok().and_then(|side| side.as_f64()).unwrap_or(800.0);
        let above = self.list.get_bounding_client_rect().top() + dom::window().scroll_y().unwrap_or(0.0);
        let (width, height) = (f64::from(self.list.client_width()), window - above - 16.0);
        let layout = Layout::of(count, width, height, window);
        for (property, value) in
            [("--row", layout.row), ("--column", layout.width), ("height", layout.height())]
        {
            dom::set_style(&self.list, property, &format!("{value}px"));
            dom::set_style(&self.heads, property, &format!("{value}px"));
        }
        self.show_heads(layout.columns);
        layout
    }

    fn show_heads(&mut self, columns: usize) {
        if self.head_columns == columns {
            return;
        }
        self.head_columns = columns;
        self.heads.set_text_content(None);
        for _ in 0..columns {
            if let Err(problem) = self.add_head() {
                dom::complain("the headings cannot be shown", &problem);
            }
        }
    }

    fn add_head(&self) -> Result<(), JsValue> {
        let head = dom::child(&self.heads, "div", "head", "")?;
        for (class, heading) in CELLS {
            dom::child(&head, "span", class, heading)?;
        }
        Ok(())
    }

    fn remove_gone(&mut self, board: &[BoardRow]) {
        let here: std::collections::BTreeSet<u32> = board.iter().map(|row| row.standing.player.0).collect();
        self.rows.retain(|player, row| {
            let stays = here.contains(player);
            if !stays {
                row.element.remove();
            }
            stays
        });
    }

    fn show_row(&mut self, index: usize, row: &BoardRow, layout: &Layout) -> Result<(), JsValue> {
        let player = row.standing.player.0;
        let place = layout.place(index);
        let (calm, fresh) = (self.calm, !self.rows.contains_key(&player));
        if fresh {
            let made = Row::new(row.drone)?;
            made.put(place);
            self.list.append_child(&made.element)?;
            self.rows.insert(player, made);
        }
        if let Some(shown) = self.rows.get_mut(&player) {
            shown.move_to(place, index);
            let scored = shown.fill(index, row);
            if scored && !fresh && !calm {
                shown.start_flash();
            }
        }
        Ok(())
    }
}

impl Row {
    fn new(drone: bool) -> Result<Self, JsValue> {
        let element = dom::element("li", if drone { "row drone" } else { "row" }, "")?;
        let mut cells = Vec::new();
        for (class, _) in CELLS {
            cells.push(TextSlot::of(dom::child(&element, "span", class, "")?));
        }
        Ok(Self { element, cells, place: (f64::NAN, f64::NAN), flash: false })
    }

    fn put(&self, (left, top): (f64, f64)) {
        dom::set_style(&self.element, "transform", &format!("translate({left:.1}px, {top:.1}px)"));
    }

    fn move_to(&mut self, place: (f64, f64), index: usize) {
        if self.place != place {
            self.place = place;
            self.put(place);
            dom::set_attribute(&self.element, "data-rank", if index < 3 { RANKS[index] } else { "" });
        }
    }

    /// Fills the cells; returns whether the score changed.
    fn fill(&mut self, index: usize, row: &BoardRow) -> bool {
        let standing = &row.standing;
        let rank = grouped(index as u32 + 1);
        let [score, kills, deaths] = [standing.score, standing.kills, standing.deaths].map(grouped);
        let texts = [rank.as_str(), row.name.as_str(), &score, &kills, &deaths];
        let mut changed = [false; CELLS.len()];
        for ((slot, text), changed) in self.cells.iter_mut().zip(texts).zip(&mut changed) {
            *changed = slot.set(text);
        }
        changed[2]
    }

    fn start_flash(&mut self) {
        self.flash = !self.flash;
        dom::set_attribute(&self.element, "data-flash", if self.flash { "a" } else { "b" });
    }
}

/// Values of `data-rank`, for the styles of the best three.
const RANKS: [&str; 3] = ["1", "2", "3"];
