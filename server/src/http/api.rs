//! What operators and scripts ask for, as JSON.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use super::Site;
use crate::clock::Percentiles;
use axum::Json;
use axum::extract::State;
use axum::http::header::CACHE_CONTROL;
use axum::response::IntoResponse;
use serde::Serialize;

/// `/healthz`: the process answers.
pub(super) async fn health() -> impl IntoResponse {
    ([(CACHE_CONTROL, "no-store")], "ok\n")
}

/// `/api/arena`: how the arena does.
#[derive(Debug, Serialize)]
struct ArenaBody {
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
    /// Frames not sent because a client was too slow to take them.
    skipped: u64,
    /// Views whose checksum a client found not to match.
    mismatches: u64,
    /// Joins that were refused.
    refused: u64,
    /// Inputs for a ship that was not there.
    stray_inputs: u64,
    /// Messages dropped because the simulation's queue was full.
    dropped_commands: u64,
    /// WebSocket handshakes answered with an HTTP error.
    bad_handshakes: u64,
    /// Ended sessions, by reason.
    closed: BTreeMap<&'static str, u64>,
}

pub(super) async fn arena(State(site): State<Arc<Site>>) -> impl IntoResponse {
    let pulse = **site.pulse.load();
    let report = pulse.report;
    let body = ArenaBody {
        tick: report.tick.0,
        players: report.players,
        drones: report.drones,
        sessions: report.sessions,
        overruns: pulse.overruns,
        tick_ms: pulse.tick_ms,
        frames: report.frames,
        skipped: report.skipped,
        mismatches: report.mismatches,
        refused: report.refused,
        stray_inputs: report.stray_inputs,
        dropped_commands: site.counters.dropped_commands.load(Relaxed),
        bad_handshakes: site.counters.bad_handshakes.load(Relaxed),
        closed: site.counters.closed_by_reason(),
    };
    ([(CACHE_CONTROL, "no-store")], Json(body))
}
