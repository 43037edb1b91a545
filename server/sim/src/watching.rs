//! What watchers of the live board are sent: the best rows at once, the others in pages, and each change.
//!
//! Enters: the board, and what changed on it since the last time. Leaves: messages, each encoded once however many watch.
//! Must never send a whole board in one tick: of thousands of rows, it would fill the outbox of whoever begins to watch.

use crate::board::LiveBoard;
use crate::session::Session;
use bytes::Bytes;
use shared::ids::PlayerId;
use shared::leaderboard::{BoardDelta, BoardRow};
use shared::protocol::{ServerMessage, codec};
use std::collections::BTreeMap;

/// Most rows in a message: about 25 KiB. Ten thousand are there after 20 ticks.
pub(crate) const PAGE: usize = 500;

/// How much of the live board a watcher has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Watched {
    /// Nothing that counts: it begins, or could not be told of a change.
    #[default]
    Nothing,
    /// The best rows, and everyone up to this player.
    UpTo(PlayerId),
    /// Everyone.
    All,
}

/// The tick's board messages, each encoded once.
pub(crate) struct BoardBytes {
    delta: BoardDelta,
    delta_bytes: Option<Bytes>,
    best: Option<Bytes>,
    pages: BTreeMap<PlayerId, (Bytes, Watched)>,
}

impl BoardBytes {
    pub(crate) fn new(delta: BoardDelta) -> Self {
        Self { delta, delta_bytes: None, best: None, pages: BTreeMap::new() }
    }

    /// A watcher whose outbox is full begins anew when it opens. Changes of players whose page is still to come are passed
    /// over at the other end; the page then has them.
    pub(crate) fn tell(&mut self, session: &mut Session, board: &LiveBoard) {
        let open = session.outbox.gate.is_open();
        match session.watched {
            Watched::Nothing if open => self.begin(session, board),
            Watched::Nothing => {}
            Watched::UpTo(_) | Watched::All if !open => {
                let missed = session.watched != Watched::All || !self.delta.is_empty();
                session.watched = if missed { Watched::Nothing } else { Watched::All };
            }
            Watched::UpTo(last) => {
                self.tell_changes(session);
                let (page, watched) = self.page(last, board);
                session.say_bytes(page);
                session.watched = watched;
            }
            Watched::All => self.tell_changes(session),
        }
    }

    fn begin(&mut self, session: &mut Session, board: &LiveBoard) {
        let encode = || {
            let rows = board.rows().take(PAGE).cloned().collect();
            codec::encode_server(&ServerMessage::Board { rows }).into()
        };
        session.say_bytes(self.best.get_or_insert_with(encode).clone());
        let whole = board.snapshot().len() <= PAGE;
        session.watched = if whole { Watched::All } else { Watched::UpTo(PlayerId::default()) };
    }

    fn tell_changes(&mut self, session: &mut Session) {
        if !self.delta.is_empty() {
            let delta = &self.delta;
            let encode = || codec::encode_server(&ServerMessage::BoardDelta(delta.clone())).into();
            session.say_bytes(self.delta_bytes.get_or_insert_with(encode).clone());
        }
    }

    /// The rows of the players after `last`, in the order of their numbers, which no change of scores moves.
    fn page(&mut self, last: PlayerId, board: &LiveBoard) -> (Bytes, Watched) {
        let encode = || {
            let joined: Vec<BoardRow> = board.rows_after(last).take(PAGE).cloned().collect();
            let more = joined.last().map(|row| row.standing.player).filter(|_| joined.len() == PAGE);
            let watched = more.map_or(Watched::All, Watched::UpTo);
            let page = BoardDelta { joined, ..BoardDelta::default() };
            (codec::encode_server(&ServerMessage::BoardDelta(page)).into(), watched)
        };
        self.pages.entry(last).or_insert_with(encode).clone()
    }
}
