//! What holds for every address: how often one may ask, that a request names one host, that no body is taken, that the way is encrypted where it can
//! be, and the headers that tell browsers what a page may do.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{
    CONTENT_LENGTH, CONTENT_SECURITY_POLICY, HOST, LOCATION, REFERRER_POLICY, RETRY_AFTER,
    STRICT_TRANSPORT_SECURITY, TRANSFER_ENCODING, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::uri::PathAndQuery;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Version};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::Site;
use crate::net::{Source, Visitor};

/// Only what we serve ourselves is run, shown or talked to, and nobody frames us. Servers of the same game may be talked to,
/// too: they are named at its end.
const CONTENT_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
     img-src 'self' data:; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
     connect-src 'self'";
/// A year. Not for subdomains: they may be somebody else's.
const ENCRYPTED_ONLY: &str = "max-age=31536000";
/// What no page of ours needs.
const PERMISSIONS: &str = "camera=(), microphone=(), geolocation=(), payment=(), usb=()";

/// Stands before every address, and tells what is behind it whom a request counts for.
pub(super) async fn guard(State(site): State<Arc<Site>>, mut request: Request, next: Next) -> Response {
    let Some(visitor) = request.extensions().get::<Visitor>().cloned() else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let encrypted = visitor.is_encrypted(request.headers());
    let source = visitor.source(request.headers(), &site.access.trusted_proxy);
    request.extensions_mut().insert(source);
    let mut response = match refusal(&site, &visitor, source, encrypted, &request) {
        Some(refusal) => refusal,
        None => next.run(request).await,
    };
    protect(response.headers_mut(), encrypted, &site.arenas.sites());
    response
}

fn refusal(
    site: &Site,
    visitor: &Visitor,
    source: Source,
    encrypted: bool,
    request: &Request,
) -> Option<Response> {
    let headers = request.headers();
    if site.door.request(source).is_err() {
        let later = [(RETRY_AFTER, "2")];
        return Some((StatusCode::TOO_MANY_REQUESTS, later, "Too many requests.\n").into_response());
    }
    if !names_one_host(request) {
        return Some((StatusCode::BAD_REQUEST, "A request names one host.\n").into_response());
    }
    if has_body(headers) {
        return Some((StatusCode::PAYLOAD_TOO_LARGE, "No address here takes a body.\n").into_response());
    }
    (site.access.tls_cert.is_some() && !encrypted).then(|| encrypt(visitor, request))
}

/// RFC 9112, 3.2: who reads the first of two hosts and who reads the last would see two requests. Before 1.1 there need be
/// none.
fn names_one_host(request: &Request) -> bool {
    let hosts = request.headers().get_all(HOST).iter().count();
    hosts == 1 || (hosts == 0 && request.version() < Version::HTTP_11)
}

fn has_body(headers: &HeaderMap) -> bool {
    headers.contains_key(TRANSFER_ENCODING)
        || headers.get(CONTENT_LENGTH).is_some_and(|length| length.as_bytes() != b"0")
}

/// Sends one who came in the clear to the same address in private.
fn encrypt(visitor: &Visitor, request: &Request) -> Response {
    let path = request.uri().path_and_query().map_or("/", PathAndQuery::as_str);
    let there = visitor.host(request.headers()).map(|host| format!("https://{host}{path}"));
    match there.and_then(|there| HeaderValue::try_from(there).ok()) {
        Some(there) => (StatusCode::PERMANENT_REDIRECT, [(LOCATION, there)], "Use https.\n").into_response(),
        None => (StatusCode::BAD_REQUEST, "There is no host in this request.\n").into_response(),
    }
}

/// The policy with the sites of other servers, which a page may have to go to for its arena.
fn policy(sites: &[String]) -> HeaderValue {
    if sites.is_empty() {
        return HeaderValue::from_static(CONTENT_POLICY);
    }
    let sockets = sites.iter().filter_map(|site| Some(format!(" ws{}", site.strip_prefix("http")?)));
    let policy = sockets.fold(CONTENT_POLICY.to_owned(), |policy, socket| policy + &socket);
    HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static(CONTENT_POLICY))
}

fn protect(headers: &mut HeaderMap, encrypted: bool, sites: &[String]) {
    // A page that others may frame says so itself, and is the only one without the older header.
    if !headers.contains_key(CONTENT_SECURITY_POLICY) {
        headers.insert(CONTENT_SECURITY_POLICY, policy(sites));
        headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    }
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(HeaderName::from_static("permissions-policy"), HeaderValue::from_static(PERMISSIONS));
    if encrypted {
        headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(ENCRYPTED_ONLY));
    }
}
