//! Who of those here may be muted: people that one reads of, on the short board or by their ships.
//!
//! Owns: what is known of the numbers of this arena. Enters: what is said, presses of buttons. Leaves: the list in the chat. The
//! server tells a public id only with what someone says, so whoever is muted before is muted by the number in the arena, and
//! for good with the first thing that is said.

use std::collections::{BTreeMap, BTreeSet};

use shared::identity::PlayerKey;

use super::game::Game;
use crate::hud::people::Person;

/// Beyond so many the public ids of this arena are forgotten: they come again with what is said.
const MOST: usize = 2048;

/// What is known of the numbers of this arena.
#[derive(Debug, Default)]
pub struct Here {
    keys: BTreeMap<u32, PlayerKey>,
    muted: BTreeSet<u32>,
}

impl Here {
    /// `player` has that public id. Returns whether that number was muted, which the id is to be from now on.
    pub fn learn(&mut self, player: u32, key: PlayerKey) -> bool {
        if self.keys.len() >= MOST {
            self.keys.clear();
        }
        self.keys.insert(player, key);
        self.muted.remove(&player)
    }

    /// The public id of `player`, if something was said.
    pub fn key(&self, player: u32) -> Option<PlayerKey> {
        self.keys.get(&player).copied()
    }

    /// `player`, of whom nothing was heard yet, is muted.
    pub fn mute(&mut self, player: u32) {
        self.muted.insert(player);
    }

    /// `player` is to be heard.
    pub fn hear(&mut self, player: u32) {
        self.muted.remove(&player);
    }

    /// Everyone is to be heard.
    pub fn hear_all(&mut self) {
        self.muted.clear();
    }

    /// Is the number muted?
    pub fn has(&self, player: u32) -> bool {
        self.muted.contains(&player)
    }

    /// How many numbers are.
    pub fn count(&self) -> usize {
        self.muted.len()
    }

    /// Those who have said something.
    pub fn speakers(&self) -> impl Iterator<Item = u32> {
        self.keys.keys().copied()
    }
}

impl Game {
    /// Brings the list up to date, while it is looked at.
    pub(super) fn list_people(&mut self) {
        if self.hud.talk.is_open() && self.hud.people.is_open() {
            let people = self.people();
            self.hud.people.show(&people);
        }
    }

    /// People who are here, as far as the page knows, without oneself.
    fn people(&self) -> Vec<Person> {
        let listed = self.hud.top.rows().iter().filter(|row| !row.drone).map(|row| row.player.0);
        let seen = self.world.as_ref().map_or(&[][..], |world| world.seen());
        let ships = seen.iter().filter_map(|seen| seen.kind.ship());
        let flying = ships.filter(|ship| !ship.drone).map(|ship| ship.player);
        let all: BTreeSet<u32> = listed.chain(flying).chain(self.talk.here.speakers()).collect();
        let others = all.into_iter().filter(|player| *player != self.session.player());
        let named = others.filter_map(|player| Some((player, self.roster.name(player)?.to_owned())));
        named.map(|(player, name)| Person { player, name, muted: self.mutes(player) }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_was_muted_before_saying_anything_is_muted_for_good_with_the_first_word() {
        let mut here = Here::default();
        here.mute(7);
        assert!(here.has(7) && here.count() == 1);
        assert!(here.learn(7, PlayerKey(70)));
        assert!(!here.learn(7, PlayerKey(70)), "the public id is muted from now on");
        assert_eq!((here.key(7), here.count()), (Some(PlayerKey(70)), 0));
    }

    #[test]
    fn who_is_to_be_heard_again_is_not_muted_later() {
        let mut here = Here::default();
        here.mute(7);
        here.hear(7);
        assert!(!here.learn(7, PlayerKey(70)));
    }
}
