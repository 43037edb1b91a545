//! The state of the leaderboard page.
//!
//! Owns: link, phase, the watcher's copy of the board. Enters: link events. Leaves: what is on the page. A board that is
//! no longer fed stays on the screen, marked as stale; it must never look live when it is not.

use js_sys::Math;
use shared::leaderboard::Board;
use shared::protocol::codec::{FromServer, decode_server, encode_client};
use shared::protocol::{ClientMessage, Role, ServerMessage};
use wasm_bindgen::JsValue;
use web_sys::HtmlElement;

use super::rows::Rows;
use crate::dom::{self, TextSlot};
use crate::hud::banner::Banner;
use crate::hud::counted;
use crate::net::link::{Closing, Link, LinkEvent};
use crate::net::pings::Pings;
use crate::probe::{self, Record};

/// What the page is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Connecting,
    Live,
    Lost,
}

impl Phase {
    fn name(self) -> &'static str {
        match self {
            Self::Connecting => "connecting",
            Self::Live => "live",
            Self::Lost => "lost",
        }
    }

    /// What the page's header says.
    fn word(self) -> &'static str {
        match self {
            Self::Connecting => "Connecting",
            Self::Live => "Live",
            Self::Lost => "Stale",
        }
    }
}

/// The leaderboard page.
pub struct BoardPage {
    link: Link,
    phase: Phase,
    board: Board,
    pings: Pings,
    rows: Rows,
    banner: Banner,
    body: HtmlElement,
    live: TextSlot,
    counts: TextSlot,
    last_close: Option<Closing>,
    changes: u32,
    /// Another number in every load of the page.
    loads: f64,
}

impl BoardPage {
    /// A page that is about to connect.
    pub fn new(link: Link) -> Result<Self, JsValue> {
        Ok(Self {
            link,
            phase: Phase::Connecting,
            board: Board::default(),
            pings: Pings::default(),
            rows: Rows::new(dom::matches_media("(prefers-reduced-motion: reduce)"))?,
            banner: Banner::new()?,
            body: dom::document().body().ok_or("the page has no body")?,
            live: TextSlot::by_id("live")?,
            counts: TextSlot::by_id("counts")?,
            last_close: None,
            changes: 0,
            loads: (Math::random() * 1e9).floor(),
        })
    }

    /// Something happened to the link.
    pub fn link_event(&mut self, event: LinkEvent) {
        match event {
            LinkEvent::Opened => {
                self.pings = Pings::default();
                self.send(&ClientMessage::hello(Role::Board, dom::query_value("arena"), None));
            }
            LinkEvent::Message(bytes) => match decode_server(&bytes) {
                Ok(FromServer::Message(message)) => self.message(message),
                // Frames are for those who watch the arena.
                Ok(FromServer::Frame(_)) => {}
                Err(problem) => dom::complain("from the server", &JsValue::from_str(&problem.to_string())),
            },
            LinkEvent::Closed(closing) => {
                self.banner.show(&closing);
                (self.phase, self.last_close) = (Phase::Lost, Some(closing));
            }
        }
        self.live.set(self.phase.word());
        dom::set_attribute(&self.body, "data-phase", self.phase.name());
    }

    fn message(&mut self, message: ServerMessage) {
        match message {
            ServerMessage::Welcome(_) => self.link.settled(),
            ServerMessage::Board { rows } => {
                self.phase = Phase::Live;
                self.board.reset(rows);
                self.changed();
            }
            ServerMessage::BoardDelta(delta) => {
                self.board.apply(delta);
                self.changed();
            }
            ServerMessage::Pong { sent_ms } => self.pings.returned(sent_ms, dom::now_ms()),
            ServerMessage::Joined { .. }
            | ServerMessage::Refused(_)
            | ServerMessage::Died { .. }
            | ServerMessage::Kill { .. }
            | ServerMessage::Top { .. }
            | ServerMessage::Names(_)
            | ServerMessage::Recorded(_)
            | ServerMessage::Around { .. } => {}
        }
    }

    fn changed(&mut self) {
        self.changes = self.changes.wrapping_add(1);
        self.show();
    }

    /// Brings the page to what the board says.
    pub fn show(&mut self) {
        self.rows.show(self.board.rows());
        let (players, drones) = self.numbers();
        let (players, drones) = (counted(players, "pilot", "pilots"), counted(drones, "drone", "drones"));
        self.counts.set(&format!("{players} · {drones}"));
    }

    /// People and drones on the board.
    fn numbers(&self) -> (u32, u32) {
        let drones = self.board.rows().iter().filter(|row| row.drone).count() as u32;
        (self.board.rows().len() as u32 - drones, drones)
    }

    /// What is due.
    pub fn pulse(&mut self) {
        match (self.phase, &self.last_close) {
            (Phase::Lost, Some(closing)) => self.banner.show(closing),
            (Phase::Live, _) => {
                if let Some(ping) = self.pings.due(dom::now_ms()) {
                    self.send(&ping);
                }
            }
            (Phase::Connecting, _) | (Phase::Lost, None) => {}
        }
    }

    /// What `window.starfray.state` says; `probe` documents the fields.
    pub fn report(&self) -> JsValue {
        let (players, drones) = self.numbers();
        let rows = self.board.rows().iter().enumerate().map(|(index, row)| {
            Record::new()
                .number("rank", index as f64 + 1.0)
                .number("player", row.standing.player.0.into())
                .text("name", row.name.as_str())
                .number("score", row.standing.score.into())
                .number("kills", row.standing.kills.into())
                .number("deaths", row.standing.deaths.into())
                .flag("drone", row.drone)
                .build()
        });
        Record::new()
            .text("page", "board")
            .text("phase", self.phase.name())
            .list("rows", rows)
            .number("players", players.into())
            .number("drones", drones.into())
            .number("changes", self.changes.into())
            .number("loads", self.loads)
            .value("lastClose", &self.last_close.as_ref().map_or(JsValue::NULL, probe::closing))
            .build()
    }

    fn send(&self, message: &ClientMessage) {
        self.link.send(&encode_client(message));
    }
}
