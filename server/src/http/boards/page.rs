//! `/api/boards/{period}` and `/api/boards/{period}/{bucket}`: a page of a board, from memory when it is open and
//! from the store when it is past.

use std::sync::Arc;

use axum::Extension;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use standings::{Bucket, Page, PlayerKey, Ranks, ReadError, Standings, UnixMs};

use super::ask::{self, Ask, From};
use super::sheet::{PageBody, Sheet, Top};
use super::which::{Board, Kind};
use super::{live, poll};
use crate::http::Site;
use crate::http::answer::{Keep, answer, tag};
use crate::http::error::ApiError;
use crate::net::Source;

type Asked = Result<Query<ask::Query>, QueryRejection>;

/// `/api/boards/{period}`
pub(super) async fn current(
    State(site): State<Arc<Site>>,
    period: Result<Path<String>, PathRejection>,
    query: Asked,
    Extension(source): Extension<Source>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let query = query?;
    let kind = Kind::find(&site, &period?, query.arena.as_deref())?;
    let ask = query.ask(ask::PAGE, ask::MAX)?;
    kind.seek(&site).await;
    match query.wait()? {
        Some(wait) => poll::poll(&site, &kind, &ask, wait, (source, &headers)).await,
        None => page(&site, kind.current(&site.boards), &ask, &headers).await,
    }
}

/// `/api/boards/{period}/{bucket}`
pub(super) async fn of_bucket(
    State(site): State<Arc<Site>>,
    path: Result<Path<(String, String)>, PathRejection>,
    query: Asked,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let (Path((period, bucket)), query) = (path?, query?);
    let ask = query.ask(ask::PAGE, ask::MAX)?;
    if query.wait()?.is_some() {
        return Err(ApiError::bad("only the current board of a period is waited for"));
    }
    let board = Kind::find(&site, &period, None)?.named(&bucket, &site.boards)?;
    page(&site, board, &ask, &headers).await
}

async fn page(site: &Site, board: Board, ask: &Ask, headers: &HeaderMap) -> Result<Response, ApiError> {
    let (version, keep) = state(site, board);
    let sheet = read(site, board, ask).await?;
    let competition = ask.ranks == Ranks::Competition;
    // Of an older version that a cursor leads into, the names are those of now.
    let tag = tag((board, version, sheet.version, &ask.from, ask.limit, competition));
    Ok(answer(headers, sheet.json.clone(), &tag, keep))
}

/// The version that a board has now, and how long what it shows may be kept.
pub(super) fn state(site: &Site, board: Board) -> (u64, Keep) {
    match board {
        Board::Bucket(bucket) => {
            let info = site.boards.standings.board(bucket);
            (info.version.0, if info.closed { Keep::Minute } else { Keep::Second })
        }
        Board::Live(arena) => {
            // Whoever follows a board keeps it among those that are heard of.
            site.arenas.all().get(usize::from(arena)).iter().for_each(|arena| {
                arena.ask();
            });
            (site.live.now(arena).version, Keep::Second)
        }
    }
}

/// The top of a board that is open: from memory, encoded once.
pub(super) fn top(site: &Site, board: Board, limit: usize, ranks: Ranks) -> Result<Arc<Sheet>, ApiError> {
    let (version, _) = state(site, board);
    site.sheets.get(Top { board, limit, ranks }, version, || match board {
        Board::Bucket(bucket) => {
            let page = site.boards.standings.page(bucket, limit, None, ranks, (site.boards.clock)())?;
            sheet(bucket, page)
        }
        Board::Live(arena) => live::page(site, arena, &Ask { from: From::Top, limit, ranks }),
    })
}

async fn read(site: &Site, board: Board, ask: &Ask) -> Result<Arc<Sheet>, ApiError> {
    let bucket = match board {
        Board::Bucket(bucket) => bucket,
        Board::Live(_) if ask.from == From::Top => return top(site, board, ask.limit, ask.ranks),
        Board::Live(arena) => return live::page(site, arena, ask).map(Arc::new),
    };
    let standings = &site.boards.standings;
    let (closed, now, asked) = (standings.board(bucket).closed, (site.boards.clock)(), ask.clone());
    match &ask.from {
        From::Top if !closed => top(site, board, ask.limit, ask.ranks),
        From::Rank(_) | From::Cursor(_) if !closed => Ok(Arc::new(one(standings, bucket, &asked, now)?)),
        From::Top | From::Rank(_) | From::Cursor(_) | From::Name(_) => {
            let read = move |standings: &Standings| one(standings, bucket, &asked, now);
            Ok(Arc::new(site.readers.read(standings, read).await?))
        }
    }
}

fn one(standings: &Standings, bucket: Bucket, ask: &Ask, now: UnixMs) -> Result<Sheet, ApiError> {
    let Ask { limit, ranks, .. } = *ask;
    let page = match &ask.from {
        From::Top => standings.page(bucket, limit, None, ranks, now),
        From::Rank(rank) => standings.page_at(bucket, *rank, limit, ranks, now),
        From::Cursor(cursor) => standings.page(bucket, limit, Some(cursor), ranks, now),
        From::Name(begin) => named(standings, bucket, begin, limit, ranks),
    };
    sheet(bucket, page?)
}

fn sheet(bucket: Bucket, page: Page) -> Result<Sheet, ApiError> {
    Sheet::of(page.version.0, &PageBody::of(bucket, page))
}

/// Those on a board whose names begin like this, best first. Looked for among the first thousand such names.
fn named(
    standings: &Standings,
    bucket: Bucket,
    begin: &str,
    limit: usize,
    ranks: Ranks,
) -> Result<Page, ReadError> {
    let info = standings.board(bucket);
    let mut entries = Vec::new();
    for (player, name) in standings.named(begin, ask::MAX)? {
        if let Some(found) = standings.standing(bucket, player, ranks)? {
            let (rank, score, at) = (found.rank, found.score, found.at);
            entries.push(standings::Entry { rank, player: Some(player), name: Some(name), score, at });
        }
    }
    entries.sort_by_key(|entry| (entry.rank, entry.at, entry.player.map(|PlayerKey(id)| id)));
    entries.truncate(limit);
    Ok(Page { version: info.version, total: info.total, entries, next: None, prev: None })
}
