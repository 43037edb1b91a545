//! The live board: everyone in the arena, always in order. A change moves one row, in O(log n); nothing is sorted per tick.
//!
//! Standings enter as they change. Ranks, deltas for watchers and snapshots for whoever reads from outside leave; a snapshot
//! shares the board's memory, and so costs nothing to take.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

use bevy_ecs::resource::Resource;
use shared::ids::PlayerId;
use shared::leaderboard::{BoardDelta, BoardRow, RankKey, Standing};
use shared::protocol::{AroundRow, Podium, TopRow, Totals};
use shared::ranking::Ranking;
use shared::tick::Tick;
use shared::tuning::{NEIGHBOURS, TOP_ROWS};

/// One row in its place. Ordered by its key alone.
#[derive(Debug, Clone)]
struct Place {
    key: RankKey,
    row: Arc<BoardRow>,
}

impl Place {
    fn of(row: &Arc<BoardRow>) -> Self {
        Self { key: row.standing.key(), row: row.clone() }
    }
}

impl Ord for Place {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key.cmp(&other.key)
    }
}

impl PartialOrd for Place {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Place {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Eq for Place {}

/// What the arena is about beside the ranks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contest {
    /// What the teams have; none without teams.
    pub totals: Option<Totals>,
    /// When the round or its podium is over; none without rounds.
    pub until: Option<Tick>,
    /// The podium, while it is shown.
    pub podium: Option<Arc<Podium>>,
}

/// The board as it was after some tick.
#[derive(Debug, Clone, Default)]
pub struct BoardSnapshot {
    version: u64,
    order: Ranking<Place>,
    contest: Contest,
}

impl BoardSnapshot {
    /// A board that was ranked elsewhere, from its rows in any order.
    #[must_use]
    pub fn copied(version: u64, rows: Vec<BoardRow>, contest: Contest) -> Self {
        let mut places: Vec<Place> = rows.into_iter().map(|row| Place::of(&Arc::new(row))).collect();
        places.sort_unstable();
        Self { version, order: Ranking::from_sorted(places), contest }
    }

    /// Grows with every tick that changed the board.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.version
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// What the arena is about beside the ranks. A change of it changes the version, too.
    #[must_use]
    pub fn contest(&self) -> &Contest {
        &self.contest
    }

    /// Is nobody on it?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// The rows from a position on (0 is the best), best first.
    pub fn rows_from(&self, position: usize) -> impl Iterator<Item = &BoardRow> {
        self.order.iter_from(position).map(|place| &*place.row)
    }
}

/// The ranks in this arena now.
#[derive(Debug, Default, Resource)]
pub(crate) struct LiveBoard {
    now: BoardSnapshot,
    rows: BTreeMap<PlayerId, Arc<BoardRow>>,
    delta: BoardDelta,
}

impl LiveBoard {
    /// A player comes, or comes under another name.
    pub(crate) fn join(&mut self, row: BoardRow) {
        let id = row.standing.player;
        if self.put(row.clone()) {
            self.delta.gone.push(id);
            self.forget_changes(id);
        }
        self.delta.joined.push(row);
    }

    /// A player's standing changes.
    pub(crate) fn set(&mut self, standing: Standing) {
        let Some(row) = self.rows.get(&standing.player) else { return };
        self.put(BoardRow { standing, ..BoardRow::clone(row) });
        match self.delta.joined.iter_mut().find(|row| row.standing.player == standing.player) {
            Some(row) => row.standing = standing,
            None => self.delta.changed.push(standing),
        }
    }

    /// A player goes.
    pub(crate) fn leave(&mut self, id: PlayerId) {
        let Some(row) = self.rows.remove(&id) else { return };
        self.now.order.remove(&Place::of(&row));
        self.now.version += 1;
        self.forget_changes(id);
        self.delta.gone.push(id);
    }

    /// The rank of a player, from 1; 0 for one who is not on the board.
    pub(crate) fn rank(&self, id: PlayerId) -> u32 {
        self.position(id).map_or(0, |at| at as u32 + 1)
    }

    /// The best row.
    pub(crate) fn leader(&self) -> Option<&BoardRow> {
        self.now.rows_from(0).next()
    }

    /// One player's row.
    pub(crate) fn row(&self, id: PlayerId) -> Option<&BoardRow> {
        self.rows.get(&id).map(|row| &**row)
    }

    /// All rows, best first.
    pub(crate) fn rows(&self) -> impl Iterator<Item = &BoardRow> {
        self.now.rows_from(0)
    }

    /// The rows of the players whose numbers come after this one, in the order of numbers.
    pub(crate) fn rows_after(&self, last: PlayerId) -> impl Iterator<Item = &BoardRow> {
        self.rows.range((Bound::Excluded(last), Bound::Unbounded)).map(|(_, row)| &**row)
    }

    /// The best rows, as players see them.
    pub(crate) fn top(&self) -> Vec<TopRow> {
        let row = |row: &BoardRow| {
            let (player, score) = (row.standing.player, row.standing.score);
            TopRow { player, name: row.name.clone(), drone: row.drone, score, team: row.team }
        };
        self.rows().take(TOP_ROWS).map(row).collect()
    }

