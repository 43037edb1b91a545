//! The tabs, and the picker of past boards behind the last of them.
//!
//! Enters: which board is shown, the list of boards. Leaves: wishes. The arrow keys go from tab to tab, as people who use
//! them expect; each tab is a link too, so that it can be opened elsewhere.

use js_sys::{Array, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, HtmlElement, HtmlSelectElement, KeyboardEvent, MouseEvent};

use super::address::{View, Which};
use super::entry::{number, text};
use super::mail::{Letter, Mail, Wish};
use crate::dom;
use crate::words;

/// Ids of the boards that have a tab, in their order.
const TABS: [&str; 5] = ["live", "day", "week", "all", "past"];

/// The tabs.
#[derive(Debug)]
pub struct Tabs {
    tabs: Vec<HtmlElement>,
    past: HtmlSelectElement,
    newest: Option<String>,
}

impl Tabs {
    /// The tabs in `#tabs` and the picker in `#past`.
    pub fn new(mail: &Mail) -> Result<Self, JsValue> {
        let find = |id: &&str| dom::by_id::<HtmlElement>(&format!("tab-{id}"));
        let tabs = TABS.iter().map(find).collect::<Result<Vec<_>, _>>()?;
        for (index, tab) in tabs.iter().enumerate() {
            listen(tab, index, mail);
        }
        let past: HtmlSelectElement = dom::by_id("past")?;
        let (chosen, post) = (past.clone(), mail.clone());
        dom::listen(&past, "change", move |_: Event| post(Letter::Wish(Wish::Board(chosen.value()))));
        Ok(Self { tabs, past, newest: None })
    }

    /// Shows which one is chosen.
    pub fn show(&self, view: &View) {
        let chosen = match &view.which {
            Which::Past(..) => "past",
            Which::Live | Which::Current(_) => view.which.id(),
        };
        for (id, tab) in TABS.iter().zip(&self.tabs) {
            let here = *id == chosen;
            dom::set_attribute(tab, "aria-selected", if here { "true" } else { "false" });
            dom::set_attribute(tab, "tabindex", if here { "0" } else { "-1" });
            let linked = if *id == "past" { self.newest.as_deref() } else { Some(*id) };
            if let Some(which) = linked.and_then(Which::parse) {
                dom::set_attribute(tab, "href", &view.with(which).query());
            }
        }
        let is_past = matches!(view.which, Which::Past(..));
        self.past.set_hidden(!is_past);
        if is_past {
            self.offer(view.which.id());
            self.past.set_value(view.which.id());
        }
    }

    /// A board that the address names may be older than those that are listed.
    fn offer(&self, bucket: &str) {
        let there = dom::document().get_element_by_id(&format!("past-{bucket}")).is_some();
        if !there && let Err(problem) = option(&self.past, bucket, bucket) {
            dom::complain("a past board cannot be offered", &problem);
        }
    }

    /// The newest past board.
    pub fn newest(&self) -> Option<&str> {
        self.newest.as_deref()
    }

    /// Takes the list of boards.
    pub fn list(&mut self, json: &JsValue) -> Result<(), JsValue> {
        self.past.set_text_content(None);
        self.newest = None;
        let periods: Array = Reflect::get(json, &"periods".into())?.dyn_into()?;
        for period in periods.iter() {
            let past: Array = Reflect::get(&period, &"past".into())?.dyn_into()?;
            if past.length() == 0 {
                continue;
            }
            let group = dom::element("optgroup", "", "")?;
            let days = text(&period, "period").as_deref() == Some("day");
            dom::set_attribute(&group, "label", words::say(if days { "board.days" } else { "board.weeks" }));
            for board in past.iter() {
                self.add(&group, &board)?;
            }
            self.past.append_child(&group)?;
        }
        Ok(())
    }

    fn add(&mut self, group: &HtmlElement, board: &JsValue) -> Result<(), JsValue> {
        let Some(bucket) = text(board, "bucket") else { return Ok(()) };
        let total = words::counted("pilots", number(board, "total") as u32);
        option(group, &bucket, &format!("{bucket} · {total}"))?;
        self.newest.get_or_insert(bucket);
        Ok(())
    }
}

fn option(parent: &Element, bucket: &str, label: &str) -> Result<(), JsValue> {
    let option = dom::element("option", "", label)?;
    option.set_id(&format!("past-{bucket}"));
    dom::set_attribute(&option, "value", bucket);
    parent.append_child(&option)?;
    Ok(())
}

fn listen(tab: &HtmlElement, index: usize, mail: &Mail) {
    let post = mail.clone();
    dom::listen(tab, "click", move |event: MouseEvent| {
        // Held keys mean: elsewhere.
        if !(event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key()) {
            event.prevent_default();
            post(Letter::Wish(Wish::Board(TABS[index].to_owned())));
        }
    });
    dom::listen(tab, "keydown", move |event: KeyboardEvent| {
        let last = TABS.len() - 1;
        let to = match event.key().as_str() {
            "ArrowRight" => (index + 1) % TABS.len(),
            "ArrowLeft" => index.checked_sub(1).unwrap_or(last),
            "Home" => 0,
            "End" => last,
            _ => return,
        };
        event.prevent_default();
        if let Ok(tab) = dom::by_id::<HtmlElement>(&format!("tab-{}", TABS[to])) {
            // Fails for no element that is shown.
            let _ = tab.focus();
            tab.click();
        }
    });
}
