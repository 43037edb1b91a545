//! Boards over HTTP: pages, around a player, event streams, long polls; the same forms for every board.
//!
//! [`which`] finds the board that an address names, [`ask`] reads what is wanted of it, [`sheet`] encodes it. In comes
//! what anyone on the internet may write; out goes JSON. Must never: write to a board, or read the disk on the runtime.

mod around;
mod ask;
mod contest;
mod events;
mod list;
mod live;
mod page;
mod poll;
mod sheet;
mod which;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::header::{ETAG, HeaderName, IF_NONE_MATCH, RETRY_AFTER};
use axum::http::{HeaderValue, Method};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tower_http::cors::{Any, CorsLayer};

pub(super) use sheet::Sheets;

use super::Site;
use super::error::ApiError;

/// The addresses of boards.
pub(super) fn router() -> Router<Arc<Site>> {
    Router::new()
        .route("/api/boards", get(list::list))
        .route("/api/boards/{period}", get(page::current))
        .route("/api/boards/{period}/events", get(events::events))
        .route("/api/boards/{period}/around/{player}", get(around::around))
        .route("/api/boards/{period}/{bucket}", get(page::of_bucket))
        .route("/api/openapi.json", get(openapi))
        .method_not_allowed_fallback(async || ApiError::method())
        .layer(readable_by_all())
}

/// Any page on the internet may read what everyone may read; nothing is sent along that would tell who asks.
pub(super) fn readable_by_all() -> CorsLayer {
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::HEAD])
        .allow_headers([IF_NONE_MATCH, HeaderName::from_static("last-event-id")])
        .expose_headers([ETAG, RETRY_AFTER])
        .max_age(Duration::from_secs(86_400))
}

const OPENAPI: &str = include_str!("../openapi.json");

/// `/api/openapi.json`: all of this, for machines.
async fn openapi() -> Response {
    let kind = (axum::http::header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let keep = (axum::http::header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=60"));
    ([kind, keep], OPENAPI).into_response()
}
