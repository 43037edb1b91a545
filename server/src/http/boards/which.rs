//! Which board an address names.

use std::time::Duration;

use standings::{Bucket, Period};

use crate::boards::Boards;
use crate::http::Site;
use crate::http::error::ApiError;

/// What stands for a period in the addresses of live boards.
const LIVE: &str = "live";

/// How long a board of another server is waited for.
const PATIENCE: Duration = Duration::from_secs(1);
/// Time between two looks at whether it is here.
const LOOK_EVERY: Duration = Duration::from_millis(25);

/// A board by its kind: which one that is in particular changes with the time.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    /// Standings.
    Period(Period),
    /// An arena, by its place in the list: everyone who is in it now.
    Live(u16),
}

/// One particular board.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Board {
    /// Of a day, a week, or all time.
    Bucket(Bucket),
    /// Of the arena with this place in the list.
    Live(u16),
}

impl Kind {
    /// The kind that an address names.
    ///
    /// # Errors
    /// 404 when there is none of that name.
    pub(super) fn find(site: &Site, period: &str, arena: Option<&str>) -> Result<Self, ApiError> {
        if period == LIVE {
            let found = match arena {
                Some(id) => site.arenas.named(id),
                None => site.arenas.all().first(),
            };
            return found
                .map(|arena| Self::Live(arena.index))
                .ok_or_else(|| ApiError::missing("there is no such arena"));
        }
        let period = period.parse::<Period>().map_err(|error| ApiError::missing(format!("{error}")))?;
        Ok(Self::Period(period))
    }

    /// Asks for the board of an arena that another server runs. Whoever does so first waits until it is here, for a while.
    pub(super) async fn seek(&self, site: &Site) {
        let Self::Live(arena) = self else { return };
        let Some(arena) = site.arenas.all().get(usize::from(*arena)) else { return };
        if !arena.ask() || arena.is_known() {
            return;
        }
        let come = async {
            while !(arena.is_known() && site.live.has_seen(arena)) {
                tokio::time::sleep(LOOK_EVERY).await;
            }
        };
        // What has not come by then is shown as it is: empty.
        let _in_time = tokio::time::timeout(PATIENCE, come).await;
    }

    /// The board that it is now.
    pub(super) fn current(&self, boards: &Boards) -> Board {
        match self {
            Self::Period(period) => Board::Bucket(boards.standings.current(*period, (boards.clock)())),
            Self::Live(arena) => Board::Live(*arena),
        }
    }

    /// The board of that name.
    ///
    /// # Errors
    /// 404 when there is none, or not yet.
    pub(super) fn named(&self, bucket: &str, boards: &Boards) -> Result<Board, ApiError> {
        let Self::Period(period) = self else {
            return Err(ApiError::missing("a live board has no past"));
        };
        let bucket: Bucket = bucket.parse().map_err(|error| ApiError::missing(format!("{error}")))?;
        if bucket.period() != *period {
            return Err(ApiError::missing(format!("{bucket} is no {period}")));
        }
        if bucket > boards.standings.current(*period, (boards.clock)()) {
            return Err(ApiError::missing(format!("{bucket} has not begun")));
        }
        Ok(Board::Bucket(bucket))
    }
}
