//! The player's hands on the game: each input event, told to the pilot and sent without waiting for a repaint.
//!
//! Enters: calls from `pilot::listeners`. Leaves: changes of the pilot. Buttons are sent at once even where the browser
//! repaints rarely or not at all, as it does for a page in the background.

use std::cell::RefCell;
use std::rc::Rc;

use super::game::Game;
use super::session::Phase;
use crate::pilot::keys::Action;
use crate::pilot::listeners::Hands;
use crate::pilot::touch::Button;

/// The game, as the input events see it.
pub struct Table {
    game: Rc<RefCell<Game>>,
}

impl Table {
    /// Hands for `game`.
    pub fn new(game: Rc<RefCell<Game>>) -> Self {
        Self { game }
    }

    /// Tells the pilot something, and sends what it changes.
    fn act(&self, act: impl FnOnce(&mut Game)) {
        // A handler can be called while the game is borrowed: taking the focus from a field is an event, too.
        if let Ok(mut game) = self.game.try_borrow_mut() {
            game.steer();
            act(&mut game);
            game.steer();
        }
    }
}

impl Hands for Table {
    fn chosen(&self, code: &str) -> bool {
        self.game.try_borrow_mut().is_ok_and(|mut game| game.choose_key(code))
    }

    fn key(&self, code: &str, down: bool) -> bool {
        let Ok(action) = self.game.try_borrow().map(|game| game.pilot.bindings().action(code)) else {
            return false;
        };
        let Some(action) = action else { return false };
        self.act(|game| {
            if game.pilot.key(action, down) && down {
                game.hud.hints.flown_by(false);
                game.answers.asked(game.counts.draws);
                if game.may_watch() && matches!(action, Action::Left | Action::Right) {
                    game.step_watched(action == Action::Right);
                }
            }
        });
        true
    }

    fn talk(&self, code: &str) -> bool {
        self.game.try_borrow_mut().is_ok_and(|mut game| game.talk_key(code))
    }

    fn overlay(&self) {
        self.act(Game::toggle_overlay);
    }

    fn menu(&self) {
        self.act(|game| match game.watch.is_on() {
            true => game.clear_view(false),
            false => game.open_settings(),
        });
    }

    fn confirm(&self) {
        self.act(|game| match game.session.phase() {
            Phase::Menu | Phase::Dead => game.fly(),
            Phase::Connecting | Phase::Playing | Phase::Lost => {}
        });
    }

    fn mouse_moved(&self, at: [f32; 2]) {
        self.act(|game| game.pilot.mouse_moved(at));
    }

    fn mouse_button(&self, button: i16, down: bool) {
        self.act(|game| game.pilot.mouse_button(button, down));
    }

    fn finger_down(&self, finger: i32, at: [f32; 2]) {
        self.act(|game| {
            game.hud.hints.flown_by(true);
            game.pilot.touches().down(finger, at);
        });
    }

    fn finger_presses(&self, button: Button, finger: i32) {
        self.act(|game| game.pilot.touches().button_down(button, finger));
    }

    fn finger_moved(&self, finger: i32, at: [f32; 2]) {
        self.act(|game| game.pilot.touches().moved(finger, at));
    }

    fn finger_up(&self, finger: i32) {
        self.act(|game| game.pilot.touches().up(finger));
    }

    fn let_go(&self) {
        self.act(|game| game.pilot.let_go());
    }
}
