//! Talking to the others in the arena.
//!
//! Owns: whether one may talk here, and who is muted. Enters: keys, buttons, what the server says was said. Leaves: Say and
//! Phrase messages, lines in the log. Who has not joined reads and does not write; whoever is muted is not shown, and does not
//! know it.

use std::cell::RefCell;
use std::rc::Rc;

use shared::identity::PlayerKey;
use shared::protocol::{ClientMessage, Unsaid};
use shared::saying::{Line, Phrase, Saying};
use web_sys::{Event, HtmlElement, KeyboardEvent};

use super::game::Game;
use super::muted::Muted;
use super::people::Here;
use super::session::Phase;
use crate::dom;
use crate::hud::people::Person;
use crate::hud::talk::{phrase_of, word};
use crate::words;

/// Where the browser remembers who is muted.
const KEY: &str = "starfray.muted";

/// Talking, as far as it is this browser's business.
#[derive(Debug, Default)]
pub struct Talk {
    /// The server takes nothing.
    off: bool,
    muted: Muted,
    pub(super) here: Here,
}

impl Talk {
    /// With those muted whom this browser remembers.
    pub fn kept() -> Self {
        Self {
            muted: dom::remembered(KEY).map_or_else(Muted::default, |text| Muted::parsed(&text)),
            ..Self::default()
        }
    }
}

impl Game {
    /// A new session: one may talk, unless the server says otherwise. `anew`: nobody in the arena has the number as before.
    pub(super) fn talk_again(&mut self, anew: bool) {
        self.talk.off = false;
        if anew {
            self.talk.here = Here::default();
        }
        dom::flag_body("data-chat", "on");
    }

    /// May one say something now?
    fn may_talk(&self) -> bool {
        let here = matches!(self.session.phase(), Phase::Playing | Phase::Dead);
        here && !self.talk.off && self.session.player() != 0
    }

    /// A key went down that nobody types. Returns whether it was for the chat.
    pub(super) fn talk_key(&mut self, code: &str) -> bool {
        let bound = self.pilot.bindings().action(code).is_some();
        match code {
            "Escape" if self.hud.talk.is_open() => self.hud.talk.close(),
            "Enter" | "NumpadEnter" if self.session.phase() == Phase::Playing => return self.open_talk(true),
            "KeyT" if !bound => return self.open_talk(true),
            "KeyV" if !bound && self.hud.talk.is_open() => self.hud.talk.close(),
            "KeyV" if !bound => return self.open_talk(false),
            _ => return self.phrase_key(code),
        }
        true
    }

    fn phrase_key(&mut self, code: &str) -> bool {
        let phrase = phrase_of(code).filter(|_| self.hud.talk.is_open());
        phrase.into_iter().for_each(|phrase| self.say_phrase(phrase));
        phrase.is_some()
    }

    /// Opens the chat, if one may talk. Returns whether it is open.
    fn open_talk(&mut self, type_into: bool) -> bool {
        let may = self.may_talk();
        if may {
            self.hud.talk.open(type_into);
        }
        may
    }

    fn toggle_talk(&mut self) {
        match self.hud.talk.is_open() {
            true => self.hud.talk.close(),
            false => {
                self.open_talk(false);
            }
        }
    }

    /// Says what was typed, and closes the chat.
    fn say_line(&mut self) {
        let typed = self.hud.talk.typed();
        if self.may_talk()
            && let Some(line) = Line::clean(&typed)
        {
            self.send(&ClientMessage::Say { text: line.as_str().to_owned() });
        }
        self.hud.talk.close();
    }

    fn say_phrase(&mut self, phrase: Phrase) {
        if self.may_talk() {
            self.send(&ClientMessage::Phrase(phrase));
        }
        self.hud.talk.close();
    }

    /// Whoever may not talk any more has no line to type into.
    pub(super) fn hush(&mut self) {
        if self.hud.talk.is_open() && !self.may_talk() {
            self.hud.talk.close();
        }
    }

    /// Someone said something.
    pub(super) fn said(&mut self, player: u32, name: &str, key: PlayerKey, saying: &Saying) {
        let own = player == self.session.player();
        if self.talk.here.learn(player, key) {
            self.keep_muted(key);
        }
        if !own && (self.settings.hush || self.talk.muted.has(key)) {
            return;
        }
        let text = match saying {
            Saying::Line(line) => line.as_str(),
            Saying::Phrase(phrase) => words::say(word(*phrase)),
        };
        if let Err(problem) = self.hud.talk.show((key, name), text, own, dom::now_ms()) {
            dom::complain("a line cannot be shown", &problem);
        }
    }

