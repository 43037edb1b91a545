//! The page that plays.
//!
//! `session` knows what may be said to the server, `steering` cuts controls into ticks, `game` ties link, world, pilot and
//! display together, `heard` carries on what the server says, `draw` is one draw, `hands` takes the input events, `choices` are
//! the player's, `noise` is what is heard, `vigil` what is remembered of a life, `prizes` what is to be won, `powers` what was taken,
//! `news` what happened to others, `watch` whom one watches, `talk` what people say, `muted` whom one does not hear, `people` who may be, `answers` measures how soon keys show, `report` is the state that tests read. From here the page is wired up: whatever
//! happens, happens in an event handler, a timer or a repaint, and each of them borrows the game for as long as it runs.

pub mod answers;
pub mod choices;
pub mod draw;
pub mod fly;
pub mod game;
pub mod hands;
pub mod heard;
pub mod hud;
pub mod identity;
pub mod meter;
pub mod muted;
pub mod net;
pub mod news;
pub mod noise;
pub mod people;
pub mod powers;
pub mod prizes;
pub mod report;
pub mod roster;
pub mod session;
pub mod steering;
pub mod talk;
pub mod token;
pub mod vigil;
pub mod watch;

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::JsValue;
use web_sys::Event;

use crate::hud::lobby;
use crate::net::link::Link;
use crate::pilot::listeners;
use crate::{dom, probe};
use game::Game;
use hands::Table;

/// Time between two looks at what is due without a repaint, in milliseconds: pings, repeated inputs, the countdown.
const PULSE_MS: i32 = 100;

/// Time between two looks at the pilot's clock, in milliseconds: where draws are slow, too, inputs leave in their tick.
const BEAT_MS: i32 = 8;

/// A button, and what it does.
type Deed = (&'static str, fn(&mut Game));

/// The buttons of those who watch.
const WATCHING: [Deed; 7] = [
    ("watch-open", |game| game.clear_view(true)),
    ("watch-leader", Game::watch_leader),
    ("watch-killer", Game::watch_killer),
    ("watch-first", Game::watch_leader),
    ("watch-before", |game| game.step_watched(false)),
    ("watch-next", |game| game.step_watched(true)),
    ("watch-back", |game| game.clear_view(false)),
];

/// Opens the page: connects, draws, listens.
pub fn open() -> Result<(), JsValue> {
    let slot: Rc<RefCell<Option<Rc<RefCell<Game>>>>> = Rc::default();
    let receiver = Rc::clone(&slot);
    let arena = dom::query_value("arena");
    let link = Link::new(arena.as_deref(), move |event| {
        if let Some(game) = receiver.borrow().as_ref() {
            game.borrow_mut().link_event(event);
        }
    });
    let game = Rc::new(RefCell::new(Game::new(link.clone())?));
    *slot.borrow_mut() = Some(Rc::clone(&game));
    link.open();
    lobby::open(dom::query_value("arena"))?;
    hurries(&link);
    wire(&game)
}

fn wire(game: &Rc<RefCell<Game>>) -> Result<(), JsValue> {
    let table = Rc::new(Table::new(Rc::clone(game)));
    listeners::attach(&table)?;
    buttons(game);
    game.borrow_mut().recall();
    choices::listen(game);
    talk::listen(game);
    let pulsing = Rc::clone(game);
    dom::every_ms(PULSE_MS, move || pulsing.borrow_mut().pulse());
    let beating = Rc::clone(game);
    dom::every_ms(BEAT_MS, move || beating.borrow_mut().steer());
    let drawing = Rc::clone(game);
    dom::every_repaint(move |ms| drawing.borrow_mut().draw(ms));
    let told = Rc::clone(game);
    probe::install(move || told.borrow().report())
}

/// Who comes back to the page, or to a network, need not wait for the next attempt.
fn hurries(link: &Link) {
    let (online, seen) = (link.clone(), link.clone());
    dom::listen(&dom::window(), "online", move |_: Event| online.hurry());
    dom::listen(&dom::document(), "visibilitychange", move |_: Event| {
        if !dom::document().hidden() {
            seen.hurry();
        }
    });
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
    for (id, act) in WATCHING {
        let game = Rc::clone(game);
        match dom::by_id::<web_sys::HtmlElement>(id) {
            // The title's field says on the way out that it loses the focus.
            Ok(button) => dom::listen(&button, "click", move |_: Event| {
                if let Ok(mut game) = game.try_borrow_mut() {
                    act(&mut game);
                }
            }),
            Err(problem) => dom::complain("nobody can be watched", &problem),
        }
    }
}
