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
