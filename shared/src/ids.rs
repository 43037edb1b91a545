//! Names of things on the wire. Each is a newtype, so that none is taken for another.

use serde::{Deserialize, Serialize};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub struct $name(pub u32);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

/// What lets a client take its player back after its connection is gone: 128 bits that only the two of them know. The
/// first two bytes say which arena (its place in the server's list, little endian).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Token(pub [u8; 16]);

impl Token {
    /// The place of its arena in the server's list.
    #[must_use]
    pub fn arena(self) -> u16 {
        let [low, high, ..] = self.0;
        u16::from_le_bytes([low, high])
    }
}

/// A secret is never written into a log.
impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(..)")
    }
}

id! {
    /// A replicated entity's name on the wire. 0 is nobody; a freed number comes back only after a while.
    NetId
}
id! {
    /// A player of one arena, person or drone. 0 is nobody.
    PlayerId
}
id! {
    /// One connection, from Welcome to close.
    SessionId
}