    /// Is this the short board still?
    pub(crate) fn is_top(&self, rows: &[TopRow]) -> bool {
        let same = |(now, row): (&BoardRow, &TopRow)| {
            (now.standing.player, now.standing.score, now.team) == (row.player, row.score, row.team)
                && now.name == row.name
        };
        rows.len() == self.now.len().min(TOP_ROWS) && self.rows().zip(rows).all(same)
    }

    /// A player below the short board among the neighbours: the rank of the first row, and the rows.
    pub(crate) fn around(&self, id: PlayerId) -> Option<(u32, impl Iterator<Item = AroundRow>)> {
        let at = self.position(id).filter(|at| *at >= TOP_ROWS)?;
        let first = (at - NEIGHBOURS).max(TOP_ROWS);
        let row = |row: &BoardRow| {
            let (player, score) = (row.standing.player, row.standing.score);
            AroundRow { player, drone: row.drone, score, team: row.team }
        };
        let rows = self.now.rows_from(first).take(at + NEIGHBOURS + 1 - first).map(row);
        Some((first as u32 + 1, rows))
    }

    /// Something about the contest has changed, or not.
    pub(crate) fn follow(&mut self, change: impl FnOnce(&mut Contest)) {
        let mut contest = self.now.contest.clone();
        change(&mut contest);
        if contest != self.now.contest {
            self.now.contest = contest;
            self.now.version += 1;
        }
    }

    /// The board as it is.
    pub(crate) fn snapshot(&self) -> &BoardSnapshot {
        &self.now
    }

    /// What happened since the last call: every player in at most one way, but for one who went and came.
    pub(crate) fn take_delta(&mut self) -> BoardDelta {
        let mut delta = std::mem::take(&mut self.delta);
        // The last of a player's changes counts. The sort keeps their order.
        delta.changed.reverse();
        delta.changed.sort_by_key(|standing| standing.player);
        delta.changed.dedup_by_key(|standing| standing.player);
        delta
    }

    fn position(&self, id: PlayerId) -> Option<usize> {
        self.rows.get(&id).and_then(|row| self.now.order.rank(&Place::of(row)))
    }

    /// Puts a row in its place. Was there one of that player before?
    fn put(&mut self, row: BoardRow) -> bool {
        let row = Arc::new(row);
        let before = self.rows.insert(row.standing.player, row.clone());
        if let Some(before) = &before {
            self.now.order.remove(&Place::of(before));
        }
        self.now.order.insert(Place::of(&row));
        self.now.version += 1;
        before.is_some()
    }

    fn forget_changes(&mut self, id: PlayerId) {
        self.delta.joined.retain(|row| row.standing.player != id);
        self.delta.changed.retain(|standing| standing.player != id);
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
        BoardRow { standing, name: PlayerName::clean("x").unwrap(), drone: false, key: None, team: None }
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
                let rows: Vec<BoardRow> = live.rows().cloned().collect();
                assert_eq!(copy.rows(), rows, "round {round}");
                for (at, row) in rows.iter().enumerate() {
                    assert_eq!(live.rank(row.standing.player), at as u32 + 1);
                }
            }
        }
    }

    #[test]
    fn a_player_below_the_short_board_sees_the_neighbours_and_one_on_it_does_not() {
        let mut live = LiveBoard::default();
        (0..30).for_each(|player| live.join(row(player, 1000 - player)));
        let around = |player| {
            let (rank, rows) = live.around(PlayerId(player))?;
            Some((rank, rows.map(|row| row.player.0).collect::<Vec<_>>()))
        };
        assert_eq!(around(9), None);
        assert_eq!(around(10), Some((11, vec![10, 11, 12])));
        assert_eq!(around(20), Some((19, vec![18, 19, 20, 21, 22])));
        assert_eq!(around(29), Some((28, vec![27, 28, 29])));
    }

    #[test]
    fn a_copy_of_the_rows_in_any_order_is_the_same_board() {
        let mut live = LiveBoard::default();
        (0..50).for_each(|player| live.join(row(player, player % 7)));
        let snapshot = live.snapshot();
        let mut rows: Vec<BoardRow> = snapshot.rows_from(0).cloned().collect();
        rows.reverse();
        let copy = BoardSnapshot::copied(9, rows, Contest::default());
        assert!(copy.rows_from(0).eq(snapshot.rows_from(0)));
        assert_eq!((copy.version(), copy.len()), (9, 50));
    }

    #[test]
    fn a_snapshot_stays_as_it_was() {
        let mut live = LiveBoard::default();
        (0..100).for_each(|player| live.join(row(player, player)));
        let before = live.snapshot().clone();
        live.set(row(3, 5000).standing);
        live.leave(PlayerId(99));
        assert_eq!(
            (before.len(), before.rows_from(0).next().map(|row| row.standing.player.0)),
            (100, Some(99))
        );
        assert!(live.snapshot().version() > before.version());
    }
}
