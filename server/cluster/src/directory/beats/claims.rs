//! What a sign of life says: what this node runs, what has ended, and what it would take.

use std::collections::BTreeMap;
use std::time::Instant;

use shared::private;

use super::super::LEASE;
use super::super::hold::Hold;
use super::super::map::{Node, World};
use super::super::sign::Sign;
use super::{ALL_EVERY, Beats, PEOPLE_EVERY};

impl Beats {
    /// Private arenas come and go without being asked for here.
    pub(super) fn look_at_private_ones(&mut self) {
        let opened: BTreeMap<String, Hold> = self.host.opened().into_iter().collect();
        let mine =
            self.holds.iter().filter(|(arena, _)| private::is_name(arena) && !self.starting.contains(*arena));
        let gone = mine.filter(|(arena, hold)| opened.get(*arena).is_none_or(|opened| !opened.is(hold)));
        let gone: Vec<(String, u64)> = gone.map(|(arena, hold)| (arena.clone(), hold.epoch)).collect();
        gone.iter().for_each(|(arena, _)| {
            self.holds.remove(arena);
        });
        self.ended.extend(gone);
        // One that was handed over is on its way out.
        for (arena, hold) in opened {
            if self.seen(&arena) <= hold.epoch {
                self.holds.entry(arena).or_insert(hold);
            }
        }
        self.publish();
    }

    /// The highest epoch that was heard of.
    pub(super) fn seen(&self, arena: &str) -> u64 {
        self.seen.get(arena).copied().unwrap_or_default()
    }

    /// Redis says that it is here, and has lost that it went to another node since then.
    fn is_stale(&self, world: &World, arena: &str) -> bool {
        let held = world.arenas.get(arena).filter(|held| held.node == self.map.node());
        held.is_some_and(|held| held.epoch < self.seen(arena))
    }

    /// What is said.
    pub(super) fn sign(&mut self) -> Sign {
        self.signs = self.signs.wrapping_add(1);
        let world = self.map.world();
        let room = self.host.room();
        let about = Node { url: self.me.url.clone(), draining: self.draining, room: room > 0 };
        let own = self.holds.iter();
        let own = own.map(|(arena, hold)| (arena.clone(), hold.epoch)).collect();
        let people = self.holds.keys().map(|arena| (arena.clone(), self.host.people(arena))).collect();
        let knows = !self.signs.is_multiple_of(ALL_EVERY);
        let takes = !self.draining && !self.away && self.shy.is_none_or(|until| until <= Instant::now());
        let free = |arena: &&String| {
            let free = world.is_free(arena) || self.is_stale(&world, arena);
            takes && !self.holds.contains_key(*arena) && free
        };
        let with_epoch = |arena: &String| (arena.clone(), self.seen(arena));
        let private = world.arenas.keys().filter(|arena| private::is_name(arena));
        Sign {
            node: self.map.node().to_owned(),
            about: serde_json::to_string(&about).unwrap_or_default(),
            draining: self.draining,
            lease: u64::try_from(LEASE.as_millis()).unwrap_or(u64::MAX),
            version: if knows { self.version.clone() } else { String::new() },
            people,
            asks_for_people: self.signs.is_multiple_of(PEOPLE_EVERY),
            own,
            ended: self.ended.iter().map(|(arena, epoch)| (arena.clone(), *epoch)).collect(),
            open: self.me.arenas.iter().filter(free).map(with_epoch).collect(),
            private: private.filter(free).take(room.into()).map(with_epoch).collect(),
        }
    }

    /// Private arenas that nobody has any more may be begun anew by anyone, from the first epoch on.
    pub(super) fn note_epochs(&mut self, world: &World) {
        self.seen.retain(|arena, _| !private::is_name(arena) || world.arenas.contains_key(arena));
        for (arena, held) in &world.arenas {
            let seen = self.seen.entry(arena.clone()).or_default();
            *seen = held.epoch.max(*seen);
        }
    }
}
