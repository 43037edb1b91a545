//! The session of the page that plays: what the server has said of it, and what may be sent now.
//!
//! Owns: the phase, who one is, the wish to fly. Enters: what the link and the server say, what the player wants. Leaves:
//! messages to send. It knows neither sockets nor the document nor a clock; and it must never let an input out before the
//! server said Joined, nor a second Hello.

use shared::hull::Hull;
use shared::identity::Identity;
use shared::ids::Token;
use shared::protocol::{ClientMessage, Role, ServerMessage, Welcome};

use super::steering::Closed;
use crate::net::link::Closing;
use crate::words;

/// What the page is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// The first connection is being made.
    Connecting,
    /// Connected, watching, the title on the screen.
    Menu,
    /// Flying.
    Playing,
    /// The ship is gone, the card of the life on the screen.
    Dead,
    /// The connection is gone.
    Lost,
}

impl Phase {
    /// The phase's name, for the page's styles and for tests.
    pub fn name(self) -> &'static str {
        match self {
            Self::Connecting => "connecting",
            Self::Menu => "menu",
            Self::Playing => "playing",
            Self::Dead => "dead",
            Self::Lost => "lost",
        }
    }
}

/// How a flight went on after the connection was lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Return {
    /// In the same ship.
    Resumed,
    /// In a new one: the old one is gone.
    Anew,
    /// Not at all: the ship is gone, and the pilot was away.
    Gone,
}

impl Return {
    /// What the page says.
    pub fn sentence(self) -> &'static str {
        words::say(match self {
            Self::Resumed => "back.resumed",
            Self::Anew => "back.anew",
            Self::Gone => "back.gone",
        })
    }
}

/// The session.
#[derive(Debug)]
pub struct Session {
    phase: Phase,
    /// The arena the address names.
    arena: Option<String>,
    welcome: Option<Welcome>,
    player: u32,
    name: String,
    /// The hull to fly in.
    hull: Hull,
    /// The name to fly under as soon as the server listens.
    wish: Option<String>,
    /// A ship was flying when the connection went.
    was_flying: bool,
    came_back: Option<Return>,
    last_close: Option<Closing>,
    sequence: u16,
    /// Takes the player of the last connection back.
    token: Option<Token>,
    /// Who the player is, beyond this tab.
    identity: Option<Identity>,
}

impl Session {
    /// A session that is being opened. `token` takes the player back that this tab had.
    pub fn new(arena: Option<String>, token: Option<Token>) -> Self {
        Self {
            arena,
            token,
            identity: None,
            phase: Phase::Connecting,
            welcome: None,
            player: 0,
            name: String::new(),
            hull: Hull::default(),
            wish: None,
            was_flying: false,
            came_back: None,
            last_close: None,
            sequence: 0,
        }
    }

    /// The same, of a player who was here before.
    pub fn as_player(mut self, identity: Option<Identity>) -> Self {
        self.identity = identity;
        self
    }

    /// The socket is open: what to send.
    pub fn opened(&self) -> ClientMessage {
        ClientMessage::hello_as(self.identity, Role::Play, self.arena.clone(), self.token)
    }

    /// The server said something: what to send.
    pub fn heard(&mut self, message: &ServerMessage) -> Option<ClientMessage> {
        match message {
            ServerMessage::Welcome(welcome) => {
                self.welcomed(welcome);
                if welcome.resumed { None } else { self.start() }
            }
            ServerMessage::Joined { player, name } => {
                if self.was_flying {
                    self.came_back = Some(Return::Resumed);
                }
                (self.player, self.phase) = (player.0, Phase::Playing);
                (self.was_flying, self.wish) = (false, None);
                name.as_str().clone_into(&mut self.name);
                None
            }
            ServerMessage::Died { .. } => {
                self.phase = Phase::Dead;
                None
            }
            ServerMessage::Refused(_)
            | ServerMessage::Kill { .. }
            | ServerMessage::Top { .. }
            | ServerMessage::Names(_)
            | ServerMessage::Pong { .. }
            | ServerMessage::Board { .. }
            | ServerMessage::BoardDelta(_)
            | ServerMessage::Recorded(_)
            | ServerMessage::Around { .. }
            | ServerMessage::Bounty { .. }
            | ServerMessage::Powers(_)
            | ServerMessage::News(_)
            | ServerMessage::Unsaid(_)
            | ServerMessage::Mode(_)
            | ServerMessage::Totals(_)
            | ServerMessage::Round(_)
            | ServerMessage::Podium(_)
            | ServerMessage::Moved { .. }
            | ServerMessage::Closing { .. }
            | ServerMessage::Announced(_) => None,
        }
    }

