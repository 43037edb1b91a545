//! Why a session ended: one enum for the close code, the log, the metric and the page.

/// Why a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CloseReason {
    /// The client said goodbye, or its socket went away.
    Left,
    /// A text message came. Only binary ones are spoken here.
    TextMessage,
    /// A message longer than the limit came.
    TooLong,
    /// The WebSocket protocol itself was broken.
    BadWebSocket,
    /// Something failed on our side.
    Internal,
    /// The server stops or restarts.
    Restart,
    /// A message could not be decoded.
    Malformed,
    /// A message came when it must not: a second Hello, something before Hello, an input before Join.
    OutOfOrder,
    /// The client speaks another version of the protocol.
    Version,
    /// More messages a second than a client may send.
    Flooding,
    /// Nothing was heard for too long.
    Idle,
    /// The client could not take what it was sent for too long.
    TooSlow,
    /// The server has as many sessions as it takes.
    Full,
    /// No Hello in time.
    NoHello,
    /// There is no arena of that name.
    NoArena,
    /// Another session took the player back.
    Replaced,
    /// A text that is no UTF-8 came.
    BadText,
    /// Hello named a private arena that is not there, and there are as many as the server has.
    PrivateFull,
}

/// Every reason, in the order of its number in [`CloseReason::index`].
pub const CLOSE_REASONS: [CloseReason; 18] = [
    CloseReason::Left,
    CloseReason::TextMessage,
    CloseReason::TooLong,
    CloseReason::BadWebSocket,
    CloseReason::Internal,
    CloseReason::Restart,
    CloseReason::Malformed,
    CloseReason::OutOfOrder,
    CloseReason::Version,
    CloseReason::Flooding,
    CloseReason::Idle,
    CloseReason::TooSlow,
    CloseReason::Full,
    CloseReason::NoHello,
    CloseReason::NoArena,
    CloseReason::Replaced,
    CloseReason::BadText,
    CloseReason::PrivateFull,
];

impl CloseReason {
    /// Its place in [`CLOSE_REASONS`], for counters.
    #[must_use]
    pub fn index(self) -> usize {
        self as usize
    }

    /// The WebSocket close code. Below 4000 they are RFC 6455's (and 1012 of its registry), from 4000 on our own.
    #[must_use]
    pub fn code(self) -> u16 {
        match self {
            Self::Left => 1000,
            Self::BadWebSocket => 1002,
            Self::TextMessage => 1003,
            Self::BadText => 1007,
            Self::TooLong => 1009,
            Self::Internal => 1011,
            Self::Restart => 1012,
            Self::Malformed => 4001,
            Self::OutOfOrder => 4002,
            Self::Version => 4003,
            Self::Flooding => 4004,
            Self::Idle => 4005,
            Self::TooSlow => 4006,
            Self::Full => 4007,
            Self::NoHello => 4008,
            Self::NoArena => 4009,
            Self::Replaced => 4010,
            Self::PrivateFull => 4011,
        }
    }

    /// The reason with that code.
    #[must_use]
    pub fn from_code(code: u16) -> Option<Self> {
        CLOSE_REASONS.into_iter().find(|reason| reason.code() == code)
    }

    /// A short name for logs, metrics and the close frame's text.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Left => "left",
            Self::BadWebSocket => "bad websocket",
            Self::TextMessage => "text message",
            Self::TooLong => "too long",
            Self::Internal => "internal",
            Self::Restart => "restart",
            Self::Malformed => "malformed",
            Self::OutOfOrder => "out of order",
            Self::Version => "version",
            Self::Flooding => "flooding",
            Self::Idle => "idle",
            Self::TooSlow => "too slow",
            Self::Full => "full",
            Self::NoHello => "no hello",
            Self::NoArena => "no arena",
            Self::Replaced => "replaced",
            Self::BadText => "bad text",
            Self::PrivateFull => "private full",
        }
    }

    /// What the page shows.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Left => "The connection was closed.",
            Self::BadWebSocket
            | Self::TextMessage
            | Self::BadText
            | Self::TooLong
            | Self::Malformed
            | Self::OutOfOrder => {
                "The server did not understand this page. Reload it to get the current one."
            }
            Self::Internal => "Something went wrong on the server.",
            Self::Restart => "The server restarts.",
            Self::Version => "This page is older than the server. Reload it to get the current one.",
            Self::Flooding => "This page sent too much at once.",
            Self::Idle => "Nothing was heard from this page for a while.",
            Self::TooSlow => "This connection is too slow to keep up with the game.",
            Self::Full => "The server is full. Try again in a moment.",
            Self::NoHello => "The connection took too long to open.",
            Self::NoArena => "There is no arena of that name. Check the address.",
            Self::Replaced => "Your game goes on in another tab.",
            Self::PrivateFull => "All private arenas of this server are in use. Try again in a moment.",
        }
    }

    /// Would trying again with the same page end the same way? Then the page must not reconnect by itself.
    #[must_use]
    pub fn is_final(self) -> bool {
        matches!(self, Self::Version | Self::NoArena | Self::Replaced)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_a_code_of_its_own() {
        for (index, reason) in CLOSE_REASONS.into_iter().enumerate() {
            assert_eq!(reason.index(), index);
            assert_eq!(CloseReason::from_code(reason.code()), Some(reason));
            assert!(reason.label().len() < 100, "a close frame's text has 123 bytes");
        }
    }
}
