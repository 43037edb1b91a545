//! Watching others, while one does not fly oneself.
//!
//! Owns: whether the title or the card is out of the way, and whom one asked for last. Enters: the watcher's wishes. Leaves:
//! Watch messages. What is seen is up to the server: a view of the usual size, around whoever it follows.

use shared::ids::PlayerId;
use shared::protocol::ClientMessage;

use super::game::Game;
use super::session::Phase;
use crate::dom;
use crate::words;

/// So long a step goes on from whom was asked for, though the view is not there yet, in milliseconds.
const ON_THE_WAY_MS: f64 = 1500.0;

/// Whom one watches.
#[derive(Debug, Default)]
pub struct Watch {
    /// Nothing is in the way of the view.
    on: bool,
    /// Whom one asked for, and when in milliseconds.
    asked: Option<(u32, f64)>,
}

impl Watch {
    /// Is the view all that one wants?
    pub fn is_on(&self) -> bool {
        self.on
    }

    /// The one that a step goes on from, while `seen` is followed.
    fn from(&self, seen: u32, now_ms: f64) -> u32 {
        let asked = self.asked.filter(|(_, asked_ms)| now_ms - asked_ms < ON_THE_WAY_MS);
        asked.map_or(seen, |(player, _)| player)
    }
}

/// The one `forward` of `from`, or before it, among `players`, round and round.
fn beside(players: &[u32], from: u32, forward: bool) -> Option<u32> {
    match forward {
        true => players.iter().find(|player| **player > from).or(players.first()).copied(),
        false => players.iter().rev().find(|player| **player < from).or(players.last()).copied(),
    }
}

impl Game {
    /// May one watch others now?
    pub(super) fn may_watch(&self) -> bool {
        matches!(self.session.phase(), Phase::Menu | Phase::Dead)
    }

    /// Watches whoever leads.
    pub(super) fn watch_leader(&mut self) {
        self.watch_player(0);
    }

    /// Watches who ended the last life.
    pub(super) fn watch_killer(&mut self) {
        self.watch_player(self.vigil.killer());
    }

    /// Watches the next one, or the one before.
    pub(super) fn step_watched(&mut self, forward: bool) {
        let now_ms = dom::now_ms();
        let from = self.watch.from(self.watched().unwrap_or_default(), now_ms);
        if let Some(player) = beside(&self.watchable(), from, forward) {
            self.watch_player(player);
            self.watch.asked = Some((player, now_ms));
        }
    }

    /// Takes everything out of the way, or back again.
    pub(super) fn clear_view(&mut self, on: bool) {
        self.watch.on = on && self.may_watch();
        dom::flag_body("data-watching", if self.watch.on { "yes" } else { "no" });
        if self.watch.on && self.session.phase() == Phase::Menu {
            self.hud.title.leave();
        }
    }

    fn watch_player(&mut self, player: u32) {
        if self.may_watch() {
            self.watch.asked = None;
            self.send(&ClientMessage::Watch { player: PlayerId(player) });
            self.clear_view(true);
        }
    }

    /// Whose ship the view follows.
    pub(super) fn watched(&self) -> Option<u32> {
        let look = self.focus().and_then(|seen| seen.kind.ship());
        look.filter(|_| self.may_watch()).map(|look| look.player)
    }

    /// Those that one knows of: on the short board, or in view.
    fn watchable(&self) -> Vec<u32> {
        let top = self.hud.top.rows().iter().map(|row| row.player.0);
        let seen = self.world.as_ref().map_or(&[][..], |world| world.seen());
        let near = seen.iter().filter_map(|seen| seen.kind.ship()).map(|look| look.player);
        let own = self.session.player();
        let mut players: Vec<u32> = top.chain(near).filter(|player| *player != own).collect();
        players.sort_unstable();
        players.dedup();
        players
    }

    /// Says whom one watches.
    pub(super) fn name_watched(&mut self) {
        let name = self.watched().and_then(|player| self.roster.name(player));
        let line = name.map(|name| words::fill("watching", &[("name", name)]));
        self.hud.show_watched(line.as_deref().unwrap_or_default());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_go_round_and_on_from_whoever_is_gone() {
        let players = [3, 7, 9];
        assert_eq!([3, 7, 9, 5, 0].map(|from| beside(&players, from, true)), [7, 9, 3, 7, 3].map(Some));
        assert_eq!([3, 7, 9, 5, 0].map(|from| beside(&players, from, false)), [9, 3, 7, 3, 9].map(Some));
        assert_eq!(beside(&[], 3, true), None);
    }

    #[test]
    fn a_step_goes_on_from_whom_was_asked_for_until_the_view_must_be_there() {
        let watch = Watch { on: true, asked: Some((9, 1000.0)) };
        assert_eq!((watch.from(3, 1200.0), watch.from(3, 9000.0)), (9, 3));
    }
}
