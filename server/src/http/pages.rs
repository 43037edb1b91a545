//! The pages and their parts: from the binary, or from the operator's folder.

use std::sync::Arc;

use super::Site;
use super::error::ApiError;
use axum::body::Body;
use axum::extract::State;
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG,
    IF_NONE_MATCH, VARY,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use bundle::WebFile;

/// The one page that anybody may show in a frame of his own. It does nothing but show a board, so there is nothing in it to
/// be tricked into.
const EMBEDDABLE: &str = "/leaderboard/embed";

/// As for every page, but for who may frame it.
const EMBEDDABLE_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
     img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *";

pub(super) async fn page(
    State(site): State<Arc<Site>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    if uri.path().starts_with("/api/") {
        let nothing = ApiError::missing("there is nothing at this address");
        return nothing.hint("GET /api/openapi.json describes every address").into_response();
    }
    if method != Method::GET && method != Method::HEAD {
        return (StatusCode::METHOD_NOT_ALLOWED, "This address only answers to GET.\n").into_response();
    }
    let from_disk = site.web_dir.as_deref().and_then(|dir| bundle::find_on_disk(dir, uri.path()));
    let mut answer = match (from_disk, bundle::find(uri.path())) {
        (Some(Ok(file)), _) => {
            ([(CONTENT_TYPE, file.mime), (CACHE_CONTROL, "no-store")], file.bytes).into_response()
        }
        (Some(Err(error)), _) => {
            tracing::warn!(path = uri.path(), %error, "a page can't be read from --web-dir");
            (StatusCode::NOT_FOUND, "This page is missing from the folder of --web-dir.\n").into_response()
        }
        (None, Some(file)) => embedded(file, &headers),
        (None, None) => (StatusCode::NOT_FOUND, "There is nothing at this address.\n").into_response(),
    };
    if uri.path() == EMBEDDABLE {
        answer.headers_mut().insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(EMBEDDABLE_POLICY));
    }
    answer
}

/// The browser keeps a copy, asks each time, and gets it again only when it changed.
fn embedded(file: &'static WebFile, headers: &HeaderMap) -> Response {
    let keep = [(ETAG, file.etag), (CACHE_CONTROL, "no-cache"), (VARY, "accept-encoding")];
    if headers.get(IF_NONE_MATCH).is_some_and(|known| known == file.etag) {
        return (StatusCode::NOT_MODIFIED, keep).into_response();
    }
    let kind = [(CONTENT_TYPE, file.mime)];
    if takes_gzip(headers) {
        return (keep, kind, [(CONTENT_ENCODING, "gzip")], Body::from(file.gzip)).into_response();
    }
    (keep, kind, Body::from(file.bytes)).into_response()
}

fn takes_gzip(headers: &HeaderMap) -> bool {
    let accepted = headers.get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    accepted.split(',').any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        parts.next() == Some("gzip") && parts.next().is_none_or(|quality| quality != "q=0")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gzip_is_sent_only_to_those_who_take_it() {
        let takes = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_ENCODING, value.parse().unwrap());
            takes_gzip(&headers)
        };
        assert!(takes("gzip") && takes("br, gzip;q=0.5"));
        assert!(!takes("br") && !takes("gzip;q=0") && !takes("xgzip"));
        assert!(!takes_gzip(&HeaderMap::new()));
    }
}
