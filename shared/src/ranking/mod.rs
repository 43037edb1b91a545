//! An ordered set that knows every key's position: who is 17th, and how many are before this one, in O(log n).
//!
//! Owns: the order and the counts. What a key means (score, time, who) is the caller's, in the key's `Ord`: the first
//! key is the best. Must never: read a clock, know a score, or change a snapshot that was taken.
//!
//! It is a B+tree whose branches count the keys below them, with shared nodes: [`Ranking::clone`] takes a snapshot in
//! O(1), and a later change copies only the few nodes on its path.

mod iter;
mod node;

pub use iter::Iter;

use std::sync::Arc;

use node::{Child, Inserted, LEAF, Node};

/// An ordered set of keys with positions, best (smallest) first. `clone()` is a snapshot: O(1), and untouched by what
/// is changed afterwards on either side.
#[derive(Debug, Clone)]
pub struct Ranking<K> {
    root: Arc<Node<K>>,
    len: usize,
}

impl<K> Default for Ranking<K> {
    fn default() -> Self {
        Self { root: Arc::new(Node::default()), len: 0 }
    }
}

impl<K: Ord + Clone> Ranking<K> {
    /// A ranking without keys.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Builds from keys that come in ascending order, in O(n). A key out of order is still put where it belongs, at
    /// the price of an ordinary insert for it and all that follow; one that repeats is kept once.
    #[must_use]
    pub fn from_sorted(keys: impl IntoIterator<Item = K>) -> Self {
        let mut keys = keys.into_iter().peekable();
        let mut row = Vec::new();
        let (mut len, mut late) = (0, None);
        let mut leaf = node::Leaf::new();
        for key in keys.by_ref() {
            let last = leaf.last().or_else(|| row.last().and_then(Child::last));
            if last.is_some_and(|last| *last >= key) {
                late = Some(key);
                break;
            }
            if leaf.len() == LEAF * 7 / 8 {
                row.extend(Child::of(Node::Leaf(std::mem::take(&mut leaf))));
            }
            leaf.push(key);
            len += 1;
        }
        row.extend(Child::of(Node::Leaf(leaf)));
        let mut ranking = Self { root: node::rise(row), len };
        for key in late.into_iter().chain(keys) {
            ranking.insert(key);
        }
        ranking
    }

    /// How many keys there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no key.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Adds a key; false when it was there already.
    pub fn insert(&mut self, key: K) -> bool {
        match node::insert(&mut self.root, key) {
            Inserted::Present => return false,
            Inserted::Fits => {}
            Inserted::Split(right) => node::grow(&mut self.root, right),
        }
        self.len += 1;
        true
    }

    /// Takes a key out; false when it was not there.
    pub fn remove(&mut self, key: &K) -> bool {
        if self.rank(key).is_none() {
            return false;
        }
        node::remove(&mut self.root, key);
        node::shrink(&mut self.root);
        self.len -= 1;
        true
    }

    /// The position of a key, 0 for the best; None when it is not there.
    #[must_use]
    pub fn rank(&self, key: &K) -> Option<usize> {
        let (before, there) = self.find(key);
        there.then_some(before)
    }

    /// How many keys are before this one, which need not be there.
    #[must_use]
    pub fn rank_of_bound(&self, key: &K) -> usize {
        self.find(key).0
    }

    /// Whether the key is there.
    #[must_use]
    pub fn contains(&self, key: &K) -> bool {
        self.find(key).1
    }

    /// The key at a position, 0 for the best; None past the end.
    #[must_use]
    pub fn select(&self, mut position: usize) -> Option<&K> {
        let mut node = &*self.root;
        loop {
            match node {
                Node::Leaf(keys) => return keys.get(position),
                Node::Branch(children) => {
                    let child = node::child_at(children, &mut position)?;
                    node = &child.node;
                }
            }
        }
    }

    /// The keys from a position on, in order. O(log n) to begin, O(1) a key.
    #[must_use]
    pub fn iter_from(&self, position: usize) -> Iter<'_, K> {
        Iter::new(&self.root, position, self.len)
    }

    /// All keys in order.
    #[must_use]
    pub fn iter(&self) -> Iter<'_, K> {
        self.iter_from(0)
    }

    /// How many keys are before this one, and whether it is there itself.
    fn find(&self, key: &K) -> (usize, bool) {
        let (mut node, mut before) = (&*self.root, 0);
        loop {
            match node {
                Node::Leaf(keys) => {
                    let at = keys.partition_point(|k| k < key);
                    return (before + at, keys.get(at) == Some(key));
                }
                Node::Branch(children) => {
                    let at = node::child_of(children, key);
                    before += children[..at].iter().map(|child| child.count).sum::<usize>();
                    node = &children[at].node;
                }
            }
        }
    }
}

impl<'a, K: Ord + Clone> IntoIterator for &'a Ranking<K> {
    type Item = &'a K;
    type IntoIter = Iter<'a, K>;

    fn into_iter(self) -> Iter<'a, K> {
        self.iter()
    }
}

impl<K: Ord + Clone> FromIterator<K> for Ranking<K> {
    fn from_iter<I: IntoIterator<Item = K>>(keys: I) -> Self {
        Self::from_sorted(keys)
    }
}
