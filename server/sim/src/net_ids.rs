//! Names for entities on the wire, small so that they stay short there.

use std::collections::VecDeque;

use bevy_ecs::resource::Resource;
use shared::ids::NetId;
use shared::tick::Tick;

/// Ticks a freed name rests before it is used again, so that in no frame one name means two things.
const REST: u32 = 64;

/// Gives names out and takes them back.
#[derive(Debug, Default, Resource)]
pub(crate) struct NetIds {
    highest: u32,
    free: VecDeque<(Tick, NetId)>,
}

impl NetIds {
    /// A name that nothing has had for a while.
    pub(crate) fn take(&mut self, now: Tick) -> NetId {
        let rested = self.free.front().is_some_and(|(freed, _)| now.since(*freed) >= REST);
        match if rested { self.free.pop_front() } else { None } {
            Some((_, id)) => id,
            None => {
                self.highest += 1;
                NetId(self.highest)
            }
        }
    }

    /// Takes a name back.
    pub(crate) fn give_back(&mut self, id: NetId, now: Tick) {
        self.free.push_back((now, id));
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
}
