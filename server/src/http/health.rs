//! How the server does, for who looks after it: three questions, three addresses. None is answered by waiting for
//! anything: an arena that hangs keeps nobody from hearing that it does.

use std::fmt::Write;
use std::sync::Arc;

use super::Site;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};

/// `/livez`: would a restart help? 503 when a network thread or every arena stands still.
pub(super) async fn live(State(site): State<Arc<Site>>) -> Response {
    let stuck = stuck(&site);
    if let Some(thread) = site.shards.stuck() {
        return unwell(format!("stuck: network thread {thread}\n"));
    }
    if stuck.len() == site.arenas.all().len() {
        return unwell(format!("stuck: arena {}\n", stuck.join(", ")));
    }
    well("ok\n".to_owned())
}

/// `/readyz`: should newcomers be sent here? 503 while the server stops, and while an arena stands still.
pub(super) async fn ready(State(site): State<Arc<Site>>) -> Response {
    if site.arenas.draining() {
        return unwell("draining\n".to_owned());
    }
    let stuck = stuck(&site);
    if stuck.is_empty() {
        well("ok\n".to_owned())
    } else {
        unwell(format!("stuck: arena {}\n", stuck.join(", ")))
    }
}

/// `/healthz`: everything that is wrong. 503 when an arena stands still; 200 with `degraded: ` and why when play goes on
/// and something else does not; else `ok`.
pub(super) async fn health(State(site): State<Arc<Site>>) -> Response {
    let stuck = stuck(&site);
    let mut text = String::new();
    if !stuck.is_empty() {
        // Writing to a string can't fail.
        let _written = writeln!(text, "stuck: arena {}", stuck.join(", "));
    }
    for arena in site.arenas.all().iter().filter(|arena| arena.is_gone()) {
        let _written = writeln!(text, "degraded: arena {} ended by a fault", arena.id);
    }
    if let Some(why) = site.boards.trouble() {
        let _written = writeln!(text, "degraded: {why}");
    }
    match (stuck.is_empty(), text.is_empty()) {
        (false, _) => unwell(text),
        (true, false) => well(text),
        (true, true) => well("ok\n".to_owned()),
    }
}

fn stuck(site: &Site) -> Vec<String> {
    site.arenas.all().iter().filter(|arena| arena.is_stuck()).map(|arena| arena.id.clone()).collect()
}

fn well(text: String) -> Response {
    ([(CACHE_CONTROL, "no-store")], text).into_response()
}

fn unwell(text: String) -> Response {
    (StatusCode::SERVICE_UNAVAILABLE, [(CACHE_CONTROL, "no-store")], text).into_response()
}
