//! Everyone who is on a board: id and name by slot, and the slot by id.

use hashbrown::HashTable;
use shared::name::PlayerName;

use crate::place::Slot;
use shared::identity::PlayerKey;

/// A player as boards show him.
#[derive(Debug, Clone)]
pub(crate) struct Player {
    pub(crate) key: PlayerKey,
    pub(crate) name: PlayerName,
}

/// The players by slot. A slot that was freed stays empty until the next start.
#[derive(Debug, Default)]
pub(crate) struct Players {
    slots: Vec<Option<Player>>,
    by_key: HashTable<Slot>,
}

/// Ids are random already; this only guards against ids that were chosen to collide in their low bits.
fn hash(key: PlayerKey) -> u64 {
    #[expect(clippy::cast_possible_truncation, reason = "the two halves, mixed")]
    let (high, low) = ((key.0 >> 64) as u64, key.0 as u64);
    spread(high.rotate_left(32) ^ low)
}

/// Spreads a number over 64 bits (the constant is 2^64 divided by the golden ratio).
fn spread(number: u64) -> u64 {
    let mixed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed ^ (mixed >> 32)
}

impl Players {
    pub(crate) fn slot(&self, key: PlayerKey) -> Option<Slot> {
        self.by_key.find(hash(key), |slot| self.key(*slot) == Some(key)).copied()
    }

    pub(crate) fn get(&self, slot: Slot) -> Option<&Player> {
        self.slots.get(slot.0 as usize)?.as_ref()
    }

    fn key(&self, slot: Slot) -> Option<PlayerKey> {
        self.get(slot).map(|player| player.key)
    }

    /// The slot that the next new player gets.
    pub(crate) fn next_slot(&self) -> Slot {
        Slot(u32::try_from(self.slots.len()).unwrap_or(u32::MAX))
    }

    /// Puts a player into a slot, or gives the one there another name.
    pub(crate) fn put(&mut self, slot: Slot, player: Player) {
        let at = slot.0 as usize;
        if at >= self.slots.len() {
            self.slots.resize_with(at + 1, || None);
        }
        let key = player.key;
        if self.slots[at].replace(player).is_none() {
            let slots = &self.slots;
            let key_of = |slot: &Slot| slots[slot.0 as usize].as_ref().map_or(0, |player| hash(player.key));
            self.by_key.insert_unique(hash(key), slot, key_of);
        }
    }

    pub(crate) fn remove(&mut self, slot: Slot) {
        let Some(player) = self.slots.get_mut(slot.0 as usize).and_then(Option::take) else { return };
        if let Ok(found) = self.by_key.find_entry(hash(player.key), |s| *s == slot) {
            found.remove();
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.by_key.len()
    }
}
