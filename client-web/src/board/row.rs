//! One row of the page: an element that shows one line after another as the list needs it.
//!
//! Enters: lines, places. Leaves: whether the score changed. A row moves by its transform alone, so the browser can glide it.
//! Names go in as text.

use js_sys::Date;
use wasm_bindgen::JsValue;
use web_sys::HtmlElement;

use super::entry::{Detail, Entry};
use crate::dom::{self, TextSlot};
use crate::hud::contest::style;
use crate::hud::grouped;
use crate::words;

/// Classes of a row's cells.
const CELLS: [&str; 5] = ["rank", "name", "score", "kills", "deaths"];

/// The headings of a live board and of standings.
const LIVE_HEADS: [&str; 5] = ["", "name", "score", "kills", "deaths"];
const LIFE_HEADS: [&str; 4] = ["", "name", "score", "when"];

/// Values of `data-rank`, for the styles of the best three.
const RANKS: [&str; 3] = ["1", "2", "3"];

/// How a line is shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Mark {
    /// It is the visitor's own.
    pub own: bool,
    /// It was jumped to.
    pub sought: bool,
}

/// A row's element.
#[derive(Debug)]
pub struct Row {
    element: HtmlElement,
    cells: Vec<TextSlot>,
    place: (f64, f64),
    index: Option<u64>,
    /// Two flash animations alternate: giving an element the same one again would not start it.
    flash: bool,
}

impl Row {
    /// A row that is not in the document yet; `number` tells it from all others.
    pub fn new(number: u32) -> Result<Self, JsValue> {
        let element = dom::element("div", "row", "")?;
        element.set_id(&format!("row-{number}"));
        let row = Self::of(element)?;
        dom::set_attribute(&row.element, "role", "row");
        for cell in &row.cells {
            dom::set_attribute(cell.element(), "role", "cell");
        }
        Ok(row)
    }

    /// A row in an element of the page.
    pub fn of(element: HtmlElement) -> Result<Self, JsValue> {
        let cells = CELLS.iter().map(|class| Ok(TextSlot::of(dom::child(&element, "span", class, "")?)));
        let cells = cells.collect::<Result<_, JsValue>>()?;
        Ok(Self { element, cells, place: (f64::NAN, f64::NAN), index: None, flash: false })
    }

    /// Its element.
    pub fn element(&self) -> &HtmlElement {
        &self.element
    }

    /// Which line it shows.
    pub fn index(&self) -> Option<u64> {
        self.index
    }

    /// Makes it fit for another line.
    pub fn clear(&mut self) {
        for name in ["data-flash", "data-sought"] {
            // Fails for no name of an attribute.
            let _ = self.element.remove_attribute(name);
        }
        self.index = None;
    }

    /// Moves it to a place, in CSS pixels from the list's upper left corner.
    pub fn move_to(&mut self, place: (f64, f64)) {
        if self.place != place {
            self.place = place;
            let (left, top) = place;
            dom::set_style(&self.element, "transform", &format!("translate({left:.1}px, {top:.1}px)"));
        }
    }

    /// Shows the line at `index`, or that it is not here yet; returns whether the score is another one.
    pub fn fill(&mut self, index: u64, entry: Option<&Entry>, mark: Mark) -> bool {
        self.fill_index(index);
        self.fill_class(entry, mark);
        let Some(entry) = entry else {
            for cell in &mut self.cells[1..] {
                cell.set("");
            }
            return false;
        };
        self.cells[1].set(entry.shown_name());
        let (fourth, fifth) = match entry.detail {
            Detail::Live { kills, deaths, .. } => (grouped(kills), grouped(deaths)),
            Detail::Life { at_ms } => (moment(at_ms), String::new()),
        };
        self.cells[3].set(&fourth);
        self.cells[4].set(&fifth);
        self.cells[2].set(&grouped(entry.score))
    }

    fn fill_index(&mut self, index: u64) {
        if self.index != Some(index) {
            self.index = Some(index);
            let rank = u32::try_from(index + 1).unwrap_or(u32::MAX);
            self.cells[0].set(&grouped(rank));
            dom::set_attribute(&self.element, "aria-rowindex", &(index + 2).to_string());
            let best = RANKS.get(index as usize).copied().unwrap_or("");
            dom::set_attribute(&self.element, "data-rank", best);
        }
    }

    fn fill_class(&self, entry: Option<&Entry>, mark: Mark) {
        let mut class = "row".to_owned();
        let parts = [
            (entry.is_some_and(Entry::is_drone), " drone"),
            (entry.is_none(), " unread"),
            (entry.is_some_and(|entry| entry.name.is_none()), " removed"),
            (mark.own, " own"),
        ];
        if let Some(team) = entry.and_then(Entry::team) {
            class.push(' ');
            class.push_str(style(Some(team)));
        }
        class.extend(parts.iter().filter(|(so, _)| *so).map(|(_, part)| *part));
        if self.element.class_name() != class {
            self.element.set_class_name(&class);
        }
        dom::set_attribute(&self.element, "data-sought", if mark.sought { "yes" } else { "no" });
    }

    /// Flashes, as its score has changed.
    pub fn start_flash(&mut self) {
        self.flash = !self.flash;
        dom::set_attribute(&self.element, "data-flash", if self.flash { "a" } else { "b" });
    }
}

/// Adds a row of headings to `heads`; those of a second column are for the eye alone.
pub fn add_heads(heads: &HtmlElement, live: bool, first: bool) -> Result<(), JsValue> {
    let head = dom::child(heads, "div", "head", "")?;
    let texts: &[&str] = if live { &LIVE_HEADS } else { &LIFE_HEADS };
    for (class, heading) in CELLS.iter().zip(texts) {
        let cell = match *heading {
            "" => dom::child(&head, "span", class, "#")?,
            key => words::child(&head, "span", class, key)?,
        };
        dom::set_attribute(&cell, "role", "columnheader");
    }
    if first {
        dom::set_attribute(&head, "role", "row");
        dom::set_attribute(&head, "aria-rowindex", "1");
    } else {
        dom::set_attribute(&head, "aria-hidden", "true");
    }
    Ok(())
}

/// A moment as the visitor's clock has it: the time of one today, the date of another.
fn moment(at_ms: f64) -> String {
    let (at, now) = (Date::new(&at_ms.into()), Date::new_0());
    let day = |date: &Date| (date.get_full_year(), date.get_month(), date.get_date());
    let (year, month, date) = day(&at);
    if day(&now) == (year, month, date) {
        format!("{:02}:{:02}", at.get_hours(), at.get_minutes())
    } else {
        format!("{year}-{:02}-{date:02}", month + 1)
    }
}
