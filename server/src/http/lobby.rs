//! What a player may choose from: the arenas that are open to all, and whether there is a private one to be had.
//!
//! Must never: tell a private arena's name, or how many are in which.

use std::sync::Arc;

use super::Site;
use axum::Json;
use axum::extract::State;
use axum::http::header::CACHE_CONTROL;
use axum::response::IntoResponse;
use serde::Serialize;

/// `/api/lobby`
#[derive(Debug, Serialize)]
struct LobbyBody {
    /// People in all of them.
    players: u32,
    arenas: Vec<ChoiceBody>,
    private: PrivateBody,
}

/// An arena that is open to all.
#[derive(Debug, Serialize)]
struct ChoiceBody {
    id: String,
    players: u16,
    drones: u16,
    /// How it is played.
    mode: &'static str,
    /// Seconds until the round or its podium is over; none without rounds.
    round_left_s: Option<u32>,
    /// May a newcomer come in?
    open: bool,
}

/// Private arenas.
#[derive(Debug, Serialize)]
struct PrivateBody {
    /// How many there may be at once; 0 when there are none.
    most: usize,
    /// How many of them could be opened now.
    free: usize,
    /// How they are played.
    mode: &'static str,
}

/// `/api/lobby`: what a player may choose from.
pub(super) async fn lobby(State(site): State<Arc<Site>>) -> impl IntoResponse {
    let open = site.arenas.all().iter().filter(|arena| !arena.is_gone());
    let arenas = open.map(|arena| {
        let report = arena.report();
        let people = site.arenas.people(arena);
        let (players, drones, open) = (people.unwrap_or(0), report.drones, people.is_some());
        let (id, mode) = (arena.id.clone(), arena.mode.label());
        let round_left_s = report.round.map(|round| round.ticks / site.tick_hz.max(1));
        ChoiceBody { id, players, drones, mode, round_left_s, open }
    });
    let arenas: Vec<ChoiceBody> = arenas.collect();
    let most = site.arenas.private.most();
    let free = most.saturating_sub(site.arenas.private.count());
    let body = LobbyBody {
        players: arenas.iter().map(|arena| u32::from(arena.players)).sum(),
        arenas,
        private: PrivateBody { most, free, mode: site.private_mode.label() },
    };
    ([(CACHE_CONTROL, "no-store")], Json(body))
}
