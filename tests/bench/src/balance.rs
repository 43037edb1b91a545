//! The balance of the hulls: drones of the highest skill in every pair of hulls, many duels each, and who won how often.

use std::io;
use std::num::NonZero;
use std::thread;

use crate::table;
use shared::hull::Hull;
use sim::duel;

/// Nobody may win more often than this over all, in percent.
pub const MOST: f64 = 55.0;

/// What the duels of one pair came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Won by the first and by the second.
    pub wins: [u32; 2],
    /// Won by nobody.
    pub draws: u32,
    /// Ticks they took in all.
    pub ticks: u64,
}

impl Tally {
    /// How often the first won, in percent of the duels that someone won.
    #[must_use]
    pub fn rate(&self) -> f64 {
        let [first, second] = self.wins.map(f64::from);
        100.0 * first / (first + second).max(1.0)
    }

    fn add(&mut self, other: &Self) {
        self.wins = [self.wins[0] + other.wins[0], self.wins[1] + other.wins[1]];
        (self.draws, self.ticks) = (self.draws + other.draws, self.ticks + other.ticks);
    }

    fn turned(self) -> Self {
        Self { wins: [self.wins[1], self.wins[0]], ..self }
    }
}

/// Every hull against every other.
#[derive(Debug, Clone, Copy, Default)]
pub struct Matches([[Tally; 4]; 4]);

impl Matches {
    /// `duels` of every pair, begun with `seed`, on all cores.
    #[must_use]
    pub fn played(duels: u32, seed: u64) -> Self {
        let threads = thread::available_parallelism().map_or(1, NonZero::get) as u64;
        let parts: Vec<Self> = thread::scope(|scope| {
            let workers: Vec<_> = (0..threads)
                .map(|part| scope.spawn(move || Self::part(duels, seed, part, threads)))
                .collect();
            workers.into_iter().filter_map(|worker| worker.join().ok()).collect()
        });
        let mut all = Self::default();
        for (first, second) in pairs() {
            parts.iter().for_each(|part| all.0[first][second].add(&part.0[first][second]));
            all.0[second][first] = all.0[first][second].turned();
        }
        all
    }

    fn part(duels: u32, seed: u64, part: u64, of: u64) -> Self {
        let mut matches = Self::default();
        for (first, second) in pairs() {
            let tally = &mut matches.0[first][second];
            for duel in (0..u64::from(duels)).filter(|duel| duel % of == part) {
                let seed = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ duel << 8 ^ (first * 4 + second) as u64;
                // Each goes first half of the time.
                let turned = duel % 2 == 1;
                let hulls = if turned { [second, first] } else { [first, second] };
                let outcome = duel::fight(hulls.map(|hull| Hull::ALL[hull]), seed);
                tally.ticks += u64::from(outcome.ticks);
                match outcome.winner {
                    Some(winner) => tally.wins[winner ^ usize::from(turned)] += 1,
                    None => tally.draws += 1,
                }
            }
        }
        matches
    }

    /// How often that hull won against the others, in percent, each of them counting alike.
    #[must_use]
    pub fn overall(&self, hull: Hull) -> f64 {
        let others = Hull::ALL.into_iter().filter(|other| *other != hull);
        others.map(|other| self.0[hull.index()][other.index()].rate()).sum::<f64>() / 3.0
    }

    fn rows(&self) -> Vec<Vec<String>> {
        let cell = |hull: Hull, other: Hull| match hull == other {
            true => "–".to_owned(),
            false => format!("{:.0}", self.0[hull.index()][other.index()].rate()),
        };
        let row = |hull: Hull| {
            let against = Hull::ALL.into_iter().map(|other| cell(hull, other));
            [hull.name().to_owned()]
                .into_iter()
                .chain(against)
                .chain([format!("{:.1}", self.overall(hull))])
                .collect()
        };
        Hull::ALL.into_iter().map(row).collect()
    }

    fn total(&self) -> Tally {
        let mut total = Tally::default();
        pairs().for_each(|(first, second)| total.add(&self.0[first][second]));
        total
    }
}

fn pairs() -> impl Iterator<Item = (usize, usize)> {
    (0..4).flat_map(|first| (first + 1..4).map(move |second| (first, second)))
}

/// Plays `duels` of every pair and prints a table.
///
/// # Errors
/// When a hull wins more than [`MOST`] percent over all.
pub fn run(duels: u32, seed: u64) -> io::Result<()> {
    let matches = Matches::played(duels, seed);
    let total = matches.total();
    let count = total.wins[0] + total.wins[1] + total.draws;
    println!(
        "Duels won by the hull of the row against that of the column, in percent of those that someone won;"
    );
    println!(
        "{duels} of each pair, seed {seed}; nobody won {} of {count}, and one took {:.0} s",
        total.draws,
        total.ticks as f64 / f64::from(count) / f64::from(shared::tuning::TICK_HZ)
    );
    let mut headings = vec!["hull"];
    headings.extend(Hull::ALL.map(Hull::name));
    headings.push("over all");
    table::print(&headings, &matches.rows());
    match Hull::ALL.into_iter().find(|hull| matches.overall(*hull) > MOST) {
        Some(hull) => {
            Err(io::Error::other(format!("the {} wins more than {MOST} % of its duels", hull.name())))
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A short form of the run: so few duels that a hull may be a little above the limit by chance.
    #[test]
    fn no_hull_wins_far_more_than_half_of_its_duels_and_every_hull_wins_some() {
        let matches = Matches::played(16, 7);
        for hull in Hull::ALL {
            let overall = matches.overall(hull);
            assert!((25.0..MOST + 17.0).contains(&overall), "{}: {overall:.1} %", hull.name());
        }
        assert!(matches.total().draws < 16 * 6 / 4, "duels are decided");
    }
}
