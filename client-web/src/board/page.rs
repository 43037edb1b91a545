//! The leaderboard page: which board it shows, and where that comes from.
//!
//! Owns: the view, the live board and its link, what was read over HTTP, the feed. Enters: letters. Leaves: wishes of the
//! screen's that are due. A board that is no longer fed stays on the screen, marked as stale; it must never look live when it
//! is not. The live board comes over the WebSocket; where that fails, over HTTP, until the WebSocket is there after all.

use std::rc::Rc;

use js_sys::Math;
use shared::identity::PlayerKey;
use wasm_bindgen::JsValue;

use super::address::{Look, View, Which};
use super::feed::Feed;
use super::heard::{Heard, Transport};
use super::live::Live;
use super::mail::{Letter, Mail};
use super::remote::{Asked, Remote};
use super::screen::Screen;
use super::sheet::PIECE;
use super::shown::Shown;
use crate::net::link::{Closing, Link};
use crate::play::identity;
use crate::{dom, probe};

/// The leaderboard page.
pub struct BoardPage {
    pub(super) view: View,
    /// Counts the boards that were shown, so that answers for an earlier one are told apart.
    pub(super) visit: u32,
    pub(super) live: Option<Live>,
    pub(super) remote: Remote,
    pub(super) heard: Heard,
    pub(super) missing: bool,
    pub(super) last_close: Option<Closing>,
    pub(super) changes: u32,
    /// Another number in every load of the page.
    pub(super) loads: f64,
    pub(super) own: Option<PlayerKey>,
    pub(super) screen: Screen,
    pub(super) mail: Mail,
    pub(super) feed: Option<Feed>,
    /// Is the WebSocket's board shown, or what was read over HTTP?
    pub(super) by_socket: bool,
    pub(super) asked_ms: f64,
    pub(super) begun_ms: f64,
    drawing: bool,
}

impl BoardPage {
    /// A page that shows `view`.
    pub fn new(view: View, mail: Mail) -> Result<Self, JsValue> {
        let own = identity::kept().map(|identity| identity.key);
        let remote = Remote::new(&view, own, Rc::new(|_, _| {}));
        let screen = Screen::new(&view, &mail)?;
        let mut page = Self {
            view,
            visit: 0,
            live: None,
            remote,
            heard: Heard::NOTHING,
            missing: false,
            last_close: None,
            changes: 0,
            loads: (Math::random() * 1e9).floor(),
            own,
            screen,
            mail,
            feed: None,
            by_socket: false,
            asked_ms: 0.0,
            begun_ms: 0.0,
            drawing: false,
        };
        page.visit();
        Ok(page)
    }

    /// Shows another board from its beginning.
    pub(super) fn go(&mut self, view: View) {
        self.view = view;
        self.visit();
    }

    fn visit(&mut self) {
        self.visit += 1;
        self.begun_ms = dom::now_ms();
        (self.heard, self.last_close, self.missing) = (Heard::NOTHING, None, false);
        (self.live, self.feed, self.by_socket) = (None, None, false);
        let (visit, mail) = (self.visit, self.mail.clone());
        let tell = move |asked, answer| mail(Letter::Answer(visit, asked, answer));
        self.remote = Remote::new(&self.view, self.own, Rc::new(tell));
        self.screen.restart(&self.view);
        match self.view.which {
            Which::Live => self.live = Some(self.open_live()),
            Which::Current(_) => self.start_feed(false),
            Which::Past(..) => self.start_feed(true),
        }
        self.draw_soon();
    }

    fn open_live(&self) -> Live {
        let (visit, mail) = (self.visit, self.mail.clone());
        let link = Link::new(self.view.arena.as_deref(), move |event| mail(Letter::Link(visit, event)));
        Live::open(link, self.view.arena.clone())
    }

    pub(super) fn start_feed(&mut self, final_board: bool) {
        let (visit, mail) = (self.visit, self.mail.clone());
        let tell = Rc::new(move |news| mail(Letter::News(visit, news)));
        self.feed = Some(Feed::new(&self.view, PIECE, final_board, tell));
    }

    /// Something happened.
    pub fn open(&mut self, letter: Letter) {
        match letter {
            Letter::Link(visit, event) if visit == self.visit => self.link(event),
            Letter::News(visit, news) if visit == self.visit => self.news(news),
            Letter::Answer(visit, asked, answer) if visit == self.visit => {
                if answer.status != 0 && asked == Asked::Sign {
                    self.heard.hear(self.heard.transport, dom::now_ms());
                }
                if self.remote.answered(asked, &answer) {
                    self.changed();
                }
            }
            Letter::Link(..) | Letter::News(..) | Letter::Answer(..) => {}
            Letter::Found(serial, answer) => self.found(serial, &answer),
            Letter::Boards(answer) => self.boards(&answer),
            Letter::Lobby(answer) => self.lobby(&answer),
            Letter::Mine(answer) => self.screen.mine(|mine| mine.stored(&answer)),
            Letter::Removed(answer) => {
                self.screen.mine(|mine| mine.removed(&answer));
                self.own = identity::kept().map(|identity| identity.key);
            }
            Letter::Wish(wish) => self.wish(wish),
            Letter::Moved => self.go(View::of(dom::query_value, self.view.look == Look::Embed)),
            Letter::Scrolled => self.draw_soon(),
            Letter::Draw => {
                self.drawing = false;
                self.draw();
            }
            Letter::Pulse => self.pulse(),
        }
    }

    pub(super) fn changed(&mut self) {
        self.changes = self.changes.wrapping_add(1);
        self.draw_soon();
    }

    /// Draws before the next repaint, once, whatever comes until then.
    pub(super) fn draw_soon(&mut self) {
        if !std::mem::replace(&mut self.drawing, true) {
            let mail = self.mail.clone();
            dom::at_repaint(move || mail(Letter::Draw));
        }
    }

    /// Is the WebSocket's board shown, or what was read over HTTP?
    pub(super) fn shows_socket(&self) -> bool {
        self.by_socket
    }

    /// The lines that are shown.
    pub(super) fn lines(&self) -> Shown<'_> {
        match &self.live {
            Some(live) if self.by_socket => Shown::Board(live),
            Some(_) | None => Shown::Sheet(&self.remote),
        }
    }

    /// How far the page is: `connecting`, `live`, `lost` or `final`.
    pub(super) fn phase(&self, now_ms: f64) -> &'static str {
        if self.missing {
            return "final";
        }
        if self.heard.is_stale(now_ms) {
            return "lost";
        }
        match self.heard.transport {
            Transport::None => "connecting",
            Transport::Final => "final",
            Transport::Socket | Transport::Events | Transport::Polling => "live",
        }
    }

    /// What `window.starfray.state` says; `probe` documents the fields.
    pub fn report(&self) -> JsValue {
        super::report::report(self, dom::now_ms())
    }

    /// The connection as it ended last.
    pub(super) fn closing(&self) -> JsValue {
        self.last_close.as_ref().map_or(JsValue::NULL, probe::closing)
    }
}
