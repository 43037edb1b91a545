//! Boards beside a sorted list: best lives, ties, removals, both ways of numbering ranks. `BOARD_OPS` sets how many
//! operations; a debug build does fewer by itself.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;

use crate::board::{Board, Ranks, Version};
use crate::period::UnixMs;
use crate::place::{Place, Seq, Slot};

type Line = (Reverse<u32>, u64, u64, u32);

#[derive(Default)]
struct Model {
    best: BTreeMap<u32, Line>,
    lines: Vec<Line>,
}

impl Model {
    fn remove(&mut self, slot: u32) -> bool {
        let Some(line) = self.best.remove(&slot) else { return false };
        let at = self.lines.binary_search(&line).unwrap();
        self.lines.remove(at);
        true
    }

    fn offer(&mut self, line: Line) -> bool {
        if self.best.get(&line.3).is_some_and(|best| *best <= line) {
            return false;
        }
        self.remove(line.3);
        self.best.insert(line.3, line);
        let at = self.lines.binary_search(&line).unwrap_err();
        self.lines.insert(at, line);
        true
    }
}

fn agree(board: &Board, model: &Model, slot: u32) {
    assert_eq!(board.len(), model.lines.len());
    let place = board.place(Slot(slot));
    assert_eq!(place.is_some(), model.best.contains_key(&slot));
    let Some(place) = place else { return };
    let line = model.best[&slot];
    assert_eq!((Reverse(place.score()), place.at().0, place.seq().0, place.slot().0), line);
    let position = board.view().ranking.rank(&place).unwrap();
    assert_eq!(model.lines[position], line);
    let above = model.lines.partition_point(|other| other.0 < line.0);
    assert_eq!(board.view().rank(position, place, Ranks::Standard), position as u64 + 1);
    assert_eq!(board.view().rank(position, place, Ranks::Competition), above as u64 + 1);
}

#[test]
fn ranks_are_those_of_a_sorted_list_ties_included_and_kept_versions_stay() {
    let by_build = if cfg!(debug_assertions) { 40_000 } else { 2_000_000 };
    let operations = std::env::var("BOARD_OPS").map_or(by_build, |text| text.parse().unwrap());
    for (seed, (players, scores)) in [(50, 20), (4_000, 300), (9_000, 1_000_000)].into_iter().enumerate() {
        let mut rng = Pcg64Mcg::seed_from_u64(seed as u64);
        let (mut board, mut model) = (Board::empty(Version(0)), Model::default());
        let mut kept = None;
        for seq in 0..operations / 3 {
            let slot = rng.random_range(0..players);
            if rng.random_ratio(1, 8) {
                assert_eq!(board.remove(Slot(slot)), model.remove(slot));
            } else {
                let (score, at) = (rng.random_range(0..scores), rng.random_range(0..50));
                let place = Place::new(score, UnixMs(at), Seq(seq), Slot(slot));
                assert_eq!(
                    board.betters(place),
                    board.offer(place) && model.offer((Reverse(score), at, seq, slot))
                );
            }
            agree(&board, &model, slot);
            agree(&board, &model, rng.random_range(0..players));
            if seq % 5_000 == 0 {
                let now = (board.view().clone(), model.lines.clone());
                if let Some((view, lines)) = kept.replace(now) {
                    let found: Vec<Line> = view
                        .ranking
                        .iter()
                        .map(|p| (Reverse(p.score()), p.at().0, p.seq().0, p.slot().0))
                        .collect();
                    assert_eq!(found, lines);
                }
            }
        }
        let places = board.view().ranking.iter().rev_vec();
        let again = Board::build(Version(1), places);
        assert!(again.view().ranking.iter().eq(board.view().ranking.iter()));
    }
}

trait RevVec {
    fn rev_vec(self) -> Vec<Place>;
}

impl<'a, I: Iterator<Item = &'a Place>> RevVec for I {
    /// In the worst order to build from.
    fn rev_vec(self) -> Vec<Place> {
        let mut all: Vec<_> = self.copied().collect();
        all.reverse();
        all
    }
}
