//! Which key does what, as the player wants it.
//!
//! Owns: two keys for each action, each an empty text where there is none. Enters: the player's choices, what the browser
//! remembered. Leaves: the action of a key, a text to remember. A key does one thing at a time.

use super::keys::{ACTIONS, Action, shows_overlay};
use crate::words;

/// Keys that an action can have.
pub const SLOTS: usize = 2;

/// A key's name is at most this long; what is remembered may come from anywhere.
const LONGEST: usize = 24;

/// The keys of each action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bindings([[String; SLOTS]; ACTIONS.len()]);

impl Default for Bindings {
    fn default() -> Self {
        let usual = [
            ["KeyW", "ArrowUp"],
            ["KeyA", "ArrowLeft"],
            ["KeyD", "ArrowRight"],
            ["Space", ""],
            ["ShiftLeft", "ShiftRight"],
            ["KeyE", ""],
        ];
        Self(usual.map(|codes| codes.map(str::to_owned)))
    }
}

impl Bindings {
    /// What was remembered; the usual keys where that is not understood.
    pub fn parsed(text: &str) -> Self {
        let codes: Vec<&str> = text.split(',').collect();
        let mut bindings = Self([const { [const { String::new() }; SLOTS] }; ACTIONS.len()]);
        if codes.len() != SLOTS * ACTIONS.len() {
            return Self::default();
        }
        for (index, code) in codes.iter().enumerate() {
            if !code.is_empty() && !bindings.bind(ACTIONS[index / SLOTS], index % SLOTS, code) {
                return Self::default();
            }
        }
        bindings
    }

    /// A text from which [`Bindings::parsed`] makes the same.
    pub fn text(&self) -> String {
        self.0.as_flattened().join(",")
    }

    /// The action of the key at this place of the keyboard.
    pub fn action(&self, code: &str) -> Option<Action> {
        ACTIONS
            .into_iter()
            .find(|action| !code.is_empty() && self.0[*action as usize].iter().any(|own| own == code))
    }

    /// Lets that key do `action`, and nothing else. Returns whether it can.
    pub fn bind(&mut self, action: Action, slot: usize, code: &str) -> bool {
        let plain = code.len() <= LONGEST && code.chars().all(|letter| letter.is_ascii_alphanumeric());
        let taken = shows_overlay(code) || matches!(code, "" | "Enter" | "NumpadEnter" | "Tab" | "Escape");
        if !plain || taken || slot >= SLOTS {
            return false;
        }
        self.0.as_flattened_mut().iter_mut().filter(|own| *own == code).for_each(String::clear);
        code.clone_into(&mut self.0[action as usize][slot]);
        true
    }

    /// The key of that action; empty when there is none.
    pub fn code(&self, action: Action, slot: usize) -> &str {
        self.0[action as usize].get(slot).map_or("", String::as_str)
    }
}

/// What people call the key at this place; a dash for none.
pub fn name(code: &str) -> String {
    match code {
        "" => words::say("key.none").to_owned(),
        "Space" => words::say("key.space").to_owned(),
        "ArrowUp" => "↑".to_owned(),
        "ArrowDown" => "↓".to_owned(),
        "ArrowLeft" => "←".to_owned(),
        "ArrowRight" => "→".to_owned(),
        _ => spoken(code),
    }
}

/// `KeyW` is W, `ShiftLeft` is Left Shift.
fn spoken(code: &str) -> String {
    for (side, word) in [("Left", "key.left"), ("Right", "key.right")] {
        if let Some(key) = code.strip_suffix(side).filter(|key| !key.is_empty()) {
            return words::fill(word, &[("key", key)]);
        }
    }
    let short = code.strip_prefix("Key").or_else(|| code.strip_prefix("Digit")).unwrap_or(code);
    short
        .strip_prefix("Numpad")
        .map_or_else(|| short.to_owned(), |key| words::fill("key.number", &[("key", key)]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_and_arrows_fly_the_same() {
        let usual = Bindings::default();
        assert_eq!(
            (usual.action("KeyW"), usual.action("ArrowUp")),
            (Some(Action::Thrust), Some(Action::Thrust))
        );
        assert_eq!(usual.action("Space"), Some(Action::Fire));
        assert_eq!((usual.action("KeyQ"), usual.action("")), (None, None));
    }

    #[test]
    fn a_key_that_is_bound_anew_does_nothing_else_any_more() {
        let mut bindings = Bindings::default();
        assert!(bindings.bind(Action::Fire, 1, "KeyW"));
        assert_eq!(bindings.action("KeyW"), Some(Action::Fire));
        assert_eq!(bindings.code(Action::Thrust, 0), "");
        assert_eq!(bindings.action("ArrowUp"), Some(Action::Thrust));
    }

    #[test]
    fn keys_of_the_page_are_not_bound() {
        let mut bindings = Bindings::default();
        for code in ["Escape", "Enter", "Tab", "F3", "", "a,b", "KeyWKeyWKeyWKeyWKeyWKeyWKeyW"] {
            assert!(!bindings.bind(Action::Fire, 0, code), "{code}");
        }
        assert_eq!(bindings, Bindings::default());
    }

    #[test]
    fn what_is_remembered_comes_back_and_nonsense_is_the_usual() {
        let mut bindings = Bindings::default();
        bindings.bind(Action::Left, 0, "KeyJ");
        bindings.bind(Action::Fire, 1, "KeyW");
        assert_eq!(Bindings::parsed(&bindings.text()), bindings);
        for text in ["", "KeyW", "a,b,c,d,e,f,g,<h>"] {
            assert_eq!(Bindings::parsed(text), Bindings::default(), "{text}");
        }
    }

    #[test]
    fn keys_are_called_what_people_call_them() {
        let names = ["KeyW", "Digit4", "ShiftLeft", "ArrowLeft", "Numpad8", "Space", ""].map(name);
        assert_eq!(names, ["W", "4", "Left Shift", "←", "Num 8", "Space", "–"]);
    }
}
