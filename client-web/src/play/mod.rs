//! The page that plays.
//!
//! `session` knows what may be said to the server, `steering` cuts controls into ticks, `game` ties link, world, pilot and display together, `draw` is one
//! draw, `hands` takes the input events, `report` is the state that tests read. From here the page is wired up: whatever
//! happens, happens in an event handler, a timer or a repaint, and each of them borrows the game for as long as it runs.

pub mod draw;
pub mod fly;
pub mod game;
pub mod hands;
pub mod hud;
pub mod identity;
pub mod meter;
pub mod net;
pub mod report;
pub mod roster;
pub mod session;
pub mod steering;
pub mod token;

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::JsValue;
use web_sys::Event;

use crate::net::link::Link;
use crate::pilot::listeners;
use crate::{dom, probe};
use game::Game;
use hands::Table;

/// Time between two looks at what is due without a repaint, in milliseconds: pings, repeated inputs, the countdown.
const PULSE_MS: i32 = 100;

/// Opens the page: connects, draws, listens.
pub fn open() -> Result<(), JsValue> {
    let slot: Rc<RefCell<Option<Rc<RefCell<Game>>>>> = Rc::default();
    let receiver = Rc::clone(&slot);
    let link = Link::new(move |event| {
        if let Some(game) = receiver.borrow().as_ref() {
            game.borrow_mut().link_event(event);
        }
    });
    let game = Rc::new(RefCell::new(Game::new(link.clone())?));
    *slot.borrow_mut() = Some(Rc::clone(&game));
    link.open();
    wire(&game)
}

fn wire(game: &Rc<RefCell<Game>>) -> Result<(), JsValue> {
    let table = Rc::new(Table::new(Rc::clone(game)));
    listeners::attach(&table)?;
    buttons(game);
    let pulsing = Rc::clone(game);
    dom::every_ms(PULSE_MS, move || pulsing.borrow_mut().pulse());
    let drawing = Rc::clone(game);
    dom::every_repaint(move |ms| drawing.borrow_mut().draw(ms));
    let told = Rc::clone(game);
    probe::install(move || told.borrow().report())
}

fn buttons(game: &Rc<RefCell<Game>>) {
    let (form, again) = {
        let game = game.borrow();
        (game.hud.title.form().clone(), game.hud.card.button().clone())
    };
    let joining = Rc::clone(game);
    dom::listen(&form, "submit", move |event: Event| {
        event.prevent_default();
        joining.borrow_mut().fly();
    });
    let flying = Rc::clone(game);
    dom::listen(&again, "click", move |_: Event| flying.borrow_mut().fly());
}
