//! What operators and scripts ask for, as JSON.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use super::Site;
use crate::arenas::Arena;
use crate::clock::Percentiles;
use axum::Json;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use cluster::About;
use serde::{Deserialize, Serialize};

/// How an arena does.
#[derive(Debug, Serialize)]
struct ArenaBody {
    /// Its name.
    id: String,
    /// How it is played.
    mode: &'static str,
    /// Does this server run it, or another one of the same game?
    here: bool,
    /// The last tick that was computed.
    tick: u32,
    /// People in the arena.
    players: u16,
    /// Drones in the arena.
    drones: u16,
    /// Sessions, players and watchers alike.
    sessions: u32,
    /// Ticks that began late or took longer than they may.
    overruns: u64,
    /// Time of a tick over the last 1024 of them, in milliseconds.
    tick_ms: Percentiles,
    /// Frames sent.
    frames: u64,
    /// Bytes sent by what they are for, without WebSocket headers.
    bytes: BytesBody,
    /// Frames not sent because a client was too slow to take them.
    skipped: u64,
    /// Views whose checksum a client found not to match.
    mismatches: u64,
    /// Joins that were refused.
    refused: u64,
    /// Inputs taken.
    inputs: u64,
    /// Those of them that came after their tick.
    late_inputs: u64,
    /// Inputs passed over: an old sequence, or a tick too far ahead.
    refused_inputs: u64,
    /// Inputs for a ship that was not there.
    stray_inputs: u64,
}

/// Bytes by what they are for.
#[derive(Debug, Serialize)]
struct BytesBody {
    head: u64,
    deltas: u64,
    keyframes: u64,
    messages: u64,
}

impl BytesBody {
    fn of(bytes: sim::FrameBytes) -> Self {
        let sim::FrameBytes { head, deltas, keyframes, messages } = bytes;
        Self { head, deltas, keyframes, messages }
    }
}

impl ArenaBody {
    fn of(arena: &Arena) -> Self {
        let pulse = **arena.pulse.load();
        let report = arena.report();
        Self {
            id: arena.id.clone(),
            mode: arena.mode.label(),
            here: arena.is_here(),
            tick: report.tick.0,
            players: report.players,
            drones: report.drones,
            sessions: report.sessions,
            overruns: pulse.overruns,
            tick_ms: pulse.tick_ms,
            frames: report.frames,
            bytes: BytesBody::of(report.bytes),
            skipped: report.skipped,
            mismatches: report.mismatches,
            refused: report.refused,
            inputs: report.inputs,
            late_inputs: report.late_inputs,
            refused_inputs: report.refused_inputs,
            stray_inputs: report.stray_inputs,
        }
    }
}

/// How one arena does, and what the network of the whole process counted.
#[derive(Debug, Serialize)]
struct ArenaAndNetBody {
    #[serde(flatten)]
    arena: ArenaBody,
    /// Messages dropped because an arena's queue was full.
    dropped_commands: u64,
    /// WebSocket handshakes answered with an HTTP error.
    bad_handshakes: u64,
    /// Ended sessions, by reason.
    closed: BTreeMap<&'static str, u64>,
}

/// What `/api/arena` may be asked with.
#[derive(Debug, Deserialize)]
pub(super) struct WhichArena {
    /// The arena's name; the first one without.
    id: Option<String>,
}

/// `/api/arena?id=ID`
pub(super) async fn arena(State(site): State<Arc<Site>>, Query(which): Query<WhichArena>) -> Response {
    let arena = match &which.id {
        Some(id) => site.arenas.named(id),
        None => site.arenas.all().first(),
    };
    let Some(arena) = arena else {
        return (StatusCode::NOT_FOUND, "There is no such arena.\n").into_response();
    };
    let body = ArenaAndNetBody {
        arena: ArenaBody::of(arena),
        dropped_commands: site.counters.dropped_commands.load(Relaxed),
        bad_handshakes: site.counters.bad_handshakes.load(Relaxed),
        closed: site.counters.closed_by_reason(),
    };
    ([(CACHE_CONTROL, "no-store")], Json(body)).into_response()
}

/// `/api/arenas`: all of them.
pub(super) async fn arenas(State(site): State<Arc<Site>>) -> impl IntoResponse {
    let bodies: Vec<ArenaBody> = site.arenas.all().iter().map(|arena| ArenaBody::of(arena)).collect();
    ([(CACHE_CONTROL, "no-store")], Json(bodies))
}

/// `/api/node`: whether this server can reach what it shares with others, for those; 404 on a server alone.
pub(super) async fn node(State(site): State<Arc<Site>>) -> Response {
    let Some(others) = site.boards.others() else {
        return (StatusCode::NOT_FOUND, "This server is alone.\n").into_response();
    };
    let about = About { node: site.boards.node(), redis: others.reaches_redis };
    ([(CACHE_CONTROL, "no-store")], Json(about)).into_response()
}

/// `/metrics`: everything that is counted, for Prometheus.
pub(super) async fn metrics(State(site): State<Arc<Site>>) -> Response {
    let kind = [(CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")];
    match crate::metrics::text(&site) {
        Ok(text) => (kind, text).into_response(),
        Err(error) => {
            tracing::error!(%error, "metrics could not be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
