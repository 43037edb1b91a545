//! The hints of the first life: one at a time, each gone once it is done, and none ever again after the last.
//!
//! Owns: which are done, and the line that shows the next. Enters: what the player does. Leaves: a text for the browser to
//! remember. It must never stand between the player and the game: there is nothing to click away.

use wasm_bindgen::JsValue;

use crate::dom::{self, TextSlot};
use crate::pilot::bindings::{self, Bindings};
use crate::pilot::keys::Action;
use crate::words;

/// Where the browser remembers which are done.
const KEY: &str = "starfray.hints";

/// After one is done the next comes this many milliseconds later.
const PAUSE_MS: f64 = 900.0;

/// Something to learn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hint {
    /// The engine.
    Thrust,
    /// Turning.
    Turn,
    /// The gun.
    Fire,
    /// Shards.
    Gather,
    /// Boost or shield.
    Energy,
}

/// Every hint, in the order in which they come.
pub const HINTS: [Hint; 5] = [Hint::Thrust, Hint::Turn, Hint::Fire, Hint::Gather, Hint::Energy];

impl Hint {
    /// Its name where it is remembered.
    pub fn name(self) -> &'static str {
        match self {
            Self::Thrust => "thrust",
            Self::Turn => "turn",
            Self::Fire => "fire",
            Self::Gather => "gather",
            Self::Energy => "energy",
        }
    }

    fn text(self, bindings: &Bindings, touch: bool) -> String {
        let key = |action| bindings::name(bindings.code(action, 0));
        match (self, touch) {
            (Self::Thrust, true) => words::say("hint.touch.thrust").to_owned(),
            (Self::Turn, true) => words::say("hint.touch.turn").to_owned(),
            (Self::Fire, true) => words::say("hint.touch.fire").to_owned(),
            (Self::Thrust, false) => words::fill("hint.thrust", &[("key", &key(Action::Thrust))]),
            (Self::Turn, false) => {
                words::fill("hint.turn", &[("left", &key(Action::Left)), ("right", &key(Action::Right))])
            }
            (Self::Fire, false) => words::fill("hint.fire", &[("key", &key(Action::Fire))]),
            (Self::Energy, true) => words::say("hint.touch.energy").to_owned(),
            (Self::Energy, false) => words::fill(
                "hint.energy",
                &[("boost", &key(Action::Boost)), ("shield", &key(Action::Shield))],
            ),
            (Self::Gather, _) => words::say("hint.gather").to_owned(),
        }
    }
}

/// Which hints are done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Done([bool; HINTS.len()]);

impl Done {
    /// As it was remembered.
    pub fn parsed(text: &str) -> Self {
        Self(HINTS.map(|hint| text.split(',').any(|name| name == hint.name())))
    }

    /// A text from which [`Done::parsed`] makes the same.
    pub fn text(self) -> String {
        let done = HINTS.into_iter().filter(|hint| self.0[*hint as usize]);
        done.map(Hint::name).collect::<Vec<_>>().join(",")
    }

    /// The next one.
    pub fn next(self) -> Option<Hint> {
        HINTS.into_iter().find(|hint| !self.0[*hint as usize])
    }

    /// `hint` is done. Returns whether it was not.
    pub fn mark(&mut self, hint: Hint) -> bool {
        !std::mem::replace(&mut self.0[hint as usize], true)
    }
}

/// What a device without keys looks like.
pub const WITHOUT_KEYS: &str = "(pointer: coarse), (max-width: 480px)";

fn expects_fingers() -> bool {
    dom::matches_media(WITHOUT_KEYS)
}

/// The line of hints.
#[derive(Debug)]
pub struct Hints {
    done: Done,
    line: TextSlot,
    shown: Option<Hint>,
    /// The ship is flown by fingers, as far as anyone knows.
    touch: bool,
    /// By what it was flown last: fingers, or keys.
    flown: Option<bool>,
    /// Nothing is shown before this, in milliseconds.
    pause_ms: f64,
}

impl Hints {
    /// Finds the line on the page, and what the browser remembers.
    pub fn new() -> Result<Self, JsValue> {
        let done = dom::remembered(KEY).map_or_else(Done::default, |text| Done::parsed(&text));
        let line = TextSlot::by_id("hint")?;
        Ok(Self { done, line, shown: None, touch: expects_fingers(), flown: None, pause_ms: 0.0 })
    }

    /// The ship is flown by fingers now, or by keys: the hints speak of those.
    pub fn flown_by(&mut self, fingers: bool) {
        self.flown = Some(fingers);
        self.measure();
    }

    /// The device looks another way than before.
    pub fn measure(&mut self) {
        let touch = self.flown.unwrap_or_else(expects_fingers);
        if self.touch != touch {
            self.touch = touch;
            self.show_again();
        }
    }

    /// The player did what `hint` says.
    pub fn did(&mut self, hint: Hint, now_ms: f64) {
        if self.done.mark(hint) {
            dom::remember(KEY, &self.done.text());
            self.pause_ms = now_ms + PAUSE_MS;
        }
    }

    /// Shows the next one while one flies.
    pub fn show(&mut self, flying: bool, bindings: &Bindings, now_ms: f64) {
        let next = self.done.next().filter(|_| flying && now_ms >= self.pause_ms);
        if next != self.shown {
            self.shown = next;
            self.line.set(&next.map(|hint| hint.text(bindings, self.touch)).unwrap_or_default());
        }
    }

    /// The one that is shown.
    pub fn shown(&self) -> Option<Hint> {
        self.shown
    }

    /// The words or keys have changed: what is shown is written anew.
    pub fn show_again(&mut self) {
        self.shown = None;
        self.line.set("");
    }

    /// None is done any more.
    pub fn begin_anew(&mut self) {
        self.done = Done::default();
        dom::remember(KEY, "");
        self.show_again();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hints_come_in_order_and_what_is_done_early_is_not_asked_for() {
        let mut done = Done::default();
        assert_eq!(done.next(), Some(Hint::Thrust));
        assert!(done.mark(Hint::Turn) && !done.mark(Hint::Turn));
        done.mark(Hint::Thrust);
        assert_eq!(done.next(), Some(Hint::Fire));
    }

    #[test]
    fn what_is_done_is_remembered_and_nonsense_is_nothing_done() {
        let mut done = Done::default();
        done.mark(Hint::Fire);
        done.mark(Hint::Gather);
        assert_eq!(Done::parsed(&done.text()), done);
        assert_eq!(Done::parsed("a;b"), Done::default());
        HINTS.into_iter().for_each(|hint| {
            done.mark(hint);
        });
        assert_eq!(Done::parsed(&done.text()).next(), None);
    }
}
