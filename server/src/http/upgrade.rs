//! The door to the WebSocket: the handshake is answered here, by HTTP's rules; the bare connection then goes to a shard.

use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use super::Site;
use super::join_token::{self, PROTOCOL};
use crate::counters::Limit;
use crate::net::{Newcomer, Pass, Source, Taking, Ticket, Visitor, Wire};
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{
    ALLOW, HOST, RETRY_AFTER, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_PROTOCOL, SEC_WEBSOCKET_VERSION, UPGRADE,
    WWW_AUTHENTICATE,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use data_encoding::BASE64;
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use tokio_tungstenite::tungstenite::handshake::server::create_response_with_body;

/// What a handshake comes to when it is good.
struct Admitted {
    place: Arc<Ticket>,
    pass: Option<Pass>,
}

type Refused = Box<Response>;

/// `/ws`
pub(super) async fn websocket(State(site): State<Arc<Site>>, request: Request) -> Response {
    begin(site, request, false)
}

/// `/echo`, where the operator wants it: the same way in, behind which everything is sent back.
pub(super) async fn echo(State(site): State<Arc<Site>>, request: Request) -> Response {
    begin(site, request, true)
}

fn begin(site: Arc<Site>, mut request: Request, echo: bool) -> Response {
    let answered = admit(&site, &request).and_then(|admitted| Ok((admitted, answer(&request)?)));
    match answered {
        Ok((admitted, response)) => {
            tokio::spawn(hand_over(site, hyper::upgrade::on(&mut request), admitted, echo));
            response
        }
        Err(refusal) => {
            site.counters.bad_handshakes.fetch_add(1, Relaxed);
            *refusal
        }
    }
}

/// 101, or the status that says what is wrong with the handshake.
fn answer(request: &Request) -> Result<Response, Refused> {
    let mut response = create_response_with_body(request, Body::empty).or_else(|error| {
        refuse((StatusCode::BAD_REQUEST, format!("Not a WebSocket handshake: {error}.\n")))
    })?;
    if join_token::is_offered(request.headers()) {
        response.headers_mut().insert(SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(PROTOCOL));
    }
    Ok(response)
}

/// The form of the handshake first, then who asks, then whether there is room.
fn admit(site: &Site, request: &Request) -> Result<Admitted, Refused> {
    well_formed(request)?;
    let known = (request.extensions().get::<Visitor>(), request.extensions().get::<Source>());
    let (Some(visitor), Some(&source)) = known else {
        return refuse(StatusCode::INTERNAL_SERVER_ERROR);
    };
    let headers = request.headers();
    if !visitor.may_connect(headers, &site.access.allowed_origins)
        && !visitor.may_connect(headers, &site.arenas.sites())
    {
        site.counters.refused(Limit::Origin);
        return refuse((StatusCode::FORBIDDEN, "Pages of this site may not connect here.\n"));
    }
    if site.arenas.draining() {
        site.counters.refused(Limit::Draining);
        return later(StatusCode::SERVICE_UNAVAILABLE, "5", "The server restarts.\n");
    }
    site.door.handshake(source).or_else(too_many)?;
    if !site.shards.have_room() {
        site.counters.refused(Limit::Sessions);
        return later(StatusCode::SERVICE_UNAVAILABLE, "10", "The server is full.\n");
    }
    let pass = pass(site, headers)?;
    let place = visitor.place(source, &site.door).or_else(too_many)?;
    Ok(Admitted { place, pass })
}

/// RFC 6455, 4.2.1, as far as the library does not look.
fn well_formed(request: &Request) -> Result<(), Refused> {
    if request.method() != Method::GET {
        let allow = [(ALLOW, HeaderValue::from_static("GET"))];
        return refuse((StatusCode::METHOD_NOT_ALLOWED, allow, "A WebSocket begins with GET.\n"));
    }
    let headers = request.headers();
    let mut versions = headers.get_all(SEC_WEBSOCKET_VERSION).iter();
    let speaks_ours = versions.next().is_some_and(|version| version == "13") && versions.next().is_none();
    if !headers.contains_key(UPGRADE) || !speaks_ours {
        let wanted = [(UPGRADE, "websocket"), (SEC_WEBSOCKET_VERSION, "13")];
        return refuse((StatusCode::UPGRADE_REQUIRED, wanted, "This address speaks WebSocket 13.\n"));
    }
    let mut keys = headers.get_all(SEC_WEBSOCKET_KEY).iter();
    let key = keys.next().and_then(|key| BASE64.decode(key.as_bytes()).ok());
    if key.is_none_or(|key| key.len() != 16) || keys.next().is_some() || !headers.contains_key(HOST) {
        return refuse((
            StatusCode::BAD_REQUEST,
            "Not a WebSocket handshake: its key or its host is wrong.\n",
        ));
    }
    Ok(())
}

/// What a join token allows, where one is needed, or what another server that has sent the client here says of it.
fn pass(site: &Site, headers: &HeaderMap) -> Result<Option<Pass>, Refused> {
    let sent = join_token::transfer(headers, site.boards.standings.signer());
    let Some(key) = &site.join_key else { return Ok(sent) };
    let pass = sent.or_else(|| key.pass(headers));
    if pass.is_none() {
        site.counters.refused(Limit::JoinToken);
        let wanted = [(WWW_AUTHENTICATE, "Bearer realm=\"starfray\"")];
        return refuse((StatusCode::UNAUTHORIZED, wanted, "A valid join token is needed to play here.\n"));
    }
    Ok(pass)
}

fn too_many<T>(limit: Limit) -> Result<T, Refused> {
    match limit {
        Limit::HandshakesPerAddress
        | Limit::ConnectionsPerAddress
        | Limit::RequestsPerAddress
        | Limit::ListenersPerAddress => {
            later(StatusCode::TOO_MANY_REQUESTS, "10", "This address has too many connections here.\n")
        }
        Limit::Sessions
        | Limit::Watchers
        | Limit::Handshakes
        | Limit::Addresses
        | Limit::Origin
        | Limit::JoinToken
        | Limit::Draining
        | Limit::Overload
        | Limit::Silent
        | Limit::Untaken
        | Limit::LeftPerAddress
        | Limit::PrivateArenas => later(StatusCode::SERVICE_UNAVAILABLE, "2", "Too many connect at once.\n"),
    }
}

fn later<T>(status: StatusCode, seconds: &'static str, text: &'static str) -> Result<T, Refused> {
    refuse((status, [(RETRY_AFTER, seconds)], text))
}

fn refuse<T>(response: impl IntoResponse) -> Result<T, Refused> {
    Err(Box::new(response.into_response()))
}

async fn hand_over(site: Arc<Site>, upgrade: OnUpgrade, admitted: Admitted, echo: bool) {
    match upgrade.await.ok().and_then(|upgraded| newcomer(upgraded, admitted, echo)) {
        Some(newcomer) => site.shards.welcome(newcomer).await,
        None => tracing::debug!("a connection went away during its handshake"),
    }
}

/// The connection under the upgrade, and what was read of it already.
fn newcomer(upgraded: Upgraded, admitted: Admitted, echo: bool) -> Option<Newcomer> {
    let parts = upgraded.downcast::<TokioIo<Taking<Wire>>>().ok()?;
    let wire = parts.io.into_inner().into_inner().pack().ok()?;
    let Admitted { place, pass } = admitted;
    Some(Newcomer { wire, already_read: parts.read_buf.to_vec(), place, pass, echo })
}
