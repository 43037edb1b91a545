//! Names for entities on the wire, small so that they stay short there. Ships have the smallest to themselves, since rows
//! are about ships most of the time.

use std::collections::VecDeque;

use bevy_ecs::resource::Resource;
use shared::ids::NetId;
use shared::tick::Tick;

/// Ticks a freed name rests before it is used again, so that in no frame one name means two things, and no client that
/// draws between two ticks takes one for the other.
const REST: u32 = 8;

/// The first name that is not a ship's.
const OTHERS: u32 = 1 << 13;

/// Gives names out and takes them back.
#[derive(Debug, Default, Resource)]
pub(crate) struct NetIds {
    ships: Pool,
    others: Pool,
}

#[derive(Debug, Default)]
struct Pool {
    taken: u32,
    free: VecDeque<(Tick, NetId)>,
}

impl NetIds {
    /// A name for a ship. When all of them are taken, it is one like any other.
    pub(crate) fn take_ship(&mut self, now: Tick) -> NetId {
        match self.ships.rested(now) {
            Some(id) => id,
            None if self.ships.taken + 1 < OTHERS => self.ships.fresh(1),
            None => self.take(now),
        }
    }

    /// A name for anything else.
    pub(crate) fn take(&mut self, now: Tick) -> NetId {
        self.others.rested(now).unwrap_or_else(|| self.others.fresh(OTHERS))
    }

    /// Takes a name back.
    pub(crate) fn give_back(&mut self, id: NetId, now: Tick) {
        let pool = if id.0 < OTHERS { &mut self.ships } else { &mut self.others };
        pool.free.push_back((now, id));
    }
}

impl Pool {
    fn rested(&mut self, now: Tick) -> Option<NetId> {
        let rested = self.free.front().is_some_and(|(freed, _)| now.since(*freed) >= REST);
        if rested { self.free.pop_front().map(|(_, id)| id) } else { None }
    }

    fn fresh(&mut self, first: u32) -> NetId {
        let id = NetId(first + self.taken);
        self.taken += 1;
        id
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_freed_name_rests_before_it_is_used_again() {
        let mut ids = NetIds::default();
        let first = ids.take(Tick(1));
        ids.give_back(first, Tick(2));
        assert_ne!(ids.take(Tick(3)), first);
        assert_eq!(ids.take(Tick(2 + REST)), first);
    }

    #[test]
    fn ships_and_others_never_share_a_name() {
        let mut ids = NetIds::default();
        let mut seen = std::collections::BTreeSet::new();
        for _ in 0..OTHERS + 100 {
            assert!(seen.insert(ids.take_ship(Tick(1))) && seen.insert(ids.take(Tick(1))));
        }
    }
}
