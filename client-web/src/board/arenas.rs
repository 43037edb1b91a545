//! The arenas to choose from beside the live board, each with how many people are in it, and how many are in all.
//!
//! Owns: its elements, and the question on its way. Enters: what `/api/lobby` says, which arena is shown. Leaves: wishes, and the
//! number of people. Each arena is a link, too, so that it can be opened elsewhere.

use js_sys::{Array, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlElement, MouseEvent};

use super::address::{View, Which};
use super::entry::{number, text};
use super::mail::{Letter, Mail, Wish};
use crate::dom;
use crate::net::request::{Answer, Request};
use crate::words;

/// Between two questions, in milliseconds.
const EVERY_MS: f64 = 4_000.0;
/// How long an answer may take, in milliseconds.
const LIMIT_MS: u32 = 4_000;

/// The list of arenas.
pub struct Arenas {
    list: HtmlElement,
    /// Their names, in the order of the list.
    ids: Vec<String>,
    people: Option<u32>,
    shown: Option<String>,
    request: Option<Request>,
    due_ms: f64,
    mail: Mail,
}

impl Arenas {
    /// The list in `#arenas`, empty.
    pub fn new(mail: &Mail) -> Result<Self, JsValue> {
        let (list, mail) = (dom::by_id("arenas")?, mail.clone());
        Ok(Self { list, ids: Vec::new(), people: None, shown: None, request: None, due_ms: 0.0, mail })
    }

    /// People in all arenas that are open to all, where there are several.
    pub fn people(&self) -> Option<u32> {
        self.people.filter(|_| self.ids.len() > 1)
    }

    /// Asks who is where, when it is time to.
    pub fn ask(&mut self, now_ms: f64) {
        if now_ms >= self.due_ms && !dom::document().hidden() {
            self.due_ms = now_ms + EVERY_MS;
            let mail = self.mail.clone();
            self.request = Request::get("/api/lobby", LIMIT_MS, move |answer| mail(Letter::Lobby(answer)));
        }
    }

    /// Takes the answer.
    pub fn heard(&mut self, answer: &Answer, view: &View) {
        let arenas =
            Reflect::get(&answer.json, &"arenas".into()).and_then(|arenas| arenas.dyn_into::<Array>());
        let (true, Ok(arenas)) = (answer.good(), arenas) else { return };
        self.people = Some(number(&answer.json, "players") as u32);
        if let Err(problem) = self.fill(&arenas, view) {
            dom::complain("the arenas cannot be listed", &problem);
        }
    }

    /// Marks the arena whose board is shown.
    pub fn mark(&mut self, shown: Option<&str>) {
        if self.shown.as_deref() != shown {
            self.shown = shown.map(str::to_owned);
            self.mark_all();
        }
    }

    fn mark_all(&self) {
        for (index, id) in self.ids.iter().enumerate() {
            let current = if self.shown.as_deref() == Some(id) { "true" } else { "false" };
            self.link(index).iter().for_each(|link| dom::set_attribute(link, "aria-current", current));
        }
    }

    fn fill(&mut self, arenas: &Array, view: &View) -> Result<(), JsValue> {
        let ids: Vec<String> = arenas.iter().filter_map(|arena| text(&arena, "id")).collect();
        if ids != self.ids {
            self.list.set_text_content(None);
            ids.iter().try_for_each(|id| self.add(id, view))?;
            self.ids = ids;
            self.mark_all();
        }
        self.list.set_hidden(self.ids.len() < 2);
        for (index, arena) in arenas.iter().enumerate() {
            let people = words::counted("pilots", number(&arena, "players") as u32);
            let slot = self.link(index).and_then(|link| link.last_element_child());
            if let Some(slot) = slot.filter(|slot| slot.text_content().as_deref() != Some(&people)) {
                slot.set_text_content(Some(&people));
            }
        }
        Ok(())
    }

    /// Elements are kept, so that a click does not miss.
    fn link(&self, index: usize) -> Option<HtmlElement> {
        let item = self.list.children().item(u32::try_from(index).ok()?)?;
        item.first_element_child()?.dyn_into().ok()
    }

    fn add(&self, id: &str, view: &View) -> Result<(), JsValue> {
        let item = dom::child(&self.list, "li", "", "")?;
        let link = dom::child(&item, "a", "arena-choice", "")?;
        let there = View { which: Which::Live, arena: Some(id.to_owned()), ..view.clone() };
        dom::set_attribute(&link, "href", &there.query());
        dom::child(&link, "span", "arena-called", &words::fill("arena.nth", &[("n", id)]))?;
        dom::child(&link, "span", "arena-people", "")?;
        let (mail, id) = (self.mail.clone(), id.to_owned());
        dom::listen(&link, "click", move |event: MouseEvent| {
            // Held keys mean: elsewhere.
            if !(event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key()) {
                event.prevent_default();
                mail(Letter::Wish(Wish::Arena(id.clone())));
            }
        });
        Ok(())
    }
}
