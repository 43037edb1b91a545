//! Who the player is, kept by this browser: boards know him by it, in every tab and after years.
//!
//! Enters: the identity of a Welcome. Leaves: the one that was kept. It must never be shown or logged: whoever has it is that
//! player.

use shared::identity::Identity;

use crate::dom;

/// Where the browser keeps it.
const KEY: &str = "starfray.identity";

/// Keeps `identity` until the browser forgets.
pub fn keep(identity: &Identity) {
    dom::remember(KEY, &identity.text());
}

/// The identity that was kept.
pub fn kept() -> Option<Identity> {
    dom::remembered(KEY)?.parse().ok()
}

/// Forgets it: whoever plays here next is someone new.
pub fn forget() {
    dom::forget(KEY);
}
