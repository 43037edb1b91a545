//! `/api/boards/{period}?since=VERSION&wait=25`: long polling, for what can neither WebSocket nor event streams.
//!
//! Answered at once when the board has another version than the one that is known, else when it changes; 304 when it
//! did not within the time.

use std::time::Duration;

use axum::http::HeaderMap;
use axum::response::Response;
use tokio::time::{Instant, timeout_at};

use super::ask::{Ask, Wait};
use super::page::top;
use super::which::Kind;
use crate::http::Site;
use crate::http::answer::{Keep, answer, tag, unchanged};
use crate::http::error::ApiError;
use crate::net::Source;

pub(super) async fn poll(
    site: &Site,
    kind: &Kind,
    ask: &Ask,
    wait: Wait,
    (source, headers): (Source, &HeaderMap),
) -> Result<Response, ApiError> {
    let until = Instant::now() + Duration::from_secs(wait.seconds);
    let mut listener = None;
    loop {
        let board = kind.current(&site.boards);
        let sheet = top(site, board, ask.limit, ask.ranks)?;
        let tag = tag((board, sheet.version, ask.limit));
        if sheet.version != wait.since {
            return Ok(answer(headers, sheet.json.clone(), &tag, Keep::Never));
        }
        if wait.seconds == 0 {
            return Ok(unchanged(&tag, Keep::Never));
        }
        // Who joins hears only later changes, so the board is looked at once more.
        let Some(listener) = &mut listener else {
            listener = Some(site.listen(source)?);
            continue;
        };
        if !matches!(timeout_at(until, listener.hear()).await, Ok(true)) {
            return Ok(unchanged(&tag, Keep::Never));
        }
    }
}
