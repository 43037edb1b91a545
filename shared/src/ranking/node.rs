//! The nodes of a ranking: how they split when they are full and join when they are nearly empty. Every change goes
//! through `Arc::make_mut`, so a node that a snapshot holds is copied, never changed.

use std::sync::Arc;

use arrayvec::ArrayVec;

/// Keys in a leaf. A path is copied when a snapshot holds it, so nodes are kept small: about 1.3 KiB for a key of 20
/// bytes.
pub(super) const LEAF: usize = 64;

/// Children of a branch. Ten million keys are four levels of branches.
pub(super) const BRANCH: usize = 32;

pub(super) type Leaf<K> = ArrayVec<K, LEAF>;
type Children<K> = ArrayVec<Child<K>, BRANCH>;

/// A leaf of keys in order, or a branch with at least one child. Only the root may be an empty leaf.
#[derive(Debug, Clone)]
pub(super) enum Node<K> {
    Leaf(Leaf<K>),
    Branch(Children<K>),
}

/// A node as its parent knows it.
#[derive(Debug, Clone)]
pub(super) struct Child<K> {
    /// No key below is before this one, and every key of the child to the left is.
    low: K,
    /// Keys below.
    pub(super) count: usize,
    pub(super) node: Arc<Node<K>>,
}

/// What an insert did to a node.
pub(super) enum Inserted<K> {
    Present,
    Fits,
    /// The node was full: this is its new neighbour to the right.
    Split(Child<K>),
}

impl<K> Default for Node<K> {
    fn default() -> Self {
        Self::Leaf(ArrayVec::new())
    }
}

impl<K> Node<K> {
    fn is_sparse(&self) -> bool {
        match self {
            Self::Leaf(keys) => keys.len() < LEAF / 3,
            Self::Branch(children) => children.len() < BRANCH / 3,
        }
    }
}

impl<K: Clone> Node<K> {
    fn count(&self) -> usize {
        match self {
            Self::Leaf(keys) => keys.len(),
            Self::Branch(children) => children.iter().map(|child| child.count).sum(),
        }
    }

    fn low(&self) -> Option<&K> {
        match self {
            Self::Leaf(keys) => keys.first(),
            Self::Branch(children) => children.first().map(|child| &child.low),
        }
    }
}

impl<K: Clone> Child<K> {
    /// None of an empty node.
    pub(super) fn of(node: Node<K>) -> Option<Self> {
        Some(Self { low: node.low()?.clone(), count: node.count(), node: Arc::new(node) })
    }

    /// The last key of a leaf.
    pub(super) fn last(&self) -> Option<&K> {
        match &*self.node {
            Node::Leaf(keys) => keys.last(),
            Node::Branch(_) => None,
        }
    }
}

/// Which child holds the key, if any does.
pub(super) fn child_of<K: Ord>(children: &[Child<K>], key: &K) -> usize {
    children.partition_point(|child| child.low <= *key).saturating_sub(1)
}

/// The child that holds a position; the position becomes one within it. None past the end.
pub(super) fn child_at<'a, K>(children: &'a [Child<K>], position: &mut usize) -> Option<&'a Child<K>> {
    children.iter().find(|child| {
        let here = *position < child.count;
        *position -= if here { 0 } else { child.count };
        here
    })
}

/// Puts a key below a node.
pub(super) fn insert<K: Ord + Clone>(node: &mut Arc<Node<K>>, key: K) -> Inserted<K> {
    match Arc::make_mut(node) {
        Node::Leaf(keys) => match keys.binary_search(&key) {
            Ok(_) => Inserted::Present,
            Err(at) => split(put(keys, at, key).map(Node::Leaf)),
        },
        Node::Branch(children) => {
            let at = child_of(children, &key);
            let child = &mut children[at];
            if key < child.low {
                child.low = key.clone();
            }
            match insert(&mut child.node, key) {
                Inserted::Present => return Inserted::Present,
                Inserted::Fits => child.count += 1,
                Inserted::Split(right) => {
                    child.count = child.count + 1 - right.count;
                    return split(put(children, at + 1, right).map(Node::Branch));
                }
            }
            Inserted::Fits
        }
    }
}

fn split<K: Clone>(right: Option<Node<K>>) -> Inserted<K> {
    right.and_then(Child::of).map_or(Inserted::Fits, Inserted::Split)
}

