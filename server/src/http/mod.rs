//! HTTP: the pages, the API, and the door to the WebSocket. Reads only what others published; locks nothing.

mod answer;
mod api;
mod boards;
mod error;
mod listeners;
mod live;
mod pages;
mod players;
mod reading;
mod upgrade;

use std::path::PathBuf;
use std::sync::Arc;

use crate::arenas::Arenas;
use crate::boards::Boards;
use crate::counters::Counters;
use crate::net::Shards;
use axum::Router;
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use axum::response::Response;
use axum::routing::{any, get};

pub(crate) use listeners::Beat;
pub(crate) use live::Live;

use boards::Sheets;
use listeners::Listeners;
use reading::Readers;

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
    /// The standings.
    pub boards: Arc<Boards>,
    /// The arenas' live boards.
    live: Arc<Live>,
    /// Who waits for a board to change.
    listeners: Listeners,
    /// Who reads from the disk.
    readers: Readers,
    /// Beginnings of boards, encoded.
    sheets: Sheets,
}

impl Site {
    /// Answers from these.
    pub(crate) fn new(
        web_dir: Option<PathBuf>,
        arenas: Arc<Arenas>,
        counters: Arc<Counters>,
        shards: Arc<Shards>,
        boards: Arc<Boards>,
        live: Arc<Live>,
        beat: Beat,
    ) -> Self {
        let (listeners, readers, sheets) = (Listeners::new(beat), Readers::default(), Sheets::default());
        Self { web_dir, arenas, counters, shards, boards, live, listeners, readers, sheets }
    }
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
        .merge(boards::router())
        .merge(players::router())
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
