//! The session of the page that plays: what the server has said of it, and what may be sent now.
//!
//! Owns: the phase, who one is, the wish to fly. Enters: what the link and the server say, what the player wants. Leaves:
//! messages to send. It knows neither sockets nor the document nor a clock; and it must never let an input out before the
//! server said Joined, nor a second Hello.

use shared::controls::Controls;
use shared::protocol::{ClientMessage, Role, ServerMessage, Welcome};

use crate::net::link::Closing;

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

/// The session.
#[derive(Debug)]
pub struct Session {
    phase: Phase,
    /// The arena the address names.
    arena: Option<String>,
    welcome: Option<Welcome>,
    player: u32,
    name: String,
    /// The name to fly under as soon as the server listens.
    wish: Option<String>,
    last_close: Option<Closing>,
    sequence: u16,
}

impl Session {
    /// A session that is being opened.
    pub fn new(arena: Option<String>) -> Self {
        Self {
            arena,
            phase: Phase::Connecting,
            welcome: None,
            player: 0,
            name: String::new(),
            wish: None,
            last_close: None,
            sequence: 0,
        }
    }

    /// The socket is open: what to send.
    pub fn opened(&self) -> ClientMessage {
        ClientMessage::hello(Role::Play, self.arena.clone())
    }

    /// The server said something: what to send.
    pub fn heard(&mut self, message: &ServerMessage) -> Option<ClientMessage> {
        match message {
            ServerMessage::Welcome(welcome) => {
                (self.welcome, self.phase, self.player) = (Some(*welcome), Phase::Menu, 0);
                self.wish.take().map(|name| ClientMessage::Join { name })
            }
            ServerMessage::Joined { player, name } => {
                (self.player, self.phase) = (player.0, Phase::Playing);
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
            | ServerMessage::BoardDelta(_) => None,
        }
    }

    /// The player wants to fly as `name`: what to send. Before the server listens the wish is kept.
    pub fn wants_to_fly(&mut self, name: &str) -> Option<ClientMessage> {
        match self.phase {
            Phase::Menu | Phase::Dead => Some(ClientMessage::Join { name: name.to_owned() }),
            Phase::Connecting | Phase::Lost => {
                self.wish = Some(name.to_owned());
                None
            }
            Phase::Playing => None,
        }
    }

    /// The socket is gone. Whoever was flying, and is still looking (`present`), flies again once it is back.
    pub fn closed(&mut self, closing: Closing, present: bool) {
        if self.phase == Phase::Playing && present {
            self.wish = Some(self.name.clone());
        }
        (self.phase, self.last_close, self.welcome) = (Phase::Lost, Some(closing), None);
    }

    /// The message that sends `controls`, if one may be sent now.
    pub fn input(&mut self, controls: Controls) -> Option<ClientMessage> {
        if self.phase != Phase::Playing {
            return None;
        }
        self.sequence = self.sequence.wrapping_add(1);
        Some(ClientMessage::Input { sequence: self.sequence, controls })
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
mod tests {
    use super::*;
    use shared::ids::{PlayerId, SessionId};
    use shared::name::PlayerName;
    use shared::protocol::Life;
    use shared::tick::Tick;

    fn welcome() -> ServerMessage {
        ServerMessage::Welcome(Welcome {
            session: SessionId(1),
            tick: Tick(9),
            tick_hz: 30,
            arena_size: 4096,
        })
    }

    fn joined() -> ServerMessage {
        ServerMessage::Joined { player: PlayerId(7), name: PlayerName::clean("Ada").unwrap() }
    }

    fn lost() -> Closing {
        Closing { code: 1006, label: String::new(), retry_at_ms: Some(1.0) }
    }

    fn flying() -> Session {
        let mut session = Session::new(None);
        session.heard(&welcome());
        session.heard(&joined());
        session
    }

    #[test]
    fn no_input_leaves_before_the_server_said_joined_nor_after_a_death() {
        let mut session = Session::new(None);
        session.heard(&welcome());
        assert_eq!(session.input(Controls::default()), None);
        session.heard(&joined());
        assert!(session.input(Controls::default()).is_some());
        session.heard(&ServerMessage::Died { by: PlayerId(0), name: None, life: Life::default() });
        assert_eq!((session.phase(), session.input(Controls::default())), (Phase::Dead, None));
    }

    #[test]
    fn a_wish_to_fly_waits_for_the_server() {
        let mut session = Session::new(None);
        assert_eq!(session.wants_to_fly("Ada"), None);
        let join = ClientMessage::Join { name: "Ada".to_owned() };
        assert_eq!(session.heard(&welcome()), Some(join));
    }

    #[test]
    fn whoever_was_flying_and_is_still_there_flies_again_after_a_lost_connection() {
        let mut session = flying();
        session.closed(lost(), true);
        assert_eq!(session.phase(), Phase::Lost);
        assert!(session.heard(&welcome()).is_some());
    }

    #[test]
    fn whoever_looked_away_comes_back_to_the_title() {
        let mut session = flying();
        session.closed(lost(), false);
        assert_eq!((session.heard(&welcome()), session.phase()), (None, Phase::Menu));
    }

    #[test]
    fn input_sequences_count_up_by_one() {
        let mut session = flying();
        let sequences: Vec<_> = (0..3).filter_map(|_| session.input(Controls::default())).collect();
        assert!(matches!(sequences[2], ClientMessage::Input { sequence: 3, .. }));
    }
}
