//! What the API says when it can't answer: a status, and JSON with a sentence and a hint.

use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::http::header::{CACHE_CONTROL, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use standings::{CursorError, ReadError, StoreError};

/// An answer that is none.
#[derive(Debug)]
pub(super) struct ApiError {
    status: StatusCode,
    body: Body,
    header: Option<(HeaderName, HeaderValue)>,
}

#[derive(Debug, Serialize)]
struct Body {
    error: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<&'static str>,
}

impl ApiError {
    fn new(status: StatusCode, error: impl Into<String>) -> Self {
        Self { status, body: Body { error: error.into(), hint: None }, header: None }
    }

    /// 400: the request makes no sense.
    pub(super) fn bad(error: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, error)
    }

    /// 404: there is no such thing.
    pub(super) fn missing(error: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, error)
    }

    /// 401: he did not prove who he is. RFC 6750 wants no error code when nothing was shown.
    pub(super) fn unknown_player(shown: bool) -> Self {
        let (error, challenge) = if shown {
            (
                "this token was not given out by this server",
                "Bearer realm=\"starfray\", error=\"invalid_token\"",
            )
        } else {
            ("this address needs a token", "Bearer realm=\"starfray\"")
        };
        let header = (WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
        Self { header: Some(header), ..Self::new(StatusCode::UNAUTHORIZED, error) }
            .hint("send the player's token as Authorization: Bearer TOKEN")
    }

    /// 401: he did not prove that he is an operator.
    pub(super) fn not_operator(shown: bool) -> Self {
        let (error, challenge) = if shown {
            ("this is not the operator's key", "Bearer realm=\"operator\", error=\"invalid_token\"")
        } else {
            ("this address needs the operator's key", "Bearer realm=\"operator\"")
        };
        let header = (WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
        Self { header: Some(header), ..Self::new(StatusCode::UNAUTHORIZED, error) }
            .hint("send the key as Authorization: Bearer KEY")
    }

    /// 429: not so often.
    pub(super) fn too_many(error: impl Into<String>, seconds: u16) -> Self {
        let header = (RETRY_AFTER, HeaderValue::from(seconds));
        Self { header: Some(header), ..Self::new(StatusCode::TOO_MANY_REQUESTS, error) }
    }

    /// 503: not now.
    pub(super) fn later(error: impl Into<String>, seconds: u16) -> Self {
        let header = (RETRY_AFTER, HeaderValue::from(seconds));
        Self { header: Some(header), ..Self::new(StatusCode::SERVICE_UNAVAILABLE, error) }
    }

    /// 405: not in this way.
    pub(super) fn method() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "this address does not answer to that method")
    }

    /// 500: our mistake. It is logged here.
    pub(super) fn ours(error: impl std::fmt::Display) -> Self {
        tracing::error!(%error, "a request could not be answered");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "the server made a mistake; its log says which")
    }

    /// Says what to do instead.
    pub(super) fn hint(mut self, hint: &'static str) -> Self {
        self.body.hint = Some(hint);
        self
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = (self.status, [(CACHE_CONTROL, "no-store")], Json(self.body)).into_response();
        if let Some((name, value)) = self.header {
            response.headers_mut().insert(name, value);
        }
        response
    }
}

impl From<PathRejection> for ApiError {
    fn from(rejection: PathRejection) -> Self {
        Self::bad(rejection.body_text())
    }
}

impl From<QueryRejection> for ApiError {
    fn from(rejection: QueryRejection) -> Self {
        Self::bad(rejection.body_text())
    }
}

impl From<StoreError> for ApiError {
    /// The disk may do it a moment later; whoever runs the server sees why in the log.
    fn from(error: StoreError) -> Self {
        tracing::error!("a request could not be answered: {error}");
        Self::later("the standings can't be read or written now", 5)
    }
}

impl From<ReadError> for ApiError {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Cursor(error @ (CursorError::Malformed | CursorError::OtherBoard)) => {
                Self::bad(error.to_string()).hint("a cursor goes with the board and the ranks it came with")
            }
            ReadError::Cursor(error @ CursorError::Expired) => Self::new(StatusCode::GONE, error.to_string()),
            ReadError::Store(error) => error.into(),
        }
    }
}
