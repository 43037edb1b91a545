//! The leaderboard page: the live arena and the standings, everyone ranked, as it changes; and a small board for other
//! pages.
//!
//! Owns: the view, what was heard of its board, the rows on the screen. Enters: board messages over a WebSocket, pages of
//! boards over HTTP, what the visitor wants. Leaves: rows that glide to their places. It must never ask for anything but
//! boards and the visitor's own data, and needs no repaint loop: it acts when something comes.

pub mod address;
pub mod arenas;
pub mod chart;
pub mod contest;
pub mod entry;
pub mod feed;
pub mod finder;
mod following;
pub mod heard;
pub mod history;
pub mod layout;
pub mod live;
pub mod mail;
pub mod mine;
pub mod page;
pub mod remote;
pub mod report;
pub mod row;
pub mod rows;
pub mod screen;
pub mod sheet;
mod show;
pub mod shown;
pub mod span;
pub mod tabs;
mod wishes;

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::JsValue;
use web_sys::Event;

use crate::{dom, probe};
use address::View;
use mail::{Letter, Mail};
use page::BoardPage;

/// Time between two looks at what is due, in milliseconds: pings, the chart, how long nothing was heard.
const PULSE_MS: i32 = 200;

/// Opens the page; `embed` is the one for others to embed.
pub fn open(embed: bool) -> Result<(), JsValue> {
    if embed {
        dom::flag_body("data-theme", dom::query_value("theme").as_deref().unwrap_or("dark"));
    }
    let slot: Rc<RefCell<Option<Rc<RefCell<BoardPage>>>>> = Rc::default();
    let box_of = Rc::clone(&slot);
    let mail: Mail = Rc::new(move |letter| {
        let page = Rc::clone(&box_of);
        dom::soon(move || {
            if let Some(page) = page.borrow().as_ref() {
                page.borrow_mut().open(letter);
            }
        });
    });
    let mut page = BoardPage::new(View::of(dom::query_value, embed), mail.clone())?;
    page.ask_boards();
    let page = Rc::new(RefCell::new(page));
    *slot.borrow_mut() = Some(Rc::clone(&page));
    let (pulse, resize, moved) = (mail.clone(), mail.clone(), mail);
    dom::every_ms(PULSE_MS, move || pulse(Letter::Pulse));
    dom::listen(&dom::window(), "resize", move |_: Event| resize(Letter::Scrolled));
    dom::listen(&dom::window(), "popstate", move |_: Event| moved(Letter::Moved));
    probe::install(move || page.borrow().report())
}
