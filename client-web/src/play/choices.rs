//! The player's choices that the browser remembers: the settings, and which key does what.
//!
//! Enters: clicks and changes in the settings' panel, keys that are chosen. Leaves: settings that everything follows at once,
//! bindings for the pilot, and texts for the browser.

use std::cell::RefCell;
use std::rc::Rc;

use web_sys::Event;

use super::game::Game;
use crate::dom;
use crate::hud::bindings::Place;
use crate::hud::hints;
use crate::pilot::bindings::Bindings;
use crate::settings::Settings;

/// Where the browser remembers the keys.
const KEY: &str = "starfray.keys";

impl Game {
    /// Takes what the browser remembers.
    pub(super) fn recall(&mut self) {
        self.follow(Settings::kept());
        self.bind(dom::remembered(KEY).map_or_else(Bindings::default, |text| Bindings::parsed(&text)));
    }

    /// Everything follows `settings` from now on.
    fn follow(&mut self, settings: Settings) {
        settings.apply();
        self.mixer.follow(&settings);
        self.scene.follow(&settings);
        self.hud.map.follow(settings.colours);
        self.settings = settings;
        // Words that no element names by their key.
        self.noted_frames = 0;
        self.hud.keys.show(self.pilot.bindings());
        self.hud.hints.show_again();
        if settings.hush {
            self.hud.talk.forget(|_| true);
        }
        self.hud.panel.show_muted(self.muted());
    }

    /// A field of the settings changed.
    fn set(&mut self) {
        let settings = self.hud.panel.read();
        settings.keep();
        self.follow(settings);
    }

    /// Opens the settings, over whatever is there.
    pub(super) fn open_settings(&mut self) {
        self.pilot.let_go();
        self.hud.panel.open(&self.settings);
    }

    /// A key went down: takes it, if the settings wait for one. Returns whether they did.
    pub(super) fn choose_key(&mut self, code: &str) -> bool {
        let mut bindings = self.pilot.bindings().clone();
        let taken = self.hud.keys.take(code, &mut bindings);
        if taken {
            dom::remember(KEY, &bindings.text());
            self.bind(bindings);
        }
        taken
    }

    fn ask_for_key(&mut self, place: Place) {
        self.hud.keys.ask(place, self.pilot.bindings());
    }

    fn usual_keys(&mut self) {
        dom::remember(KEY, &Bindings::default().text());
        self.bind(Bindings::default());
    }

    fn bind(&mut self, bindings: Bindings) {
        self.hud.keys.show(&bindings);
        self.pilot.bind(bindings);
        self.hud.hints.show_again();
    }
}

/// Listens to the settings' panel and the buttons that open it.
pub(super) fn listen(game: &Rc<RefCell<Game>>) {
    let act = |target: &web_sys::EventTarget, event: &str, act: fn(&mut Game)| {
        let game = Rc::clone(game);
        dom::listen(target, event, move |_: Event| {
            // The panel's own handlers run inside of ours: opening it moves the focus.
            if let Ok(mut game) = game.try_borrow_mut() {
                act(&mut game);
            }
        });
    };
    let shown = game.borrow();
    let panel = shown.hud.panel.dialog();
    act(panel, "input", Game::set);
    act(panel, "close", |game| game.hud.keys.forget(game.pilot.bindings()));
    act(shown.hud.keys.usual(), "click", Game::usual_keys);
    shown.hud.panel.close_beside();
    for id in ["settings-open", "settings-in-play"] {
        match dom::by_id::<web_sys::HtmlElement>(id) {
            Ok(button) => act(&button, "click", Game::open_settings),
            Err(problem) => dom::complain("the settings cannot be opened", &problem),
        }
    }
    if let Ok(button) = dom::by_id::<web_sys::HtmlElement>("hints-again") {
        act(&button, "click", |game| game.hud.hints.begin_anew());
    }
    for (place, button) in shown.hud.keys.buttons() {
        let (asking, place) = (Rc::clone(game), *place);
        dom::listen(button, "click", move |_: Event| asking.borrow_mut().ask_for_key(place));
    }
    if let Some(device) = dom::media(hints::WITHOUT_KEYS) {
        act(&device, "change", |game| game.hud.hints.measure());
    }
    drop(shown);
    wake(game);
}

/// Browsers allow sound at the first gesture.
fn wake(game: &Rc<RefCell<Game>>) {
    for event in ["pointerdown", "keydown", "touchend"] {
        let game = Rc::clone(game);
        dom::listen(&dom::window(), event, move |_: Event| {
            if let Ok(mut game) = game.try_borrow_mut() {
                game.mixer.wake();
            }
        });
    }
}
