//! Which board an address names.

use std::sync::Arc;

use standings::{Bucket, Period};

use crate::boards::Boards;
use crate::http::Site;
use crate::http::error::ApiError;

/// A board by its kind: which one that is in particular changes with the time.
#[derive(Debug, Clone)]
pub(in crate::http) enum Kind {
    /// Standings.
    Period(Period),
}

/// One particular board.
#[derive(Debug, Clone)]
pub(super) enum Board {
    /// Of a day, a week, or all time.
    Bucket(Bucket),
}

/// A board's name among all that there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum BoardId {
    /// Of standings.
    Bucket(Bucket),
}

impl Kind {
    /// The kind that an address names.
    ///
    /// # Errors
    /// 404 when there is none of that name.
    pub(in crate::http) fn find(_site: &Site, period: &str) -> Result<Self, ApiError> {
        match period.parse() {
            Ok(period) => Ok(Self::Period(period)),
            Err(error) => Err(ApiError::missing(format!("{error}"))),
        }
    }

    /// The board that it is now.
    pub(super) fn current(&self, boards: &Boards) -> Board {
        match self {
            Self::Period(period) => Board::Bucket(boards.standings.current(*period, (boards.clock)())),
        }
    }

    /// The board of that name.
    ///
    /// # Errors
    /// 404 when there is none, or not yet.
    pub(super) fn named(&self, bucket: &str, boards: &Boards) -> Result<Board, ApiError> {
        let Self::Period(period) = self;
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

impl Board {
    pub(super) fn id(&self) -> BoardId {
        match self {
            Self::Bucket(bucket) => BoardId::Bucket(*bucket),
        }
    }
}
