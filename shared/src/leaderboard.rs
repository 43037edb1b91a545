//! The order of a board, and a watcher's copy of one. Both ends sort by the same key, so ranks agree without being sent.

use crate::identity::PlayerKey;
use crate::ids::PlayerId;
use crate::name::PlayerName;
use crate::tick::Tick;
use serde::{Deserialize, Serialize};

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

/// A watcher's copy of the live board, always in order.
#[derive(Debug, Default)]
pub struct Board {
    rows: Vec<BoardRow>,
}

impl Board {
    /// Starts again from all rows.
    pub fn reset(&mut self, rows: Vec<BoardRow>) {
        self.rows = rows;
        self.sort();
    }

    /// Takes one tick's changes. Changes to players who are not on the board are passed over.
    pub fn apply(&mut self, delta: BoardDelta) {
        self.rows.retain(|row| !delta.gone.contains(&row.standing.player));
        for standing in delta.changed {
            if let Some(row) = self.rows.iter_mut().find(|row| row.standing.player == standing.player) {
                row.standing = standing;
            }
        }
        self.rows.extend(delta.joined);
        self.sort();
    }

    /// All rows, best first: the rank of the row at index i is i + 1.
    #[must_use]
    pub fn rows(&self) -> &[BoardRow] {
        &self.rows
    }

    fn sort(&mut self) {
        self.rows.sort_by_key(|row| row.standing.key());
        self.rows.dedup_by_key(|row| row.standing.player);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(player: u32, score: u32, since: u32) -> BoardRow {
        let standing = Standing { player: PlayerId(player), score, since: Tick(since), kills: 0, deaths: 0 };
        BoardRow { standing, name: PlayerName::clean("x").unwrap(), drone: false, key: None }
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
}
