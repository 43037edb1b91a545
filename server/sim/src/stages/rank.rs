//! The live board takes the tick's standings, and those who look at it are told.

use crate::board::LiveBoard;
use crate::components::{Player, Score};
use crate::session::Session;
use crate::{ArenaRules, Now, Report};
use bevy_ecs::prelude::*;
use bytes::Bytes;
use shared::leaderboard::BoardDelta;
use shared::protocol::{AroundRow, Role, ServerMessage, TopRow, codec};
use shared::tick::Tick;

/// Players see the short board change at most this often, in milliseconds. Each has a tick of his own for it: told to
/// all in one tick, it would make that tick's frames late for those who are written last.
const TOP_EVERY_MS: u32 = 400;

/// A player below the short board sees the neighbours change this many times more seldom than the short board.
const AROUND_EVERY: u32 = 3;

/// Watchers that are told of each tick's changes at once. With more of them changes gather for another tick per so many, so
/// that the watchers of an arena never cost more than its players: 1,000 are told six times a second.
const WATCHERS_PER_TICK: u32 = 250;

/// The short board as it was last told.
#[derive(Debug, Default, Resource)]
pub(crate) struct ShortBoard {
    rows: Vec<TopRow>,
    counts: (u16, u16),
    version: u32,
    bytes: Bytes,
}

/// Changed standings find their places.
pub(crate) fn update_board(scores: Query<&Score, Changed<Score>>, mut board: ResMut<LiveBoard>) {
    for score in &scores {
        if board.row(score.0.player).is_some_and(|row| row.standing != score.0) {
            board.set(score.0);
        }
    }
}

/// Watchers get the changes, players the short board and their neighbours.
pub(crate) fn report(
    players: Query<&Player>,
    mut sessions: Query<&mut Session>,
    (mut board, mut short, mut report): (ResMut<LiveBoard>, ResMut<ShortBoard>, ResMut<Report>),
    (rules, now): (Res<ArenaRules>, Res<Now>),
) {
    let drones = players.iter().filter(|player| player.drone).count() as u16;
    let people = players.iter().count() as u16 - drones;
    (report.tick, report.players, report.drones) = (now.0, people, drones);
    report.sessions = sessions.iter().count() as u32;
    let watchers = sessions.iter().filter(|session| session.role == Role::Board).count() as u32;
    short.renew(&board, (people, drones));
    let pause = rules.0.ticks(TOP_EVERY_MS);
    let turn = now.0.0.is_multiple_of(1 + watchers / WATCHERS_PER_TICK);
    let mut bytes = turn.then(|| BoardBytes::new(board.take_delta()));
    for mut session in &mut sessions {
        match (session.role, &mut bytes) {
            (Role::Board, Some(bytes)) => bytes.tell(&mut session, &board),
            (Role::Board, None) => {}
            (Role::Play, _) => {
                short.tell(&mut session, now.0, pause);
                let player = session.player.and_then(|player| players.get(player).ok());
                let turn = is_turn(&session, now.0, pause * AROUND_EVERY);
                tell_around(&mut session, player.filter(|_| turn), &board);
            }
        }
    }
}

/// Each session has a tick of its own in every `pause` ticks.
pub(super) fn is_turn(session: &Session, now: Tick, pause: u32) -> bool {
    now.0.wrapping_add(session.id.0).is_multiple_of(pause)
}

fn tell_around(session: &mut Session, player: Option<&Player>, board: &LiveBoard) {
    let Some((rank, rows)) = player.and_then(|player| board.around(player.id)) else { return };
    let known = session.around.0 == rank && rows.eq(session.around.1.iter().copied());
    let news = player.filter(|_| !known && session.outbox.gate.is_open());
    if let Some((rank, rows)) = news.and_then(|player| board.around(player.id)) {
        let rows: Vec<AroundRow> = rows.collect();
        session.around = (rank, rows.clone());
        session.say(&ServerMessage::Around { rank, rows });
    }
}

impl ShortBoard {
    fn renew(&mut self, board: &LiveBoard, counts: (u16, u16)) {
        if self.version > 0 && counts == self.counts && board.is_top(&self.rows) {
            return;
        }
        let rows = board.top();
        let message = ServerMessage::Top { rows: rows.clone(), players: counts.0, drones: counts.1 };
        (self.rows, self.counts) = (rows, counts);
        self.version += 1;
        self.bytes = codec::encode_server(&message).into();
    }

    /// A session whose turn it is not, or whose outbox is full, is told later, and then what holds by then.
    fn tell(&self, session: &mut Session, now: Tick, pause: u32) {
        let turn = session.top == 0 || is_turn(session, now, pause);
        if turn && session.top != self.version && session.outbox.gate.is_open() {
            session.top = self.version;
            session.say_bytes(self.bytes.clone());
        }
    }
}

/// The tick's board messages, each encoded once however many watch.
struct BoardBytes {
    delta: BoardDelta,
    delta_bytes: Option<Bytes>,
    all_bytes: Option<Bytes>,
}

impl BoardBytes {
    fn new(delta: BoardDelta) -> Self {
        Self { delta, delta_bytes: None, all_bytes: None }
    }

    /// A watcher who begins, or who could not be told of a change, gets the whole board; the others what changed.
    fn tell(&mut self, session: &mut Session, board: &LiveBoard) {
        if session.top == 0 && session.outbox.gate.is_open() {
            session.top = 1;
            session.say_bytes(self.all(board));
        } else if session.top == 1 && !self.delta.is_empty() {
            session.top = u32::from(session.outbox.gate.is_open());
            if session.top == 1 {
                session.say_bytes(self.changes());
            }
        }
    }

    fn all(&mut self, board: &LiveBoard) -> Bytes {
        let encode = || {
            let rows = board.rows().cloned().collect();
            codec::encode_server(&ServerMessage::Board { rows }).into()
        };
        self.all_bytes.get_or_insert_with(encode).clone()
    }

    fn changes(&mut self) -> Bytes {
        let delta = &self.delta;
        let encode = || codec::encode_server(&ServerMessage::BoardDelta(delta.clone())).into();
        self.delta_bytes.get_or_insert_with(encode).clone()
    }
}
