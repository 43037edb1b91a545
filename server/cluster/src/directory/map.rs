//! Who has which arena, as Redis said last: what a join at the wrong node is answered from.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError, RwLock};

use serde::{Deserialize, Serialize};
use shared::private;

use super::sign::News;

/// A node that lives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Node {
    /// Where players reach it.
    pub url: String,
    /// It takes nobody new.
    #[serde(default)]
    pub draining: bool,
    /// It has a place for a private arena.
    #[serde(default)]
    pub room: bool,
}

/// An arena that somebody has, or had: a node that does not live any more.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Held {
    pub(super) node: String,
    pub(super) epoch: u64,
}

/// Everyone, at one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct World {
    pub(super) nodes: BTreeMap<String, Node>,
    pub(super) arenas: BTreeMap<String, Held>,
    /// By node and arena.
    pub(super) people: BTreeMap<String, BTreeMap<String, u16>>,
    /// This node's arenas that are about to begin.
    pub(super) starting: BTreeSet<String>,
}

impl World {
    /// Does nobody who lives have it?
    pub(super) fn is_free(&self, arena: &str) -> bool {
        self.arenas.get(arena).is_none_or(|held| !self.nodes.contains_key(&held.node))
    }

    /// How many arenas each node has that are open to all.
    pub(super) fn loads(&self) -> BTreeMap<&str, usize> {
        let mut loads: BTreeMap<&str, usize> = self.nodes.keys().map(|node| (node.as_str(), 0)).collect();
        for (_, held) in self.arenas.iter().filter(|(arena, _)| !private::is_name(arena)) {
            loads.entry(&held.node).and_modify(|count| *count += 1);
        }
        loads
    }
}

