//! The corner where a visitor sees what is stored about him, and has it removed.
//!
//! Enters: wishes, answers. Leaves: requests that carry his identity. The identity itself is never shown.

use js_sys::{Array, JSON, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Event, HtmlDialogElement, HtmlElement};

use super::entry::{number, text};
use super::mail::{Letter, Mail, Wish};
use crate::dom::{self, TextSlot};
use crate::net::request::{Answer, Request};
use crate::play::identity;
use crate::words;

const PATH: &str = "/api/players/me";

/// How long an answer may take, in milliseconds; a removal waits for the disk.
const LIMIT_MS: u32 = 30_000;

/// The dialog.
pub struct Mine {
    dialog: HtmlDialogElement,
    says: TextSlot,
    data: TextSlot,
    remove: HtmlElement,
    sure: HtmlElement,
    /// What of the visitor's data has come; undefined before the first part.
    so_far: JsValue,
    request: Option<Request>,
    mail: Mail,
}

impl Mine {
    /// The dialog in `#mine` and the buttons that belong to it.
    pub fn new(mail: &Mail) -> Result<Self, JsValue> {
        let wishes = [
            ("mine-open", Wish::Mine),
            ("mine-remove", Wish::Remove),
            ("mine-yes", Wish::RemoveSurely),
            ("mine-no", Wish::Mine),
            ("mine-close", Wish::Close),
        ];
        for (id, wish) in wishes {
            let (button, post): (HtmlElement, Mail) = (dom::by_id(id)?, mail.clone());
            dom::listen(&button, "click", move |_: Event| post(Letter::Wish(wish.clone())));
        }
        let (says, data) = (TextSlot::by_id("mine-says")?, TextSlot::by_id("mine-data")?);
        let (remove, sure) = (dom::by_id("mine-remove")?, dom::by_id("mine-sure")?);
        let (dialog, so_far) = (dom::by_id("mine")?, JsValue::UNDEFINED);
        Ok(Self { dialog, says, data, remove, sure, so_far, request: None, mail: mail.clone() })
    }

    /// Opens the dialog and asks what is stored.
    pub fn open(&mut self) {
        if !self.dialog.open()
            && let Err(problem) = self.dialog.show_modal()
        {
            dom::complain("a dialog cannot be opened", &problem);
        }
        self.settle(words::say("mine.asking"), "", false);
        self.so_far = JsValue::UNDEFINED;
        self.ask(PATH);
    }

    fn ask(&mut self, path: &str) {
        let Some(known) = identity::kept() else {
            return self.settle(words::say("mine.nothing"), "", false);
        };
        let mail = self.mail.clone();
        self.request = Request::as_player("GET", path, &known.text(), LIMIT_MS, move |answer| {
            mail(Letter::Mine(answer));
        });
    }

    /// Closes it.
    pub fn close(&mut self) {
        self.request = None;
        self.dialog.close();
    }

    /// Asks whether the visitor means it.
    pub fn ask_whether(&mut self) {
        self.says.set(words::say("mine.warning"));
        self.remove.set_hidden(true);
        self.sure.set_hidden(false);
    }

    /// Has it removed.
    pub fn remove(&mut self) {
        let Some(known) = identity::kept() else { return };
        self.settle(words::say("mine.removing"), "", false);
        let mail = self.mail.clone();
        self.request = Request::as_player("DELETE", PATH, &known.text(), LIMIT_MS, move |answer| {
            mail(Letter::Removed(answer));
        });
    }

    /// Takes a part of what is stored; shows it all when there is no more. Lives come a thousand at a time.
    pub fn stored(&mut self, answer: &Answer) {
        let next = number(&answer.json, "next");
        let joined = if answer.good() { joined(&self.so_far, &answer.json).ok() } else { None };
        let Some(joined) = joined else { return self.settle(refused(answer.status), "", false) };
        self.so_far = joined;
        match next {
            0.0 => self.show(),
            next => self.ask(&format!("{PATH}?after={next}")),
        }
    }

    fn show(&mut self) {
        let all = std::mem::replace(&mut self.so_far, JsValue::UNDEFINED);
        let name = text(&all, "name");
        let all = JSON::stringify_with_replacer_and_space(&all, &JsValue::NULL, &JsValue::from_f64(2.0));
        let all = all.ok().and_then(|all| all.as_string()).unwrap_or_default();
        match name {
            Some(name) => self.settle(&words::fill("mine.all", &[("name", &name)]), &all, true),
            None => self.settle(words::say("mine.id"), &all, false),
        }
    }

    /// Says that it is removed.
    pub fn removed(&mut self, answer: &Answer) {
        if answer.status == 200 {
            identity::forget();
            self.settle(words::say("mine.removed"), "", false);
        } else {
            self.settle(refused(answer.status), "", true);
        }
    }

    fn settle(&mut self, says: &str, data: &str, can_remove: bool) {
        self.says.set(says);
        self.data.set(data);
        self.data.element().set_hidden(data.is_empty());
        self.remove.set_hidden(!can_remove);
        self.sure.set_hidden(true);
    }
}

/// What has come, and the lives of `part` after its own. What was asked with is none of the visitor's data.
fn joined(so_far: &JsValue, part: &JsValue) -> Result<JsValue, JsValue> {
    let lives = |of: &JsValue| Reflect::get(of, &"results".into())?.dyn_into::<Array>();
    let mut all = lives(part)?;
    if so_far.is_object() {
        all = lives(so_far)?.concat(&all);
    }
    Reflect::set(part, &"results".into(), &all)?;
    Reflect::delete_property(part.unchecked_ref::<Object>(), &"next".into())?;
    Ok(part.clone())
}

fn refused(status: u16) -> &'static str {
    match status {
        0 => words::say("mine.unreachable"),
        401 | 403 => words::say("mine.stranger"),
        404 => words::say("mine.stateless"),
        _ => words::say("mine.failed"),
    }
}