    /// What one wanted to say was not said.
    pub(super) fn unsaid(&mut self, unsaid: Unsaid) {
        let why = match unsaid {
            Unsaid::Off => {
                self.talk.off = true;
                dom::flag_body("data-chat", "off");
                return self.hud.talk.close();
            }
            Unsaid::NotHere => "unsaid.not.here",
            Unsaid::Empty => "unsaid.empty",
            Unsaid::TooMuch => "unsaid.much",
            Unsaid::TooMany => "unsaid.many",
        };
        self.hud.toasts.show(words::say(why), "", "", dom::now_ms());
    }

    fn mute(&mut self, key: PlayerKey, name: &str) {
        self.keep_muted(key);
        self.told_muted(name);
    }

    /// `key` is muted, in this browser and for as long as it remembers.
    fn keep_muted(&mut self, key: PlayerKey) {
        self.talk.muted.mute(key);
        dom::remember(KEY, &self.talk.muted.text());
        self.hud.talk.forget(|line| line == key);
    }

    fn told_muted(&mut self, name: &str) {
        self.hud.toasts.show(words::say("talk.muted"), name, "", dom::now_ms());
        self.hud.panel.show_muted(self.muted());
    }

    /// Is `player`, of this arena, muted?
    pub(super) fn mutes(&self, player: u32) -> bool {
        let known = self.talk.here.key(player);
        self.talk.here.has(player) || known.is_some_and(|key| self.talk.muted.has(key))
    }

    /// The button of someone in the list was pressed: mutes, or hears again.
    fn turn_off_or_on(&mut self, person: &Person) {
        match (person.muted, self.talk.here.key(person.player)) {
            (true, key) => {
                self.talk.here.hear(person.player);
                key.into_iter().for_each(|key| self.talk.muted.hear(key));
                dom::remember(KEY, &self.talk.muted.text());
                self.hud.panel.show_muted(self.muted());
            }
            (false, Some(key)) => self.mute(key, &person.name),
            (false, None) => {
                self.talk.here.mute(person.player);
                self.told_muted(&person.name);
            }
        }
        self.list_people();
    }

    /// Everyone is heard again.
    fn unmute(&mut self) {
        self.talk.muted = Muted::default();
        self.talk.here.hear_all();
        dom::forget(KEY);
        self.hud.panel.show_muted(0);
    }

    /// How many are muted.
    pub(super) fn muted(&self) -> usize {
        self.talk.muted.count() + self.talk.here.count()
    }
}

/// Does something to the game, unless it is busy with what led here: taking the focus from a field is an event, too.
fn act(game: &Rc<RefCell<Game>>, deed: impl FnOnce(&mut Game)) {
    if let Ok(mut game) = game.try_borrow_mut() {
        deed(&mut game);
    }
}

/// Listens to the chat's buttons and its line.
pub(super) fn listen(game: &Rc<RefCell<Game>>) {
    let shown = game.borrow();
    let talk = &shown.hud.talk;
    let said = Rc::clone(game);
    dom::listen(talk.form(), "submit", move |event: Event| {
        event.prevent_default();
        act(&said, Game::say_line);
    });
    let left = Rc::clone(game);
    dom::listen(talk.field(), "keydown", move |event: KeyboardEvent| {
        if event.code() == "Escape" {
            event.stop_propagation();
            event.prevent_default();
            act(&left, |game| game.hud.talk.close());
        }
    });
    let muting = Rc::clone(game);
    dom::listen(talk.log(), "click", move |event: Event| {
        act(&muting, |game| {
            let who = event.target().and_then(|target| game.hud.talk.muted_by(&target));
            who.iter().for_each(|(key, name)| game.mute(*key, name));
        });
    });
    let listed = Rc::clone(game);
    dom::listen(shown.hud.people.list(), "click", move |event: Event| {
        act(&listed, |game| {
            let who = event.target().and_then(|target| game.hud.people.pressed(&target));
            who.iter().for_each(|person| game.turn_off_or_on(person));
        });
    });
    for (phrase, button) in talk.phrases() {
        let (game, phrase) = (Rc::clone(game), *phrase);
        dom::listen(button, "click", move |_: Event| act(&game, |game| game.say_phrase(phrase)));
    }
    drop(shown);
    for (id, deed) in [("talk-open", Game::toggle_talk as fn(&mut Game)), ("unmute", Game::unmute)] {
        let game = Rc::clone(game);
        if let Ok(button) = dom::by_id::<HtmlElement>(id) {
            dom::listen(&button, "click", move |_: Event| act(&game, deed));
        }
    }
}
