//! What the server says, besides frames.

use super::contest::{Podium, Round, Totals};
use crate::identity::Identity;
use crate::ids::{PlayerId, SessionId, Token};
use crate::leaderboard::{BoardDelta, BoardRow};
use crate::mode::{Mode, Team};
use crate::name::PlayerName;
use crate::power::PowerUp;
use crate::protocol::news::{News, Unsaid};
use crate::saying::Announcement;
use crate::tick::Tick;
use serde::{Deserialize, Serialize};

/// The answer to Hello: everything a client needs to make the same rules as the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Welcome {
    /// This session's number.
    pub session: SessionId,
    /// The arena's tick when it was said.
    pub tick: Tick,
    /// Ticks per second.
    pub tick_hz: u16,
    /// Side of the arena, in world units.
    pub arena_size: u32,
    /// Takes the player back after the connection is gone.
    pub token: Token,
    /// Was the player of Hello's token still here? If its ship flies, Joined follows.
    pub resumed: bool,
    /// Who the player is from now on: the identity of Hello if it was one of the server's, else a new one. None to
    /// watchers of the board.
    pub identity: Option<Identity>,
}

/// Why a Join was not granted. The session goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Refusal {
    /// Nothing of the name is left once what may not be shown is taken out.
    EmptyName,
    /// The ship still flies.
    AlreadyFlying,
    /// The arena has as many players as it takes.
    ArenaFull,
}

impl Refusal {
    /// What the page shows.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::EmptyName => "Please choose a name with at least one letter or digit.",
            Self::AlreadyFlying => "Your ship is already flying.",
            Self::ArenaFull => "The arena is full. Try again in a moment.",
        }
    }
}

/// What a life was worth.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Life {
    /// Points.
    pub score: u32,
    /// Ships destroyed.
    pub kills: u32,
    /// Ticks from spawn to death.
    pub ticks: u32,
}

/// A life is on the disk, and this is where its player stands now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    /// The life's points.
    pub score: u32,
    /// One of each period, in the order in which they are shown.
    pub places: Vec<RecordedPlace>,
}

/// Where a player stands in one period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedPlace {
    /// The period's name in addresses: `day`, `week`, `all`.
    pub period: String,
    /// His rank by his best life, from 1.
    pub rank: u32,
    /// How many are on that board.
    pub total: u32,
    /// Is this life his best one?
    pub best: bool,
}

/// One row of the short board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TopRow {
    /// Who.
    pub player: PlayerId,
    /// The name.
    pub name: PlayerName,
    /// Flown by the server.
    pub drone: bool,
    /// Points of the life that is being played.
    pub score: u32,
    /// The team, where there are teams.
    pub team: Option<Team>,
}

/// One row around a player's own place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AroundRow {
    /// Who.
    pub player: PlayerId,
    /// Flown by the server.
    pub drone: bool,
    /// Points of the life that is being played.
    pub score: u32,
    /// The team, where there are teams.
    pub team: Option<Team>,
}

/// A place where a power-up lies, or will.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PowerPlace {
    /// World units from the left wall.
    pub x: u16,
    /// World units from the upper wall.
    pub y: u16,
    /// What lies there.
    pub kind: PowerUp,
    /// From which tick on: a later one says when it will be there.
    pub from: Tick,
}

/// A player's name, as asked for by Who.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NameRow {
    /// Who.
    pub player: PlayerId,
    /// The name.
    pub name: PlayerName,
}

/// A message from the server. The order of the variants is their number on the wire.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ServerMessage {
    /// The answer to Hello.
    Welcome(Welcome),
    /// Join was granted: the ship flies from the next frame on.
    Joined {
        /// Who one is, on boards and ships.
        player: PlayerId,
        /// The name as others see it.
        name: PlayerName,
    },
    /// Join was not granted.
    Refused(Refusal),
    /// One's ship was destroyed.
    Died {
        /// By whom; 0 when it was nobody.
        by: PlayerId,
        /// Their name, if they are still here.
        name: Option<PlayerName>,
        /// What the life was worth.
        life: Life,
    },
    /// One destroyed a ship.
    Kill {
        /// Whose ship it was.
        victim: PlayerId,
        /// Their name.
        name: PlayerName,
        /// Points for it: what the victim was worth, with the bounty if there was one.
        points: u32,
    },
    /// The short board, when it changed, a few times a second at most.
    Top {
        /// Best first, at most [`crate::tuning::TOP_ROWS`].
        rows: Vec<TopRow>,
        /// People in the arena.
        players: u16,
        /// Drones in the arena.
        drones: u16,
    },
    /// The answer to Who: those that are known.
    Names(Vec<NameRow>),
    /// The answer to Ping.
    Pong {
        /// As the client sent it.
        sent_ms: u32,
    },
    /// The live board, to a watcher who begins: all of it or, of a large one, the best rows. The others follow page by
    /// page as rows that joined.
    Board {
        /// In any order.
        rows: Vec<BoardRow>,
    },
    /// Changes of the live board, to watchers.
    BoardDelta(BoardDelta),
    /// One's last life is recorded: said when it is on the disk, and not before.
    Recorded(Recorded),
    /// One's place on the live board and those around it, to a player below the short board.
    Around {
        /// The rank of the first row, from 1.
        rank: u32,
        /// Best first: the player and his neighbours. Their names are asked for by Who.
        rows: Vec<AroundRow>,
    },
    /// Who leads, and where, a few times a second: whoever sinks that player gets the bounty.
    Bounty {
        /// Who; 0 when nobody leads.
        player: PlayerId,
        /// Where, in steps of [`crate::balance::BOUNTY_STEP`] world units from the left wall,
        x: u8,
        /// and from the upper wall.
        y: u8,
    },
    /// The places of power-ups, when one of them changed, a few times a second at most.
    Powers(Vec<PowerPlace>),
    /// How the arena is played: right after Welcome.
    Mode(Mode),
    /// What the teams have, when it changed, a few times a second at most; where there are teams.
    Totals(Totals),
    /// How far the round is: after Mode, and whenever a podium begins or ends; where there are rounds.
    Round(Round),
    /// How the round ended, when its podium begins, and to who comes while it is shown.
    Podium(Podium),
    /// What happened in the arena, oldest first, a few times a second at most. Of too much at once some is left out.
    News(Vec<News>),
    /// What one wanted to say was not said. At most once a second.
    Unsaid(Unsaid),
    /// The arena is another server's: the last message before the close. The same Hello is to be said there.
    Moved {
        /// Where: the address of the game there, such as `https://two.example.org`. Its WebSocket is at `/ws` under it.
        url: String,
        /// Lets one in there, also where a join token is needed: offered as the subprotocol `ticket.TICKET`, soon.
        ticket: String,
    },
    /// The server stops, and takes nobody new. Said once, and to who still comes.
    Closing {
        /// In so many seconds at the latest; sooner when nobody plays any more.
        in_seconds: u16,
    },
    /// An operator says something to everyone: to who is here, and for a minute to who comes.
    Announced(Announcement),
}
