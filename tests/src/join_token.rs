//! Join tokens as an operator's own site would sign them.

use data_encoding::BASE64URL_NOPAD as BASE64;
use std::time::{SystemTime, UNIX_EPOCH};

/// What they are signed with: the content of the key's file.
pub const SECRET: &str = "a secret that is long enough for it";

/// A token that is good for so many `seconds`. `claims` are more of them, each behind a comma.
///
/// # Panics
/// Before 1970.
#[must_use]
pub fn token(claims: &str, seconds: i64) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("it is later than 1970");
    let until = now.as_secs().cast_signed() + seconds;
    let claims = format!("{{\"aud\":\"starfray\",\"exp\":{until}{claims}}}");
    let message = format!("{}.{}", BASE64.encode(b"{\"alg\":\"HS256\"}"), BASE64.encode(claims.as_bytes()));
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, SECRET.as_bytes());
    format!("{message}.{}", BASE64.encode(ring::hmac::sign(&key, message.as_bytes()).as_ref()))
}
