//! The player's choices that the browser remembers: which key does what.
//!
//! Enters: clicks on the settings, keys that are chosen. Leaves: bindings for the pilot, and a text for the browser.

use std::cell::RefCell;
use std::rc::Rc;

use web_sys::Event;

use super::game::Game;
use crate::dom;
use crate::hud::settings::Place;
use crate::pilot::bindings::Bindings;

/// Where the browser remembers the keys.
const KEY: &str = "starfray.keys";

impl Game {
    /// Takes what the browser remembers.
    pub(super) fn recall_keys(&mut self) {
        self.bind(dom::remembered(KEY).map_or_else(Bindings::default, |text| Bindings::parsed(&text)));
    }

    /// A key went down: takes it, if the settings wait for one. Returns whether they did.
    pub(super) fn choose_key(&mut self, code: &str) -> bool {
        let mut bindings = self.pilot.bindings().clone();
        let taken = self.hud.settings.take(code, &mut bindings);
        if taken {
            dom::remember(KEY, &bindings.text());
            self.bind(bindings);
        }
        taken
    }

    fn ask_for_key(&mut self, place: Place) {
        self.hud.settings.ask(place, self.pilot.bindings());
    }

    fn usual_keys(&mut self) {
        dom::remember(KEY, &Bindings::default().text());
        self.bind(Bindings::default());
    }

    fn bind(&mut self, bindings: Bindings) {
        self.hud.settings.show(&bindings);
        self.pilot.bind(bindings);
    }
}

/// Listens to the buttons of the settings.
pub(super) fn listen(game: &Rc<RefCell<Game>>) {
    let (buttons, usual) = {
        let game = game.borrow();
        (game.hud.settings.buttons().to_vec(), game.hud.settings.usual().clone())
    };
    for (place, button) in buttons {
        let asking = Rc::clone(game);
        dom::listen(&button, "click", move |_: Event| asking.borrow_mut().ask_for_key(place));
    }
    let resetting = Rc::clone(game);
    dom::listen(&usual, "click", move |_: Event| resetting.borrow_mut().usual_keys());
}
