//! The token that takes the player back, kept by this tab.
//!
//! Enters: the token of a Welcome. Leaves: the one that was kept, when the page is loaded anew. It belongs to the tab, not to
//! the browser: another tab is another pilot. It must never be shown or logged.

use shared::ids::Token;

use crate::dom;

/// Where the tab keeps it.
const KEY: &str = "starfray.token";

/// Keeps `token` as long as the tab lives.
pub fn keep(token: Token) {
    dom::keep_in_tab(KEY, &hex(token));
}

/// The token that was kept.
pub fn kept() -> Option<Token> {
    dom::kept_in_tab(KEY).and_then(|text| parsed(&text))
}

fn hex(token: Token) -> String {
    token.0.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn parsed(text: &str) -> Option<Token> {
    let number = u128::from_str_radix(text, 16).ok().filter(|_| text.len() == 32)?;
    Some(Token(number.to_be_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_survives_being_kept() {
        let token = Token([0, 1, 2, 3, 250, 251, 252, 253, 254, 255, 9, 8, 7, 6, 5, 4]);
        assert!(parsed(&hex(token)) == Some(token));
    }

    #[test]
    fn what_is_no_token_is_none() {
        assert!(parsed("").is_none() && parsed("zz").is_none() && parsed("12").is_none());
    }
}
