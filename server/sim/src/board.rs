//! The live board: everyone in the arena, always in order. A change moves one row; nothing is sorted per tick.

use std::collections::BTreeMap;

use bevy_ecs::resource::Resource;
use shared::ids::PlayerId;
use shared::leaderboard::{BoardDelta, BoardRow, RankKey, Standing};
use shared::protocol::TopRow;
use shared::tuning::TOP_ROWS;

/// The ranks in this arena now.
#[derive(Debug, Default, Resource)]
pub(crate) struct LiveBoard {
    order: Vec<RankKey>,
    rows: BTreeMap<PlayerId, BoardRow>,
    delta: BoardDelta,
}

impl LiveBoard {
    /// A player comes, or comes under another name.
    pub(crate) fn join(&mut self, row: BoardRow) {
        self.place(row.standing);
        let id = row.standing.player;
        if self.rows.insert(id, row.clone()).is_some() {
            self.delta.gone.push(id);
            self.delta.changed.retain(|standing| standing.player != id);
            self.delta.joined.retain(|row| row.standing.player != id);
        }
        self.delta.joined.push(row);
    }

    /// A player's standing changes.
    pub(crate) fn set(&mut self, standing: Standing) {
        if !self.rows.contains_key(&standing.player) {
            return;
        }
        self.place(standing);
        if let Some(row) = self.rows.get_mut(&standing.player) {
            row.standing = standing;
        }
        match self.delta.joined.iter_mut().find(|row| row.standing.player == standing.player) {
            Some(row) => row.standing = standing,
            None => self.delta.changed.push(standing),
        }
    }

    /// A player goes.
    pub(crate) fn leave(&mut self, id: PlayerId) {
        let Some(row) = self.rows.remove(&id) else { return };
        self.lift(&row.standing.key());
        self.delta.joined.retain(|row| row.standing.player != id);
        self.delta.changed.retain(|standing| standing.player != id);
        self.delta.gone.push(id);
    }

    /// The rank of a player, from 1; 0 for one who is not on the board.
    pub(crate) fn rank(&self, id: PlayerId) -> u32 {
        let key = self.rows.get(&id).map(|row| row.standing.key());
        key.and_then(|key| self.order.binary_search(&key).ok()).map_or(0, |at| at as u32 + 1)
    }

    /// The best row.
    pub(crate) fn leader(&self) -> Option<&BoardRow> {
        self.order.first().and_then(|key| self.rows.get(&key.player()))
    }

    /// One player's row.
    pub(crate) fn row(&self, id: PlayerId) -> Option<&BoardRow> {
        self.rows.get(&id)
    }

    /// All rows, best first.
    pub(crate) fn rows(&self) -> Vec<&BoardRow> {
        self.order.iter().filter_map(|key| self.rows.get(&key.player())).collect()
    }

    /// The best rows, as players see them.
    pub(crate) fn top(&self) -> Vec<TopRow> {
        let best = self.order.iter().take(TOP_ROWS).filter_map(|key| self.rows.get(&key.player()));
        best.map(|row| {
            let (player, score) = (row.standing.player, row.standing.score);
            TopRow { player, name: row.name.clone(), drone: row.drone, score }
        })
        .collect()
    }

    /// What happened since the last call.
    pub(crate) fn take_delta(&mut self) -> BoardDelta {
        std::mem::take(&mut self.delta)
    }

    fn place(&mut self, standing: Standing) {
        if let Some(before) = self.rows.get(&standing.player).map(|row| row.standing.key()) {
            self.lift(&before);
        }
        let key = standing.key();
        if let Err(at) = self.order.binary_search(&key) {
            self.order.insert(at, key);
        }
    }

    fn lift(&mut self, key: &RankKey) {
        if let Ok(at) = self.order.binary_search(key) {
            self.order.remove(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::leaderboard::Board;
    use shared::name::PlayerName;
    use shared::tick::Tick;

    fn row(player: u32, score: u32) -> BoardRow {
        let standing =
            Standing { player: PlayerId(player), score, since: Tick(score), ..Standing::default() };
        BoardRow { standing, name: PlayerName::clean("x").unwrap(), drone: false }
    }

    #[test]
    fn ranks_and_a_watchers_copy_agree_with_a_sort_after_every_change() {
        let (mut live, mut copy) = (LiveBoard::default(), Board::default());
        let mut seed = 5_u32;
        for round in 0..4000_u32 {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let (id, score) = (seed >> 8 & 31, seed >> 20 & 15);
            match seed >> 28 {
                0 | 1 => live.leave(PlayerId(id)),
                2..=5 => live.join(row(id, score)),
                _ => live.set(row(id, score).standing),
            }
            if round % 3 == 0 {
                copy.apply(live.take_delta());
                let rows: Vec<BoardRow> = live.rows().into_iter().cloned().collect();
                assert_eq!(copy.rows(), rows, "round {round}");
                for (at, row) in rows.iter().enumerate() {
                    assert_eq!(live.rank(row.standing.player), at as u32 + 1);
                }
            }
        }
    }
}
