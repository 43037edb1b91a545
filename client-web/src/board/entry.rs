//! One line of a board, whichever way it came, and pages of them as the API writes them.
//!
//! Enters: rows of the WebSocket's board, JSON. Leaves: [`Entry`]s. JSON that is not of the stated form is no page; a field
//! that is missing is empty.

use super::contest::Told;
use crate::words;
use js_sys::{Array, Reflect};
use shared::identity::PlayerKey;
use shared::leaderboard::BoardRow;
use shared::mode::Team;
use wasm_bindgen::{JsCast, JsValue};

/// Who a line is about, so that it is the same line at another rank.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Who {
    /// A player with an id.
    Player(PlayerKey),
    /// One of the arena's, by number.
    Pilot(u32),
    /// One without an id, by the hash of the name.
    Named(u64),
    /// Nobody who is known: the line of this index.
    Line(u64),
}

/// What a line says besides rank, name and score.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Detail {
    /// Of the live board.
    Live {
        /// Flown by the server.
        drone: bool,
        /// The team, where there are teams.
        team: Option<Team>,
        /// Since joining.
        kills: u32,
        /// Since joining.
        deaths: u32,
    },
    /// Of standings: when the life ended, in milliseconds since 1970.
    Life {
        /// The moment.
        at_ms: f64,
    },
}

/// One line.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Whose.
    pub who: Who,
    /// The number in the arena; 0 where it is not known.
    pub number: u32,
    /// The name; none of a player who had it removed.
    pub name: Option<String>,
    /// Points.
    pub score: u32,
    /// The rest.
    pub detail: Detail,
}

impl Entry {
    /// The line of `row`.
    pub fn of(row: &BoardRow) -> Self {
        let standing = &row.standing;
        let who = row.key.map_or(Who::Pilot(standing.player.0), Who::Player);
        let (drone, team) = (row.drone, row.team);
        let detail = Detail::Live { drone, team, kills: standing.kills, deaths: standing.deaths };
        let (number, name) = (standing.player.0, Some(row.name.as_str().to_owned()));
        Self { who, number, name, score: standing.score, detail }
    }

    fn read(json: &JsValue) -> (u64, Self) {
        let rank = number(json, "rank").max(1.0) as u64;
        let name = text(json, "name");
        let key = text(json, "player").and_then(|id| id.parse().ok());
        let hashed = || name.as_ref().map_or(Who::Line(rank - 1), |name| Who::Named(hash(name)));
        let who = key.map_or_else(hashed, Who::Player);
        let flown = Reflect::get(json, &"drone".into()).ok().and_then(|drone| drone.as_bool());
        let counted = |key| number(json, key) as u32;
        let detail = match flown {
            Some(drone) => {
                let team = Team::of_number(counted("team") as u8).unwrap_or_default();
                Detail::Live { drone, team, kills: counted("kills"), deaths: counted("deaths") }
            }
            None => Detail::Life { at_ms: number(json, "at") },
        };
        (rank, Self { who, number: 0, name, score: counted("score"), detail })
    }

    /// The name, or what stands in its place.
    pub fn shown_name(&self) -> &str {
        self.name.as_deref().unwrap_or_else(|| words::say("name.removed"))
    }

    /// The team of who is in an arena with teams.
    pub fn team(&self) -> Option<Team> {
        match self.detail {
            Detail::Live { team, .. } => team,
            Detail::Life { .. } => None,
        }
    }

    /// Is it flown by the server?
    pub fn is_drone(&self) -> bool {
        matches!(self.detail, Detail::Live { drone: true, .. })
    }
}

/// A page of a board.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// Which state of the board. Whole numbers below 2^53, as they are counted up from a time in milliseconds.
    pub version: f64,
    /// Lines of the whole board.
    pub total: u64,
    /// Lines with their ranks, best first.
    pub entries: Vec<(u64, Entry)>,
    /// The name of its arena, of a live board.
    pub arena: Option<String>,
    /// What the arena is about, of a live board.
    pub contest: Option<Told>,
}

impl Page {
    /// The page that `json` is.
    pub fn read(json: &JsValue) -> Option<Self> {
        let entries: Array = Reflect::get(json, &"entries".into()).ok()?.dyn_into().ok()?;
        let entries = entries.iter().map(|entry| Entry::read(&entry)).collect();
        let (version, total) = (number(json, "version"), number(json, "total") as u64);
        Some(Self { version, total, entries, arena: text(json, "arena"), contest: Told::read(json) })
    }
}

/// The number in a field; 0 when there is none.
pub fn number(json: &JsValue, key: &str) -> f64 {
    Reflect::get(json, &key.into()).ok().and_then(|value| value.as_f64()).unwrap_or(0.0)
}

/// The text in a field.
pub fn text(json: &JsValue, key: &str) -> Option<String> {
    Reflect::get(json, &key.into()).ok()?.as_string()
}

/// FNV-1a.
fn hash(text: &str) -> u64 {
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
