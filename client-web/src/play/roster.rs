//! Names of players, asked for when they come into view.
//!
//! Enters: names from any message, who is in view. Leaves: names to show, and the Who that asks for those that are missing.
//! It must never ask for the same one twice within a few seconds, nor for more at once than a Who may hold.

use std::collections::BTreeMap;

use shared::ids::PlayerId;
use shared::protocol::{ClientMessage, MAX_WHO};

/// An answer that takes longer than this many milliseconds is not coming.
const PATIENCE_MS: f64 = 3000.0;

/// Beyond this many names all are forgotten: those in view are asked for again.
const MOST: usize = 2048;

/// The names known, and those asked for.
#[derive(Debug, Default)]
pub struct Roster {
    names: BTreeMap<u32, String>,
    asked_ms: BTreeMap<u32, f64>,
}

impl Roster {
    /// This is `player`'s name.
    pub fn learn(&mut self, player: u32, name: &str) {
        if self.names.len() >= MOST {
            self.names.clear();
        }
        self.asked_ms.remove(&player);
        if self.names.get(&player).is_none_or(|known| known != name) {
            self.names.insert(player, name.to_owned());
        }
    }

    /// `player`'s ship is gone: the next one may fly under another name.
    pub fn forget(&mut self, player: u32) {
        self.names.remove(&player);
    }

    /// `player`'s name, if it is known.
    pub fn name(&self, player: u32) -> Option<&str> {
        self.names.get(&player).map(String::as_str)
    }

    /// A Who for those of `in_view` whose names are missing; none when none is.
    pub fn ask(&mut self, in_view: impl Iterator<Item = u32>, now_ms: f64) -> Option<ClientMessage> {
        self.asked_ms.retain(|_, asked| now_ms - *asked < PATIENCE_MS);
        let missing =
            in_view.filter(|player| !self.names.contains_key(player) && !self.asked_ms.contains_key(player));
        let players: Vec<PlayerId> = missing.take(MAX_WHO).map(PlayerId).collect();
        self.asked_ms.extend(players.iter().map(|player| (player.0, now_ms)));
        (!players.is_empty()).then_some(ClientMessage::Who { players })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_name_is_asked_for_once_until_patience_ends() {
        let mut roster = Roster::default();
        assert!(roster.ask([4, 5].into_iter(), 0.0).is_some());
        assert_eq!(roster.ask([4, 5].into_iter(), 1000.0), None);
        roster.learn(4, "Ada");
        assert_eq!(
            roster.ask([4, 5].into_iter(), 4000.0),
            Some(ClientMessage::Who { players: vec![PlayerId(5)] })
        );
    }

    #[test]
    fn one_question_holds_no_more_than_the_server_takes() {
        let mut roster = Roster::default();
        let Some(ClientMessage::Who { players }) = roster.ask(0..100, 0.0) else {
            unreachable!("names are missing")
        };
        assert_eq!(players.len(), MAX_WHO);
    }
}
