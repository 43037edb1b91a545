//! Tickets of players on their way to the server that has their arena: short-lived words of the server that sends them, which
//! any other one of the game knows to be true. They come as join tokens do, as a WebSocket subprotocol, `ticket.TEXT` beside
//! `starfray`, and stand in for one: who was let in once is not kept out by a move.
//!
//! A ticket is good for one arena under the name that the join token had, for half a minute and what their clocks are apart;
//! whoever steals one gains that and no more. Must never: be logged.

use data_encoding::BASE64URL_NOPAD as BASE64;
use serde::{Deserialize, Serialize};
use standings::{Signer, UnixMs};

use super::Pass;

/// How long a ticket is good, in milliseconds: longer than a page waits before it comes again.
const GOOD_MS: u64 = 30_000;
/// How far apart the clocks of two servers may be, in milliseconds; so much longer a ticket may be good.
const APART_MS: u64 = 120_000;
/// Characters of a ticket: a private arena's name, a player's, and what proves them.
const MOST: usize = 512;

/// What a ticket says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Words {
    arena: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    until: u64,
}

/// A ticket to an arena for who came with `pass`.
pub(super) fn ticket(signer: &Signer, arena: &str, pass: Option<&Pass>, now: UnixMs) -> String {
    let name = pass.and_then(|pass| pass.name.clone());
    let words = Words { arena: arena.to_owned(), name, until: now.0 + GOOD_MS };
    let words = serde_json::to_vec(&words).unwrap_or_default();
    format!("{}.{}", BASE64.encode(&words), BASE64.encode(&signer.seal(&words)))
}

/// What a ticket allows; None when it is not good.
pub(crate) fn read(signer: &Signer, ticket: &str, now: UnixMs) -> Option<Pass> {
    let (words, proof) = Some(ticket).filter(|ticket| ticket.len() <= MOST)?.split_once('.')?;
    let words = BASE64.decode(words.as_bytes()).ok()?;
    let proof = BASE64.decode(proof.as_bytes()).ok()?;
    if !signer.is_sealed(&words, &proof) {
        return None;
    }
    let Words { arena, name, until } = serde_json::from_slice(&words).ok()?;
    let good = now.0 < until + APART_MS && until <= now.0 + GOOD_MS + APART_MS;
    good.then_some(Pass { arena: Some(arena), name, sent: true })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixMs = UnixMs(1_700_000_000_000);

    fn signer(secret: u8) -> Signer {
        Signer::new([secret; 32])
    }

    #[test]
    fn a_ticket_is_good_at_servers_that_trust_each_other_and_says_where_and_under_which_name() {
        let (from, to) = (signer(1), signer(2));
        let pass = Pass { arena: None, name: Some("Ada".to_owned()), sent: false };
        let text = ticket(&from, "2", Some(&pass), NOW);
        assert_eq!(read(&to, &text, NOW), None, "they do not know each other");
        to.trust([*from.secret()]);
        let read = read(&to, &text, NOW).unwrap();
        assert_eq!((read.arena.as_deref(), read.name.as_deref(), read.sent), (Some("2"), Some("Ada"), true));
        assert!(text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte)));
    }

    #[test]
    fn a_ticket_runs_out_and_one_that_was_changed_is_none() {
        let signer = signer(1);
        let text = ticket(&signer, "red-green-blue", None, NOW);
        for (ms, good) in [(-120_000, true), (-120_001, false), (149_999, true), (150_000, false)] {
            let now = UnixMs(NOW.0.checked_add_signed(ms).unwrap());
            assert_eq!(read(&signer, &text, now).is_some(), good, "{ms} ms later");
        }
        for at in 0..text.len() {
            let mut other = text.clone().into_bytes();
            other[at] = if other[at] == b'A' { b'B' } else { b'A' };
            let other = String::from_utf8(other).unwrap();
            // The last characters hold bits that count for nothing; then they are not well-formed.
            assert!(other == text || read(&signer, &other, NOW).is_none(), "{at}");
        }
        for none in ["", ".", "a.b", &"x".repeat(MOST + 1)] {
            assert!(read(&signer, none, NOW).is_none());
        }
    }
}
