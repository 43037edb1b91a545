//! Walking a ranking in order.

use std::slice;

use super::node::{Child, Node};

/// The keys of a ranking in order, from some position on.
#[derive(Debug, Clone)]
pub struct Iter<'a, K> {
    /// What is still to be walked on each level, the root's children first.
    above: Vec<slice::Iter<'a, Child<K>>>,
    leaf: slice::Iter<'a, K>,
    left: usize,
}

impl<'a, K> Iter<'a, K> {
    pub(super) fn new(mut node: &'a Node<K>, mut position: usize, len: usize) -> Self {
        let left = len.saturating_sub(position);
        let mut above = Vec::new();
        loop {
            match node {
                Node::Leaf(keys) => {
                    let leaf = keys.get(position..).unwrap_or_default().iter();
                    return Self { above, leaf, left };
                }
                Node::Branch(children) => {
                    let at = children.iter().position(|child| {
                        let here = position < child.count;
                        position -= if here { 0 } else { child.count };
                        here
                    });
                    let Some(at) = at else { return Self { above: Vec::new(), leaf: [].iter(), left } };
                    above.push(children[at + 1..].iter());
                    node = &children[at].node;
                }
            }
        }
    }

    /// Goes to the next leaf; false when there is none.
    fn turn(&mut self) -> bool {
        while let Some(level) = self.above.last_mut() {
            let Some(child) = level.next() else {
                self.above.pop();
                continue;
            };
            match &*child.node {
                Node::Leaf(keys) => {
                    self.leaf = keys.iter();
                    return true;
                }
                Node::Branch(children) => self.above.push(children.iter()),
            }
        }
        false
    }
}

impl<'a, K> Iterator for Iter<'a, K> {
    type Item = &'a K;

    fn next(&mut self) -> Option<&'a K> {
        loop {
            if let Some(key) = self.leaf.next() {
                self.left -= 1;
                return Some(key);
            }
            if !self.turn() {
                return None;
            }
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl<K> ExactSizeIterator for Iter<'_, K> {}
