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
use super::entry::{Entry, Who};
use super::feed::{Feed, News};
use super::heard::{Heard, Transport};
use super::live::{self, Live};
use super::mail::{Letter, Mail};
use super::remote::{Asked, Remote};
use super::rows::Lines;
use super::screen::Screen;
use super::sheet::PIECE;
use crate::net::link::{Closing, Link, LinkEvent, NO_CODE};
use crate::play::identity;
use crate::{dom, probe};

/// Failed attempts of the WebSocket after which HTTP is tried as well.
const SOCKET_FAILURES: u32 = 2;

/// Silence of the WebSocket after which HTTP is tried as well, in milliseconds. Some proxies, and some browsers' rules, let a
/// socket neither open nor fail.
const SOCKET_PATIENCE_MS: f64 = 6_000.0;

/// Silence of an event stream after which the page asks whether the server is there, in milliseconds: its own signs of life
/// are not shown to pages.
const ASK_AFTER_MS: f64 = 10_000.0;

/// Between two such questions, in milliseconds.
const ASK_EVERY_MS: f64 = 5_000.0;

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
    feed: Option<Feed>,
    /// Is the WebSocket's board shown, or what was read over HTTP?
    by_socket: bool,
    asked_ms: f64,
    begun_ms: f64,
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
        let link = Link::new(move |event| mail(Letter::Link(visit, event)));
        Live::open(link, self.view.arena.clone())
    }

    fn start_feed(&mut self, final_board: bool) {
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

    fn link(&mut self, event: LinkEvent) {
        let Some(live) = &mut self.live else { return };
        match live.event(event) {
            live::Heard::Nothing => {}
            live::Heard::Alive if self.by_socket => self.heard.hear(Transport::Socket, dom::now_ms()),
            live::Heard::Alive => {}
            live::Heard::Changed => {
                (self.by_socket, self.feed) = (true, None);
                self.heard.hear(Transport::Socket, dom::now_ms());
                self.changed();
            }
            live::Heard::Lost(closing) => self.lost(closing),
        }
    }

    fn lost(&mut self, closing: Closing) {
        let failures = self.live.as_ref().map_or(0, Live::failures);
        // What the server says is its word for every way to it.
        let told = closing.code != NO_CODE && closing.retry_at_ms.is_none();
        if failures >= SOCKET_FAILURES && self.feed.is_none() && !told {
            self.start_feed(false);
        }
        if self.by_socket || told {
            self.heard.lost = true;
        }
        if self.by_socket || told || self.last_close.is_none() {
            self.last_close = Some(closing);
        }
        self.draw_soon();
    }

    fn news(&mut self, news: News) {
        if let Some(feed) = &mut self.feed {
            feed.note(&news);
        }
        match news {
            News::Page(transport, page) => {
                self.by_socket = false;
                self.heard.hear(transport, dom::now_ms());
                if self.remote.pushed(page) {
                    self.changed();
                }
            }
            News::Same(transport) => self.heard.hear(transport, dom::now_ms()),
            News::Failed(_, again_ms) => {
                let known = self.last_close.take().filter(|_| self.heard.lost);
                let (code, label) = known.map_or((NO_CODE, String::new()), |known| (known.code, known.label));
                self.last_close = Some(Closing { code, label, retry_at_ms: Some(again_ms) });
                self.heard.lost = true;
            }
            News::Missing => self.missing = true,
        }
        self.draw_soon();
    }

    fn changed(&mut self) {
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

    fn pulse(&mut self) {
        let now_ms = dom::now_ms();
        if let Some(live) = &mut self.live {
            live.pulse();
        }
        let silence_ms = self.heard.silence_ms(now_ms).unwrap_or(now_ms - self.begun_ms);
        let told = self.last_close.as_ref().is_some_and(|closing| closing.retry_at_ms.is_none());
        if self.live.is_some() && self.feed.is_none() && silence_ms > SOCKET_PATIENCE_MS && !told {
            self.start_feed(false);
        }
        if !self.by_socket {
            self.remote.want(&self.screen.rows.kept(), now_ms);
            self.ask_whether_alive(now_ms);
        }
        self.tell(now_ms);
    }

    fn ask_whether_alive(&mut self, now_ms: f64) {
        let quiet = self.heard.silence_ms(now_ms).is_some_and(|ms| ms > ASK_AFTER_MS);
        if self.heard.transport == Transport::Events && quiet && now_ms - self.asked_ms > ASK_EVERY_MS {
            self.asked_ms = now_ms;
            self.remote.ask_sign();
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

/// The lines that are shown: the WebSocket's, or those that were read.
pub enum Shown<'a> {
    /// All of them.
    Board(&'a Live),
    /// Some.
    Sheet(&'a Remote),
}

impl Shown<'_> {
    /// The visitor's own place, 0 for the best, and line.
    pub fn own(&self, key: PlayerKey) -> Option<(u64, Entry)> {
        match self {
            Self::Board(live) => {
                let index = live.index_of(key)?;
                Some((index as u64, Entry::of(live.board().at(index)?)))
            }
            Self::Sheet(remote) => remote.own().map(|(index, entry)| (index, entry.clone())),
        }
    }

    /// Which state of the board; none of one that comes over the WebSocket, whose states have no numbers.
    pub fn version(&self) -> Option<f64> {
        match self {
            Self::Board(_) => None,
            Self::Sheet(remote) => remote.sheet().version(),
        }
    }

    /// Whose the visitor's own line is.
    pub fn who(key: PlayerKey) -> Who {
        Who::Player(key)
    }
}

impl Lines for Shown<'_> {
    fn total(&self) -> u64 {
        match self {
            Self::Board(live) => live.board().len() as u64,
            Self::Sheet(remote) => remote.sheet().total(),
        }
    }

    fn at(&self, index: u64) -> Option<Entry> {
        match self {
            Self::Board(live) => live.board().at(usize::try_from(index).ok()?).map(Entry::of),
            Self::Sheet(remote) => remote.sheet().at(index).cloned(),
        }
    }
}
