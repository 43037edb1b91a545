//! Entities by kind, each kind in a vector sorted by id. Stepping a kind is one pass over memory; shards and
//! power-ups, which never move, are not stepped at all; and the many shots that come and go move only each other about.

use crate::entity::{EntityState, PowerState, RockState, ShardState, ShipState, ShotState};
use crate::grid::Bounds;
use crate::ids::NetId;
use crate::motion::Rules;
use crate::units::Point;

#[derive(Debug, Default)]
pub(super) struct Store {
    ships: Kind<ShipState>,
    shots: Kind<ShotState>,
    shards: Kind<ShardState>,
    rocks: Kind<RockState>,
    powers: Kind<PowerState>,
}

/// One kind of entity, sorted by id. The ids lie apart from the states, so that looking one up touches a few lines of memory
/// and not one per step of the search.
#[derive(Debug)]
struct Kind<T> {
    ids: Vec<NetId>,
    states: Vec<T>,
}

impl<T> Default for Kind<T> {
    fn default() -> Self {
        Self { ids: Vec::new(), states: Vec::new() }
    }
}

impl<T: Copy> Kind<T> {
    fn get(&self, id: NetId) -> Option<&T> {
        self.ids.binary_search(&id).ok().and_then(|at| self.states.get(at))
    }

    fn get_mut(&mut self, id: NetId) -> Option<&mut T> {
        self.ids.binary_search(&id).ok().and_then(|at| self.states.get_mut(at))
    }

    fn insert(&mut self, id: NetId, state: T) {
        match self.ids.binary_search(&id) {
            Ok(at) => self.states[at] = state,
            Err(at) => {
                self.ids.insert(at, id);
                self.states.insert(at, state);
            }
        }
    }

    fn remove(&mut self, id: NetId) -> bool {
        let Ok(at) = self.ids.binary_search(&id) else { return false };
        self.ids.remove(at);
        self.states.remove(at);
        true
    }

    /// Replaces each state by what `step` gives; drops those for which it gives none.
    fn step(&mut self, mut step: impl FnMut(T) -> Option<T>) {
        let mut kept = 0;
        for at in 0..self.states.len() {
            if let Some(next) = step(self.states[at]) {
                (self.ids[kept], self.states[kept]) = (self.ids[at], next);
                kept += 1;
            }
        }
        self.ids.truncate(kept);
        self.states.truncate(kept);
    }

    /// Drops those of which `stays` is not so. Most often all stay, and nothing is written.
    fn retain(&mut self, stays: impl Fn(&T) -> bool) {
        if !self.states.iter().all(&stays) {
            self.step(|state| stays(&state).then_some(state));
        }
    }

    fn clear(&mut self) {
        self.ids.clear();
        self.states.clear();
    }

    fn len(&self) -> usize {
        self.ids.len()
    }

    fn iter(&self) -> impl Iterator<Item = (NetId, &T)> {
        self.ids.iter().copied().zip(&self.states)
    }
}

impl Store {
    /// Everything, kind by kind.
    pub(super) fn iter(&self) -> impl Iterator<Item = (NetId, EntityState)> {
        let ships = self.ships.iter().map(|(id, ship)| (id, EntityState::Ship(*ship)));
        let shots = self.shots.iter().map(|(id, shot)| (id, EntityState::Shot(*shot)));
        let shards = self.shards.iter().map(|(id, shard)| (id, EntityState::Shard(*shard)));
        let rocks = self.rocks.iter().map(|(id, rock)| (id, EntityState::Rock(*rock)));
        let powers = self.powers.iter().map(|(id, power)| (id, EntityState::Power(*power)));
        ships.chain(shots).chain(shards).chain(rocks).chain(powers)
    }

    pub(super) fn ships(&self) -> impl Iterator<Item = (NetId, &ShipState)> {
        self.ships.iter()
    }

    pub(super) fn shards(&self) -> impl Iterator<Item = (NetId, &ShardState)> {
        self.shards.iter()
    }

    pub(super) fn ship(&self, id: NetId) -> Option<&ShipState> {
        self.ships.get(id)
    }

    pub(super) fn get(&self, id: NetId) -> Option<EntityState> {
        let ship = || self.ships.get(id).copied().map(EntityState::Ship);
        let shot = || self.shots.get(id).copied().map(EntityState::Shot);
        let shard = || self.shards.get(id).copied().map(EntityState::Shard);
        let rock = || self.rocks.get(id).copied().map(EntityState::Rock);
        let power = || self.powers.get(id).copied().map(EntityState::Power);
        ship().or_else(shot).or_else(shard).or_else(rock).or_else(power)
    }

    pub(super) fn ship_mut(&mut self, id: NetId) -> Option<&mut ShipState> {
        self.ships.get_mut(id)
    }

    /// Puts an entity in, in the place of whatever had that id.
    pub(super) fn insert(&mut self, id: NetId, state: EntityState) {
        match state {
            EntityState::Ship(ship) => self.ships.insert(id, ship),
            EntityState::Shot(shot) => self.shots.insert(id, shot),
            EntityState::Shard(shard) => self.shards.insert(id, shard),
            EntityState::Rock(rock) => self.rocks.insert(id, rock),
            EntityState::Power(power) => self.powers.insert(id, power),
        }
    }

    pub(super) fn remove(&mut self, id: NetId) -> bool {
        let moving = self.ships.remove(id) || self.shots.remove(id) || self.rocks.remove(id);
        moving || self.shards.remove(id) || self.powers.remove(id)
    }

    pub(super) fn clear(&mut self) {
        self.ships.clear();
        self.shots.clear();
        self.shards.clear();
        self.rocks.clear();
        self.powers.clear();
    }

    /// Runs every rule for one tick. Gives whether something that moves is outside `bounds` now.
    pub(super) fn step(&mut self, rules: &Rules, bounds: Option<Bounds>) -> bool {
        let mut left = false;
        let mut seen = |at: Point| left |= bounds.is_none_or(|bounds| !bounds.contains(at));
        for ship in &mut self.ships.states {
            *ship = ship.step(rules);
            seen(ship.body.pos);
        }
        self.shots.step(|shot| shot.step(rules).inspect(|next| seen(next.pos)));
        for rock in &mut self.rocks.states {
            *rock = rock.step(rules);
            seen(rock.pos);
        }
        left
    }

    /// Drops everything outside `bounds`.
    pub(super) fn keep_within(&mut self, bounds: Bounds) {
        self.ships.retain(|ship| bounds.contains(ship.body.pos));
        self.shots.retain(|shot| bounds.contains(shot.pos));
        self.shards.retain(|shard| bounds.contains(shard.pos));
        self.rocks.retain(|rock| bounds.contains(rock.pos));
        self.powers.retain(|power| bounds.contains(power.pos));
    }

    pub(super) fn len(&self) -> usize {
        let still = self.shards.len() + self.powers.len();
        self.ships.len() + self.shots.len() + self.rocks.len() + still
    }
}
