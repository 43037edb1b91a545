//! The board over HTTP: what was read of it, what is being asked for.
//!
//! Owns: the sheet, the questions on their way, one's own place. Enters: news, answers. Leaves: questions, at most one for a
//! piece and one for the own place at a time.

use std::ops::Range;
use std::rc::Rc;

use js_sys::Date;
use shared::identity::PlayerKey;

use super::address::View;
use super::contest::Contest;
use super::entry::{Entry, Page, Who};
use super::sheet::{PIECE, Sheet};
use crate::dom;
use crate::net::request::{Answer, Request};

/// How long an answer may take, in milliseconds.
const LIMIT_MS: u32 = 15_000;

/// Between two questions for one's own place, in milliseconds.
const OWN_EVERY_MS: f64 = 2_000.0;

/// Between two questions when the last one was not answered, in milliseconds.
const AGAIN_MS: f64 = 2_000.0;

/// What was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// A piece of the board.
    Piece(u64),
    /// One's own place.
    Own,
    /// Whether the server is there.
    Sign,
}

/// Takes answers.
pub type Tell = Rc<dyn Fn(Asked, Answer)>;

/// The board as far as it was read.
pub struct Remote {
    view: View,
    tell: Tell,
    sheet: Sheet,
    contest: Contest,
    arena: Option<String>,
    own_key: Option<PlayerKey>,
    own: Option<(u64, Entry)>,
    own_version: f64,
    own_due_ms: f64,
    piece_due_ms: f64,
    /// One of each sort. An answered one is dropped when the next is asked.
    piece: Option<Request>,
    busy: bool,
    own_request: Option<Request>,
    sign: Option<Request>,
}

impl Remote {
    /// Nothing read yet of the view's board.
    pub fn new(view: &View, own_key: Option<PlayerKey>, tell: Tell) -> Self {
        Self {
            view: view.clone(),
            tell,
            sheet: Sheet::default(),
            contest: Contest::default(),
            arena: None,
            own_key,
            own: None,
            own_version: -1.0,
            own_due_ms: 0.0,
            piece_due_ms: 0.0,
            piece: None,
            busy: false,
            own_request: None,
            sign: None,
        }
    }

    /// What was read.
    pub fn sheet(&self) -> &Sheet {
        &self.sheet
    }

    /// What the arena is about, in a line; empty where everyone is against everyone without end, and of standings.
    pub fn contest(&self, now_ms: f64) -> String {
        self.contest.line(now_ms)
    }

    /// The name of the arena whose board it is; none of standings.
    pub fn arena(&self) -> Option<&str> {
        self.arena.as_deref()
    }

    /// One's own place, 0 for the best, and line.
    pub fn own(&self) -> Option<(u64, &Entry)> {
        let read = self.own_key.and_then(|key| self.sheet.find(Who::Player(key)));
        read.or_else(|| self.own.as_ref().map(|(index, entry)| (*index, entry)))
    }

    /// Takes the top of the board, as it was pushed; returns whether it is news.
    pub fn pushed(&mut self, page: Page) -> bool {
        if self.sheet.version().is_some_and(|version| page.version < version) {
            // Another board of the same kind has begun, or the server counts anew.
            self.sheet.renew();
        }
        self.top(page)
    }

    /// Takes the top of the board; returns whether the lines are news.
    fn top(&mut self, mut page: Page) -> bool {
        if let Some(told) = page.contest.take() {
            self.contest.hear(told, Date::now(), dom::now_ms());
        }
        self.arena = page.arena.take();
        self.sheet.take(0, page)
    }

    /// Takes an answer; returns whether what is to be shown has changed.
    pub fn answered(&mut self, asked: Asked, answer: &Answer) -> bool {
        let page = answer.good().then(|| Page::read(&answer.json)).flatten();
        match (asked, page) {
            (Asked::Piece(piece), page) => {
                self.busy = false;
                if page.is_none() {
                    self.piece_due_ms = dom::now_ms() + AGAIN_MS;
                }
                page.is_some_and(|page| self.sheet.take(piece, page))
            }
            (Asked::Own, Some(page)) => {
                self.own_version = page.version;
                self.own = page.entries.into_iter().next().map(|(rank, entry)| (rank - 1, entry));
                true
            }
            (Asked::Own, None) => {
                if answer.status == 404 {
                    (self.own, self.own_version) = (None, self.sheet.version().unwrap_or_default());
                }
                answer.status == 404
            }
            (Asked::Sign, Some(page)) => self.top(page),
            (Asked::Sign, None) => false,
        }
    }

    /// Asks for what the page needs to show these lines and one's own.
    pub fn want(&mut self, lines: &Range<u64>, now_ms: f64) {
        let Some(version) = self.sheet.version() else { return };
        if !self.busy
            && now_ms >= self.piece_due_ms
            && let Some(piece) = self.sheet.ask(lines, now_ms)
        {
            self.ask_piece(piece);
        }
        if now_ms >= self.own_due_ms && self.own_version < version {
            self.own_due_ms = now_ms + OWN_EVERY_MS;
            self.ask_own();
        }
    }

    fn ask_piece(&mut self, piece: u64) {
        let (rank, limit) = ((piece * PIECE + 1).to_string(), PIECE.to_string());
        let address = self.view.page(&[("rank", &rank), ("limit", &limit)]);
        self.busy = true;
        self.piece = self.request(&address, Asked::Piece(piece));
    }

    fn ask_own(&mut self) {
        if let Some(key) = self.own_key {
            let address = self.view.around(&key.to_string());
            self.own_request = self.request(&address, Asked::Own);
        }
    }

    /// Asks whether the server is there; its answer is the top of the board.
    pub fn ask_sign(&mut self) {
        let address = self.view.page(&[("limit", &PIECE.to_string())]);
        self.sign = self.request(&address, Asked::Sign);
    }

    fn request(&self, address: &str, asked: Asked) -> Option<Request> {
        let tell = Rc::clone(&self.tell);
        Request::get(address, LIMIT_MS, move |answer| tell(asked, answer))
    }
}
