//! Who a player is beyond one arena and one day: a random public id, and the proof of it. The id is on boards and proves
//! nothing; the proof is known to the player's browser and the server alone.
//!
//! Owns how both are written. Must never: make a proof, or show one in a log; the server signs.

use std::fmt;
use std::str::FromStr;

use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A player's public id: 128 random bits. 32 hexadecimal digits in text, 16 bytes (the highest first) on the wire.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlayerKey(pub u128);

/// The upper half of the ids of players who pass.
const PASSING: u128 = (u64::MAX as u128) << 64;

impl PlayerKey {
    /// The id of someone who passes: he plays, and his lives enter no standings. `random` has 64 random bits at its lower end.
    #[must_use]
    pub const fn passing(random: u128) -> Self {
        Self(random | PASSING)
    }

    /// Is it such an id?
    #[must_use]
    pub const fn is_passing(self) -> bool {
        self.0 & PASSING == PASSING
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

/// 32 hexadecimal digits in lower case, and nothing else: `from_str_radix` alone would take a sign and capitals.
#[must_use]
pub fn hex128(text: &str) -> Option<u128> {
    let digits = text.len() == 32 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    digits.then(|| u128::from_str_radix(text, 16).ok()).flatten()
}

impl Serialize for PlayerKey {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        if to.is_human_readable() { to.collect_str(self) } else { self.0.to_be_bytes().serialize(to) }
    }
}

impl<'de> Deserialize<'de> for PlayerKey {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        if from.is_human_readable() {
            return String::deserialize(from)?.parse().map_err(serde::de::Error::custom);
        }
        <[u8; 16]>::deserialize(from).map(|bytes| Self(u128::from_be_bytes(bytes)))
    }
}

/// A player's id with the server's signature under it: whoever has it is that player. In text 64 characters that need no
/// escaping in addresses (base64url of the id's 16 bytes and the proof), on the wire those 48 bytes.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Who.
    pub key: PlayerKey,
    /// The signature.
    pub proof: [u8; 32],
}

/// Characters of an identity's text.
pub const IDENTITY_TEXT: usize = 64;

/// A secret is never written into a log.
impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Identity({}, ..)", self.key)
    }
}

/// The text is no identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an identity is 64 characters of base64url")]
pub struct NotAnIdentity;

impl Identity {
    /// Its text.
    #[must_use]
    pub fn text(&self) -> String {
        let mut bytes = self.key.0.to_be_bytes().to_vec();
        bytes.extend(self.proof);
        BASE64URL_NOPAD.encode(&bytes)
    }
}

impl FromStr for Identity {
    type Err = NotAnIdentity;

    fn from_str(text: &str) -> Result<Self, NotAnIdentity> {
        // Compared before anything is allocated for it.
        let bytes = (text.len() == IDENTITY_TEXT).then(|| BASE64URL_NOPAD.decode(text.as_bytes()).ok());
        let bytes = bytes.flatten().ok_or(NotAnIdentity)?;
        let (key, proof) = bytes.split_first_chunk::<16>().ok_or(NotAnIdentity)?;
        let proof = proof.try_into().map_err(|_| NotAnIdentity)?;
        Ok(Self { key: PlayerKey(u128::from_be_bytes(*key)), proof })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identity_is_read_back_from_its_text_alone() {
        let identity = Identity { key: PlayerKey(0xfeed), proof: std::array::from_fn(|at| at as u8) };
        assert_eq!(identity.text().len(), IDENTITY_TEXT);
        assert_eq!(identity.text().parse(), Ok(identity));
        for text in ["", "A", &identity.text()[1..], &format!("{}A", identity.text()), &"\u{e9}".repeat(32)] {
            assert_eq!(text.parse::<Identity>(), Err(NotAnIdentity));
        }
    }

    #[test]
    fn an_id_is_read_back_from_its_text_alone() {
        let player = PlayerKey(0xab);
        assert_eq!(player.to_string().parse(), Ok(player));
        for text in ["", "ab", "+0000000000000000000000000000000ab", "000000000000000000000000000000AB"] {
            assert_eq!(text.parse::<PlayerKey>(), Err(NotAPlayer));
        }
    }

    #[test]
    fn an_id_of_someone_who_passes_says_so_and_no_other_does() {
        assert!(PlayerKey::passing(5).is_passing() && PlayerKey::passing(5) != PlayerKey::passing(6));
        assert!(
            ![0, 5, u128::from(u64::MAX), u128::MAX >> 1, u128::MAX << 65]
                .map(PlayerKey)
                .iter()
                .any(|key| key.is_passing())
        );
    }
}