    fn welcomed(&mut self, welcome: &Welcome) {
        (self.welcome, self.player, self.token) = (Some(*welcome), 0, Some(welcome.token));
        self.identity = welcome.identity.or(self.identity);
        self.phase = Phase::Menu;
    }

    /// A frame came. Joined comes before it if the ship of the last connection still flies; if not, a new one is asked for.
    pub fn framed(&mut self) -> Option<ClientMessage> {
        let waits = self.phase == Phase::Menu && (self.was_flying || self.wish.is_some());
        waits.then(|| self.start()).flatten()
    }

    /// There is no ship to take back: asks for a new one, if there is a wish to fly.
    fn start(&mut self) -> Option<ClientMessage> {
        let join = self.wish.take().map(|name| ClientMessage::Join { name, hull: self.hull });
        if std::mem::take(&mut self.was_flying) {
            self.came_back = Some(if join.is_some() { Return::Anew } else { Return::Gone });
        }
        join
    }

    /// How the flight goes on, once after each connection that was lost in flight.
    pub fn came_back(&mut self) -> Option<Return> {
        self.came_back.take()
    }

    /// The token that takes the player back after this page is gone.
    pub fn token(&self) -> Option<Token> {
        self.token
    }

    /// The player wants to fly as `name` in that hull: what to send. Before the server listens the wish is kept.
    pub fn wants_to_fly(&mut self, name: &str, hull: Hull) -> Option<ClientMessage> {
        self.hull = hull;
        match self.phase {
            Phase::Menu | Phase::Dead => Some(ClientMessage::Join { name: name.to_owned(), hull }),
            Phase::Connecting | Phase::Lost => {
                self.wish = Some(name.to_owned());
                None
            }
            Phase::Playing => None,
        }
    }

    /// The socket is gone. Whoever was flying, and is still looking (`present`), flies again once it is back.
    pub fn closed(&mut self, closing: Closing, present: bool) {
        if self.phase == Phase::Playing {
            self.was_flying = true;
            self.wish = present.then(|| self.name.clone());
        }
        (self.phase, self.last_close, self.welcome) = (Phase::Lost, Some(closing), None);
    }

    /// The message that sends the controls of a tick, if one may be sent now. `seen` is how many ticks before it the others
    /// are drawn.
    pub fn input(&mut self, closed: Closed, seen: u8) -> Option<ClientMessage> {
        if self.phase != Phase::Playing {
            return None;
        }
        self.sequence = self.sequence.wrapping_add(1);
        let Closed { tick, controls, .. } = closed;
        Some(ClientMessage::Input { sequence: self.sequence, tick, seen, controls })
    }

    /// What the page is doing.
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// What the server announced, while it is connected.
    pub fn welcome(&self) -> Option<&Welcome> {
        self.welcome.as_ref()
    }

    /// Who one is; 0 before the first flight of the connection.
    pub fn player(&self) -> u32 {
        self.player
    }

    /// One's name, as others see it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Will the player fly as soon as the server listens?
    pub fn rejoins(&self) -> bool {
        self.wish.is_some()
    }

    /// How the last connection ended.
    pub fn last_close(&self) -> Option<&Closing> {
        self.last_close.as_ref()
    }
}

#[cfg(test)]
#[path = "session_tests.rs"]
mod tests;
