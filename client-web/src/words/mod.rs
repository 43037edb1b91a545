//! Words: everything that the pages say, in the visitor's language.
//!
//! Owns: which language is spoken, and the files in `words/`, one per language. Enters: keys. Leaves: texts, and the texts of
//! every element that names its key (`data-word`, `data-word-label`, `data-word-placeholder`, `data-word-content`). The pages
//! as they are served carry the English words, put there by the build. No other file may hold a word that people read.

pub mod language;
pub mod table;

use std::cell::Cell;

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlElement};

use crate::dom;
use language::Language;

thread_local! {
    static SPOKEN: Cell<Language> = const { Cell::new(Language::English) };
}

/// Attributes of an element that name a key, and the attribute that takes its words.
const ATTRIBUTES: [(&str, &str); 3] = [
    ("data-word-label", "aria-label"),
    ("data-word-placeholder", "placeholder"),
    ("data-word-content", "content"),
];

/// Words that the styles put beside names, by the property that has them.
const TAGS: [(&str, &str); 2] = [("--word-you", "you.tag"), ("--word-drone", "drone.tag")];

/// The language that is spoken.
pub fn spoken() -> Language {
    SPOKEN.get()
}

/// The words of `key`; English where the language lacks them, and the key itself where nobody knows it.
pub fn say(key: &str) -> &'static str {
    known(key).unwrap_or_else(|| {
        dom::complain("no words for a key", &JsValue::from_str(key));
        ""
    })
}

/// The words of `key`, if there are any.
pub fn known(key: &str) -> Option<&'static str> {
    spoken().table().find(key).or_else(|| Language::English.table().find(key))
}

/// The words of `key`, with each `{name}` replaced by what goes there.
pub fn fill(key: &str, parts: &[(&str, &str)]) -> String {
    table::filled(say(key), parts)
}

/// So many of something: the words of `key.one` or `key.many`, with `{n}` replaced by the number.
pub fn counted(key: &str, number: u32) -> String {
    let form = if spoken().is_one(number) { "one" } else { "many" };
    fill(&format!("{key}.{form}"), &[("n", &crate::hud::grouped(number))])
}

/// A new element with the words of `key`, at the end of `parent`. It follows the language.
pub fn child(parent: &HtmlElement, tag: &str, class: &str, key: &str) -> Result<HtmlElement, JsValue> {
    let child = dom::child(parent, tag, class, say(key))?;
    dom::set_attribute(&child, "data-word", key);
    Ok(child)
}

/// Speaks `language` from now on, on the whole page.
pub fn speak(language: Language) {
    SPOKEN.set(language);
    if let Some(root) = dom::document().document_element() {
        dom::set_attribute(&root, "lang", language.tag());
    }
    for (property, key) in TAGS {
        dom::set_root_style(property, &format!("\"{}\"", say(key)));
    }
    each("[data-word]", |element| {
        if let Some(key) = element.get_attribute("data-word") {
            element.set_text_content(Some(say(&key)));
        }
    });
    for (from, to) in ATTRIBUTES {
        each(&format!("[{from}]"), |element| {
            if let Some(key) = element.get_attribute(from) {
                dom::set_attribute(element, to, say(&key));
            }
        });
    }
}

fn each(selector: &str, act: impl Fn(&Element)) {
    let Ok(found) = dom::document().query_selector_all(selector) else { return };
    (0..found.length()).filter_map(|index| found.get(index)).for_each(|node| {
        if let Some(element) = node.dyn_ref::<Element>() {
            act(element);
        }
    });
}
