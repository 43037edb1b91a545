//! What is wanted of a board, as the query of an address says it; checked here, so that nothing behind needs to.

use serde::Deserialize;
use shared::tuning::NAME_CHARS;
use standings::{PAGE_MAX, Ranks};

use crate::http::error::ApiError;

/// Entries of a page when nothing is said.
pub(super) const PAGE: usize = 50;
/// Entries around a player when nothing is said: he and five on either side.
pub(super) const AROUND: usize = 11;
/// Entries that are pushed when nothing is said.
pub(super) const PUSHED: usize = 10;
/// Entries that are pushed at most.
pub(super) const PUSHED_MAX: usize = 100;
/// Seconds that a long poll may last: less than what proxies cut off.
const WAIT_MAX: u64 = 30;
/// Characters of a cursor at most; ours are shorter.
const CURSOR_MAX: usize = 128;

/// The query as it comes.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Query {
    limit: Option<String>,
    ranks: Option<String>,
    cursor: Option<String>,
    rank: Option<String>,
    name: Option<String>,
    wait: Option<String>,
    since: Option<String>,
    /// Of what is around a player: another bucket than the current one.
    pub(super) bucket: Option<String>,
    /// Of live boards: the arena's name.
    pub(super) arena: Option<String>,
}

/// Where a page begins.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum From {
    /// At the top.
    Top,
    /// At a rank, counted from 1.
    Rank(u64),
    /// Where another page ended.
    Cursor(String),
    /// With whoever is called like this.
    Name(String),
}

/// What is wanted.
#[derive(Debug, Clone)]
pub(super) struct Ask {
    pub(super) from: From,
    pub(super) limit: usize,
    pub(super) ranks: Ranks,
}

/// For how long to wait for what.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wait {
    /// Seconds.
    pub(super) seconds: u64,
    /// The version that is known.
    pub(super) since: u64,
}

impl Query {
    /// A page, and of how many entries when that is not said.
    pub(super) fn ask(&self, default: usize, max: usize) -> Result<Ask, ApiError> {
        Ok(Ask { from: self.from()?, limit: self.limit(default, max)?, ranks: self.ranks()? })
    }

    fn limit(&self, default: usize, max: usize) -> Result<usize, ApiError> {
        let limit = number("limit", self.limit.as_deref())?.unwrap_or(default as u64);
        let fits = usize::try_from(limit).ok().filter(|limit| (1..=max).contains(limit));
        fits.ok_or_else(|| ApiError::bad(format!("limit is {limit}, and may be 1 to {max}")))
    }

    fn ranks(&self) -> Result<Ranks, ApiError> {
        match self.ranks.as_deref() {
            None | Some("standard") => Ok(Ranks::Standard),
            Some("competition") => Ok(Ranks::Competition),
            Some(_) => Err(ApiError::bad(
                "ranks is neither standard (1, 2, 3) nor competition (1, 1, 3 for equal scores)",
            )),
        }
    }

    fn from(&self) -> Result<From, ApiError> {
        match (&self.cursor, number("rank", self.rank.as_deref())?, &self.name) {
            (None, None, None) => Ok(From::Top),
            (Some(cursor), None, None) if cursor.len() <= CURSOR_MAX => Ok(From::Cursor(cursor.clone())),
            (Some(_), None, None) => Err(ApiError::bad("this cursor was not handed out by this server")),
            (None, Some(0), None) => Err(ApiError::bad("ranks are counted from 1")),
            (None, Some(rank), None) => Ok(From::Rank(rank)),
            (None, None, Some(name)) if (1..=NAME_CHARS).contains(&name.chars().count()) => {
                Ok(From::Name(name.clone()))
            }
            (None, None, Some(_)) => Err(ApiError::bad(format!("a name has 1 to {NAME_CHARS} characters"))),
            (..) => Err(ApiError::bad("a page begins at a cursor, a rank or a name: at one of them")),
        }
    }

    /// The version that is known already, of who has one.
    pub(super) fn since(&self) -> Result<Option<u64>, ApiError> {
        number("since", self.since.as_deref())
    }

    /// Whether to wait for a change; None of who asks for what is there now.
    pub(super) fn wait(&self) -> Result<Option<Wait>, ApiError> {
        let seconds = number("wait", self.wait.as_deref())?;
        if seconds.is_some_and(|seconds| seconds > WAIT_MAX) {
            return Err(ApiError::bad(format!("wait is more than {WAIT_MAX} seconds")));
        }
        let wait = self.since()?.map(|since| Wait { seconds: seconds.unwrap_or(0), since });
        if wait.is_some() && self.from()? != From::Top {
            return Err(ApiError::bad("only the top of a board is waited for")
                .hint("leave out cursor, rank and name, or since and wait"));
        }
        Ok(wait)
    }
}

/// Digits alone; an empty text is none.
fn number(name: &str, text: Option<&str>) -> Result<Option<u64>, ApiError> {
    let Some(text) = text else { return Ok(None) };
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let number = digits.then(|| text.parse().ok()).flatten();
    number.map(Some).ok_or_else(|| ApiError::bad(format!("{name} is no number")))
}

/// Entries of a page at most.
pub(super) const MAX: usize = PAGE_MAX;

#[cfg(test)]
mod tests {
    use super::*;
    use axum::extract::Query as Parsed;
    use rand::rngs::StdRng;
    use rand::{RngExt, SeedableRng};
    use std::time::{Duration, Instant};

    const WORDS: [&str; 20] = [
        "limit",
        "ranks",
        "cursor",
        "rank",
        "name",
        "wait",
        "since",
        "bucket",
        "arena",
        "=",
        "&",
        "0",
        "1",
        "18446744073709551616",
        "-1",
        "%",
        "%00",
        "%ff",
        "standard",
        "\u{202e}",
    ];

    /// For `FUZZ_SECONDS`, queries of such words in any order: what is taken is within its limits.
    #[test]
    fn fuzz_no_query_asks_for_more_than_may_be_asked_for() {
        let seconds = std::env::var("FUZZ_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(1);
        let (begun, mut dice, mut taken) = (Instant::now(), StdRng::seed_from_u64(20_261_121), 0_u64);
        while begun.elapsed() < Duration::from_secs(seconds) {
            let words = (0..dice.random_range(0..12)).map(|_| WORDS[dice.random_range(0..WORDS.len())]);
            let Ok(uri) = format!("/?{}", words.collect::<String>()).parse() else { continue };
            let Ok(Parsed(query)) = Parsed::<Query>::try_from_uri(&uri) else { continue };
            if let Ok(ask) = query.ask(PAGE, MAX) {
                assert!((1..=MAX).contains(&ask.limit), "{uri}");
                match ask.from {
                    From::Top => {}
                    From::Rank(rank) => assert!(rank > 0, "{uri}"),
                    From::Cursor(cursor) => assert!(cursor.len() <= CURSOR_MAX, "{uri}"),
                    From::Name(name) => assert!((1..=NAME_CHARS).contains(&name.chars().count()), "{uri}"),
                }
                taken += 1;
            }
            if let Ok(Some(wait)) = query.wait() {
                assert!(wait.seconds <= WAIT_MAX, "{uri}");
            }
        }
        assert!(taken > 1000, "{taken}");
    }
}
