//! Who a player is: a random public id, and the token that proves it.
//!
//! The id is public: it is in every entry of a board. The token is the id and its signature under the server's
//! secret, kept by the player's browser; whoever has it is that player. Must never: log a token or the secret.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use data_encoding::HEXLOWER;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use shared::identity::{Identity, PlayerKey};

/// The system gave no random bytes.
#[derive(Debug, thiserror::Error)]
#[error("the system gives no random bytes: {0}")]
pub struct NoRandomness(#[from] getrandom::Error);

/// A public id that nobody has.
///
/// # Errors
/// When the system gives no random bytes.
pub fn random_key() -> Result<PlayerKey, NoRandomness> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)?;
    Ok(PlayerKey(u128::from_be_bytes(bytes)))
}

/// Signs under the server's secret: players' tokens, and cursors. The secret is made at the store's first start and
/// kept in it; whoever has it can be any player.
#[derive(Clone)]
pub struct Signer {
    secret: [u8; 32],
    /// Secrets of other servers of the same game. Clones share them.
    trusted: Arc<RwLock<Vec<[u8; 32]>>>,
}

/// Servers whose signatures are taken, at most: each that ever was counts.
const TRUSTED: usize = 4096;

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signer")
    }
}

impl Signer {
    /// Signs under this secret.
    #[must_use]
    pub fn new(secret: [u8; 32]) -> Self {
        Self { secret, trusted: Arc::default() }
    }

    /// Signs under a new secret.
    ///
    /// # Errors
    /// When the system gives no random bytes.
    pub fn random() -> Result<Self, NoRandomness> {
        let mut secret = [0; 32];
        getrandom::fill(&mut secret)?;
        Ok(Self::new(secret))
    }

    /// The secret, for the store, and for other servers that are to know players by their signatures from here.
    #[must_use]
    pub const fn secret(&self) -> &[u8; 32] {
        &self.secret
    }

    /// From now on identities are taken that were signed under one of these secrets, too.
    pub fn trust(&self, secrets: impl IntoIterator<Item = [u8; 32]>) {
        let others = secrets.into_iter().filter(|secret| *secret != self.secret).take(TRUSTED);
        *self.trusted.write().unwrap_or_else(PoisonError::into_inner) = others.collect();
    }

    /// A name for whoever holds this secret, which says nothing about it: the same at each start, another for each store.
    #[must_use]
    pub fn holder(&self) -> String {
        let mac: [u8; 32] = self.mac(HOLDER, &[]).finalize().into_bytes().into();
        mac.first_chunk().map_or_else(String::new, |first: &[u8; 8]| HEXLOWER.encode(first))
    }

    /// The identity of this player, with its proof.
    #[must_use]
    pub fn sign(&self, key: PlayerKey) -> Identity {
        Identity { key, proof: self.mac(PLAYER, &key.0.to_be_bytes()).finalize().into_bytes().into() }
    }

    /// Whether this is one of ours, or of a server that is trusted. Takes the same time for every wrong proof.
    #[must_use]
    pub fn is_ours(&self, identity: &Identity) -> bool {
        self.has_signed(PLAYER, &identity.key.0.to_be_bytes(), &identity.proof)
    }

    /// What proves that this server has sent a player to another one with these words.
    #[must_use]
    pub fn seal(&self, words: &[u8]) -> [u8; 32] {
        self.mac(TICKET, words).finalize().into_bytes().into()
    }

    /// Whether this proves it, of this server or one that is trusted.
    #[must_use]
    pub fn is_sealed(&self, words: &[u8], proof: &[u8]) -> bool {
        self.has_signed(TICKET, words, proof)
    }

    fn has_signed(&self, purpose: &[u8], of: &[u8], proof: &[u8]) -> bool {
        let signed = |secret: &[u8; 32]| mac(secret, purpose, of).verify_slice(proof).is_ok();
        signed(&self.secret) || self.trusted.read().unwrap_or_else(PoisonError::into_inner).iter().any(signed)
    }

    /// Whose identity this text is; None when it is not one of ours.
    #[must_use]
    pub fn verify(&self, text: &str) -> Option<PlayerKey> {
        text.parse::<Identity>().ok().filter(|identity| self.is_ours(identity)).map(|identity| identity.key)
    }

    /// What is signed is told apart by its purpose, so that a cursor never passes as a token.
    pub(crate) fn mac(&self, purpose: &[u8], of: &[u8]) -> Hmac<Sha256> {
        mac(&self.secret, purpose, of)
    }
}

fn mac(secret: &[u8; 32], purpose: &[u8], of: &[u8]) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new(&secret.into_key());
    mac.update(purpose);
    mac.update(of);
    mac
}

const HOLDER: &[u8] = b"starfray holder 1\0";
const PLAYER: &[u8] = b"starfray player 1\0";
const TICKET: &[u8] = b"starfray ticket 1\0";

/// HMAC pads a short key with zeros to its block of 64 bytes.
trait IntoKey {
    fn into_key(self) -> hmac::digest::Key<Hmac<Sha256>>;
}

impl IntoKey for [u8; 32] {
    fn into_key(self) -> hmac::digest::Key<Hmac<Sha256>> {
        let mut key = hmac::digest::Key::<Hmac<Sha256>>::default();
        key[..32].copy_from_slice(&self);
        key
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_proves_its_player_and_no_other() {
        let (signer, other) = (Signer::new([7; 32]), Signer::new([8; 32]));
        let player = random_key().unwrap();
        let token = signer.sign(player).text();
        assert_eq!(signer.verify(&token), Some(player));
        assert_eq!(other.verify(&token), None);
        assert!(token.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'));
    }

    #[test]
    fn a_server_takes_the_tokens_of_those_that_it_trusts_and_their_signatures_alone() {
        let (signer, other) = (Signer::new([7; 32]), Signer::new([8; 32]));
        let token = other.sign(PlayerKey(5)).text();
        let clone = signer.clone();
        assert_eq!(clone.verify(&token), None);
        signer.trust([[9; 32], [8; 32]]);
        assert_eq!(clone.verify(&token), Some(PlayerKey(5)));
        assert_eq!(signer.sign(PlayerKey(5)), Signer::new([7; 32]).sign(PlayerKey(5)), "it signs as before");
        signer.trust([]);
        assert_eq!(clone.verify(&token), None);
    }

    #[test]
    fn a_token_with_any_character_changed_is_refused() {
        let signer = Signer::new([7; 32]);
        let token = signer.sign(PlayerKey(5)).text();
        for at in 0..token.len() {
            let mut changed = token.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            assert_eq!(signer.verify(std::str::from_utf8(&changed).unwrap()), None);
        }
        for text in ["", "A", &token[1..], &format!("{token}A"), &"\u{e9}".repeat(32)] {
            assert_eq!(signer.verify(text), None);
        }
    }

    #[test]
    fn the_signature_is_hmac_sha256_as_published() {
        // RFC 4231, test case 1, with its key of 20 bytes padded as HMAC does.
        let mut key = [0; 32];
        key[..20].fill(0x0b);
        let mac = Signer::new(key).mac(b"Hi ", b"There").finalize().into_bytes();
        assert!(HEXLOWER.encode(&mac).starts_with("b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da7"));
    }
}
