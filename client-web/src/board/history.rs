//! The leaders' scores over the last minutes.
//!
//! Enters: who leads with how much, once a second. Leaves: a line of points for each of those who lead now. It holds
//! [`KEPT`] looks at most.

use std::collections::VecDeque;

use super::entry::{Entry, Who};

/// How many leaders have a line.
pub const LEADERS: usize = 5;

/// Between two looks, in milliseconds.
pub const EVERY_MS: f64 = 1000.0;

/// Looks that are kept: three minutes.
pub const KEPT: usize = 180;

/// A leader's line.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Whose.
    pub who: Who,
    /// The name.
    pub name: String,
    /// The score now.
    pub score: u32,
    /// Which of the [`LEADERS`] colours it has; it keeps it while it leads.
    pub colour: usize,
    /// Looks ago, and the score then; the oldest first.
    pub points: Vec<(usize, u32)>,
}

/// The last looks.
#[derive(Debug, Default)]
pub struct History {
    looks: VecDeque<Vec<(Who, u32)>>,
    colours: [Option<Who>; LEADERS],
    leaders: Vec<(Who, String, u32)>,
}

impl History {
    /// Takes a look at the board's first lines. Those below the leaders are remembered too, as they may lead soon.
    pub fn look(&mut self, first: &[Entry]) {
        self.looks.push_back(first.iter().map(|entry| (entry.who, entry.score)).collect());
        while self.looks.len() > KEPT {
            self.looks.pop_front();
        }
        let leaders = first.iter().take(LEADERS);
        self.leaders = leaders.map(|entry| (entry.who, entry.shown_name().to_owned(), entry.score)).collect();
        self.give_colours();
    }

    fn give_colours(&mut self) {
        let leads = |who: Who| self.leaders.iter().any(|(leader, ..)| *leader == who);
        for colour in &mut self.colours {
            *colour = colour.filter(|who| leads(*who));
        }
        for (who, ..) in &self.leaders {
            if !self.colours.contains(&Some(*who))
                && let Some(free) = self.colours.iter_mut().find(|colour| colour.is_none())
            {
                *free = Some(*who);
            }
        }
    }

    /// The lines of those who lead now, the best first.
    pub fn lines(&self) -> Vec<Line> {
        let line = |(who, name, score): &(Who, String, u32)| Line {
            who: *who,
            name: name.clone(),
            score: *score,
            colour: self.colours.iter().position(|colour| *colour == Some(*who)).unwrap_or(0),
            points: self.points(*who),
        };
        self.leaders.iter().map(line).collect()
    }

    fn points(&self, who: Who) -> Vec<(usize, u32)> {
        let looks = self.looks.iter().enumerate();
        let found = |(at, look): (usize, &Vec<(Who, u32)>)| {
            let score = look.iter().find(|(one, _)| *one == who)?.1;
            Some((self.looks.len() - 1 - at, score))
        };
        looks.filter_map(found).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::board::entry::Detail;

    fn board(lines: &[(u32, u32)]) -> Vec<Entry> {
        let detail = Detail::Life { at_ms: 0.0 };
        let line = |(who, score): &(u32, u32)| Entry {
            who: Who::Pilot(*who),
            number: 0,
            name: None,
            score: *score,
            detail,
        };
        lines.iter().map(line).collect()
    }

    #[test]
    fn a_leader_keeps_the_colour_while_others_come_and_go() {
        let mut history = History::default();
        history.look(&board(&[(1, 50), (2, 40), (3, 30), (4, 20), (5, 10), (6, 5)]));
        let colour = |history: &History, who| {
            history.lines().iter().find(|line| line.who == Who::Pilot(who)).map(|line| line.colour)
        };
        let before = colour(&history, 2);
        history.look(&board(&[(6, 90), (2, 40), (3, 30), (4, 20), (5, 10), (1, 0)]));
        assert_eq!(colour(&history, 2), before);
        assert_eq!((colour(&history, 1), colour(&history, 6)), (None, Some(0)));
        assert_eq!(history.lines()[0].points, [(1, 5), (0, 90)]);
    }

    #[test]
    fn only_the_last_minutes_are_kept() {
        let mut history = History::default();
        for score in 0..1000 {
            history.look(&board(&[(1, score)]));
        }
        let line = &history.lines()[0];
        assert_eq!((line.points.len(), line.points[0]), (KEPT, (KEPT - 1, 1000 - KEPT as u32)));
    }
}
