//! Everything that is on the page. Parts that a plain page lacks are none.
//!
//! Enters: what is to be shown. Leaves: wishes, through the parts. It must never ask for anything of the board's.

use wasm_bindgen::JsValue;
use web_sys::{Event, HtmlElement};

use super::address::{Look, View, Which};
use super::arenas::Arenas;
use super::chart::Chart;
use super::finder::Finder;
use super::history::History;
use super::mail::{Letter, Mail, Wish};
use super::mine::Mine;
use super::row::Row;
use super::rows::Rows;
use super::tabs::Tabs;
use crate::dom::{self, TextSlot};
use crate::hud::banner::Banner;
use crate::net::request::{Answer, Request};
use crate::settings::Settings;

/// The parts of the page for a visitor who chooses what to see.
pub(super) struct Controls {
    pub(super) tabs: Tabs,
    pub(super) arenas: Arenas,
    pub(super) finder: Finder,
    pub(super) mine: Mine,
    pub(super) you: Row,
    pub(super) summary: TextSlot,
    pub(super) chart: Chart,
    pub(super) banner: Banner,
    pub(super) boards: Option<Request>,
}

/// The page's parts.
pub struct Screen {
    pub(super) rows: Rows,
    pub(super) table: HtmlElement,
    pub(super) title: TextSlot,
    pub(super) live: TextSlot,
    pub(super) heard: TextSlot,
    pub(super) counts: TextSlot,
    pub(super) empty: TextSlot,
    /// What the arena is about; none on a page that has no place for it.
    pub(super) contest: Option<TextSlot>,
    pub(super) history: History,
    pub(super) look_due_ms: f64,
    pub(super) say_due_ms: f64,
    pub(super) controls: Option<Controls>,
    pub(super) most: u64,
    pub(super) calm: bool,
}

impl Screen {
    /// The parts of the page for `view`.
    pub fn new(view: &View, mail: &Mail) -> Result<Self, JsValue> {
        let controls = match view.look {
            Look::Full | Look::Tv => Some(Controls::new(mail)?),
            Look::Embed => None,
        };
        let rows = Rows::new()?;
        let post = mail.clone();
        dom::listen(rows.scroller(), "scroll", move |_: Event| post(Letter::Scrolled));
        let most = dom::query_value("rows").and_then(|rows| rows.parse().ok()).unwrap_or(5);
        Ok(Self {
            rows,
            table: dom::by_id("table")?,
            title: TextSlot::by_id("board-title")?,
            live: TextSlot::by_id("live")?,
            heard: TextSlot::by_id("heard")?,
            counts: TextSlot::by_id("counts")?,
            empty: TextSlot::by_id("empty")?,
            contest: TextSlot::by_id("contest").ok(),
            history: History::default(),
            look_due_ms: 0.0,
            say_due_ms: 0.0,
            controls,
            most: u64::clamp(most, 1, 50),
            calm: Settings::kept().calm(),
        })
    }

    /// Begins anew, for another board.
    pub fn restart(&mut self, view: &View) {
        self.rows.restart();
        self.history = History::default();
        let kind = match view.which {
            Which::Live => "live",
            Which::Current(_) | Which::Past(..) => "standings",
        };
        dom::flag_body("data-kind", kind);
        let look = match view.look {
            Look::Full => "full",
            Look::Tv => "tv",
            Look::Embed => "embed",
        };
        dom::flag_body("data-look", look);
        let title = view.which.title();
        self.title.set(&title);
        if view.look != Look::Embed {
            dom::document().set_title(&format!("Starfray · {title}"));
        }
        if let Some(controls) = &mut self.controls {
            controls.tabs.show(view);
            controls.finder.clear();
        }
    }

    /// Does something with the corner for one's own data.
    pub fn mine(&mut self, act: impl FnOnce(&mut Mine)) {
        if let Some(controls) = &mut self.controls {
            act(&mut controls.mine);
        }
    }

    /// Takes who is in which arena.
    pub fn lobby(&mut self, answer: &Answer, view: &View) {
        if let Some(controls) = &mut self.controls {
            controls.arenas.heard(answer, view);
        }
    }

    /// People in all arenas, where there are several.
    pub fn people(&self) -> Option<u32> {
        self.controls.as_ref()?.arenas.people()
    }

    /// Does something with the search fields.
    pub fn finder<T>(&mut self, act: impl FnOnce(&mut Finder) -> T) -> Option<T> {
        self.controls.as_mut().map(|controls| act(&mut controls.finder))
    }

    /// The newest past board that is known.
    pub fn newest_past(&self) -> Option<String> {
        self.controls.as_ref()?.tabs.newest().map(str::to_owned)
    }

    /// Says something to those who do not see the page.
    pub fn say(&mut self, what: &str) {
        if let Some(controls) = &mut self.controls {
            controls.summary.set(what);
        }
    }

    /// Takes the list of boards.
    pub fn list_boards(&mut self, json: &JsValue, view: &View) {
        if let Some(controls) = &mut self.controls {
            if let Err(problem) = controls.tabs.list(json) {
                dom::complain("the list of boards", &problem);
            }
            controls.tabs.show(view);
        }
    }

    /// Asks for it.
    pub fn ask_boards(&mut self, done: impl FnMut(Answer) + 'static) {
        if let Some(controls) = &mut self.controls {
            controls.boards = Request::get("/api/boards", 15_000, done);
        }
    }
}

impl Controls {
    fn new(mail: &Mail) -> Result<Self, JsValue> {
        let own: HtmlElement = dom::by_id("you")?;
        let (button, post): (HtmlElement, Mail) = (dom::by_id("to-own")?, mail.clone());
        dom::listen(&button, "click", move |_: Event| post(Letter::Wish(Wish::Own)));
        Ok(Self {
            tabs: Tabs::new(mail)?,
            arenas: Arenas::new(mail)?,
            finder: Finder::new(mail)?,
            mine: Mine::new(mail)?,
            you: Row::of(own)?,
            summary: TextSlot::by_id("summary")?,
            chart: Chart::new()?,
            banner: Banner::new()?,
            boards: None,
        })
    }
}
