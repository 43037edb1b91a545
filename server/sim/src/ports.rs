//! The simulation's doors: every channel in and out, each with its capacity and what happens when it is full.
//!
//! | queue | capacity | when full |
//! |---|---|---|
//! | commands, network to simulation | [`COMMANDS`] unless the operator says otherwise, of a private arena [`PRIVATE_COMMANDS`] | an input is dropped and counted; an open is refused; a close is kept by the sender |
//! | batches, simulation to a shard | [`BATCHES`] | the shard's sessions have their frames skipped, and get keyframes later |
//! | outbox of a session | [`OUTBOX_BYTES`], [`OUTBOX_FRAMES`] | the frame is skipped; too long: closed as too slow |
//! | messages waiting for an outbox | [`PENDING_MESSAGES`] | closed as too slow |

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::Relaxed};

use crate::talk::Words;
use bevy_ecs::resource::Resource;
use bytes::Bytes;
use crossbeam_channel::{Receiver, Sender};
use shared::controls::Controls;
use shared::hull::Hull;
use shared::identity::Identity;
use shared::ids::{PlayerId, SessionId, Token};
use shared::name::PlayerName;
use shared::protocol::{CloseReason, Recorded, Role};
use shared::saying::Announcement;
use shared::tick::Tick;

/// Commands that may wait for the next tick.
pub const COMMANDS: usize = 65_536;
/// The same in a private arena, whose players are few.
pub const PRIVATE_COMMANDS: usize = 4096;
/// Batches that may wait for a shard: a shard that is this many ticks behind is skipped.
pub const BATCHES: usize = 4;
/// Bytes that may be on their way to one session, over all its frames and messages.
pub const OUTBOX_BYTES: u32 = 64 * 1024;
/// Frames that may be on their way to one session. More would only be stale when they arrive.
pub const OUTBOX_FRAMES: u32 = 3;
/// Messages that may wait while a session's outbox is full.
pub const PENDING_MESSAGES: usize = 32;
/// How long an outbox may stay full before its session is closed as too slow, in milliseconds.
pub const TOO_SLOW_MS: u32 = 8_000;

/// A session that said a valid Hello.
#[derive(Debug, Clone)]
pub struct SessionOpen {
    /// Which.
    pub session: SessionId,
    /// What it is for.
    pub role: Role,
    /// Where its bytes go.
    pub outbox: Outbox,
    /// What will take its player back later: a fresh secret.
    pub token: Token,
    /// What takes an earlier player back now.
    pub resume: Option<Token>,
    /// Who the player is, proven; none of a watcher of the board.
    pub identity: Option<Identity>,
    /// There is too much to do for anyone but who is taken back: others are closed as [`CloseReason::Full`].
    pub only_back: bool,
}

/// What the network asks of the simulation. A queue has room for all of them from the start, so what is large is elsewhere.
#[derive(Debug, Clone)]
pub enum Command {
    /// A session said a valid Hello.
    Open(Box<SessionOpen>),
    /// A session is over.
    Close {
        /// Which.
        session: SessionId,
    },
    /// A session is over, and its player does not wait for another one.
    End {
        /// Which.
        session: SessionId,
    },
    /// A session asks for a ship.
    Join {
        /// Which.
        session: SessionId,
        /// The name as it may be shown; none when nothing is left of what was typed.
        name: Option<PlayerName>,
        /// The hull to fly in.
        hull: Hull,
    },
    /// A session steers.
    Input {
        /// Which.
        session: SessionId,
        /// The input's sequence, for the ack.
        sequence: u16,
        /// The tick whose step it is meant for.
        tick: Tick,
        /// How many ticks before that one the pilot sees the others.
        seen: u8,
        /// The controls.
        controls: Controls,
    },
    /// A session asks for names.
    Who {
        /// Which.
        session: SessionId,
        /// Whose; at most [`shared::protocol::MAX_WHO`].
        players: Vec<PlayerId>,
    },
    /// A session wants to see another ship while its own does not fly.
    Watch {
        /// Which.
        session: SessionId,
        /// Whose; 0 for who leads.
        player: PlayerId,
    },
    /// A session wants to say something to everyone.
    Say {
        /// Which.
        session: SessionId,
        /// What.
        words: Words,
    },
    /// A life is on the disk.
    Recorded {
        /// Whose.
        player: PlayerId,
        /// What it was worth.
        recorded: Recorded,
    },
    /// The server stops.
    Closing {
        /// In so many seconds at the latest.
        in_seconds: u16,
    },
    /// An operator says something to everyone.
    Announce(Announcement),
    /// A session's view does not match.
    Mismatch {
        /// Which.
        session: SessionId,
    },
}

