//! What the page does when its visitor wants something.

use shared::leaderboard::BoardRow;
use wasm_bindgen::JsValue;

use super::address::{View, Which};
use super::entry::Entry;
use super::finder::LISTED;
use super::mail::{Letter, Wish};
use super::page::BoardPage;
use super::rows::Lines as _;
use super::shown::Shown;
use crate::dom;
use crate::net::request::Answer;
use crate::words;

/// Characters of a name that the server looks for at most.
const NAME_CHARS: usize = shared::tuning::NAME_CHARS;

impl BoardPage {
    pub(super) fn wish(&mut self, wish: Wish) {
        match wish {
            Wish::Board(id) => self.choose(&id),
            Wish::Arena(id) => {
                self.turn_to(View { which: Which::Live, arena: Some(id), ..self.view.clone() });
            }
            Wish::Line(index) => self.show_line(index),
            Wish::Own => {
                if let Some((index, _)) = self.own.and_then(|key| self.lines().own(key)) {
                    self.show_line(index);
                }
            }
            Wish::Name(begin) => self.look_for(begin.trim()),
            Wish::First => {
                if let Some(index) = self.screen.finder(|finder| finder.first()).flatten() {
                    self.show_line(index);
                }
            }
            Wish::Mine => self.screen.mine(|mine| mine.open()),
            Wish::Remove => self.screen.mine(|mine| mine.ask_whether()),
            Wish::RemoveSurely => self.screen.mine(|mine| mine.remove()),
            Wish::Close => self.screen.mine(|mine| mine.close()),
        }
    }

    fn choose(&mut self, id: &str) {
        let newest = self.screen.newest_past();
        let which = match id {
            "past" => newest.as_deref().and_then(Which::parse),
            _ => Which::parse(id),
        };
        let Some(which) = which else { return self.screen.say(words::say("board.no.past")) };
        self.turn_to(self.view.with(which));
    }

    /// Shows another board under its own address.
    fn turn_to(&mut self, view: View) {
        if view == self.view {
            return;
        }
        let history = dom::window().history();
        let pushed = history.and_then(|all| all.push_state_with_url(&JsValue::NULL, "", Some(&view.query())));
        if let Err(problem) = pushed {
            dom::complain("the address cannot be changed", &problem);
        }
        self.go(view);
    }

    fn show_line(&mut self, index: u64) {
        let last = self.lines().total().saturating_sub(1);
        self.screen.finder(|finder| finder.close());
        self.screen.rows.jump(index.min(last));
        self.screen.say(&words::fill("board.rank", &[("n", &(index.min(last) + 1).to_string())]));
        self.draw_soon();
    }

    fn look_for(&mut self, begin: &str) {
        let begin: String = begin.chars().take(NAME_CHARS).collect();
        if begin.is_empty() {
            self.screen.finder(|finder| finder.close());
            return;
        }
        let Shown::Board(live) = self.lines() else {
            let address = self.view.page(&[("name", &begin), ("limit", &LISTED.to_string())]);
            self.screen.finder(|finder| finder.ask(&address));
            return;
        };
        // As the server does it: capitals of A to Z aside.
        let called = |row: &BoardRow| {
            let name = row.name.as_str().as_bytes();
            name.get(..begin.len()).is_some_and(|name| name.eq_ignore_ascii_case(begin.as_bytes()))
        };
        let found = live.board().iter().enumerate().filter(|(_, row)| called(row)).take(LISTED);
        let found = found.map(|(index, row)| (index as u64, Entry::of(row))).collect();
        if let Some(index) = self.screen.finder(|finder| finder.list(found)).flatten() {
            self.show_line(index);
        }
    }

    pub(super) fn found(&mut self, serial: u32, answer: &Answer) {
        if let Some(index) = self.screen.finder(|finder| finder.answered(serial, answer)).flatten() {
            self.show_line(index);
        }
    }

    /// Takes the list of boards.
    pub(super) fn boards(&mut self, answer: &Answer) {
        if answer.good() {
            self.screen.list_boards(&answer.json, &self.view);
        }
    }

    /// Takes who is in which arena.
    pub(super) fn lobby(&mut self, answer: &Answer) {
        self.screen.lobby(answer, &self.view);
        self.draw_soon();
    }

    /// Asks for the list of boards.
    pub fn ask_boards(&mut self) {
        let mail = self.mail.clone();
        self.screen.ask_boards(move |answer| mail(Letter::Boards(answer)));
    }
}
