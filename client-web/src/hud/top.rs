//! The short board beside the arena: the best ten, and under them one's own place among the neighbours.
//!
//! Enters: the rows of Top and Around, one's own standing, names. Leaves: nothing. Its elements are made once and reused.

use std::borrow::Cow;

use shared::ids::PlayerId;
use shared::mode::Team;
use shared::protocol::{AroundRow, TopRow};
use shared::tuning::{NEIGHBOURS, TOP_ROWS};
use wasm_bindgen::JsValue;
use web_sys::HtmlElement;

use super::contest::style;
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
    nearby: Vec<Line>,
    rows: Vec<TopRow>,
    around: (u32, Vec<AroundRow>),
}

impl TopTen {
    /// Makes the lines inside `#top-rows`.
    pub fn new() -> Result<Self, JsValue> {
        let list: HtmlElement = dom::by_id("top-rows")?;
        let lines = (0..TOP_ROWS).map(|_| Line::new(&list)).collect::<Result<_, _>>()?;
        let nearby = (0..=2 * NEIGHBOURS).map(|_| Line::new(&list)).collect::<Result<_, _>>()?;
        Ok(Self { lines, nearby, rows: Vec::new(), around: (0, Vec::new()) })
    }

    /// Takes the rows of a Top message.
    pub fn take(&mut self, rows: &[TopRow]) {
        self.rows = rows.to_vec();
    }

    /// Takes an Around message.
    pub fn take_around(&mut self, rank: u32, rows: &[AroundRow]) {
        self.around = (rank, rows.to_vec());
    }

    /// Those around one's own place, whose names are needed.
    pub fn neighbours(&self) -> impl Iterator<Item = u32> {
        self.around.1.iter().map(|row| row.player.0)
    }

    /// The rows as they came last.
    pub fn rows(&self) -> &[TopRow] {
        &self.rows
    }

    /// Shows the rows, with one's own marked or set under them among the neighbours.
    pub fn show<'a>(&mut self, own: Own<'_>, name: impl Fn(u32) -> Option<&'a str>) {
        let mut listed = false;
        for (index, line) in self.lines.iter_mut().enumerate() {
            let Some(row) = self.rows.get(index) else {
                line.hide();
                continue;
            };
            let mine = own.player != 0 && row.player.0 == own.player;
            listed |= mine;
            line.show(index as u32 + 1, row.name.as_str(), row.score, &class(mine, row.drone, row.team));
        }
        self.nearby.iter().for_each(Line::hide);
        if !listed && own.player != 0 && own.rank != 0 {
            self.show_nearby(own, name);
        }
    }

    /// Until an Around has come, and when it is of another place, one's own row alone.
    fn show_nearby<'a>(&mut self, own: Own<'_>, name: impl Fn(u32) -> Option<&'a str>) {
        let (first, rows) = &self.around;
        let known = rows.iter().any(|row| row.player.0 == own.player);
        let alone = [AroundRow { player: PlayerId(own.player), drone: false, score: own.score, team: None }];
        let (first, rows) = if known { (*first, &rows[..]) } else { (own.rank, &alone[..]) };
        // Both messages come at times of their own: who is among the best by the newer one is not shown twice.
        let listed =
            |row: &AroundRow| self.rows.iter().take(self.lines.len()).any(|top| top.player == row.player);
        let unlisted = rows.iter().enumerate().filter(|(_, row)| !listed(row));
        for (nth, (line, (index, row))) in self.nearby.iter_mut().zip(unlisted).enumerate() {
            let mine = row.player.0 == own.player;
            let called = if mine { own.name } else { name(row.player.0).unwrap_or("…") };
            let apart = if nth == 0 { " apart" } else { "" };
            let score = if mine { own.score } else { row.score };
            let class = class(mine, row.drone, row.team);
            line.show(first + index as u32, called, score, &format!("{class}{apart}"));
        }
    }
}

fn class(own: bool, drone: bool, team: Option<Team>) -> Cow<'static, str> {
    let row = match (own, drone) {
        (true, _) => "top-row own",
        (false, true) => "top-row drone",
        (false, false) => "top-row",
    };
    team.map_or(Cow::Borrowed(row), |team| Cow::Owned(format!("{row} {}", style(Some(team)))))
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
