//! The token that lets one play where not everyone may: from the address's fragment, as in `/#token=…`, which browsers send
//! to nobody.
//!
//! Owns: where the tab keeps it, over reloads and from page to page. Enters: the address, from which it is removed at once, so
//! that it is in no history, no copied link and no picture of the screen. Leaves: the subprotocols of a WebSocket. It must
//! never be shown or logged.

use js_sys::Array;
use wasm_bindgen::JsValue;

use crate::dom;

/// Where the tab keeps it.
const KEY: &str = "starfray.join";

/// What the fragment calls it.
const FIELD: &str = "token=";

/// What the server calls its protocol, and what it puts before a token.
const PROTOCOL: &str = "starfray";
const PREFIX: &str = "join.";

/// What it puts before the ticket of another server.
const TICKET: &str = "ticket.";

/// Takes a token out of the page's address, if there is one.
pub fn take() {
    let Some(token) = dom::fragment().as_deref().and_then(found).map(str::to_owned) else { return };
    dom::remove_fragment();
    dom::keep_in_tab(KEY, &token);
}

/// The subprotocols to ask for; none without a token and without the ticket of a server that has sent one on.
pub fn protocols(ticket: Option<&str>) -> Option<JsValue> {
    let token = dom::kept_in_tab(KEY).map(|token| format!("{PREFIX}{token}"));
    let ticket = ticket.filter(|ticket| fits(ticket)).map(|ticket| format!("{TICKET}{ticket}"));
    let proofs: Vec<String> = [token, ticket].into_iter().flatten().collect();
    let names = std::iter::once(PROTOCOL).chain(proofs.iter().map(String::as_str));
    (!proofs.is_empty()).then(|| names.map(JsValue::from_str).collect::<Array>().into())
}

/// The token in a fragment. What could be none is passed over: a browser takes no other characters for a subprotocol.
fn found(fragment: &str) -> Option<&str> {
    fragment.split('&').find_map(|field| field.strip_prefix(FIELD)).filter(|token| fits(token))
}

fn fits(token: &str) -> bool {
    !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_found_in_a_fragment_and_nothing_else_is() {
        assert_eq!(found("token=aA0-_.x"), Some("aA0-_.x"));
        assert_eq!(found("other=1&token=a.b.c"), Some("a.b.c"));
        for none in ["", "token=", "token=a b", "token=a,b", "tokens=a", "a.b.c"] {
            assert_eq!(found(none), None, "{none}");
        }
    }
}
