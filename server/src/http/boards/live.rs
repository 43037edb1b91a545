//! Pages of an arena's live board: the same forms as of standings, with what is known of a life that goes on.

use serde::Serialize;
use shared::name::PlayerName;
use sim::BoardSnapshot;
use standings::{CursorError, PlayerKey, Ranks, ReadError};

use super::around::AroundBody;
use super::ask::{Ask, From};
use super::contest;
use super::sheet::{Of, PageBody, Sheet};
use crate::http::Site;
use crate::http::error::ApiError;

/// One who is in the arena.
#[derive(Debug, Serialize)]
pub(super) struct LiveEntry {
    rank: u64,
    /// None of a drone.
    player: Option<PlayerKey>,
    name: PlayerName,
    score: u32,
    /// A life that goes on has not ended at any time.
    at: Option<u64>,
    drone: bool,
    /// 1 or 2, where there are teams.
    team: Option<u8>,
    kills: u32,
    deaths: u32,
}

/// A board, and what its pages are to be like.
struct Reading<'a> {
    site: &'a Site,
    arena: u16,
    version: u64,
    board: &'a BoardSnapshot,
    ask: &'a Ask,
}

/// A page.
///
/// # Errors
/// When a cursor leads nowhere.
pub(super) fn page(site: &Site, arena: u16, ask: &Ask) -> Result<Sheet, ApiError> {
    let mut look = site.live.now(arena);
    let mut position = 0;
    match &ask.from {
        From::Top => {}
        From::Rank(rank) => position = usize::try_from(rank - 1).unwrap_or(usize::MAX).min(look.board.len()),
        From::Cursor(text) => {
            let cursor = Cursor::read(text).ok_or(ReadError::Cursor(CursorError::Malformed))?;
            if (cursor.arena, cursor.competition) != (arena, ask.ranks == Ranks::Competition) {
                return Err(ReadError::Cursor(CursorError::OtherBoard).into());
            }
            let kept = site.live.find(arena, cursor.version);
            look = kept.ok_or(ReadError::Cursor(CursorError::Expired))?;
            position = cursor.position.min(look.board.len());
        }
        From::Name(_) => {}
    }
    let reading = Reading { site, arena, version: look.version, board: &look.board, ask };
    let page = match &ask.from {
        From::Name(begin) => reading.named(begin),
        From::Top | From::Rank(_) | From::Cursor(_) => reading.page(position),
    };
    Sheet::of(reading.version, &page)
}

/// The page that has a player in its middle.
///
/// # Errors
/// 404 when he is not in the arena.
pub(super) fn around(
    site: &Site,
    arena: u16,
    player: PlayerKey,
    ask: &Ask,
) -> Result<AroundBody<LiveEntry>, ApiError> {
    let look = site.live.now(arena);
    let (board, version) = (&*look.board, look.version);
    let reading = Reading { site, arena, version, board, ask };
    let position = board.rows_from(0).position(|row| row.key == Some(player));
    let position = position.ok_or_else(|| ApiError::missing("this player is not in the arena"))?;
    let page = reading.page(position.saturating_sub(ask.limit / 2));
    let others = board.len() - 1;
    let below = (others - position) as f64;
    let percentile = if others == 0 { 100.0 } else { 100.0 * below / others as f64 };
    let rank = page.entries.iter().find(|entry| entry.player == Some(player)).map(|entry| entry.rank);
    Ok(AroundBody { page, rank: rank.unwrap_or(position as u64 + 1), percentile })
}

impl Reading<'_> {
    fn page(&self, position: usize) -> PageBody<LiveEntry> {
        let entries: Vec<_> = self.entries(position).take(self.ask.limit).collect();
        let after = position + entries.len();
        let next = (after < self.board.len() && !entries.is_empty()).then(|| self.cursor(after));
        let prev = (position > 0).then(|| self.cursor(position.saturating_sub(self.ask.limit)));
        self.body(entries, next, prev)
    }

    /// Those whose names begin like this, capitals of A to Z aside.
    fn named(&self, begin: &str) -> PageBody<LiveEntry> {
        let begins = |entry: &LiveEntry| {
            let name = entry.name.as_str().as_bytes();
            name.get(..begin.len()).is_some_and(|name| name.eq_ignore_ascii_case(begin.as_bytes()))
        };
        self.body(self.entries(0).filter(begins).take(self.ask.limit).collect(), None, None)
    }

    fn body(
        &self,
        entries: Vec<LiveEntry>,
        next: Option<String>,
        prev: Option<String>,
    ) -> PageBody<LiveEntry> {
        let (of, total) = (Of::Arena((self.arena + 1).to_string()), self.board.len() as u64);
        let contest = contest::body(self.site, self.arena, self.board.contest());
        PageBody { of, version: self.version, total, entries, next, prev, contest }
    }

    fn entries(&self, position: usize) -> impl Iterator<Item = LiveEntry> {
        self.board.rows_from(position).zip(position..).map(|(row, position)| {
            let standing = row.standing;
            let before = match self.ask.ranks {
                Ranks::Standard => position,
                Ranks::Competition => self.above(standing.score),
            };
            let (rank, name) = (before as u64 + 1, row.name.clone());
            let (score, kills, deaths) = (standing.score, standing.kills, standing.deaths);
            let team = contest::number(row.team);
            LiveEntry { rank, player: row.key, name, score, at: None, drone: row.drone, team, kills, deaths }
        })
    }

    /// How many have more points.
    fn above(&self, score: u32) -> usize {
        let (mut low, mut high) = (0, self.board.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            let more = self.board.rows_from(middle).next().is_some_and(|row| row.standing.score > score);
            (low, high) = if more { (middle + 1, high) } else { (low, middle) };
        }
        low
    }

    fn cursor(&self, position: usize) -> String {
        let competition = self.ask.ranks == Ranks::Competition;
        Cursor { arena: self.arena, competition, version: self.version, position }.print()
    }
}

/// Where a page goes on. Not signed: who writes one himself gets a page that anyone may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Cursor {
    arena: u16,
    competition: bool,
    version: u64,
    position: usize,
}

impl Cursor {
    fn print(self) -> String {
        let Self { arena, competition, version, position } = self;
        format!("{arena:04x}{:02x}{version:016x}{position:08x}", u8::from(competition))
    }

    fn read(text: &str) -> Option<Self> {
        let hexadecimal = text.len() == 30 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let part = |from, to| hexadecimal.then(|| u64::from_str_radix(&text[from..to], 16).ok()).flatten();
        Some(Self {
            arena: u16::try_from(part(0, 4)?).ok()?,
            competition: part(4, 6)? == 1,
            version: part(6, 22)?,
            position: usize::try_from(part(22, 30)?).ok()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_back_and_anything_else_is_none() {
        let cursor = Cursor { arena: 63, competition: true, version: u64::MAX - 1, position: 8_191 };
        assert_eq!(Cursor::read(&cursor.print()), Some(cursor));
        for text in ["", "0", &"+".repeat(30), &"é".repeat(15), &"f".repeat(31)] {
            assert_eq!(Cursor::read(text), None, "{text}");
        }
    }
}
