//! `/api/players`: what everyone may know about a player, and what he alone may: all that is stored about him, and
//! its removal. Who he is he proves with his token; there are no cookies. Must never: log a token.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, VARY};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde::{Deserialize, Serialize};
use shared::name::PlayerName;
use standings::{PastRank, PastResult, Period, PlayerKey, Ranks, ReadError, Standing, Standings, UnixMs};
use tokio::sync::oneshot;
use tokio::time::timeout;

use super::Site;
use super::answer::{Keep, answer, json, tag};
use super::boards::readable_by_all;
use super::error::ApiError;

/// How long a removal may take: it waits for past boards to be frozen. Beyond, it is answered with 503 and goes on.
const REMOVAL: Duration = Duration::from_secs(20);

/// The addresses of players.
pub(super) fn router() -> Router<Arc<Site>> {
    let everyone = Router::new().route("/api/players/{id}", get(player));
    let himself = Router::new().route("/api/players/me", get(me).delete(forget));
    let refuse = async || ApiError::method();
    everyone
        .method_not_allowed_fallback(refuse)
        .layer(readable_by_all())
        .merge(himself.method_not_allowed_fallback(refuse))
}

/// Where a player stands on the current board of a period.
#[derive(Debug, Serialize)]
struct StandingBody {
    period: Period,
    #[serde(flatten)]
    standing: Standing,
}

#[derive(Debug, Serialize)]
struct PlayerBody {
    player: PlayerKey,
    name: PlayerName,
    boards: Vec<StandingBody>,
}

/// `/api/players/{id}`
async fn player(
    State(site): State<Arc<Site>>,
    id: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let player: PlayerKey = id?.parse().map_err(|error| ApiError::bad(format!("{error}")))?;
    let standings = &site.boards.standings;
    let name =
        standings.name(player).ok_or_else(|| ApiError::missing("nothing is known about this player"))?;
    let boards = boards(standings, player, (site.boards.clock)())?;
    let body = json(&PlayerBody { player, name, boards })?;
    let tag = tag(&body);
    Ok(answer(&headers, body, &tag, Keep::Second))
}

/// The current boards are in memory.
fn boards(standings: &Standings, player: PlayerKey, now: UnixMs) -> Result<Vec<StandingBody>, ReadError> {
    let mut boards = Vec::new();
    for period in Period::ALL {
        let found = standings.standing(standings.current(period, now), player, Ranks::Standard)?;
        boards.extend(found.map(|standing| StandingBody { period, standing }));
    }
    Ok(boards)
}

/// All that is stored about a player, up to so many lives. Of one about whom nothing is, his id, which his token says.
#[derive(Debug, Serialize)]
struct StoredBody {
    player: PlayerKey,
    name: Option<PlayerName>,
    boards: Vec<StandingBody>,
    results: Vec<PastResult>,
    past: Vec<PastRank>,
    /// What to ask for the lives after these with.
    next: Option<u64>,
}

/// After which life.
#[derive(Debug, Default, Deserialize)]
struct From {
    after: Option<u64>,
}

/// GET `/api/players/me`
async fn me(
    State(site): State<Arc<Site>>,
    from: Result<Query<From>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let (player, now) = (himself(&site, &headers)?, (site.boards.clock)());
    let after = from?.after.unwrap_or(0);
    let read = move |standings: &Standings| {
        let (name, results, past, next) = match standings.stored_after(player, after)? {
            Some(stored) => (Some(stored.name), stored.results, stored.past, stored.next),
            None => (None, Vec::new(), Vec::new(), None),
        };
        json(&StoredBody { player, name, boards: boards(standings, player, now)?, results, past, next })
    };
    Ok(private(site.readers.read(&site.boards.standings, read).await?))
}

/// DELETE `/api/players/me`
async fn forget(State(site): State<Arc<Site>>, headers: HeaderMap) -> Result<Response, ApiError> {
    let player = himself(&site, &headers)?;
    let (tell, told) = oneshot::channel();
    // Nobody is there to be told when the request was given up.
    let taken = site.boards.remove(player, |done| drop(tell.send(done)));
    taken.map_err(|error| ApiError::later(error.to_string(), 5))?;
    let Ok(Ok(done)) = timeout(REMOVAL, told).await else {
        return Err(
            ApiError::later("the removal is on its way, but not done yet", 10).hint("ask again later")
        );
    };
    #[derive(Serialize)]
    struct Removed {
        removed: bool,
    }
    Ok(private(json(&Removed { removed: done? })?))
}

fn private(json: axum::body::Bytes) -> Response {
    ([(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-store"), (VARY, "authorization")], json)
        .into_response()
}

/// Whose token came along.
fn himself(site: &Site, headers: &HeaderMap) -> Result<PlayerKey, ApiError> {
    let Some(shown) = headers.get(AUTHORIZATION) else { return Err(ApiError::unknown_player(false)) };
    let token = shown.to_str().ok().and_then(|text| text.split_once(' '));
    let token =
        token.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).map(|(_, token)| token.trim());
    token
        .and_then(|token| site.boards.standings.signer().verify(token))
        .ok_or_else(|| ApiError::unknown_player(true))
}
