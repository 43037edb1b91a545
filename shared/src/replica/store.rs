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

/// One kind of entity, sorted by id.
#[derive(Debug)]
struct Kind<T>(Vec<(NetId, T)>);

impl<T> Default for Kind<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Copy> Kind<T> {
    fn find(&self, id: NetId) -> Result<usize, usize> {
        self.0.binary_search_by_key(&id, |(id, _)| *id)
    }

    fn get(&self, id: NetId) -> Option<T> {
        self.find(id).ok().and_then(|at| self.0.get(at)).map(|(_, state)| *state)
    }

    fn insert(&mut self, id: NetId, state: T) {
        match self.find(id) {
            Ok(at) => self.0[at].1 = state,
            Err(at) => self.0.insert(at, (id, state)),
        }
    }

    fn remove(&mut self, id: NetId) -> bool {
        self.find(id).map(|at| self.0.remove(at)).is_ok()
    }

    /// Replaces each state by what `step` gives; drops those for which it gives none.
    fn step(&mut self, mut step: impl FnMut(T) -> Option<T>) {
        self.0.retain_mut(|(_, state)| {
            let next = step(*state);
            next.inspect(|next| *state = *next).is_some()
        });
    }

    fn iter(&self, state: fn(T) -> EntityState) -> impl Iterator<Item = (NetId, EntityState)> {
        self.0.iter().map(move |(id, inner)| (*id, state(*inner)))
    }
}

impl Store {
    /// Everything, kind by kind.
    pub(super) fn iter(&self) -> impl Iterator<Item = (NetId, EntityState)> {
        let ships = self.ships.iter(EntityState::Ship);
        let shots = self.shots.iter(EntityState::Shot);
        let shards = self.shards.iter(EntityState::Shard);
        let rocks = self.rocks.iter(EntityState::Rock);
        ships.chain(shots).chain(shards).chain(rocks).chain(self.powers.iter(EntityState::Power))
    }

    pub(super) fn ships(&self) -> impl Iterator<Item = (NetId, &ShipState)> {
        self.ships.0.iter().map(|(id, ship)| (*id, ship))
    }

    pub(super) fn shards(&self) -> impl Iterator<Item = (NetId, &ShardState)> {
        self.shards.0.iter().map(|(id, shard)| (*id, shard))
    }

    pub(super) fn ship(&self, id: NetId) -> Option<&ShipState> {
        let at = self.ships.find(id).ok()?;
        self.ships.0.get(at).map(|(_, ship)| ship)
    }

    pub(super) fn get(&self, id: NetId) -> Option<EntityState> {
        let ship = || self.ships.get(id).map(EntityState::Ship);
        let shot = || self.shots.get(id).map(EntityState::Shot);
        let shard = || self.shards.get(id).map(EntityState::Shard);
        let rock = || self.rocks.get(id).map(EntityState::Rock);
        let power = || self.powers.get(id).map(EntityState::Power);
        ship().or_else(shot).or_else(shard).or_else(rock).or_else(power)
    }

    pub(super) fn ship_mut(&mut self, id: NetId) -> Option<&mut ShipState> {
        let at = self.ships.find(id).ok()?;
        self.ships.0.get_mut(at).map(|(_, ship)| ship)
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
        self.ships.0.clear();
        self.shots.0.clear();
        self.shards.0.clear();
        self.rocks.0.clear();
        self.powers.0.clear();
    }

    /// Runs every rule for one tick. Gives whether something that moves is outside `bounds` now.
    pub(super) fn step(&mut self, rules: &Rules, bounds: Option<Bounds>) -> bool {
        let mut left = false;
        let mut seen = |at: Point| left |= bounds.is_none_or(|bounds| !bounds.contains(at));
        for (_, ship) in &mut self.ships.0 {
            *ship = ship.step(rules);
            seen(ship.body.pos);
        }
        self.shots.step(|shot| shot.step(rules).inspect(|next| seen(next.pos)));
        for (_, rock) in &mut self.rocks.0 {
            *rock = rock.step(rules);
            seen(rock.pos);
        }
        left
    }

    /// Drops everything outside `bounds`.
    pub(super) fn keep_within(&mut self, bounds: Bounds) {
        self.ships.0.retain(|(_, ship)| bounds.contains(ship.body.pos));
        self.shots.0.retain(|(_, shot)| bounds.contains(shot.pos));
        self.shards.0.retain(|(_, shard)| bounds.contains(shard.pos));
        self.rocks.0.retain(|(_, rock)| bounds.contains(rock.pos));
        self.powers.0.retain(|(_, power)| bounds.contains(power.pos));
    }

    pub(super) fn len(&self) -> usize {
        let still = self.shards.0.len() + self.powers.0.len();
        self.ships.0.len() + self.shots.0.len() + self.rocks.0.len() + still
    }
}
