//! What attackers do.

use clap::ValueEnum;

/// A kind of attack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// Sends its handshake a byte at a time.
    SlowHandshake,
    /// Connects and says nothing.
    HalfOpen,
    /// Plays, and reads a few bytes a second.
    SlowReader,
    /// Plays, and reads nothing.
    NeverReads,
    /// Sends pings as fast as it can.
    Pings,
    /// Sends inputs as fast as it can.
    Inputs,
    /// Asks for names as fast as it can.
    Asks,
    /// Says lines as fast as it can.
    Lines,
    /// Says phrases as fast as it can.
    Phrases,
    /// Joins as fast as it can.
    Joins,
    /// Sends its messages in fragments of a byte.
    OneByteFragments,
    /// Sends a message that never ends, in empty fragments.
    EmptyFragments,
    /// Says that a message of 2^62 bytes comes, and sends one that is too long.
    Oversize,
    /// Asks over HTTP with deep paths, nested brackets and many parameters.
    DeepNesting,
    /// Sends random bytes, before a handshake or after.
    RandomBytes,
    /// Sends a valid message's beginning, and then garbage.
    PrefixThenGarbage,
    /// Sends valid messages in which a bit is another.
    BitFlips,
    /// Comes back with the same token again and again.
    ReplayedTokens,
    /// Connects a thousand times at once.
    ThousandConnects,
    /// Opens and drops sessions as fast as it can, as a crowd does after a restart.
    ReconnectStorm,
    /// Asks for pages and boards as fast as it can.
    Requests,
    /// Asks for large pages and takes nothing of them.
    UntakenPages,
}
