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
//! | `starfray:nodes` | hash | node: its address, whether it drains, until when it counts as living (Redis' clock, ms), as JSON |
//! | `starfray:arenas` | hash | arena: the node that has it, its epoch, until when, as JSON |
//! | `starfray:epochs` | hash | arena: the highest epoch that a node has had it under |
//! | `starfray:heard` | hash | `at`: when a node was last heard of; `since`, `until`: of the last time that Redis was away, when that began, and until when nobody takes over what somebody had then (Redis' clock, ms) |
//! | `starfray:save:ARENA` | string | the people of an arena, at most a second or so old, as JSON: their tokens are in it |
//! | `starfray:keys` | hash | node: what it signs players' identities under, in hexadecimal: whoever can read it can be anyone |
//! | `starfray:wake:NODE` | list | an arena was handed to that node: it need not wait for its next sign of life |
//! | `starfray:removed` | hash | player who had himself removed: when, in Unix milliseconds |

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
/// Who has which arena.
pub(crate) const ARENAS: &str = "starfray:arenas";
/// How often each arena went to another node.
pub(crate) const EPOCHS: &str = "starfray:epochs";
/// When somebody was heard of.
pub(crate) const HEARD: &str = "starfray:heard";

/// What is kept of an arena.
pub(crate) fn save(arena: &str) -> String {
    format!("{PREFIX}save:{arena}")
}

/// What wakes a node.
pub(crate) fn wake(node: &str) -> String {
    format!("{PREFIX}wake:{node}")
}
