//! The order of a board, and a watcher's copy of one. Both ends sort by the same key, so ranks agree without being sent.

use crate::identity::PlayerKey;
use crate::ids::PlayerId;
use crate::mode::Team;
use crate::name::PlayerName;
use crate::ranking::Ranking;
use crate::tick::Tick;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a board is sorted by, best first: more points; of equals, who had them first; then the lower id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct RankKey {
    points: std::cmp::Reverse<u32>,
    since: Tick,
    player: PlayerId,
}

impl RankKey {
    /// The key of a player who has had `points` since `since`.
    #[must_use]
    pub fn new(points: u32, since: Tick, player: PlayerId) -> Self {
        Self { points: std::cmp::Reverse(points), since, player }
    }

    /// Whose key it is.
    #[must_use]
    pub fn player(&self) -> PlayerId {
        self.player
    }
}

/// The part of a row that changes in play.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Whose.
    pub player: PlayerId,
    /// Points of the life that is being played; 0 while dead.
    pub score: u32,
    /// The tick since which the score is what it is.
    pub since: Tick,
    /// Kills since joining.
    pub kills: u32,
    /// Deaths since joining.
    pub deaths: u32,
}

impl Standing {
    /// What the row is sorted by.
    #[must_use]
    pub fn key(&self) -> RankKey {
        RankKey::new(self.score, self.since, self.player)
    }
}

/// One row of the live board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardRow {
    /// What changes in play.
    pub standing: Standing,
    /// The player's name.
    pub name: PlayerName,
    /// Flown by the server.
    pub drone: bool,
    /// The player's public id; none of a drone.
    pub key: Option<PlayerKey>,
    /// The player's team, where there are teams.
    pub team: Option<Team>,
}

/// What happened to the live board in one tick.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardDelta {
    /// Rows that are new.
    pub joined: Vec<BoardRow>,
    /// Rows that changed.
    pub changed: Vec<Standing>,
    /// Players who are gone.
    pub gone: Vec<PlayerId>,
}

impl BoardDelta {
    /// Did anything happen?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.joined.is_empty() && self.changed.is_empty() && self.gone.is_empty()
    }
}

/// A watcher's copy of the live board, always in order. A change costs O(log n), so a board of ten thousand is followed
/// tick by tick.
#[derive(Debug, Default)]
pub struct Board {
    players: BTreeMap<PlayerId, BoardRow>,
    order: Ranking<RankKey>,
    drones: usize,
}

impl Board {
    /// Starts again from all rows.
    pub fn reset(&mut self, rows: Vec<BoardRow>) {
        self.players = rows.into_iter().map(|row| (row.standing.player, row)).collect();
        let mut keys: Vec<RankKey> = self.players.values().map(|row| row.standing.key()).collect();
        keys.sort_unstable();
        self.order = Ranking::from_sorted(keys);
        self.drones = self.players.values().filter(|row| row.drone).count();
    }

    /// Takes one tick's changes. Changes to players who are not on the board are passed over.
    pub fn apply(&mut self, delta: BoardDelta) {
        for player in delta.gone {
            self.remove(player);
        }
        for standing in delta.changed {
            if let Some(row) = self.players.get_mut(&standing.player) {
                self.order.remove(&row.standing.key());
                self.order.insert(standing.key());
                row.standing = standing;
            }
        }
        for row in delta.joined {
            self.remove(row.standing.player);
            self.order.insert(row.standing.key());
            self.drones += usize::from(row.drone);
            self.players.insert(row.standing.player, row);
        }
    }

    fn remove(&mut self, player: PlayerId) {
        if let Some(row) = self.players.remove(&player) {
            self.order.remove(&row.standing.key());
            self.drones -= usize::from(row.drone);
        }
    }

    /// How many are on it.
    #[must_use]
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether nobody is on it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// How many of them are drones.
    #[must_use]
    pub fn drones(&self) -> usize {
        self.drones
    }

    /// The row at `index`, 0 for the best: its rank is `index + 1`.
    #[must_use]
    pub fn at(&self, index: usize) -> Option<&BoardRow> {
        self.players.get(&self.order.select(index)?.player())
    }

    /// Where `row` of this board is, 0 for the best.
    #[must_use]
    pub fn index_of(&self, row: &BoardRow) -> Option<usize> {
        self.order.rank(&row.standing.key())
    }

    /// Everyone, best first.
    pub fn iter(&self) -> impl Iterator<Item = &BoardRow> {
        self.order.iter().filter_map(|key| self.players.get(&key.player()))
    }

    /// Everyone in the order of their numbers, which does not change with the scores.
    pub fn unordered(&self) -> impl Iterator<Item = &BoardRow> {
        self.players.values()
    }

    /// A copy of all rows, best first: the rank of the row at index i is i + 1.
    #[must_use]
    pub fn rows(&self) -> Vec<BoardRow> {
        self.iter().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(player: u32, score: u32, since: u32) -> BoardRow {
        let standing = Standing { player: PlayerId(player), score, since: Tick(since), kills: 0, deaths: 0 };
        BoardRow { standing, name: PlayerName::clean("x").unwrap(), drone: false, key: None, team: None }
    }

    fn order(board: &Board) -> Vec<u32> {
        board.rows().iter().map(|row| row.standing.player.0).collect()
    }

    #[test]
    fn equal_scores_go_to_who_was_first() {
        let mut board = Board::default();
        board.reset(vec![row(1, 10, 9), row(2, 20, 9), row(3, 10, 4)]);
        assert_eq!(order(&board), [2, 3, 1]);
    }

    #[test]
    fn a_delta_moves_adds_and_removes_rows() {
        let mut board = Board::default();
        board.reset(vec![row(1, 10, 0), row(2, 20, 0)]);
        let changed = vec![row(1, 30, 5).standing, row(77, 99, 5).standing];
        board.apply(BoardDelta { joined: vec![row(3, 0, 6)], changed, gone: vec![PlayerId(2)] });
        assert_eq!(order(&board), [1, 3]);
    }

    #[test]
    fn who_comes_again_is_on_the_board_once() {
        let mut board = Board::default();
        board.reset(vec![row(1, 10, 0), row(2, 20, 0)]);
        board.apply(BoardDelta { joined: vec![row(2, 5, 7)], ..BoardDelta::default() });
        assert_eq!((order(&board), board.len()), (vec![1, 2], 2));
        let row = board.at(1).unwrap();
        assert_eq!((row.standing.player, board.index_of(row)), (PlayerId(2), Some(1)));
    }

    #[test]
    fn a_copy_that_follows_random_deltas_is_sorted_as_one_that_begins_anew() {
        let mut board = Board::default();
        let (mut rows, mut seed) = (BTreeMap::new(), 7_u32);
        let mut random = |below: u32| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 16) % below
        };
        for round in 0..500 {
            let mut delta = BoardDelta::default();
            let player = random(60);
            match rows.contains_key(&player).then(|| random(3)) {
                None => delta.joined.push(row(player, random(9), round)),
                Some(0) => delta.gone.push(PlayerId(player)),
                Some(_) => delta.changed.push(row(player, random(9), round).standing),
            }
            for row in delta.joined.iter().cloned() {
                rows.insert(player, row);
            }
            for standing in &delta.changed {
                rows.get_mut(&player).unwrap().standing = *standing;
            }
            for player in &delta.gone {
                rows.remove(&player.0);
            }
            board.apply(delta);
            let mut wanted: Vec<BoardRow> = rows.values().cloned().collect();
            wanted.sort_by_key(|row| row.standing.key());
            assert_eq!(board.rows(), wanted, "round {round}");
        }
    }
}
