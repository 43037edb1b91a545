//! The live leaderboard page: everyone in the arena, ranked, as it changes.
//!
//! Owns: the watcher's copy of the board, its link, its rows on the page. Enters: board messages. Leaves: rows that glide to
//! their places. It must never ask for anything but the board, and needs no repaint loop: it acts when a message comes.

pub mod layout;
pub mod page;
pub mod rows;

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::JsValue;
use web_sys::Event;

use crate::net::link::Link;
use crate::{dom, probe};
use page::BoardPage;

/// Time between two looks at what is due, in milliseconds: pings and the countdown.
const PULSE_MS: i32 = 200;

/// Opens the page.
pub fn open() -> Result<(), JsValue> {
    let slot: Rc<RefCell<Option<Rc<RefCell<BoardPage>>>>> = Rc::default();
    let receiver = Rc::clone(&slot);
    let link = Link::new(move |event| {
        if let Some(page) = receiver.borrow().as_ref() {
            page.borrow_mut().link_event(event);
        }
    });
    let page = Rc::new(RefCell::new(BoardPage::new(link.clone())?));
    *slot.borrow_mut() = Some(Rc::clone(&page));
    link.open();
    let pulsing = Rc::clone(&page);
    dom::every_ms(PULSE_MS, move || pulsing.borrow_mut().pulse());
    let resizing = Rc::clone(&page);
    dom::listen(&dom::window(), "resize", move |_: Event| resizing.borrow_mut().show());
    probe::install(move || page.borrow().report())
}
