//! The form in which a live board goes from server to server: a line of JSON that says how the arena is, and behind it, when it
//! is whole, its rows as the protocol's message Board has them.

use serde::{Deserialize, Serialize};
use shared::leaderboard::BoardRow;
use shared::protocol::codec::{FromServer, decode_server, encode_server};
use shared::protocol::{MAX_SERVER_MESSAGE, Podium, Round, ServerMessage, Totals, VERSION};
use shared::tick::Tick;
use sim::{BoardSnapshot, Contest, Report};

/// Rows that are told at most, the best ones: as many players as an arena takes unless the operator says otherwise.
const MOST_ROWS: usize = 4096;
/// Bytes of a head at most.
const HEAD_BYTES: usize = 16 * 1024;

/// How an arena is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Head {
    /// The protocol's version, whose form the rows have.
    pub v: u16,
    /// Under which right to the arena it is told: of two servers, the one with the higher one is right.
    pub epoch: u64,
    /// Which board it is about. Later ones have higher numbers.
    pub state: u64,
    /// The tick.
    pub tick: Tick,
    /// People in the arena.
    pub players: u16,
    /// Drones in the arena.
    pub drones: u16,
    /// How far the round is.
    pub round: Option<Round>,
    /// As in [`Contest`].
    pub totals: Option<Totals>,
    /// As in [`Contest`].
    pub until: Option<Tick>,
    /// As in [`Contest`].
    pub podium: Option<Podium>,
}

/// All of it; without the rows, where there is no board.
pub(super) fn written(
    report: &Report,
    contest: &Contest,
    (epoch, state): (u64, u64),
    board: Option<&BoardSnapshot>,
) -> Vec<u8> {
    let Report { tick, players, drones, round, .. } = *report;
    let Contest { totals, until, podium } = contest.clone();
    let podium = podium.map(|podium| Podium::clone(&podium));
    let head = Head { v: VERSION, epoch, state, tick, players, drones, round, totals, until, podium };
    let mut told = serde_json::to_vec(&head).unwrap_or_default();
    if let Some(board) = board {
        told.push(b'\n');
        let rows = board.rows_from(0).take(MOST_ROWS).cloned().collect();
        told.extend(encode_server(&ServerMessage::Board { rows }));
    }
    told
}

/// What was told; None of what is in another form, as that of a server of another version may be.
pub(super) fn read(told: &[u8]) -> Option<(Head, Option<Vec<BoardRow>>)> {
    if told.len() > HEAD_BYTES + MAX_SERVER_MESSAGE {
        return None;
    }
    let end = told.iter().take(HEAD_BYTES).position(|byte| *byte == b'\n');
    let (head, rows) = match end {
        Some(end) => (told.get(..end)?, told.get(end + 1..)),
        None => (told, None),
    };
    let head: Head = serde_json::from_slice(head).ok()?;
    if head.v != VERSION {
        return None;
    }
    match rows.map(decode_server) {
        None => Some((head, None)),
        Some(Ok(FromServer::Message(ServerMessage::Board { rows }))) => Some((head, Some(rows))),
        Some(Ok(FromServer::Message(_) | FromServer::Frame(_)) | Err(_)) => None,
    }
}
