//! HTTP: the pages, the API, and the door to the WebSocket. Reads only what others published; locks nothing.

mod api;
mod pages;
mod upgrade;

use std::path::PathBuf;
use std::sync::Arc;

use crate::arenas::Arenas;
use crate::counters::Counters;
use crate::net::Shards;
use axum::Router;
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use axum::response::Response;
use axum::routing::{any, get};

/// What requests are answered from.
pub(crate) struct Site {
    /// Serve pages from this folder rather than from the binary.
    pub web_dir: Option<PathBuf>,
    /// What the arenas last published.
    pub arenas: Arc<Arenas>,
    /// What happened on the network side.
    pub counters: Arc<Counters>,
    /// Where upgraded connections go.
    pub shards: Arc<Shards>,
}

/// Only what we serve ourselves is run, shown or talked to, and nobody frames us.
const CONTENT_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
     img-src 'self' data:; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; \
     frame-ancestors 'none'";

/// Every address of the server.
pub(crate) fn router(site: Arc<Site>) -> Router {
    Router::new()
        .route("/healthz", get(api::health))
        .route("/api/arena", get(api::arena))
        .route("/api/arenas", get(api::arenas))
        .route("/metrics", get(api::metrics))
        .route("/ws", any(upgrade::websocket))
        .fallback(pages::page)
        .layer(axum::middleware::map_response(guard))
        .with_state(site)
}

async fn guard(mut response: Response) -> Response {
    let headers = response.headers_mut();
    // A page that others may frame says so itself.
    headers.entry(CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(CONTENT_POLICY));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}