/// What the simulation has for one session.
#[derive(Debug, Clone)]
pub enum Delivery {
    /// One WebSocket message.
    Message(Bytes),
    /// The end, and why.
    Close(CloseReason),
}

/// What one tick has for one shard.
#[derive(Debug, Default)]
pub struct Batch {
    /// In the order in which they must be written.
    pub items: Vec<(SessionId, Delivery)>,
}

/// How much is on its way to one session: raised by the simulation, lowered by the shard when the socket took it. And whether
/// it has a player, which the simulation says.
#[derive(Debug, Default)]
pub struct Gate {
    bytes: AtomicU32,
    messages: AtomicU32,
    plays: AtomicBool,
}

impl Gate {
    /// May one more frame be sent?
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.bytes.load(Relaxed) < OUTBOX_BYTES && self.messages.load(Relaxed) < OUTBOX_FRAMES
    }

    /// The session has a player, from now on.
    pub fn plays(&self) {
        self.plays.store(true, Relaxed);
    }

    /// Has the session a player?
    #[must_use]
    pub fn has_player(&self) -> bool {
        self.plays.load(Relaxed)
    }

    /// A message of so many bytes is on its way.
    pub fn sent(&self, bytes: usize) {
        self.bytes.fetch_add(u32::try_from(bytes).unwrap_or(u32::MAX), Relaxed);
        self.messages.fetch_add(1, Relaxed);
    }

    /// The socket took so many messages with so many bytes in all.
    pub fn taken(&self, messages: u32, bytes: u32) {
        self.bytes.fetch_sub(bytes, Relaxed);
        self.messages.fetch_sub(messages, Relaxed);
    }
}

/// Where a session's bytes go.
#[derive(Debug, Clone)]
pub struct Outbox {
    /// The number of its shard in [`Ports::shards`].
    pub shard: usize,
    /// How much is on its way.
    pub gate: Arc<Gate>,
}

/// The way to one network shard.
#[derive(Clone)]
pub struct ShardPort {
    /// Takes a tick's batch.
    pub batches: Sender<Batch>,
    /// Tells the shard that a batch is there. Must not block.
    pub wake: Arc<dyn Fn() + Send + Sync>,
}

/// All doors of one simulation.
#[derive(Resource)]
pub struct Ports {
    /// What the network asks for.
    pub commands: Receiver<Command>,
    /// Where batches go, by shard.
    pub shards: Vec<ShardPort>,
}

/// The queue of commands into a simulation.
#[must_use]
pub fn command_queue() -> (Sender<Command>, Receiver<Command>) {
    command_queue_of(COMMANDS)
}

/// The same with another capacity.
#[must_use]
pub fn command_queue_of(most: usize) -> (Sender<Command>, Receiver<Command>) {
    crossbeam_channel::bounded(most)
}

/// The queue of commands into the simulation of a private arena.
#[must_use]
pub fn private_command_queue() -> (Sender<Command>, Receiver<Command>) {
    crossbeam_channel::bounded(PRIVATE_COMMANDS)
}

/// The queue of batches to a shard.
#[must_use]
pub fn batch_queue() -> (Sender<Batch>, Receiver<Batch>) {
    crossbeam_channel::bounded(BATCHES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_queue_of_commands_takes_three_mebibytes() {
        // A slot of the queue has a stamp beside its command.
        let slot = size_of::<Command>() + size_of::<usize>();
        assert!(slot * COMMANDS <= 3 << 20, "{slot} bytes a command");
    }
}
