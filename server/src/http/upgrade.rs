//! The door to the WebSocket: the handshake is answered here, by HTTP's rules; the bare connection then goes to a shard.

use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use super::Site;
use crate::net::Newcomer;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{ALLOW, SEC_WEBSOCKET_VERSION, UPGRADE};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::handshake::server::create_response_with_body;

pub(super) async fn websocket(State(site): State<Arc<Site>>, mut request: Request) -> Response {
    match answer(&request) {
        Ok(response) => {
            tokio::spawn(hand_over(site, hyper::upgrade::on(&mut request)));
            response
        }
        Err(refusal) => {
            site.counters.bad_handshakes.fetch_add(1, Relaxed);
            *refusal
        }
    }
}

/// 101, or the status that says what is wrong with the handshake.
fn answer(request: &Request) -> Result<Response, Box<Response>> {
    if request.method() != Method::GET {
        let allow = [(ALLOW, HeaderValue::from_static("GET"))];
        return refuse((StatusCode::METHOD_NOT_ALLOWED, allow, "A WebSocket begins with GET.\n"));
    }
    let headers = request.headers();
    let version = headers.get(SEC_WEBSOCKET_VERSION);
    if !headers.contains_key(UPGRADE) || version.is_some_and(|version| version != "13") {
        let wanted = [(UPGRADE, "websocket"), (SEC_WEBSOCKET_VERSION, "13")];
        return refuse((StatusCode::UPGRADE_REQUIRED, wanted, "This address speaks WebSocket 13.\n"));
    }
    create_response_with_body(request, Body::empty)
        .or_else(|error| refuse((StatusCode::BAD_REQUEST, format!("Not a WebSocket handshake: {error}.\n"))))
}

fn refuse(response: impl IntoResponse) -> Result<Response, Box<Response>> {
    Err(Box::new(response.into_response()))
}

async fn hand_over(site: Arc<Site>, upgrade: OnUpgrade) {
    let newcomer = upgrade.await.ok().and_then(bare);
    match newcomer {
        Some(newcomer) => site.shards.welcome(newcomer).await,
        None => tracing::debug!("a connection went away during its handshake"),
    }
}

/// The TCP connection under the upgrade, and what was read of it already.
fn bare(upgraded: Upgraded) -> Option<Newcomer> {
    let parts = upgraded.downcast::<TokioIo<TcpStream>>().ok()?;
    let stream = parts.io.into_inner().into_std().ok()?;
    Some(Newcomer { stream, already_read: parts.read_buf.to_vec(), full: false })
}
