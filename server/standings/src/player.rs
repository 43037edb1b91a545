//! Who a player is: a random public id, and the token that proves it.
//!
//! The id is public: it is in every entry of a board. The token is the id and its signature under the server's
//! secret, kept by the player's browser; whoever has it is that player. Must never: log a token or the secret.

use std::fmt;
use std::str::FromStr;

use data_encoding::BASE64URL_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

/// A player's public id: 128 random bits, printed as 32 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlayerKey(pub u128);

/// The system gave no random bytes.
#[derive(Debug, thiserror::Error)]
#[error("the system gives no random bytes: {0}")]
pub struct NoRandomness(#[from] getrandom::Error);

impl PlayerKey {
    /// A new one that nobody has.
    ///
    /// # Errors
    /// When the system gives no random bytes.
    pub fn random() -> Result<Self, NoRandomness> {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes)?;
        Ok(Self(u128::from_be_bytes(bytes)))
    }
}

impl fmt::Display for PlayerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl fmt::Debug for PlayerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The text is no player's id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a player's id is 32 hexadecimal digits in lower case")]
pub struct NotAPlayer;

impl FromStr for PlayerKey {
    type Err = NotAPlayer;

    fn from_str(text: &str) -> Result<Self, NotAPlayer> {
        hex128(text).map(Self).ok_or(NotAPlayer)
    }
}

/// 32 digits in lower case, and nothing else: `from_str_radix` alone would take a sign and capitals.
pub(crate) fn hex128(text: &str) -> Option<u128> {
    let digits = text.len() == 32 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    digits.then(|| u128::from_str_radix(text, 16).ok()).flatten()
}

impl Serialize for PlayerKey {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PlayerKey {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

/// Signs under the server's secret: players' tokens, and cursors. The secret is made at the store's first start and
/// kept in it; whoever has it can be any player.
#[derive(Clone)]
pub struct Signer {
    secret: [u8; 32],
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signer")
    }
}

impl Signer {
    /// Signs under this secret.
    #[must_use]
    pub const fn new(secret: [u8; 32]) -> Self {
        Self { secret }
    }

    /// Signs under a new secret.
    ///
    /// # Errors
    /// When the system gives no random bytes.
    pub fn random() -> Result<Self, NoRandomness> {
        let mut secret = [0; 32];
        getrandom::fill(&mut secret)?;
        Ok(Self { secret })
    }

    pub(crate) const fn secret(&self) -> &[u8; 32] {
        &self.secret
    }

    /// The token that proves to be this player: 64 characters that need no escaping in addresses.
    #[must_use]
    pub fn token(&self, player: PlayerKey) -> String {
        let id = player.0.to_be_bytes();
        let mut bytes = id.to_vec();
        bytes.extend(self.mac(PLAYER, &id).finalize().into_bytes());
        BASE64URL_NOPAD.encode(&bytes)
    }

    /// Whose token this is; None when it is not one of ours. Takes the same time for every wrong signature.
    #[must_use]
    pub fn verify(&self, token: &str) -> Option<PlayerKey> {
        // Compared before anything is allocated for it.
        let bytes = (token.len() == 64).then(|| BASE64URL_NOPAD.decode(token.as_bytes()).ok()).flatten()?;
        let (id, signature) = bytes.split_first_chunk::<16>()?;
        self.mac(PLAYER, id).verify_slice(signature).ok()?;
        Some(PlayerKey(u128::from_be_bytes(*id)))
    }

    /// What is signed is told apart by its purpose, so that a cursor never passes as a token.
    pub(crate) fn mac(&self, purpose: &[u8], of: &[u8]) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new(&self.secret.into_key());
        mac.update(purpose);
        mac.update(of);
        mac
    }
}

const PLAYER: &[u8] = b"starfray player 1\0";

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
        let player = PlayerKey::random().unwrap();
        let token = signer.token(player);
        assert_eq!(signer.verify(&token), Some(player));
        assert_eq!(other.verify(&token), None);
        assert!(token.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'));
    }

    #[test]
    fn a_token_with_any_character_changed_is_refused() {
        let signer = Signer::new([7; 32]);
        let token = signer.token(PlayerKey(5));
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
        assert!(
            data_encoding::HEXLOWER
                .encode(&mac)
                .starts_with("b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da7")
        );
    }

    #[test]
    fn an_id_is_read_back_from_its_text_alone() {
        let player = PlayerKey(0xab);
        assert_eq!(player.to_string().parse(), Ok(player));
        for text in ["", "ab", "+0000000000000000000000000000000ab", "000000000000000000000000000000AB"] {
            assert_eq!(text.parse::<PlayerKey>(), Err(NotAPlayer));
        }
    }
}
