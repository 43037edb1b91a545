//! The lobby on the title screen: the arenas to choose from, and the way into a private one.
//!
//! Owns: its elements, and the question on its way. Enters: what `/api/lobby` says, clicks. Leaves: another address for the
//! page, or a link in the clipboard. A private arena's name goes nowhere but into the address and the link: it is the secret of those
//! who have it.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Promise, Reflect};
use shared::private;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Event, HtmlDocument, HtmlElement, HtmlInputElement};

use crate::board::entry::{number, text};
use crate::dom::{self, TextSlot};
use crate::net::request::{Answer, Request};
use crate::words;

/// Between two questions while the title is on the screen, in milliseconds.
const EVERY_MS: i32 = 4_000;
/// How long an answer may take, in milliseconds.
const LIMIT_MS: u32 = 4_000;
/// How long the page says that the link is copied, in milliseconds.
const COPIED_MS: f64 = 2_500.0;

/// The lobby.
struct Lobby {
    /// The arena that the address names.
    here: Option<String>,
    list: HtmlElement,
    problem: TextSlot,
    request: Option<Request>,
    /// Could a private arena be opened now?
    free: bool,
}

/// Fills the lobby of a page whose address names `here`, and keeps it true while the title is on the screen.
pub fn open(here: Option<String>) -> Result<(), JsValue> {
    if let Some(here) =
        here.as_deref().filter(|here| here.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'))
    {
        let board: HtmlElement = dom::by_id("board-link")?;
        dom::set_attribute(&board, "href", &format!("/leaderboard?arena={here}"));
    }
    let secret = here.clone().filter(|name| private::is_name(name));
    let lobby = Lobby {
        here,
        list: dom::by_id("arenas")?,
        problem: TextSlot::by_id("private-problem")?,
        request: None,
        free: true,
    };
    let lobby = Rc::new(RefCell::new(lobby));
    let opening = Rc::clone(&lobby);
    let new: HtmlElement = dom::by_id("private-new")?;
    dom::listen(&new, "click", move |_: Event| opening.borrow_mut().go_private());
    if secret.is_some() {
        show_link()?;
    }
    ask(&lobby);
    dom::every_ms(EVERY_MS, move || {
        if title_is_shown() && !dom::document().hidden() {
            ask(&lobby);
        }
    });
    Ok(())
}

fn title_is_shown() -> bool {
    let phase = dom::document().body().and_then(|body| body.get_attribute("data-phase"));
    matches!(phase.as_deref(), Some("menu" | "connecting" | "lost"))
}

fn ask(lobby: &Rc<RefCell<Lobby>>) {
    let heard = Rc::clone(lobby);
    let request = Request::get("/api/lobby", LIMIT_MS, move |answer| heard.borrow_mut().heard(&answer));
    lobby.borrow_mut().request = request;
}

impl Lobby {
    fn heard(&mut self, answer: &Answer) {
        if !answer.good() {
            return;
        }
        let part = |key: &str| Reflect::get(&answer.json, &key.into()).unwrap_or(JsValue::NULL);
        let room = part("private");
        self.free = number(&room, "free") > 0.0;
        show("private-new", number(&room, "most") > 0.0);
        if let Ok(arenas) = part("arenas").dyn_into::<Array>()
            && let Err(problem) = self.list_arenas(&arenas)
        {
            dom::complain("the arenas cannot be listed", &problem);
        }
    }

    /// A link to each arena. With one alone there is nothing to choose, unless one is elsewhere.
    fn list_arenas(&self, arenas: &Array) -> Result<(), JsValue> {
        let private = self.here.as_deref().is_some_and(private::is_name);
        show("arenas", arenas.length() > 1 || private);
        for (index, arena) in arenas.iter().enumerate() {
            let id = text(&arena, "id").unwrap_or_default();
            let called = words::fill("arena.nth", &[("n", &id)]);
            let people = words::counted("pilots", number(&arena, "players") as u32);
            let line = self.line(index as u32)?;
            dom::set_attribute(&line, "href", &format!("/?arena={id}"));
            let current = if self.here.as_deref() == Some(&id) { "page" } else { "false" };
            dom::set_attribute(&line, "aria-current", current);
            let mode = text(&arena, "mode").unwrap_or_default();
            let mode = words::known(&format!("mode.{mode}")).unwrap_or_default().to_owned();
            for (child, words) in [called, mode, people].into_iter().enumerate() {
                if let Some(part) = line.children().item(child as u32)
                    && part.text_content().as_deref() != Some(&words)
                {
                    part.set_text_content(Some(&words));
                }
            }
        }
        while self.list.children().length() > arenas.length() {
            self.list.last_element_child().iter().for_each(web_sys::Element::remove);
        }
        Ok(())
    }

    /// The link at that place of the list; elements are kept, so that a click does not miss.
    fn line(&self, index: u32) -> Result<HtmlElement, JsValue> {
        let there = self.list.children().item(index).and_then(|item| item.first_element_child());
        if let Some(line) = there.and_then(|line| line.dyn_into::<HtmlElement>().ok()) {
            return Ok(line);
        }
        let item = dom::child(&self.list, "li", "", "")?;
        let line = dom::child(&item, "a", "arena-choice", "")?;
        dom::child(&line, "span", "arena-called", "")?;
        dom::child(&line, "span", "arena-mode", "")?;
        dom::child(&line, "span", "arena-people", "")?;
        Ok(line)
    }

    /// To a private arena of a name that nobody can guess.
    fn go_private(&mut self) {
        let Some(bits) = chance().filter(|_| self.free) else {
            self.problem.set(words::say("private.none"));
            return;
        };
        let address = format!("/?arena={}", private::name(bits));
        if let Err(problem) = dom::window().location().assign(&address) {
            dom::complain("the page cannot go there", &problem);
        }
    }
}

/// Bits that nobody can foresee.
fn chance() -> Option<u32> {
    let mut bytes = [0; 4];
    dom::window().crypto().ok()?.get_random_values_with_u8_array(&mut bytes).ok()?;
    Some(u32::from_le_bytes(bytes))
}

fn show(id: &str, shown: bool) {
    if let Ok(element) = dom::by_id::<HtmlElement>(id) {
        element.set_hidden(!shown);
    }
}

/// Says to one who passes that his lives enter no standings.
pub fn say_passing(passes: bool) {
    show("passing", passes);
}

/// Shows the link of the private arena that the address names, and how to pass it on.
fn show_link() -> Result<(), JsValue> {
    let (field, copy): (HtmlInputElement, HtmlElement) =
        (dom::by_id("private-link")?, dom::by_id("private-copy")?);
    field.set_value(&dom::window().location().href()?);
    show("private", true);
    dom::flag_body("data-private", "yes");
    dom::listen(&copy, "click", move |_: Event| copy_link(&field));
    Ok(())
}

/// Into the clipboard; where there is none, as on a page that is not encrypted, in the way of old.
fn copy_link(field: &HtmlInputElement) {
    field.select();
    let clipboard = Reflect::get(&dom::window().navigator(), &"clipboard".into()).unwrap_or_default();
    let written = Reflect::get(&clipboard, &"writeText".into())
        .and_then(|write| write.dyn_into::<js_sys::Function>())
        .and_then(|write| write.call1(&clipboard, &field.value().into()))
        .and_then(|promise| promise.dyn_into::<Promise>());
    let Ok(promise) = written else { return copy_selected() };
    let done = Closure::once(|_: JsValue| say_copied());
    let refused = Closure::once(|_: JsValue| copy_selected());
    let _waiting = promise.then2(&done, &refused);
    done.forget();
    refused.forget();
}

fn copy_selected() {
    let document = dom::document().dyn_into::<HtmlDocument>();
    if document.is_ok_and(|document| document.exec_command("copy").unwrap_or(false)) {
        say_copied();
    }
}

fn say_copied() {
    let Ok(mut said) = TextSlot::by_id("private-copied") else { return };
    said.set(words::say("private.copied"));
    dom::after_ms(COPIED_MS, move || {
        said.set("");
    });
}
