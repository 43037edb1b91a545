//! HTTP: the pages, the API, and the door to the WebSocket. Reads only what others published; locks nothing.

mod announce;
mod answer;
mod api;
mod boards;
mod error;
mod guard;
mod health;
mod join_token;
mod listeners;
mod live;
mod lobby;
mod pages;
mod players;
mod reading;
mod upgrade;
mod visitor;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use crate::announce::Announcer;
use crate::arenas::{Arenas, Load};
use crate::args::Access;
use crate::boards::Boards;
use crate::counters::{Counters, Limit};
use crate::net::{Door, Shards, Source};
use axum::Router;
use axum::routing::{any, get, post};
use shared::mode::Mode;

pub(crate) use announce::{OperatorKey, read_key};
pub(crate) use join_token::JoinKey;
pub(crate) use listeners::Beat;
pub(crate) use live::Live;

use boards::Sheets;
use error::ApiError;
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
    /// Who may come in.
    pub door: Arc<Door>,
    /// The operator's say on the way in.
    pub access: Access,
    /// Tells who may play, where not everyone may.
    pub join_key: Option<Arc<JoinKey>>,
    /// Tells operators from others, where one may announce something.
    pub operator_key: Option<OperatorKey>,
    /// Tells everyone what an operator says.
    pub announcer: Arc<Announcer>,
    /// Where upgraded connections go.
    pub shards: Arc<Shards>,
    /// The standings.
    pub boards: Arc<Boards>,
    /// Ticks per second.
    pub tick_hz: u32,
    /// How private arenas are played.
    pub private_mode: Mode,
    /// The arenas' live boards.
    live: Arc<Live>,
    /// Who waits for a board to change.
    listeners: Listeners,
    /// Who reads from the disk.
    readers: Readers,
    /// Beginnings of boards, encoded.
    sheets: Sheets,
}

/// What a site is made of besides its own parts.
pub(crate) struct Parts {
    pub web_dir: Option<PathBuf>,
    pub arenas: Arc<Arenas>,
    pub counters: Arc<Counters>,
    pub door: Arc<Door>,
    pub access: Access,
    pub join_key: Option<Arc<JoinKey>>,
    pub operator_key: Option<OperatorKey>,
    pub announcer: Arc<Announcer>,
    pub shards: Arc<Shards>,
    pub boards: Arc<Boards>,
    pub tick_hz: u32,
    pub private_mode: Mode,
    pub most_listeners: u32,
}

impl Site {
    /// Answers from these.
    pub(crate) fn new(parts: Parts, live: Arc<Live>, beat: Beat) -> Self {
        let listeners = Listeners::new(parts.most_listeners, beat, parts.counters.clone());
        let (readers, sheets) = (Readers::default(), Sheets::default());
        let Parts {
            web_dir,
            arenas,
            counters,
            door,
            access,
            join_key,
            operator_key,
            announcer,
            shards,
            boards,
            tick_hz,
            private_mode,
            most_listeners: _,
        } = parts;
        Self {
            web_dir,
            arenas,
            counters,
            door,
            access,
            join_key,
            operator_key,
            announcer,
            shards,
            boards,
            tick_hz,
            private_mode,
            live,
            listeners,
            readers,
            sheets,
        }
    }
}

impl Site {
    /// How many wait for a board to change.
    pub(crate) fn listeners(&self) -> u64 {
        self.counters.listeners.load(Relaxed)
    }

    /// One more who waits for a board to change. Watchers are the first to go when there is too much to do.
    fn listen(&self, source: Source) -> Result<listeners::Listener, ApiError> {
        if self.arenas.all().iter().any(|arena| arena.load() > Load::Calm) {
            self.counters.refused(Limit::Overload);
            return Err(ApiError::later("the server has too much to do", 10));
        }
        self.listeners.join(self.door.listen(source).map_err(not_more)?)
    }
}

fn not_more(limit: Limit) -> ApiError {
    if limit == Limit::Addresses {
        return ApiError::later("too many connect at once", 10);
    }
    ApiError::too_many("this address listens to boards as often as it may", 10)
        .hint("ask for the board every few seconds instead")
}

/// Every address of the server.
pub(crate) fn router(site: Arc<Site>) -> Router {
    let echo = match site.access.echo {
        true => Router::new().route("/echo", any(upgrade::echo)),
        false => Router::new(),
    };
    Router::new()
        .route("/healthz", get(health::health))
        .route("/livez", get(health::live))
        .route("/readyz", get(health::ready))
        .route("/api/announce", post(announce::announce).fallback(async || ApiError::method()))
        .route("/api/arena", get(api::arena))
        .route("/api/arenas", get(api::arenas))
        .route("/api/lobby", get(lobby::lobby))
        .route("/api/node", get(api::node))
        .route("/metrics", get(api::metrics))
        .route("/ws", any(upgrade::websocket))
        // The arena's name is for balancers, which send those of one arena to one server by it; Hello names it as ever.
        .route("/ws/{arena}", any(upgrade::websocket))
        .merge(echo)
        .merge(boards::router())
        .merge(players::router())
        .fallback(pages::page)
        .layer(axum::middleware::from_fn_with_state(site.clone(), guard::guard))
        .with_state(site)
}
