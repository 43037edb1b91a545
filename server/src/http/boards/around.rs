//! `/api/boards/{period}/around/{player}`: a player, his neighbours, and how far up he is.

use std::sync::Arc;

use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Serialize;
use standings::{Bucket, Entry, PlayerKey, Ranks, Standings, UnixMs};

use super::ask::{self, Ask, From};
use super::live;
use super::page::state;
use super::sheet::PageBody;
use super::which::{Board, Kind};
use crate::http::Site;
use crate::http::answer::{answer, json, tag};
use crate::http::error::ApiError;

/// A page with a player in its middle.
#[derive(Debug, Serialize)]
pub(super) struct AroundBody<E> {
    #[serde(flatten)]
    pub(super) page: PageBody<E>,
    /// His.
    pub(super) rank: u64,
    /// Of the others, how many in a hundred stand below him; 100 of one who is alone.
    pub(super) percentile: f64,
}

/// `/api/boards/{period}/around/{player}`
pub(super) async fn around(
    State(site): State<Arc<Site>>,
    path: Result<Path<(String, String)>, PathRejection>,
    query: Result<Query<ask::Query>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let (Path((period, player)), query) = (path?, query?);
    let ask = query.ask(ask::AROUND, ask::MAX)?;
    if ask.from != From::Top {
        return Err(ApiError::bad("a page around a player begins where he is")
            .hint("leave out cursor, rank and name; next and prev lead on from there"));
    }
    let kind = Kind::find(&site, &period, query.arena.as_deref())?;
    kind.seek(&site).await;
    let board = match &query.bucket {
        Some(bucket) => kind.named(bucket, &site.boards)?,
        None => kind.current(&site.boards),
    };
    let player: PlayerKey = player.parse().map_err(|error| ApiError::bad(format!("{error}")))?;
    let (version, keep) = state(&site, board);
    let (shown, body) = match board {
        Board::Bucket(bucket) => {
            let body = read(&site, bucket, player, &ask).await?;
            (body.page.version, json(&body)?)
        }
        Board::Live(arena) => {
            let body = live::around(&site, arena, player, &ask)?;
            (body.page.version, json(&body)?)
        }
    };
    let competition = ask.ranks == Ranks::Competition;
    let tag = tag((board, version, shown, player, ask.limit, competition));
    Ok(answer(&headers, body, &tag, keep))
}

async fn read(
    site: &Site,
    bucket: Bucket,
    player: PlayerKey,
    ask: &Ask,
) -> Result<AroundBody<Entry>, ApiError> {
    let (standings, now, ask) = (&site.boards.standings, (site.boards.clock)(), ask.clone());
    let read = move |standings: &Standings| look(standings, bucket, player, &ask, now);
    let body = if standings.board(bucket).closed {
        site.readers.read(standings, read).await?
    } else {
        read(standings)?
    };
    body.ok_or_else(|| ApiError::missing(format!("this player is not on the board of {bucket}")))
}

/// How often to look again when the board changes between two looks.
const LOOKS: usize = 3;

fn look(
    standings: &Standings,
    bucket: Bucket,
    player: PlayerKey,
    ask: &Ask,
    now: UnixMs,
) -> Result<Option<AroundBody<Entry>>, ApiError> {
    let mut found = None;
    for _ in 0..LOOKS {
        let Some(page) = standings.around(bucket, player, ask.limit, ask.ranks, now)? else {
            return Ok(None);
        };
        let Some(standing) = standings.standing(bucket, player, Ranks::Standard)? else { return Ok(None) };
        let his = page.entries.iter().find(|entry| entry.player == Some(player));
        let rank = his.map_or(standing.rank, |entry| entry.rank);
        let settled = page.version == standing.version;
        found = Some(AroundBody { page: PageBody::of(bucket, page), rank, percentile: standing.percentile });
        if settled {
            break;
        }
    }
    Ok(found)
}
