//! What people say: the log, the line to type into, and the phrases.
//!
//! Owns: the elements. Enters: what was said, as text. Leaves: what was typed, and which buttons were pressed. Nothing in the
//! log can be followed or run: names and lines are text nodes. It must never keep more lines than `KEPT`.

use std::collections::VecDeque;

use shared::identity::PlayerKey;
use shared::saying::Phrase;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{EventTarget, HtmlButtonElement, HtmlElement, HtmlFormElement, HtmlInputElement};

use crate::dom;
use crate::words;

/// Lines in the log.
const KEPT: usize = 40;

/// A line fades after so many milliseconds, unless the log is open.
const FRESH_MS: f64 = 9000.0;

/// The keys of phrases while they are open, by `KeyboardEvent.code`, and what is on them.
const KEYS: [(&str, &str); Phrase::ALL.len()] = [
    ("Digit1", "1"),
    ("Digit2", "2"),
    ("Digit3", "3"),
    ("Digit4", "4"),
    ("Digit5", "5"),
    ("Digit6", "6"),
    ("Digit7", "7"),
    ("Digit8", "8"),
    ("Digit9", "9"),
    ("Digit0", "0"),
    ("Minus", "-"),
    ("Equal", "="),
];

/// The phrase of that key.
pub fn phrase_of(code: &str) -> Option<Phrase> {
    let digit = code.strip_prefix("Numpad").and_then(|number| number.parse::<usize>().ok());
    let index = match digit {
        Some(0) => Some(9),
        Some(number) => number.checked_sub(1),
        None => KEYS.iter().position(|(known, _)| *known == code),
    };
    index.and_then(|index| Phrase::ALL.get(index).copied())
}

/// The key of a phrase's words.
pub fn word(phrase: Phrase) -> &'static str {
    match phrase {
        Phrase::Hello => "phrase.hello",
        Phrase::GoodGame => "phrase.game",
        Phrase::NiceShot => "phrase.shot",
        Phrase::Thanks => "phrase.thanks",
        Phrase::Sorry => "phrase.sorry",
        Phrase::Help => "phrase.help",
        Phrase::Follow => "phrase.follow",
        Phrase::Leader => "phrase.leader",
        Phrase::Careful => "phrase.careful",
        Phrase::Truce => "phrase.truce",
        Phrase::Yes => "phrase.yes",
        Phrase::No => "phrase.no",
    }
}

/// One line of the log.
#[derive(Debug)]
struct Shown {
    element: HtmlElement,
    key: PlayerKey,
    name: String,
    fades_ms: f64,
}

/// The chat on the page.
#[derive(Debug)]
pub struct TalkPanel {
    log: HtmlElement,
    form: HtmlFormElement,
    field: HtmlInputElement,
    phrases: Vec<(Phrase, HtmlElement)>,
    lines: VecDeque<Shown>,
    open: bool,
}

impl TalkPanel {
    /// Finds the chat on the page, and makes the buttons of the phrases.
    pub fn new() -> Result<Self, JsValue> {
        let list: HtmlElement = dom::by_id("talk-phrases")?;
        let button = |(phrase, (_, key)): (Phrase, (&str, &str))| -> Result<_, JsValue> {
            let button = dom::child(&list, "button", "phrase", "")?;
            dom::set_attribute(&button, "type", "button");
            let number = dom::child(&button, "kbd", "", key)?;
            dom::set_attribute(&number, "aria-hidden", "true");
            words::child(&button, "span", "", word(phrase))?;
            Ok((phrase, button))
        };
        let phrases = Phrase::ALL.into_iter().zip(KEYS).map(button).collect::<Result<_, _>>()?;
        let (log, form, field) =
            (dom::by_id("talk-log")?, dom::by_id("talk-form")?, dom::by_id("talk-line")?);
        Ok(Self { log, form, field, phrases, lines: VecDeque::new(), open: false })
    }

    /// The form, whose submission says the line.
    pub fn form(&self) -> &HtmlFormElement {
        &self.form
    }

    /// The field of the line.
    pub fn field(&self) -> &HtmlInputElement {
        &self.field
    }

    /// The buttons of the phrases.
    pub fn phrases(&self) -> &[(Phrase, HtmlElement)] {
        &self.phrases
    }

    /// Is it open?
    pub fn is_open(&self) -> bool {
        self.open
    }

    /// Opens it, with the cursor in the line if one wants to `type_into` it.
    pub fn open(&mut self, type_into: bool) {
        self.open = true;
        dom::flag_body("data-talk", "open");
        if type_into && let Err(problem) = self.field.focus() {
            dom::complain("the line cannot be typed into", &problem);
        }
        self.log.set_scroll_top(self.log.scroll_height());
    }

    /// Closes it. What was typed is gone.
    pub fn close(&mut self) {
        if self.open {
            self.open = false;
            self.field.set_value("");
            let _ = self.field.blur();
            dom::flag_body("data-talk", "closed");
        }
    }

    /// What was typed.
    pub fn typed(&self) -> String {
        self.field.value()
    }

    /// The list of lines, in which clicks are on the buttons that mute.
    pub fn log(&self) -> &HtmlElement {
        &self.log
    }

    /// Shows what `name`, of that public id, said. What others say has a button that mutes them.
    pub fn show(
        &mut self,
        (key, name): (PlayerKey, &str),
        text: &str,
        own: bool,
        now_ms: f64,
    ) -> Result<(), JsValue> {
        let class = if own { "talk-line own" } else { "talk-line" };
        let element = dom::child(&self.log, "p", class, "")?;
        dom::child(&element, "span", "who", name)?;
        dom::child(&element, "span", "said", text)?;
        if !own {
            let button = words::child(&element, "button", "talk-mute", "talk.mute")?;
            dom::set_attribute(&button, "type", "button");
            dom::set_attribute(&button, "aria-label", &words::fill("talk.mute.who", &[("name", name)]));
        }
        self.lines.push_back(Shown { element, key, name: name.to_owned(), fades_ms: now_ms + FRESH_MS });
        if self.lines.len() > KEPT
            && let Some(oldest) = self.lines.pop_front()
        {
            oldest.element.remove();
        }
        self.log.set_scroll_top(self.log.scroll_height());
        Ok(())
    }

    /// Who said the line whose button `target` is.
    pub fn muted_by(&self, target: &EventTarget) -> Option<(PlayerKey, String)> {
        let button = target.dyn_ref::<HtmlButtonElement>()?;
        let line = self.lines.iter().find(|line| line.element.contains(Some(button)))?;
        Some((line.key, line.name.clone()))
    }

    /// Lets lines fade whose time is over.
    pub fn tidy(&self, now_ms: f64) {
        for line in self.lines.iter().filter(|line| line.fades_ms <= now_ms) {
            dom::set_attribute(&line.element, "data-old", "yes");
        }
    }

    /// Takes away what `gone` says of the public ids in the log.
    pub fn forget(&mut self, gone: impl Fn(PlayerKey) -> bool) {
        self.lines.retain(|line| {
            if gone(line.key) {
                line.element.remove();
            }
            !gone(line.key)
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_phrase_has_a_key_and_words() {
        for (phrase, (code, _)) in Phrase::ALL.into_iter().zip(KEYS) {
            assert_eq!(phrase_of(code), Some(phrase));
            assert!(words::known(word(phrase)).is_some(), "{phrase:?}");
        }
        assert_eq!((phrase_of("Numpad1"), phrase_of("Numpad0")), (Some(Phrase::Hello), Some(Phrase::Truce)));
        assert_eq!((phrase_of("KeyA"), phrase_of("NumpadAdd")), (None, None));
    }
}
