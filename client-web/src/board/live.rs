//! The live board over the WebSocket.
//!
//! Owns: the link, the watcher's copy of the board. Enters: link events. Leaves: what they mean for the page. It must never
//! ask for anything but the board.

use shared::identity::PlayerKey;
use shared::leaderboard::Board;
use shared::protocol::codec::{FromServer, decode_server, encode_client};
use shared::protocol::{ClientMessage, Role, ServerMessage};
use wasm_bindgen::JsValue;

use super::contest::Contest;
use crate::dom;
use crate::net::link::{Closing, Link, LinkEvent};
use crate::net::pings::Pings;

/// What an event of the link means.
#[derive(Debug)]
pub enum Heard {
    /// Nothing that the page shows.
    Nothing,
    /// The server is there.
    Alive,
    /// The board has changed.
    Changed,
    /// The link is gone.
    Lost(Closing),
}

/// The live board and its link.
pub struct Live {
    link: Link,
    arena: Option<String>,
    board: Board,
    contest: Contest,
    pings: Pings,
    open: bool,
    failures: u32,
    /// The place of its arena in the list of all.
    place: Option<u16>,
}

impl Live {
    /// Opens `link` for the board of `arena`.
    pub fn open(link: Link, arena: Option<String>) -> Self {
        link.open();
        Self {
            link,
            arena,
            board: Board::default(),
            contest: Contest::default(),
            pings: Pings::default(),
            open: false,
            failures: 0,
            place: None,
        }
    }

    /// The board as it was when the link was last open.
    pub fn board(&self) -> &Board {
        &self.board
    }

    /// What the arena is about, in a line; empty where everyone is against everyone without end.
    pub fn contest(&self, now_ms: f64) -> String {
        self.contest.line(now_ms)
    }

    /// The name of its arena, if that is open to all.
    pub fn place(&self) -> Option<String> {
        self.place.map(|place| (u32::from(place) + 1).to_string())
    }

    /// Does the board follow the arena?
    pub fn is_open(&self) -> bool {
        self.open
    }

    /// Attempts since the board was last had.
    pub fn failures(&self) -> u32 {
        self.failures
    }

    /// Where the player with this id is, 0 for the best.
    pub fn index_of(&self, key: PlayerKey) -> Option<usize> {
        let row = self.board.unordered().find(|row| row.key == Some(key))?;
        self.board.index_of(row)
    }

    /// Something happened to the link.
    pub fn event(&mut self, event: LinkEvent) -> Heard {
        match event {
            LinkEvent::Opened => {
                self.pings = Pings::default();
                self.send(&ClientMessage::hello(Role::Board, self.arena.clone(), None));
                Heard::Nothing
            }
            LinkEvent::Message(bytes) => match decode_server(&bytes) {
                Ok(FromServer::Message(message)) => self.message(message),
                // Frames are for those who watch the arena.
                Ok(FromServer::Frame(_)) => Heard::Nothing,
                Err(problem) => {
                    dom::complain("from the server", &JsValue::from_str(&problem.to_string()));
                    Heard::Nothing
                }
            },
            LinkEvent::Closed(closing) => {
                (self.open, self.failures) = (false, self.failures + 1);
                Heard::Lost(closing)
            }
        }
    }

    fn message(&mut self, message: ServerMessage) -> Heard {
        match message {
            ServerMessage::Welcome(welcome) => {
                self.contest = Contest::new(welcome.tick_hz);
                self.link.settled();
                self.place = Some(welcome.token.arena());
                Heard::Alive
            }
            ServerMessage::Board { rows } => {
                (self.open, self.failures) = (true, 0);
                self.board.reset(rows);
                Heard::Changed
            }
            ServerMessage::BoardDelta(delta) => {
                self.board.apply(delta);
                Heard::Changed
            }
            ServerMessage::Pong { sent_ms } => {
                self.pings.returned(sent_ms, dom::now_ms());
                Heard::Alive
            }
            ServerMessage::Joined { .. }
            | ServerMessage::Refused(_)
            | ServerMessage::Died { .. }
            | ServerMessage::Kill { .. }
            | ServerMessage::Top { .. }
            | ServerMessage::Names(_)
            | ServerMessage::Recorded(_)
            | ServerMessage::Around { .. }
            | ServerMessage::Bounty { .. }
            | ServerMessage::Powers(_)
            | ServerMessage::News(_)
            | ServerMessage::Unsaid(_)
            // The board only comes and goes with its connection; who plays is told what is announced.
            | ServerMessage::Closing { .. }
            | ServerMessage::Announced(_)
            | ServerMessage::Mode(_) => Heard::Nothing,
            ServerMessage::Moved { url, ticket } => {
                self.link.go_to(&url, &ticket);
                Heard::Nothing
            }
            ServerMessage::Totals(totals) => {
                self.contest.count(&totals);
                Heard::Changed
            }
            ServerMessage::Round(round) => {
                self.contest.turn(round, dom::now_ms());
                Heard::Changed
            }
            ServerMessage::Podium(podium) => {
                self.contest.won(&podium);
                Heard::Changed
            }
        }
    }

    /// What is due.
    pub fn pulse(&mut self) {
        if self.open
            && let Some(ping) = self.pings.due(dom::now_ms())
        {
            self.send(&ping);
        }
    }

    fn send(&self, message: &ClientMessage) {
        self.link.send(&encode_client(message));
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        self.link.end();
    }
}
