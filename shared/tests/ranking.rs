//! Rankings beside a sorted list that is searched and shifted: after every change both say the same.
//! `RANKING_OPS` sets how many operations; a debug build does fewer by itself.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::cmp::Reverse;

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;
use shared::ranking::Ranking;

/// Score first, so that many tie in the leading part, then who.
type Key = (Reverse<u16>, u32);

fn operations() -> usize {
    let by_build = if cfg!(debug_assertions) { 60_000 } else { 2_000_000 };
    std::env::var("RANKING_OPS").map_or(by_build, |ops| ops.parse().expect("RANKING_OPS is a number"))
}

struct Pair {
    ranking: Ranking<Key>,
    model: Vec<Key>,
}

impl Pair {
    fn insert(&mut self, key: Key) {
        let at = self.model.binary_search(&key);
        assert_eq!(self.ranking.insert(key), at.is_err());
        if let Err(at) = at {
            self.model.insert(at, key);
        }
    }

    fn remove(&mut self, key: Key) {
        let at = self.model.binary_search(&key);
        assert_eq!(self.ranking.remove(&key), at.is_ok());
        if let Ok(at) = at {
            self.model.remove(at);
        }
    }

    fn agree_on(&self, key: Key, position: usize) {
        let found = self.model.binary_search(&key);
        assert_eq!(self.ranking.rank(&key), found.ok());
        assert_eq!(self.ranking.contains(&key), found.is_ok());
        assert_eq!(self.ranking.rank_of_bound(&key), found.unwrap_or_else(|at| at));
        assert_eq!(self.ranking.select(position), self.model.get(position));
        assert_eq!(self.ranking.len(), self.model.len());
        assert_eq!(self.ranking.is_empty(), self.model.is_empty());
    }

    fn agree_from(&self, position: usize, count: usize) {
        let iter = self.ranking.iter_from(position);
        assert_eq!(iter.len(), self.model.len().saturating_sub(position));
        assert!(iter.take(count).eq(self.model.iter().skip(position).take(count)));
    }
}

fn random_key(rng: &mut Pcg64Mcg, scores: u16, players: u32) -> Key {
    (Reverse(rng.random_range(0..scores)), rng.random_range(0..players))
}

/// One world: it grows, shrinks to nothing, and grows again, while snapshots of it are kept.
fn run(seed: u64, operations: usize, scores: u16, players: u32) {
    let mut rng = Pcg64Mcg::seed_from_u64(seed);
    let mut pair = Pair { ranking: Ranking::new(), model: Vec::new() };
    let mut kept: Vec<(Ranking<Key>, Vec<Key>)> = Vec::new();
    for n in 0..operations {
        let key = random_key(&mut rng, scores, players);
        let growing = (n / 20_000) % 2 == 0;
        if rng.random_ratio(if growing { 7 } else { 2 }, 10) {
            pair.insert(key);
        } else {
            let present = (!pair.model.is_empty() && rng.random_ratio(9, 10))
                .then(|| pair.model[rng.random_range(0..pair.model.len())]);
            pair.remove(present.unwrap_or(key));
        }
        let position = rng.random_range(0..pair.model.len() + 3);
        pair.agree_on(random_key(&mut rng, scores, players), position);
        if let Some(&there) = pair.model.get(position) {
            pair.agree_on(there, position);
        }
        if n % 64 == 0 {
            pair.agree_from(position, 200);
        }
        if n % 1_009 == 0 {
            kept.push((pair.ranking.clone(), pair.model.clone()));
            if kept.len() > 20 {
                let (ranking, model) = kept.swap_remove(rng.random_range(0..20));
                Pair { ranking, model }.agree_from(0, usize::MAX);
            }
        }
    }
    for (ranking, model) in kept {
        Pair { ranking, model }.agree_from(0, usize::MAX);
    }
    pair.agree_from(0, usize::MAX);
}

#[test]
fn ranks_are_those_of_a_sorted_list_and_snapshots_stay_as_they_were() {
    for (seed, (scores, players)) in
        [(1, 2_000), (3, 50), (40, 3_000), (60_000, u32::MAX)].into_iter().enumerate()
    {
        run(seed as u64, operations() / 4, scores, players);
    }
}

#[test]
fn keys_that_come_in_order_or_backwards_are_found() {
    for backwards in [false, true] {
        let mut ranking = Ranking::new();
        for n in 0..20_000u32 {
            assert!(ranking.insert(if backwards { 20_000 - n } else { n + 1 }));
        }
        assert!(ranking.iter().copied().eq(1..=20_000));
        assert!((1..=20_000).all(|n| ranking.rank(&n) == Some(n as usize - 1)));
    }
}

#[test]
fn building_from_a_sorted_list_is_the_same_as_inserting() {
    for len in [0, 1, 2, 55, 56, 57, 63, 64, 65, 1_567, 1_568, 1_569, 43_905, 100_000] {
        let keys: Vec<u32> = (0..len).map(|n| n * 2).collect();
        let mut ranking = Ranking::from_sorted(keys.iter().copied());
        assert_eq!(ranking.len(), keys.len());
        assert!(ranking.iter().eq(keys.iter()));
        assert!(keys.iter().enumerate().all(|(at, key)| ranking.rank(key) == Some(at)));
        for n in 0..len.min(3_000) {
            assert!(ranking.insert(n * 2 + 1));
        }
        for key in &keys {
            assert!(ranking.remove(key));
        }
        assert_eq!(ranking.len(), len.min(3_000) as usize);
        assert!(ranking.iter().eq(&(0..len.min(3_000)).map(|n| n * 2 + 1).collect::<Vec<_>>()));
    }
}

#[test]
fn building_from_a_list_out_of_order_still_sorts_it() {
    let ranking: Ranking<u32> = (0..500).chain([3, 9, 1_000, 700, 700]).collect();
    assert!(ranking.iter().copied().eq((0..500).chain([700, 1_000])));
    assert_eq!(ranking.len(), 502);
}

#[test]
fn what_is_not_there_has_no_rank() {
    let ranking: Ranking<u32> = [10, 20].into_iter().collect();
    assert_eq!((ranking.rank(&15), ranking.rank_of_bound(&15)), (None, 1));
    assert_eq!(ranking.select(2), None);
    assert_eq!(ranking.iter_from(5).count(), 0);
    assert_eq!(Ranking::<u32>::new().select(0), None);
}
