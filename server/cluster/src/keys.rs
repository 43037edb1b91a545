//! What everything is called in Redis.
//!
//! | key | kind | what |
//! |---|---|---|
//! | `starfray:results` | stream | each life and each removal, for the other nodes; the newest [`STREAM`] or so |
//! | `starfray:events` | stream | what others may want to know, where an operator wants that: `v` 1, `type` (`life`, `joined`, `left`, `round`), `id`, `json` |
//! | `starfray:sent` | hash | node: the number of its last life that is in Redis |
//! | `starfray:life:ID` | string | this life was taken, in the last day |
//! | `starfray:best:BUCKET` | hash | player: his best life of it, as JSON |
//! | `starfray:board:BUCKET` | sorted set | minus the score: when that life ended, its id and player; so ties go to who was first |
//! | `starfray:nodes` | hash | node that lives: its address, whether it drains, whether it has room for a private arena, as JSON |
//! | `starfray:alive` | sorted set | until when a node counts as living (Redis' clock, ms): the node |
//! | `starfray:arenas` | hash | arena: the node that has it, or had it if that does not live, and its epoch, as JSON; names of private ones are secrets |
//! | `starfray:people:NODE` | string | how many people are in which of its arenas, as JSON |
//! | `starfray:epochs` | hash | arena: the highest epoch that a node has had it under |
//! | `starfray:changes` | sorted set | the version with which something changed last, which grows: `@` and a node, or an arena |
//! | `starfray:save:ARENA` | string | the people of an arena, at most a second or so old, as JSON: their tokens are in it |
//! | `starfray:keys` | hash | node: what it signs players' identities under, in hexadecimal: whoever can read it can be anyone |
//! | `starfray:wake:NODE` | list | an arena was handed to that node: it need not wait for its next sign of life |
//! | `starfray:live:ARENA` | string and channel | the live board of an arena, as [`crate::broadcast`] tells it; for 3 s |
//! | `starfray:announce` | channel | what an operator has to say to everyone: `id`, `text` as JSON |
//! | `starfray:announced` | string | the last such, for a minute: for nodes that were away |
//! | `starfray:removed` | hash | player who had himself removed, and of whom something was stored: when, in Unix milliseconds |

/// Before every name.
pub(crate) const PREFIX: &str = "starfray:";

/// Entries of a stream that are kept, at least.
pub(crate) const STREAM: usize = 100_000;

/// The stream of results.
pub(crate) const RESULTS: &str = "starfray:results";
/// The stream of events.
pub(crate) const EVENTS: &str = "starfray:events";
/// Events that are kept, at least, for consumers that are away.
pub(crate) const EVENTS_KEPT: usize = 1_000_000;
/// How far each node is.
pub(crate) const SENT: &str = "starfray:sent";
/// What each node signs under.
pub(crate) const KEYS: &str = "starfray:keys";
/// Who is not to be on any board.
pub(crate) const REMOVED: &str = "starfray:removed";

/// The best lives of a bucket.
pub(crate) fn best(bucket: standings::Bucket) -> String {
    format!("{PREFIX}best:{bucket}")
}

/// Who lives.
pub(crate) const NODES: &str = "starfray:nodes";
/// Until when.
pub(crate) const ALIVE: &str = "starfray:alive";
/// Who has which arena.
pub(crate) const ARENAS: &str = "starfray:arenas";
/// How many are in which arena, before the name of a node.
pub(crate) const PEOPLE: &str = "starfray:people:";
/// When which of these changed.
pub(crate) const CHANGES: &str = "starfray:changes";
/// How often each arena went to another node.
pub(crate) const EPOCHS: &str = "starfray:epochs";

/// What is kept of an arena.
pub(crate) fn save(arena: &str) -> String {
    format!("{PREFIX}save:{arena}")
}

/// What wakes a node.
pub(crate) fn wake(node: &str) -> String {
    format!("{PREFIX}wake:{node}")
}

/// What is told of an arena's live board: the key of the last of it, and the channel.
pub(crate) fn live(arena: &str) -> String {
    format!("{LIVE}{arena}")
}

/// The arena whose live board a channel is about.
pub(crate) fn arena_of(channel: &str) -> Option<&str> {
    channel.strip_prefix(LIVE)
}

const LIVE: &str = "starfray:live:";
/// The channel of announcements.
pub(crate) const ANNOUNCE: &str = "starfray:announce";
/// The last announcement.
pub(crate) const ANNOUNCED: &str = "starfray:announced";
