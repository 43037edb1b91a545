//! The page's input events, handed to the game.
//!
//! Enters: DOM events. Leaves: calls of [`Hands`], the little that a game must be able to take. Keys that are typed into
//! the name field stay there; touches on the canvas never scroll or zoom the page.

use std::rc::Rc;

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    Event, EventTarget, HtmlCanvasElement, HtmlElement, HtmlInputElement, KeyboardEvent, PointerEvent,
};

use super::keys;
use super::touch::Button;
use crate::dom;

/// What hands do to the game. Places are in CSS pixels from the canvas's upper left corner.
pub trait Hands {
    /// A key that is to be chosen for something: is one, and was it taken?
    fn chosen(&self, code: &str) -> bool;
    /// The key at this place went down or up. Returns whether it flies.
    fn key(&self, code: &str, down: bool) -> bool;
    /// The key at this place went down while nothing is typed. Returns whether it was for the chat.
    fn talk(&self, code: &str) -> bool;
    /// The key of the overlay.
    fn overlay(&self);
    /// The key of the settings.
    fn menu(&self);
    /// Enter, or Space pressed anew: the page's main button.
    fn confirm(&self);
    /// The mouse is at this place.
    fn mouse_moved(&self, at: [f32; 2]);
    /// A mouse button went down or up.
    fn mouse_button(&self, button: i16, down: bool);
    /// A finger came down on the canvas.
    fn finger_down(&self, finger: i32, at: [f32; 2]);
    /// A finger came down on a button.
    fn finger_presses(&self, button: Button, finger: i32);
    /// A finger moved.
    fn finger_moved(&self, finger: i32, at: [f32; 2]);
    /// A finger left.
    fn finger_up(&self, finger: i32);
    /// The page lost the focus.
    fn let_go(&self);
}

/// Hands every input event of the page to `hands`.
pub fn attach(hands: &Rc<impl Hands + 'static>) -> Result<(), JsValue> {
    keyboard(hands);
    let canvas: HtmlCanvasElement = dom::by_id("arena")?;
    pointer(&canvas, hands);
    for (id, button) in [("fire", Button::Fire), ("boost", Button::Boost), ("shield", Button::Shield)] {
        screen_button(&dom::by_id(id)?, button, hands);
    }
    dom::listen(&canvas, "contextmenu", |event: Event| event.prevent_default());
    for name in ["touchstart", "touchmove", "gesturestart"] {
        dom::listen(&canvas, name, |event: Event| event.prevent_default());
    }
    let hands = Rc::clone(hands);
    dom::listen(&dom::window(), "blur", move |_: Event| hands.let_go());
    Ok(())
}

fn keyboard(hands: &Rc<impl Hands + 'static>) {
    let (presser, releaser) = (Rc::clone(hands), Rc::clone(hands));
    dom::listen(&dom::window(), "keydown", move |event: KeyboardEvent| press(&event, presser.as_ref()));
    dom::listen(&dom::window(), "keyup", move |event: KeyboardEvent| {
        releaser.key(&event.code(), false);
    });
}

fn press(event: &KeyboardEvent, hands: &impl Hands) {
    if hands.chosen(&event.code()) {
        return event.prevent_default();
    }
    let typing =
        event.target().is_some_and(|target| target.has_type::<HtmlInputElement>() && !is_choice(&target));
    // A choice takes arrows and Space for itself; Enter goes on from there.
    let choosing = event.target().is_some_and(|target| is_choice(&target));
    if choosing && !matches!(event.code().as_str(), "Enter" | "NumpadEnter" | "Escape") {
        return;
    }
    let combined = event.ctrl_key() || event.meta_key() || event.alt_key();
    // A focused button or link answers to its own keys.
    let focused =
        event.target().is_some_and(|target| target.dyn_ref::<HtmlElement>().is_some_and(answers_keys));
    // An open dialog has the keyboard for itself.
    if typing || combined || dom::has_open_dialog() {
        return;
    }
    let presses = focused && matches!(event.code().as_str(), "Enter" | "NumpadEnter" | "Space");
    if !event.repeat() && !presses && hands.talk(&event.code()) {
        return event.prevent_default();
    }
    if !event.repeat() && event.code() == "Escape" {
        event.prevent_default();
        hands.menu();
    }
    if !event.repeat() && keys::shows_overlay(&event.code()) {
        event.prevent_default();
        hands.overlay();
    }
    if !event.repeat() && !focused && matches!(event.code().as_str(), "Enter" | "NumpadEnter" | "Space") {
        if choosing {
            // Else the form would be sent a second time.
            event.prevent_default();
        }
        hands.confirm();
    }
    if hands.key(&event.code(), true) && !focused {
        event.prevent_default();
    }
}

fn is_choice(target: &EventTarget) -> bool {
    target.dyn_ref::<HtmlInputElement>().is_some_and(|input| input.type_() == "radio")
}

fn answers_keys(element: &HtmlElement) -> bool {
    matches!(element.tag_name().as_str(), "BUTTON" | "A" | "SUMMARY")
}

fn pointer(canvas: &HtmlCanvasElement, hands: &Rc<impl Hands + 'static>) {
    let (down, moved) = (Rc::clone(hands), Rc::clone(hands));
    dom::listen(canvas, "pointerdown", move |event: PointerEvent| {
        event.prevent_default();
        match is_touch(&event) {
            true => down.finger_down(event.pointer_id(), place(&event)),
            false => down.mouse_button(event.button(), true),
        }
    });
    dom::listen(&dom::window(), "pointermove", move |event: PointerEvent| match is_touch(&event) {
        true => moved.finger_moved(event.pointer_id(), place(&event)),
        false => moved.mouse_moved(place(&event)),
    });
    for name in ["pointerup", "pointercancel"] {
        let up = Rc::clone(hands);
        dom::listen(&dom::window(), name, move |event: PointerEvent| match is_touch(&event) {
            true => up.finger_up(event.pointer_id()),
            false => up.mouse_button(event.button(), false),
        });
    }
}

fn screen_button(element: &HtmlElement, button: Button, hands: &Rc<impl Hands + 'static>) {
    let hands = Rc::clone(hands);
    dom::listen(element, "pointerdown", move |event: PointerEvent| {
        event.prevent_default();
        hands.finger_presses(button, event.pointer_id());
    });
    dom::listen(element, "touchstart", |event: Event| event.prevent_default());
}

fn is_touch(event: &PointerEvent) -> bool {
    event.pointer_type() == "touch"
}

/// The canvas fills the window, so the window's coordinates are its own.
fn place(event: &PointerEvent) -> [f32; 2] {
    [event.client_x() as f32, event.client_y() as f32]
}
