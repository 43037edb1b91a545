//! Sessions as the simulation sees them: an entity each, with an outbox, messages that wait for it, and a view.

use std::collections::BTreeMap;

use crate::inputs::InputBuffer;
use crate::pace::Pace;
use crate::ports::{Outbox, PENDING_MESSAGES};
use crate::watching::Watched;
use bevy_ecs::prelude::*;
use bytes::Bytes;
use shared::grid::CellRect;
use shared::identity::Identity;
use shared::ids::{PlayerId, SessionId, Token};
use shared::protocol::frame::{Ack, Focus, Status};
use shared::protocol::{AroundRow, CloseReason, Role, ServerMessage, codec};
use shared::tick::Tick;
use shared::units::Point;

/// Which entity is which session.
#[derive(Debug, Default, Resource)]
pub(crate) struct Sessions(pub BTreeMap<SessionId, Entity>);

/// One session.
#[derive(Component, Debug)]
pub(crate) struct Session {
    /// Its number.
    pub id: SessionId,
    /// What it is for.
    pub role: Role,
    /// Where its bytes go.
    pub outbox: Outbox,
    /// The player it plays, once it has joined.
    pub player: Option<Entity>,
    /// What will take its player back when it is gone.
    pub token: Token,
    /// Who its player is, beyond this arena; none of a watcher of the board.
    pub identity: Option<Identity>,
    /// Its inputs that wait for their ticks.
    pub inputs: InputBuffer,
    /// Whose names it waits for.
    pub asked: Vec<PlayerId>,
    /// When it asked for a ship last.
    pub joined: Option<Tick>,
    /// Whose ship it watches while it has none of its own.
    pub follow: Option<Entity>,
    /// The simulation wants it ended.
    pub close: Option<CloseReason>,
    /// The shard was told to end it.
    pub ended: bool,
    /// Ticks in a row in which nothing could be sent to it.
    pub stalled: u32,
    /// The version of the short board it was sent last.
    pub top: u32,
    /// How much of the live board a watcher has.
    pub watched: Watched,
    /// It was told of a leader, and must be told when there is none.
    pub hunts: bool,
    /// The version of the places of power-ups it was told of last.
    pub places: u32,
    /// How many news of the arena it knows of; none before its first tick.
    pub news: Option<u64>,
    /// How often it was told of late that something was not said.
    pub unsaid: Pace,
    /// Whom it asked to watch; 0 for the leader.
    pub wish: Option<PlayerId>,
    /// The version of the teams' totals it was told of last.
    pub totals: u32,
    /// The neighbours it was told of last.
    pub around: (u32, Vec<AroundRow>),
    pending: Vec<Bytes>,
}

/// What a session was last sent of its view, and what it should be sent next.
#[derive(Component, Debug, Default)]
pub(crate) struct View {
    /// Its replica starts anew with the next frame.
    pub fresh: bool,
    /// Where the view is centred.
    pub centre: Option<Point>,
    /// The cells it watches.
    pub watch: Option<CellRect>,
    /// What it follows now.
    pub focus: Focus,
    /// How its life goes now.
    pub status: Status,
    /// The client asked for keyframes of all it watches.
    pub asked: bool,
    /// When it last got them.
    pub renewed: Option<Tick>,
    /// What it was last told of all that.
    pub told: Told,
}

impl View {
    /// Starts the replica anew if the client asked for it, at most once in `pause` ticks: keyframes of a whole view are the
    /// most expensive thing a client can ask for. Until then the wish is kept.
    pub(crate) fn renew(&mut self, now: Tick, pause: u32) {
        if self.asked && self.renewed.is_none_or(|renewed| now.since(renewed) >= pause) {
            (self.fresh, self.asked, self.renewed) = (true, false, Some(now));
        }
    }
}

/// What a session was last told in its frames' heads.
#[derive(Debug, Default)]
pub(crate) struct Told {
    pub focus: Option<Focus>,
    pub status: Option<Status>,
    pub ack: Option<Ack>,
}

impl Session {
    /// A session that just opened.
    pub(crate) fn new(
        id: SessionId,
        role: Role,
        outbox: Outbox,
        token: Token,
        identity: Option<Identity>,
    ) -> Self {
        let (player, follow, close, inputs) = (None, None, None, InputBuffer::default());
        let (ended, stalled, top, around, pending) = (false, 0, 0, (0, Vec::new()), Vec::new());
        let (watched, asked, joined) = (Watched::default(), Vec::new(), None);
        let (hunts, places, totals, news, unsaid, wish) = (false, 0, 0, None, Pace::default(), None);
        Self {
            id,
            role,
            outbox,
            player,
            token,
            identity,
            inputs,
            asked,
            joined,
            follow,
            close,
            ended,
            stalled,
            top,
            watched,
            hunts,
            places,
            news,
            unsaid,
            wish,
            totals,
            around,
            pending,
        }
    }

    /// Each session has a tick of its own in every `pause` ticks, so that what is done now and then is not done for all
    /// in one tick.
    pub(crate) fn is_turn(&self, now: Tick, pause: u32) -> bool {
        now.0.wrapping_add(self.id.0).is_multiple_of(pause)
    }

    /// What its frames say of its inputs.
    pub(crate) fn ack(&self) -> Option<Ack> {
        let margin = self.inputs.margin();
        self.inputs.applied().map(|sequence| Ack { sequence, margin })
    }

    /// Sends a message with the next flush. A session that lets too many wait is closed as too slow.
    pub(crate) fn say(&mut self, message: &ServerMessage) {
        self.say_bytes(codec::encode_server(message).into());
    }

    /// The same with bytes that several sessions share.
    pub(crate) fn say_bytes(&mut self, bytes: Bytes) {
        if self.pending.len() < PENDING_MESSAGES {
            self.pending.push(bytes);
        } else {
            self.close = self.close.or(Some(CloseReason::TooSlow));
        }
    }

    /// Takes the messages that wait.
    pub(crate) fn take_pending(&mut self) -> std::vec::Drain<'_, Bytes> {
        self.pending.drain(..)
    }
}
