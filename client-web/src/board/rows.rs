//! The rows on the page: only as many as are on the screen, each kept while its player is there, moved where the rank says.
//!
//! Enters: how many lines there are, and what each one is. Leaves: which lines are on the screen. Rows that leave the screen
//! are used again for those that come.

use std::collections::BTreeMap;
use std::ops::Range;

use wasm_bindgen::JsValue;
use web_sys::HtmlElement;

use super::address::Look;
use super::entry::{Entry, Who};
use super::layout::Layout;
use super::row::{self, Mark, Row};
use super::span::Span;
use crate::dom;

/// Lines on a big screen at most: more would be too small to be read across a room.
const TV_ROWS: u64 = 20;

/// Lines of a board, by index.
pub trait Lines {
    /// How many.
    fn total(&self) -> u64;
    /// The one at `index`, if it is known.
    fn at(&self, index: u64) -> Option<Entry>;
}

/// How the rows are to be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// How much of the page there is.
    pub look: Look,
    /// Headings of the live board, or of standings?
    pub live: bool,
    /// Lines at most; for somebody else's page.
    pub most: u64,
    /// The visitor's own line.
    pub own: Option<Who>,
    /// For a visitor who asked for less motion.
    pub calm: bool,
}

/// All rows.
#[derive(Debug)]
pub struct Rows {
    table: HtmlElement,
    scroller: HtmlElement,
    list: HtmlElement,
    heads: HtmlElement,
    rows: BTreeMap<Who, Row>,
    spare: Vec<Row>,
    made: u32,
    shown_heads: Option<(usize, bool)>,
    layout: Option<Layout>,
    span: Span,
    sought: Option<u64>,
}

impl Rows {
    /// The rows in `#rows`, which scroll in `#scroller`, headed by `#heads`.
    pub fn new() -> Result<Self, JsValue> {
        let (scroller, list, heads) = (dom::by_id("scroller")?, dom::by_id("rows")?, dom::by_id("heads")?);
        let (rows, spare) = (BTreeMap::new(), Vec::new());
        let span = Span { row: 1.0, ..Span::default() };
        Ok(Self {
            table: dom::by_id("table")?,
            scroller,
            list,
            heads,
            rows,
            spare,
            made: 0,
            shown_heads: None,
            layout: None,
            span,
            sought: None,
        })
    }

    /// What scrolls.
    pub fn scroller(&self) -> &HtmlElement {
        &self.scroller
    }

    /// Row elements in the page.
    pub fn count(&self) -> usize {
        self.rows.len()
    }

    /// The lines on the screen.
    pub fn visible(&self) -> Range<u64> {
        if self.scrolls() { self.span.visible() } else { 0..self.span.total }
    }

    /// The lines in the page.
    pub fn kept(&self) -> Range<u64> {
        if self.scrolls() { self.span.kept() } else { 0..self.span.total }
    }

    fn scrolls(&self) -> bool {
        self.span.height() > self.span.view + 1.0 && self.layout.is_none_or(|layout| layout.columns == 1)
    }

    /// Brings the line at `index` to the middle of the screen, and marks it.
    pub fn jump(&mut self, index: u64) {
        self.sought = Some(index);
        self.scroller.set_scroll_top(self.span.scroll_to(index) as i32);
    }

    /// Goes back to the top, for another board.
    pub fn restart(&mut self) {
        self.sought = None;
        self.scroller.set_scroll_top(0);
        for (_, row) in std::mem::take(&mut self.rows) {
            self.put_aside(row);
        }
    }

    /// Shows what `lines` are now.
    pub fn show(&mut self, lines: &impl Lines, style: &Style) {
        let layout = self.lay_out(lines.total(), style);
        let range = self.kept();
        let wanted: Vec<(u64, Option<Entry>)> = range.map(|index| (index, lines.at(index))).collect();
        let named = named(wanted);
        self.put_aside_all_but(&named);
        for (who, (index, entry)) in &named {
            let place =
                if self.scrolls() { (0.0, self.span.place(*index)) } else { layout.place(*index as usize) };
            if let Err(problem) = self.show_row(*who, *index, entry.as_ref(), place, style) {
                dom::complain("a row cannot be shown", &problem);
            }
        }
    }

