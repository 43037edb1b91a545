//! `/api/announce`: an operator says something to everyone who plays, on every server of the game.
//!
//! Must never: log the key, or tell by the time that an answer takes how much of a key was right.

use std::io;
use std::path::Path;
use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL};
use axum::response::{IntoResponse, Response};
use ring::hmac;
use serde::{Deserialize, Serialize};
use shared::saying::Announcement;
use shared::tuning::ANNOUNCEMENT_CHARS;

use super::Site;
use super::error::ApiError;
use crate::announce::Unsaid;

/// Bytes of an operator's key at least.
const KEY: usize = 32;

/// Tells operators from others. Keys are compared by what they sign, so that no comparison ends where they begin to differ.
pub(crate) struct OperatorKey {
    scale: hmac::Key,
    tag: hmac::Tag,
}

impl OperatorKey {
    /// Reads the key.
    ///
    /// # Errors
    /// When there is none in the file.
    pub(crate) fn read(file: &Path) -> io::Result<Self> {
        let key = read_key(file)?;
        let scale = hmac::Key::new(hmac::HMAC_SHA256, &rand::random::<[u8; 32]>());
        let tag = hmac::sign(&scale, key.as_bytes());
        Ok(Self { scale, tag })
    }

    fn is(&self, shown: &str) -> bool {
        hmac::verify(&self.scale, shown.as_bytes(), self.tag.as_ref()).is_ok()
    }
}

/// The key in a file, as it is shown: without the line's end.
///
/// # Errors
/// When there is none that could be shown.
pub(crate) fn read_key(file: &Path) -> io::Result<String> {
    let wrong = |why: &str| io::Error::other(format!("{}: {why}", file.display()));
    let text = std::fs::read_to_string(file).map_err(|error| wrong(&error.to_string()))?;
    let key = text.trim_end();
    if key.len() < KEY || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(wrong("an operator's key is one line of 32 characters or more, without spaces"));
    }
    Ok(key.to_owned())
}

/// What is said.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    text: String,
}

#[derive(Debug, Serialize)]
struct Told {
    /// Servers whose players are told.
    servers: u64,
}

/// POST `/api/announce?text=`
pub(super) async fn announce(
    State(site): State<Arc<Site>>,
    headers: HeaderMap,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Response, ApiError> {
    let Some(key) = &site.operator_key else {
        return Err(ApiError::missing("nobody announces anything on this server")
            .hint("the server needs --operator-key FILE"));
    };
    let shown = headers.get(AUTHORIZATION).map(|line| line.to_str().unwrap_or_default());
    if !shown.and_then(bearer).is_some_and(|shown| key.is(shown)) {
        return Err(ApiError::not_operator(shown.is_some()));
    }
    let said = said(&asked?.text)?;
    match site.announcer.announce(said).await {
        Ok(servers) => Ok(([(CACHE_CONTROL, "no-store")], Json(Told { servers })).into_response()),
        Err(Unsaid::TooMuch) => Err(ApiError::too_many("too much was announced of late", 10)),
        Err(Unsaid::HereOnly) => {
            Err(ApiError::later("only players of this server are told: Redis can't be reached", 10))
        }
    }
}

fn bearer(line: &str) -> Option<&str> {
    let (scheme, shown) = line.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| shown.trim())
}

/// An operator is told what is wrong rather than shown cut.
fn said(text: &str) -> Result<Announcement, ApiError> {
    if text.chars().any(char::is_control) {
        return Err(ApiError::bad("text has control characters in it, such as line breaks"));
    }
    if text.chars().count() > ANNOUNCEMENT_CHARS {
        return Err(ApiError::bad(format!("text is longer than {ANNOUNCEMENT_CHARS} characters")));
    }
    Announcement::clean(text).ok_or_else(|| ApiError::bad("there is nothing to show in text"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_a_long_line_and_no_other_one_is_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("key");
        for wrong in ["", "short\n", &"with spaces ".repeat(4), &"ü".repeat(40)] {
            std::fs::write(&file, wrong).unwrap();
            assert!(OperatorKey::read(&file).is_err(), "{wrong:?}");
        }
        let key = "k".repeat(KEY);
        std::fs::write(&file, format!("{key}\n")).unwrap();
        let operator = OperatorKey::read(&file).unwrap();
        assert!(operator.is(&key));
        assert!(!operator.is(&key[1..]) && !operator.is("") && !operator.is(&format!("{key}k")));
    }

    #[test]
    fn what_is_said_has_a_length_and_no_control_characters() {
        assert_eq!(said("<b>We restart</b> at ten.").unwrap().as_str(), "<b>We restart</b> at ten.");
        for wrong in ["", "  ", "a\nb", "a\u{7}b", "\u{200b}", &"x".repeat(ANNOUNCEMENT_CHARS + 1)] {
            assert!(said(wrong).is_err(), "{wrong:?}");
        }
    }
}
