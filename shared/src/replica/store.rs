//! Entities in a vector sorted by id: stepping them is one pass over memory, finding one a binary search.

use crate::entity::EntityState;
use crate::ids::NetId;

#[derive(Debug, Default)]
pub(super) struct Store(Vec<(NetId, EntityState)>);

impl Store {
    pub(super) fn iter(&self) -> impl Iterator<Item = (NetId, &EntityState)> {
        self.0.iter().map(|(id, state)| (*id, state))
    }

    pub(super) fn get(&self, id: NetId) -> Option<&EntityState> {
        self.find(id).ok().and_then(|at| self.0.get(at)).map(|(_, state)| state)
    }

    pub(super) fn get_mut(&mut self, id: NetId) -> Option<&mut EntityState> {
        self.find(id).ok().and_then(|at| self.0.get_mut(at)).map(|(_, state)| state)
    }

    pub(super) fn insert(&mut self, id: NetId, state: EntityState) {
        match self.find(id) {
            Ok(at) => self.0[at].1 = state,
            Err(at) => self.0.insert(at, (id, state)),
        }
    }

    pub(super) fn remove(&mut self, id: NetId) -> bool {
        self.find(id).map(|at| self.0.remove(at)).is_ok()
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    pub(super) fn retain(&mut self, mut keep: impl FnMut(&mut EntityState) -> bool) {
        self.0.retain_mut(|(_, state)| keep(state));
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    fn find(&self, id: NetId) -> Result<usize, usize> {
        self.0.binary_search_by_key(&id, |(id, _)| *id)
    }
}