/// Where an arena is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whereabouts {
    /// Nobody has it. Under this epoch it may be begun, if it is one that may.
    Nowhere(u64),
    /// Another node has it; where players reach that.
    At(String),
    /// Its node is gone, and another one will have it, or it is about to begin here.
    OnItsWay,
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

    fn change(&self, change: impl FnOnce(&mut World)) {
        change(Arc::make_mut(&mut self.world.write().unwrap_or_else(PoisonError::into_inner)));
    }

    pub(super) fn learn(&self, news: News) {
        self.change(|world| {
            if news.all {
                world.nodes.clear();
                world.arenas.clear();
            }
            merge(&mut world.nodes, news.nodes);
            merge(&mut world.arenas, news.arenas);
            if let Some(people) = news.people {
                world.people = people;
            }
        });
    }

    pub(super) fn world(&self) -> Arc<World> {
        self.world.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// These of this node's arenas are about to begin.
    pub(super) fn set_starting(&self, starting: &BTreeSet<String>) {
        self.change(|world| world.starting.clone_from(starting));
    }

    /// An arena has gone to another node, which Redis has yet to tell.
    pub(super) fn give(&self, arena: &str, node: &str, epoch: u64) {
        self.change(|world| {
            world.arenas.insert(arena.to_owned(), Held { node: node.to_owned(), epoch });
        });
    }

    /// Where an arena is that does not run here.
    #[must_use]
    pub fn whereabouts(&self, arena: &str) -> Whereabouts {
        let world = self.world();
        match world.arenas.get(arena) {
            _ if world.starting.contains(arena) => Whereabouts::OnItsWay,
            None => Whereabouts::Nowhere(1),
            Some(held) if held.node == self.node => Whereabouts::Nowhere(held.epoch + 1),
            Some(held) => match world.nodes.get(&held.node) {
                Some(node) => Whereabouts::At(node.url.clone()),
                None => Whereabouts::OnItsWay,
            },
        }
    }

    /// Where players of this arena are to go; None when no other node has it.
    #[must_use]
    pub fn address(&self, arena: &str) -> Option<String> {
        match self.whereabouts(arena) {
            Whereabouts::At(url) => Some(url),
            Whereabouts::Nowhere(_) | Whereabouts::OnItsWay => None,
        }
    }

    /// How many people are in an arena that another node has; None when no other node has it.
    #[must_use]
    pub fn people(&self, arena: &str) -> Option<u16> {
        self.address(arena)?;
        let world = self.world();
        let said = world.arenas.get(arena).and_then(|held| world.people.get(&held.node));
        Some(said.and_then(|said| said.get(arena)).copied().unwrap_or(0))
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

    /// The node with the fewest arenas that would take this one, beside this one.
    pub(super) fn heir(&self, arena: &str) -> Option<String> {
        let (world, private) = (self.world(), private::is_name(arena));
        let takes = |node: &Node| !node.draining && (node.room || !private);
        let others = world.nodes.iter().filter(|(node, other)| **node != self.node && takes(other));
        let loads = world.loads();
        others.map(|(node, _)| node).min_by_key(|node| loads.get(node.as_str())).cloned()
    }

    /// Where all nodes are that live.
    #[must_use]
    pub fn addresses(&self) -> Vec<String> {
        self.world().nodes.values().map(|node| node.url.clone()).collect()
    }
}

/// Takes in what is new, and lets go of what is gone.
fn merge<T>(known: &mut BTreeMap<String, T>, news: BTreeMap<String, Option<T>>) {
    for (name, new) in news {
        match new {
            Some(new) => known.insert(name, new),
            None => known.remove(&name),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map() -> Map {
        let node = |url: &str, room| Node { url: url.to_owned(), draining: false, room };
        let held = |node: &str| Held { node: node.to_owned(), epoch: 4 };
        let nodes =
            [("a", false), ("b", false), ("c", true)].map(|(id, room)| (id.to_owned(), node(id, room)));
        let arenas = [("1", "a"), ("2", "b"), ("3", "c"), ("4", "c"), ("one-two-three", "gone")];
        let arenas = arenas.map(|(arena, node)| (arena.to_owned(), held(node)));
        let map = Map::new("a".to_owned());
        let nodes = nodes.map(|(id, node)| (id, Some(node))).into();
        let arenas = arenas.map(|(arena, held)| (arena, Some(held))).into();
        map.learn(News { all: true, nodes, arenas, ..News::default() });
        map
    }

    #[test]
    fn an_arena_is_here_or_elsewhere_or_nowhere_or_on_its_way() {
        let map = map();
        assert_eq!(map.whereabouts("1"), Whereabouts::Nowhere(5));
        assert_eq!(map.whereabouts("2"), Whereabouts::At("b".to_owned()));
        assert_eq!(map.whereabouts("9"), Whereabouts::Nowhere(1));
        assert_eq!(map.whereabouts("one-two-three"), Whereabouts::OnItsWay);
        map.set_starting(&BTreeSet::from(["9".to_owned()]));
        assert_eq!(map.whereabouts("9"), Whereabouts::OnItsWay);
        assert!(
            map.world().is_free("one-two-three") && map.world().is_free("9") && !map.world().is_free("2")
        );
    }

    #[test]
    fn what_is_not_in_the_news_stays_as_it_was_unless_they_are_all() {
        let map = map();
        let gone = [("1".to_owned(), None)].into();
        map.learn(News { arenas: gone, nodes: [("b".to_owned(), None)].into(), ..News::default() });
        assert_eq!((map.world().arenas.len(), map.world().nodes.len()), (4, 2));
        assert_eq!(map.whereabouts("2"), Whereabouts::OnItsWay);
        map.learn(News { all: true, ..News::default() });
        assert!(map.world().arenas.is_empty() && map.world().nodes.is_empty());
    }

    #[test]
    fn an_arena_goes_to_the_node_with_the_fewest_and_a_private_one_only_where_there_is_room() {
        let map = map();
        assert_eq!(map.heir("1").as_deref(), Some("b"));
        assert_eq!(map.heir("three-two-one").as_deref(), Some("c"));
        map.give("1", "b", 5);
        assert_eq!(map.address("1").as_deref(), Some("b"));
    }
}