/// Inserts into a list; one that is full gives its right half away first.
fn put<T, const N: usize>(list: &mut ArrayVec<T, N>, at: usize, item: T) -> Option<ArrayVec<T, N>> {
    if !list.is_full() {
        list.insert(at, item);
        return None;
    }
    // Keys often come in order (a live board at its start): a full list that grows at its end stays nearly full.
    let keep = if at == N { N - 1 } else { N / 2 };
    let mut right: ArrayVec<T, N> = list.drain(keep..).collect();
    match at.checked_sub(keep) {
        Some(at) if at > 0 => right.insert(at, item),
        Some(_) | None => list.insert(at, item),
    }
    Some(right)
}

/// Takes out a key that is below the node.
pub(super) fn remove<K: Ord + Clone>(node: &mut Arc<Node<K>>, key: &K) {
    match Arc::make_mut(node) {
        Node::Leaf(keys) => {
            if let Ok(at) = keys.binary_search(key) {
                keys.remove(at);
            }
        }
        Node::Branch(children) => {
            let at = child_of(children, key);
            let child = &mut children[at];
            remove(&mut child.node, key);
            child.count -= 1;
            if child.node.is_sparse() {
                mend(children, at);
            }
        }
    }
}

/// Joins a sparse child with a neighbour, or evens the two out when they do not fit into one.
fn mend<K: Clone>(children: &mut Children<K>, sparse: usize) {
    if children.len() < 2 {
        return;
    }
    let left = sparse.min(children.len() - 2);
    let right = children.remove(left + 1);
    let low = right.low.clone();
    let right = Arc::unwrap_or_clone(right.node);
    let node = Arc::make_mut(&mut children[left].node);
    let rest = match (&mut *node, right) {
        (Node::Leaf(a), Node::Leaf(b)) => join(a, b).map(Node::Leaf),
        (Node::Branch(a), Node::Branch(b)) => join(a, b).map(Node::Branch),
        // All leaves are at the same depth.
        (Node::Leaf(_), b @ Node::Branch(_)) | (Node::Branch(_), b @ Node::Leaf(_)) => Some(b),
    };
    children[left].count = children[left].node.count();
    if let Some(node) = rest {
        let low = node.low().cloned().unwrap_or(low);
        children.insert(left + 1, Child { low, count: node.count(), node: Arc::new(node) });
    }
}

/// Moves all to the left, or half of all when it is too much for one.
fn join<T, const N: usize>(left: &mut ArrayVec<T, N>, mut right: ArrayVec<T, N>) -> Option<ArrayVec<T, N>> {
    let all = left.len() + right.len();
    if all <= N {
        left.extend(right);
        return None;
    }
    let half = all / 2;
    if left.len() < half {
        let missing = half - left.len();
        left.extend(right.drain(..missing));
        return Some(right);
    }
    let moved: ArrayVec<T, N> = left.drain(half..).chain(right).collect();
    Some(moved)
}

/// Puts a new root over the old one and its new neighbour.
pub(super) fn grow<K: Clone>(root: &mut Arc<Node<K>>, right: Child<K>) {
    let left = std::mem::take(root);
    let Some(low) = left.low().cloned() else { return };
    let mut children = ArrayVec::new();
    children.push(Child { low, count: left.count(), node: left });
    children.push(right);
    *root = Arc::new(Node::Branch(children));
}

/// Takes roots away that have a single child.
pub(super) fn shrink<K>(root: &mut Arc<Node<K>>) {
    while let Node::Branch(children) = &**root
        && let [only] = children.as_slice()
    {
        let only = only.node.clone();
        *root = only;
    }
}

/// Builds branches over a row of nodes until there is one.
pub(super) fn rise<K: Clone>(mut row: Vec<Child<K>>) -> Arc<Node<K>> {
    while row.len() > 1 {
        let parents = row.len().div_ceil(BRANCH * 7 / 8);
        let (each, more) = (row.len() / parents, row.len() % parents);
        let mut below = row.into_iter();
        row = (0..parents)
            .filter_map(|i| {
                Child::of(Node::Branch(below.by_ref().take(each + usize::from(i < more)).collect()))
            })
            .collect();
    }
    row.pop().map(|root| root.node).unwrap_or_default()
}
