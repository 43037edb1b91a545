//! JSON answers that a browser or a proxy may keep: how long, and how to ask whether they are still true.

use std::hash::{DefaultHasher, Hash, Hasher};

use axum::body::Bytes;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::error::ApiError;

/// How long an answer may be shown without asking again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keep {
    /// Something that changes while people play: a second, so that a proxy can serve a crowd.
    Second,
    /// Something whose ranks are final: a minute, because names change and players have themselves removed.
    Minute,
    /// Never: somebody's own, or an answer that was waited for.
    Never,
}

impl Keep {
    const fn header(self) -> &'static str {
        match self {
            Self::Second => "public, max-age=1",
            Self::Minute => "public, max-age=60",
            Self::Never => "no-store",
        }
    }
}

/// An entity tag made of everything that an answer depends on. Equal tags mean equal answers, also after a restart.
pub(super) fn tag(of: impl Hash) -> String {
    let mut hasher = DefaultHasher::new();
    // What an answer looks like may change from release to release.
    (env!("CARGO_PKG_VERSION"), of).hash(&mut hasher);
    format!("\"{:016x}\"", hasher.finish())
}

/// Whether who asks has this answer already.
fn has(headers: &HeaderMap, tag: &str) -> bool {
    let known = headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    known.flat_map(|list| list.split(',')).any(|one| {
        let one = one.trim();
        one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag
    })
}

/// 200 with the JSON, or 304 when it is known already.
pub(super) fn answer(headers: &HeaderMap, json: Bytes, tag: &str, keep: Keep) -> Response {
    if has(headers, tag) {
        return unchanged(tag, keep);
    }
    let kind = [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, keep.header()), (ETAG, tag)];
    (kind, json).into_response()
}

/// 304.
pub(super) fn unchanged(tag: &str, keep: Keep) -> Response {
    (StatusCode::NOT_MODIFIED, [(CACHE_CONTROL, keep.header()), (ETAG, tag)]).into_response()
}

/// As JSON, without line breaks.
pub(super) fn json(body: &impl Serialize) -> Result<Bytes, ApiError> {
    serde_json::to_vec(body).map(Bytes::from).map_err(ApiError::ours)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_answer_is_found_in_any_form_that_http_allows() {
        let knows = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(IF_NONE_MATCH, value.parse().unwrap());
            has(&headers, "\"a\"")
        };
        assert!(knows("\"a\"") && knows("W/\"a\"") && knows("\"b\", \"a\"") && knows("*"));
        assert!(!knows("\"b\"") && !knows("a") && !has(&HeaderMap::new(), "\"a\""));
    }
}
