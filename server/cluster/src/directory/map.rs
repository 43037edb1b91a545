//! Who has which arena, as Redis said last: what a join at the wrong node is answered from.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use serde::Deserialize;

/// A node that lives.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Node {
    /// Where players reach it.
    pub url: String,
    /// It takes nobody new.
    #[serde(default)]
    pub draining: bool,
    /// How many arenas it has.
    #[serde(default)]
    pub arenas: u32,
}

/// An arena that somebody has.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Held {
    pub(super) node: String,
    pub(super) epoch: u64,
    #[serde(default)]
    pub(super) people: u16,
}

/// Everyone, at one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct World {
    pub(super) nodes: BTreeMap<String, Node>,
    pub(super) arenas: BTreeMap<String, Held>,
}

/// The same, as it changes.
#[derive(Debug)]
pub struct Map {
    node: String,
    world: RwLock<Arc<World>>,
}

impl Map {
    /// That of this node, which knows nothing yet.
    #[must_use]
    pub fn new(node: String) -> Self {
        Self { node, world: RwLock::default() }
    }

    /// Which node it is that of.
    #[must_use]
    pub fn node(&self) -> &str {
        &self.node
    }

    pub(super) fn set(&self, world: Arc<World>) {
        *self.world.write().unwrap_or_else(PoisonError::into_inner) = world;
    }

    pub(super) fn world(&self) -> Arc<World> {
        self.world.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// An arena has gone to another node, which Redis has yet to tell.
    pub(super) fn give(&self, arena: &str, node: &str, epoch: u64) {
        let mut world = World::clone(&self.world());
        world.arenas.insert(arena.to_owned(), Held { node: node.to_owned(), epoch, people: 0 });
        self.set(Arc::new(world));
    }

    /// Where players of this arena are to go; None when no other node has it.
    #[must_use]
    pub fn address(&self, arena: &str) -> Option<String> {
        let world = self.world();
        let held = world.arenas.get(arena).filter(|held| held.node != self.node)?;
        world.nodes.get(&held.node).map(|node| node.url.clone())
    }

    /// How many people are in an arena that another node has; None when no other node has it.
    #[must_use]
    pub fn people(&self, arena: &str) -> Option<u16> {
        let world = self.world();
        world.arenas.get(arena).filter(|held| held.node != self.node).map(|held| held.people)
    }

    /// Is there no other node that lives?
    #[must_use]
    pub fn is_alone(&self) -> bool {
        self.world().nodes.keys().all(|node| *node == self.node)
    }

    /// Where all other nodes are that live.
    pub(super) fn others(&self) -> Vec<String> {
        let world = self.world();
        let others = world.nodes.iter().filter(|(node, _)| **node != self.node);
        others.map(|(_, node)| node.url.clone()).collect()
    }

    /// The node with the fewest arenas that takes some, beside this one.
    pub(super) fn heir(&self) -> Option<String> {
        let world = self.world();
        let others = world.nodes.iter().filter(|(node, other)| **node != self.node && !other.draining);
        others.min_by_key(|(_, other)| other.arenas).map(|(node, _)| node.clone())
    }

    /// Where all nodes are that live.
    #[must_use]
    pub fn addresses(&self) -> Vec<String> {
        self.world().nodes.values().map(|node| node.url.clone()).collect()
    }
}