    fn lay_out(&mut self, total: u64, style: &Style) -> Layout {
        let window = dom::window().inner_height().ok().and_then(|side| side.as_f64()).unwrap_or(800.0);
        let (width, height) = (f64::from(self.list.client_width()), f64::from(self.scroller.client_height()));
        let most = Layout::capacity(width, height, window);
        let total = match style.look {
            Look::Full => total,
            Look::Tv => total.min(most as u64).min(TV_ROWS),
            Look::Embed => total.min(style.most),
        };
        let layout = match style.look {
            Look::Embed => Layout::filling(style.most as usize, width, height),
            Look::Full | Look::Tv if total <= most as u64 => {
                Layout::of(total as usize, width, height, window)
            }
            Look::Full | Look::Tv => Layout::scrolling(total as usize, width, window),
        };
        let scroll = f64::from(self.scroller.scroll_top());
        self.span = Span { total, row: layout.row, view: height, scroll };
        self.apply(&layout, if layout.columns > 1 { layout.height() } else { self.span.height() }, style);
        layout
    }

    fn apply(&mut self, layout: &Layout, tall: f64, style: &Style) {
        if self.layout != Some(*layout) {
            self.layout = Some(*layout);
            for (property, value) in [("--row", layout.row), ("--column", layout.width)] {
                dom::set_style(&self.table, property, &format!("{value}px"));
            }
            dom::set_style(&self.list, "height", &format!("{tall}px"));
            dom::set_attribute(&self.list, "data-scaled", if self.span.is_scaled() { "yes" } else { "no" });
        }
        if self.shown_heads != Some((layout.columns, style.live)) {
            self.shown_heads = Some((layout.columns, style.live));
            self.heads.set_text_content(None);
            for column in 0..layout.columns {
                if let Err(problem) = row::add_heads(&self.heads, style.live, column == 0) {
                    dom::complain("the headings cannot be shown", &problem);
                }
            }
        }
    }

    fn put_aside_all_but(&mut self, named: &BTreeMap<Who, (u64, Option<Entry>)>) {
        let leaving: Vec<Who> = self.rows.keys().copied().filter(|who| !named.contains_key(who)).collect();
        for who in leaving {
            if let Some(row) = self.rows.remove(&who) {
                self.put_aside(row);
            }
        }
    }

    fn put_aside(&mut self, mut row: Row) {
        // Out of the document, so that it does not glide from its old place when it is used again.
        row.element().remove();
        // Until the order is told again, it is that of the document: nobody is pointed to a row that is gone.
        let _was_there = self.list.remove_attribute("aria-owns");
        row.clear();
        self.spare.push(row);
    }

    fn show_row(
        &mut self,
        who: Who,
        index: u64,
        entry: Option<&Entry>,
        place: (f64, f64),
        style: &Style,
    ) -> Result<(), JsValue> {
        let (own, sought) = (style.own == Some(who), self.sought == Some(index));
        let fresh = !self.rows.contains_key(&who);
        if fresh {
            let row = self.spare.pop().map_or_else(|| self.make(), Ok)?;
            self.rows.insert(who, row);
        }
        if let Some(row) = self.rows.get_mut(&who) {
            row.move_to(place);
            let scored = row.fill(index, entry, Mark { own, sought });
            if fresh {
                self.list.append_child(row.element())?;
            } else if scored && !style.calm {
                row.start_flash();
            }
        }
        Ok(())
    }

    fn make(&mut self) -> Result<Row, JsValue> {
        self.made += 1;
        Row::new(self.made)
    }

    /// Tells those who do not see the page in which order the rows are.
    pub fn tell_order(&self) {
        let mut ids: Vec<(i64, String)> = Vec::with_capacity(self.rows.len());
        for row in self.rows.values() {
            ids.push((row.index().map_or(-1, |index| index as i64), row.element().id()));
        }
        ids.sort_unstable();
        let ids: Vec<String> = ids.into_iter().map(|(_, id)| id).collect();
        dom::set_attribute(&self.list, "aria-owns", &ids.join(" "));
    }
}

/// The lines by whose they are. Two that cannot be told apart are told by their index.
fn named(wanted: Vec<(u64, Option<Entry>)>) -> BTreeMap<Who, (u64, Option<Entry>)> {
    let mut named = BTreeMap::new();
    for (index, entry) in wanted {
        let who = entry.as_ref().map_or(Who::Line(index), |entry| entry.who);
        let who = if named.contains_key(&who) { Who::Line(index) } else { who };
        named.insert(who, (index, entry));
    }
    named
}
