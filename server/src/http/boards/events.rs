//! `/api/boards/{period}/events`: Server-Sent Events. An event's id is the board's version, its data the top of the
//! board; one comes whenever the board has changed, at most four a second. A client that takes nothing gets nothing,
//! and then what is there when it can take it.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::body::{Body, Bytes};
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderName};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use tokio::time::timeout;

use super::ask::{self, Ask};
use super::page::top;
use super::which::{Board, Kind};
use crate::http::Site;
use crate::http::error::ApiError;
use crate::http::listeners::Listener;
use crate::net::Source;

/// A stream that was silent this long gets a comment, so that everyone between here and there knows it is alive.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// Says how soon to come back, in milliseconds, and makes the head of the answer leave at once.
const HELLO: &str = "retry: 2000\n\n";

/// `/api/boards/{period}/events`
pub(super) async fn events(
    State(site): State<Arc<Site>>,
    period: Result<Path<String>, PathRejection>,
    query: Result<Query<ask::Query>, QueryRejection>,
    Extension(source): Extension<Source>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let query = query?;
    let kind = Kind::find(&site, &period?, query.arena.as_deref())?;
    let ask = query.ask(ask::PUSHED, ask::PUSHED_MAX)?;
    if ask.from != ask::From::Top {
        return Err(
            ApiError::bad("only the top of a board is pushed").hint("leave out cursor, rank and name")
        );
    }
    kind.seek(&site).await;
    let known = last_event(&headers).or(query.since()?);
    let listener = site.listen(source)?;
    let stream = Stream { site, kind, ask, listener, seen: Seen::Version(known) };
    let hello = stream::once(async { Ok::<_, Infallible>(Bytes::from_static(HELLO.as_bytes())) });
    let events = stream::unfold(stream, |mut stream| async {
        let event = stream.next().await?;
        Some((Ok(event), stream))
    });
    let kind = [(CONTENT_TYPE, "text/event-stream"), (CACHE_CONTROL, "no-store")];
    // nginx would gather events otherwise.
    let unbuffered = [(HeaderName::from_static("x-accel-buffering"), "no")];
    let body = Body::from_stream(stream::StreamExt::chain(hello, events));
    Ok((kind, unbuffered, body).into_response())
}

/// What a browser that comes back has heard last; it says so by itself, and knows better than the address.
fn last_event(headers: &HeaderMap) -> Option<u64> {
    headers.get("last-event-id")?.to_str().ok()?.parse().ok()
}

/// What a client has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Seen {
    /// From an earlier stream, if any.
    Version(Option<u64>),
    /// From this one.
    Board(Board, u64),
}

struct Stream {
    site: Arc<Site>,
    kind: Kind,
    ask: Ask,
    listener: Listener,
    seen: Seen,
}

impl Stream {
    /// The next event, or a comment after a silence; None when there will be no more.
    async fn next(&mut self) -> Option<Bytes> {
        loop {
            if let Some(event) = self.news() {
                return Some(event);
            }
            match timeout(HEARTBEAT, self.listener.hear()).await {
                Ok(true) => {}
                Ok(false) => return None,
                Err(_) => return Some(Bytes::from_static(b":\n\n")),
            }
        }
    }

    /// The board, if the client has not seen it like this.
    fn news(&mut self) -> Option<Bytes> {
        let board = self.kind.current(&self.site.boards);
        // The top of an open board is in memory; one that can't be read is tried again with the next change.
        let sheet = top(&self.site, board, self.ask.limit, self.ask.ranks).ok()?;
        let (before, now) = (self.seen, Seen::Board(board, sheet.version));
        self.seen = now;
        let known = match before {
            Seen::Version(version) => version == Some(sheet.version),
            Seen::Board(..) => before == now,
        };
        (!known).then(|| sheet.event.clone())
    }
}
