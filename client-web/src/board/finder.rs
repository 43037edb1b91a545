//! Where one types a rank or a name, and the list of those who are called so.
//!
//! Enters: what is typed, answers to searches. Leaves: wishes.

use wasm_bindgen::JsValue;
use web_sys::{Event, HtmlElement, HtmlInputElement, KeyboardEvent};

use super::entry::{Entry, Page};
use super::mail::{Letter, Mail, Wish};
use crate::dom;
use crate::hud::grouped;
use crate::net::request::{Answer, Request};
use crate::words;

/// How many are listed.
pub const LISTED: usize = 8;

/// The fields, and what was found.
pub struct Finder {
    rank: HtmlInputElement,
    name: HtmlInputElement,
    list: HtmlElement,
    found: Vec<u64>,
    /// Enter was pressed before the answer was there.
    eager: bool,
    serial: u32,
    request: Option<Request>,
    mail: Mail,
}

impl Finder {
    /// The fields `#rank` and `#name` and the list `#found`.
    pub fn new(mail: &Mail) -> Result<Self, JsValue> {
        let (rank, name): (HtmlInputElement, HtmlInputElement) = (dom::by_id("rank")?, dom::by_id("name")?);
        let list = dom::by_id("found")?;
        listen(&rank, &name, mail);
        let (found, mail) = (Vec::new(), mail.clone());
        Ok(Self { rank, name, list, found, eager: false, serial: 0, request: None, mail })
    }

    /// Forgets what was found.
    pub fn clear(&mut self) {
        self.rank.set_value("");
        self.name.set_value("");
        self.close();
    }

    /// Closes the list.
    pub fn close(&mut self) {
        (self.found, self.eager, self.request) = (Vec::new(), false, None);
        self.serial += 1;
        self.list.set_text_content(None);
        self.list.set_hidden(true);
    }

    /// Asks the server at `address`.
    pub fn ask(&mut self, address: &str) {
        self.serial += 1;
        let (serial, mail) = (self.serial, self.mail.clone());
        let tell = move |answer| mail(Letter::Found(serial, answer));
        self.request = Request::get(address, 10_000, tell);
    }

    /// Takes an answer; returns the line to go to, if one is waited for.
    pub fn answered(&mut self, serial: u32, answer: &Answer) -> Option<u64> {
        if serial != self.serial {
            return None;
        }
        let page = answer.good().then(|| Page::read(&answer.json)).flatten();
        let found = page.map(|page| page.entries).unwrap_or_default();
        self.list(found.into_iter().map(|(rank, entry)| (rank - 1, entry)).collect())
    }

    /// Lists those who were found; returns the line to go to, if one is waited for.
    pub fn list(&mut self, found: Vec<(u64, Entry)>) -> Option<u64> {
        self.list.set_text_content(None);
        self.list.set_hidden(false);
        self.found = found.iter().map(|(index, _)| *index).collect();
        for (index, entry) in &found {
            if let Err(problem) = self.add(*index, entry) {
                dom::complain("what was found cannot be shown", &problem);
            }
        }
        if found.is_empty()
            && let Err(problem) = words::child(&self.list, "li", "none", "name.nobody")
        {
            dom::complain("what was found cannot be shown", &problem);
        }
        let eager = std::mem::take(&mut self.eager);
        self.found.first().copied().filter(|_| eager)
    }

    fn add(&self, index: u64, entry: &Entry) -> Result<(), JsValue> {
        let item = dom::child(&self.list, "li", "", "")?;
        let button = dom::child(&item, "button", "", "")?;
        dom::set_attribute(&button, "type", "button");
        dom::child(&button, "span", "rank", &grouped(index as u32 + 1))?;
        dom::child(&button, "span", "name", entry.shown_name())?;
        dom::child(&button, "span", "score", &grouped(entry.score))?;
        let mail = self.mail.clone();
        dom::listen(&button, "click", move |_: Event| mail(Letter::Wish(Wish::Line(index))));
        Ok(())
    }

    /// Enter was pressed: the line to go to, or it is waited for.
    pub fn first(&mut self) -> Option<u64> {
        let first = self.found.first().copied();
        self.eager = first.is_none();
        first
    }
}

fn listen(rank: &HtmlInputElement, name: &HtmlInputElement, mail: &Mail) {
    let (field, post) = (rank.clone(), mail.clone());
    dom::listen(rank, "keydown", move |event: KeyboardEvent| {
        let digits: String = field.value().chars().filter(char::is_ascii_digit).collect();
        if event.key() == "Enter"
            && let Ok(rank) = digits.parse::<u64>()
        {
            event.prevent_default();
            post(Letter::Wish(Wish::Line(rank.saturating_sub(1))));
        }
    });
    let (field, post) = (name.clone(), mail.clone());
    dom::listen(name, "input", move |_: Event| post(Letter::Wish(Wish::Name(field.value()))));
    let post = mail.clone();
    dom::listen(name, "keydown", move |event: KeyboardEvent| match event.key().as_str() {
        "Enter" => {
            event.prevent_default();
            post(Letter::Wish(Wish::First));
        }
        "Escape" => post(Letter::Wish(Wish::Name(String::new()))),
        _ => {}
    });
}
