//! `/api/boards`: which boards there are, the past ones newest first.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use standings::{BoardInfo, Bucket, Period, UnixMs, Version};

use crate::http::Site;
use crate::http::answer::{Keep, answer, json, tag};
use crate::http::error::ApiError;

/// Past boards of a period when nothing is said: two months of days.
const PAST: usize = 60;
/// Past boards of a period at most.
const PAST_MAX: usize = 1_000;

/// What may be asked.
#[derive(Debug, Deserialize)]
pub(super) struct ListQuery {
    period: Option<String>,
    before: Option<String>,
    limit: Option<usize>,
}

#[derive(Debug, Serialize)]
struct ListBody {
    periods: Vec<PeriodBody>,
    live: Vec<LiveBody>,
}

#[derive(Debug, Serialize)]
struct LiveBody {
    arena: String,
    version: u64,
    total: u64,
}

#[derive(Debug, Serialize)]
struct PeriodBody {
    period: Period,
    current: BoardBody,
    past: Vec<BoardBody>,
    /// Older boards are found with `period` and `before` like this.
    before: Option<Bucket>,
}

#[derive(Debug, Serialize)]
struct BoardBody {
    bucket: Bucket,
    version: Version,
    total: u64,
    closed: bool,
    start: UnixMs,
    end: Option<UnixMs>,
}

impl BoardBody {
    fn of(info: &BoardInfo) -> Self {
        let BoardInfo { bucket, version, total, closed, period: _ } = *info;
        Self { bucket, version, total, closed, start: bucket.start(), end: bucket.end() }
    }
}

/// `/api/boards?period=&before=&limit=`
pub(super) async fn list(
    State(site): State<Arc<Site>>,
    query: Result<Query<ListQuery>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let Query(ListQuery { period, before, limit }) = query?;
    let limit = limit.unwrap_or(PAST);
    if !(1..=PAST_MAX).contains(&limit) {
        return Err(ApiError::bad(format!("limit is {limit}, and may be 1 to {PAST_MAX}")));
    }
    let refused = |error| ApiError::bad(format!("{error}"));
    let period: Option<Period> = period.map(|text| text.parse()).transpose().map_err(refused)?;
    let before: Option<Bucket> = before.map(|text| text.parse()).transpose().map_err(refused)?;
    let all = site.boards.standings.boards();
    let wanted = Period::ALL.into_iter().filter(|one| period.is_none_or(|period| period == *one));
    let periods = wanted.map(|period| one(&site, &all, period, before, limit)).collect();
    let live = site.arenas.all().iter().map(|arena| {
        let look = site.live.now(arena.index);
        let (version, total) = (look.version, look.board.len() as u64);
        LiveBody { arena: arena.id.clone(), version, total }
    });
    let body = json(&ListBody { periods, live: live.collect() })?;
    let tag = tag(&body);
    Ok(answer(&headers, body, &tag, Keep::Second))
}

fn one(site: &Site, all: &[BoardInfo], period: Period, before: Option<Bucket>, limit: usize) -> PeriodBody {
    let standings = &site.boards.standings;
    let current = standings.current(period, (site.boards.clock)());
    let limits = [Some(current), before.filter(|bucket| bucket.period() == period)];
    let older = |info: &&BoardInfo| limits.iter().flatten().all(|limit| info.bucket < *limit);
    let mut past = all.iter().rev().filter(|info| info.period == period).filter(older);
    let shown: Vec<BoardBody> = past.by_ref().take(limit).map(BoardBody::of).collect();
    let more = past.next().is_some();
    let before = shown.last().filter(|_| more).map(|board| board.bucket);
    PeriodBody { period, current: BoardBody::of(&standings.board(current)), past: shown, before }
}
