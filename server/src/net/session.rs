//! The protocol's state machine for one connection: which message may come when. No sockets, no clock.

use shared::identity::Identity;
use shared::ids::{SessionId, Token};
use shared::name::PlayerName;
use shared::protocol::{ClientMessage, CloseReason, MAX_WHO, Role, VERSION, codec};
use shared::tick::Tick;
use sim::ports::Command;
use sim::talk::Words;

/// How far a session is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Nothing but Hello may come.
    Connected,
    /// Watches the arena or the board.
    Watching(Role),
    /// Has asked for a ship at least once.
    Joined,
}

/// What Hello asked for.
#[derive(Debug)]
pub(super) struct Opening {
    /// What the session is for.
    pub role: Role,
    /// The arena it named.
    pub arena: Option<String>,
    /// What takes an earlier player back.
    pub resume: Option<Token>,
    /// Who says to come; not verified.
    pub identity: Option<Identity>,
}

/// What follows from a message.
#[derive(Debug)]
pub(super) enum Reaction {
    /// The session is open from now on.
    Open(Opening),
    /// The simulation is told.
    Tell(Command),
    /// The message is answered at once with its own time.
    Pong(u32),
}

/// One connection's protocol state.
#[derive(Debug)]
pub(super) struct Session {
    id: SessionId,
    phase: Phase,
}

impl Session {
    pub(super) fn new(id: SessionId) -> Self {
        Self { id, phase: Phase::Connected }
    }

    /// May it have a player?
    pub(super) fn has_joined(&self) -> bool {
        self.phase == Phase::Joined
    }

    /// Takes a binary message as it came.
    pub(super) fn take(&mut self, bytes: &[u8]) -> Result<Reaction, CloseReason> {
        if self.phase == Phase::Connected
            && codec::hello_version(bytes).is_some_and(|version| version != VERSION)
        {
            return Err(CloseReason::Version);
        }
        let message = codec::decode_client(bytes).map_err(|_| CloseReason::Malformed)?;
        match (self.phase, message) {
            (Phase::Connected, ClientMessage::Hello { role, arena, resume, identity, .. }) => {
                // Who comes back may still fly: inputs are taken from the start.
                let resume = resume.filter(|_| role == Role::Play);
                self.phase = if resume.is_some() { Phase::Joined } else { Phase::Watching(role) };
                Ok(Reaction::Open(Opening { role, arena, resume, identity }))
            }
            (Phase::Connected, _) | (_, ClientMessage::Hello { .. }) => Err(CloseReason::OutOfOrder),
            (_, ClientMessage::Ping { sent_ms }) => Ok(Reaction::Pong(sent_ms)),
            (Phase::Watching(Role::Board), _) => Err(CloseReason::OutOfOrder),
            (_, ClientMessage::Join { name, hull }) => {
                self.phase = Phase::Joined;
                let name = PlayerName::clean(&name);
                Ok(Reaction::Tell(Command::Join { session: self.id, name, hull }))
            }
            (Phase::Watching(Role::Play), ClientMessage::Input { .. }) => Err(CloseReason::OutOfOrder),
            (Phase::Joined, ClientMessage::Input { sequence, tick, seen, controls }) => {
                let tick = Tick(tick);
                Ok(Reaction::Tell(Command::Input { session: self.id, sequence, tick, seen, controls }))
            }
            (_, ClientMessage::Who { players }) if players.len() > MAX_WHO => Err(CloseReason::Malformed),
            (_, ClientMessage::Who { players }) => {
                Ok(Reaction::Tell(Command::Who { session: self.id, players }))
            }
            (_, ClientMessage::Watch { player }) => {
                Ok(Reaction::Tell(Command::Watch { session: self.id, player }))
            }
            (_, ClientMessage::Say { text }) => {
                Ok(Reaction::Tell(Command::Say { session: self.id, words: Words::Typed(text) }))
            }
            (_, ClientMessage::Phrase(phrase)) => {
                Ok(Reaction::Tell(Command::Say { session: self.id, words: Words::Phrase(phrase) }))
            }
            (_, ClientMessage::Mismatch { .. }) => Ok(Reaction::Tell(Command::Mismatch { session: self.id })),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::controls::Controls;
    use shared::hull::Hull;
    use shared::ids::PlayerId;

    fn take(session: &mut Session, message: &ClientMessage) -> Result<(), CloseReason> {
        session.take(&codec::encode_client(message)).map(|_| ())
    }

    fn hello(role: Role) -> ClientMessage {
        ClientMessage::hello(role, None, None)
    }

    fn opened(role: Role) -> Session {
        let mut session = Session::new(SessionId(1));
        take(&mut session, &hello(role)).unwrap();
        session
    }

    fn input() -> ClientMessage {
        ClientMessage::Input { sequence: 1, tick: 1, seen: 0, controls: Controls::default() }
    }

    #[test]
    fn nothing_comes_before_hello() {
        for message in [
            input(),
            ClientMessage::Ping { sent_ms: 1 },
            ClientMessage::Join { name: "x".into(), hull: Hull::Wasp },
        ] {
            assert_eq!(take(&mut Session::new(SessionId(1)), &message), Err(CloseReason::OutOfOrder));
        }
    }

    #[test]
    fn a_second_hello_is_out_of_order() {
        assert_eq!(take(&mut opened(Role::Play), &hello(Role::Play)), Err(CloseReason::OutOfOrder));
    }

    #[test]
    fn an_input_before_join_is_out_of_order() {
        let mut session = opened(Role::Play);
        assert_eq!(take(&mut session, &input()), Err(CloseReason::OutOfOrder));
        let mut session = opened(Role::Play);
        take(&mut session, &ClientMessage::Join { name: "x".into(), hull: Hull::Wasp }).unwrap();
        assert_eq!(take(&mut session, &input()), Ok(()));
    }

    #[test]
    fn another_version_is_told_so() {
        let version = VERSION + 1;
        let old =
            ClientMessage::Hello { version, role: Role::Play, arena: None, resume: None, identity: None };
        assert_eq!(take(&mut Session::new(SessionId(1)), &old), Err(CloseReason::Version));
        let much_older = [0, VERSION as u8 + 1];
        let answer = Session::new(SessionId(1)).take(&much_older).map(|_| ());
        assert_eq!(answer, Err(CloseReason::Version), "even when its Hello looks different");
    }

    #[test]
    fn a_watcher_of_the_board_does_not_fly() {
        let mut session = opened(Role::Board);
        assert_eq!(take(&mut session, &ClientMessage::Ping { sent_ms: 1 }), Ok(()));
        let join = ClientMessage::Join { name: "x".into(), hull: Hull::Wasp };
        assert_eq!(take(&mut session, &join), Err(CloseReason::OutOfOrder));
    }

    #[test]
    fn a_token_does_not_make_a_watcher_of_the_board_a_player() {
        let mut session = Session::new(SessionId(1));
        take(&mut session, &ClientMessage::hello(Role::Board, None, Some(Token([0; 16])))).unwrap();
        let join = ClientMessage::Join { name: "x".into(), hull: Hull::Wasp };
        assert_eq!(take(&mut session, &join), Err(CloseReason::OutOfOrder));
    }

    #[test]
    fn more_names_than_allowed_are_not_asked_for() {
        let players = (0..=MAX_WHO as u32).map(PlayerId).collect();
        assert_eq!(
            take(&mut opened(Role::Play), &ClientMessage::Who { players }),
            Err(CloseReason::Malformed)
        );
    }
}
