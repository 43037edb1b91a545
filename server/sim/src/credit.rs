//! What both teams have in a round: the best life of each who is a member, or was one before he left.
//!
//! A person counts once in a team, by the public id: who leaves and comes again, or plays in two windows, has brought the best
//! of all those lives. Who went over to the other team has brought one to each, and these are different lives. Enters: who
//! leaves, and who is there. Leaves: points. Must never: grow beyond [`LEAVERS`], or depend on an order that is not the same
//! everywhere.

use std::collections::BTreeMap;

use shared::identity::PlayerKey;
use shared::mode::Team;

use crate::mix;

/// People who left whose best lives are kept in a round: as many as an arena has room for by default. When it is full, the
/// one with the fewest points makes room for one with more; who has fewer than all takes his points along.
pub(crate) const LEAVERS: usize = 4096;

/// What was kept of those who left.
#[derive(Debug, Default)]
pub(crate) struct Credit {
    /// What drones had, of either team.
    pub drones: [u64; 2],
    people: BTreeMap<(Team, PlayerKey), u32>,
}

impl Credit {
    /// What was kept before, of another server's arena.
    pub(crate) fn restored(drones: [u64; 2], people: &[(Team, PlayerKey, u32)]) -> Self {
        let people = people.iter().take(LEAVERS).map(|(team, key, points)| ((*team, *key), *points));
        Self { drones, people: people.collect() }
    }

    /// What is kept of people.
    pub(crate) fn people(&self) -> impl Iterator<Item = (Team, PlayerKey, u32)> + '_ {
        self.people.iter().map(|((team, key), points)| (*team, *key, *points))
    }

    /// A member leaves the team; a drone has no key.
    pub(crate) fn keep(&mut self, team: Team, key: Option<PlayerKey>, points: u32) {
        let Some(key) = key else {
            self.drones[team.index()] += u64::from(points);
            return;
        };
        if let Some(kept) = self.people.get_mut(&(team, key)) {
            *kept = points.max(*kept);
        } else if points > 0 && self.make_room(points) {
            self.people.insert((team, key), points);
        }
    }

    /// Is there room for one with so many points?
    fn make_room(&mut self, points: u32) -> bool {
        if self.people.len() < LEAVERS {
            return true;
        }
        let least = self.people.iter().min_by_key(|(_, points)| **points);
        let Some(least) = least.filter(|(_, least)| **least < points).map(|(who, _)| *who) else {
            return false;
        };
        self.people.remove(&least).is_some()
    }

    /// What both have, with these members and their best lives.
    pub(crate) fn points(&self, members: impl Iterator<Item = (Team, Option<PlayerKey>, u32)>) -> [u64; 2] {
        let mut points = self.drones;
        let mut people: Vec<(Team, PlayerKey, u32)> = self.people().collect();
        for (team, key, best) in members {
            match key {
                Some(key) => people.push((team, key, best)),
                None => points[team.index()] += u64::from(best),
            }
        }
        people.sort_unstable();
        // The last one of each is the best.
        let same =
            |one: &(Team, PlayerKey, u32), next: &(Team, PlayerKey, u32)| (one.0, one.1) == (next.0, next.1);
        for lives in people.chunk_by(same) {
            if let Some((team, _, best)) = lives.last() {
                points[team.index()] += u64::from(*best);
            }
        }
        points
    }

    /// For the arena's hash.
    pub(crate) fn word(&self, hash: u64) -> u64 {
        let drones = self.drones.into_iter().fold(hash, mix);
        self.people().fold(drones, |hash, (team, key, points)| {
            #[expect(clippy::cast_possible_truncation, reason = "the two halves")]
            let (high, low) = ((key.0 >> 64) as u64, key.0 as u64);
            mix(mix(mix(hash, high), low), u64::from(points) << 1 | team.index() as u64)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_counts_once_in_a_team_and_once_in_the_other() {
        let mut credit = Credit::default();
        let (ada, bob) = (Some(PlayerKey(1)), Some(PlayerKey(2)));
        for points in [40, 60, 20, 0] {
            credit.keep(Team::Suns, ada, points);
        }
        credit.keep(Team::Moons, ada, 5);
        credit.keep(Team::Suns, None, 3);
        let there =
            [(Team::Suns, ada, 50), (Team::Suns, ada, 10), (Team::Moons, bob, 7), (Team::Moons, None, 1)];
        assert_eq!(credit.points(there.into_iter()), [63, 13]);
        let better = [(Team::Suns, ada, 70)];
        assert_eq!(credit.points(better.into_iter()), [73, 5]);
    }

    #[test]
    fn so_many_are_kept_and_the_least_makes_room_for_who_has_more() {
        let mut credit = Credit::default();
        let all = LEAVERS as u128;
        (0..all).for_each(|key| credit.keep(Team::Suns, Some(PlayerKey(key)), 10));
        let full = 10 * LEAVERS as u64;
        credit.keep(Team::Moons, Some(PlayerKey(all)), 10);
        assert_eq!(credit.points(std::iter::empty()), [full, 0], "nobody has fewer");
        credit.keep(Team::Moons, Some(PlayerKey(all)), 11);
        assert_eq!(credit.points(std::iter::empty()), [full - 10, 11]);
        assert_eq!(credit.people().count(), LEAVERS);
        let people: Vec<_> = credit.people().collect();
        let again = Credit::restored(credit.drones, &people);
        assert_eq!((again.points(std::iter::empty()), again.word(0)), ([full - 10, 11], credit.word(0)));
    }
}
