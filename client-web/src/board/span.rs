//! Which lines are on the screen, and where, in a list that is far longer than the screen.
//!
//! Enters: how many lines, their height, the height and place of the window on them. Leaves: the range of lines, each one's
//! place, the scroll place of a line. Browsers limit how tall an element may be; a list beyond that is scrolled faster than
//! it is tall.

use std::ops::Range;

/// The tallest a list is made, in CSS pixels; browsers agree on a little more than 16 million.
const TALLEST: f64 = 8_000_000.0;

/// Lines that are kept ready on either side of the screen.
const SPARE: u64 = 6;

/// A window on a list. All in CSS pixels.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Span {
    /// Lines of the list.
    pub total: u64,
    /// Height of one.
    pub row: f64,
    /// Height of the window.
    pub view: f64,
    /// How far it is scrolled.
    pub scroll: f64,
}

impl Span {
    /// The height to give to the list.
    pub fn height(&self) -> f64 {
        self.full().min(TALLEST)
    }

    fn full(&self) -> f64 {
        self.total as f64 * self.row
    }

    /// Is the list taller than it may be, so that lines move on the list as one scrolls?
    pub fn is_scaled(&self) -> bool {
        self.full() > TALLEST
    }

    /// What is at the window's upper edge in the list as it should be.
    fn top(&self) -> f64 {
        let room = self.height() - self.view;
        if self.is_scaled() && room > 0.0 {
            self.scroll * (self.full() - self.view) / room
        } else {
            self.scroll
        }
    }

    /// The lines of which at least half is in the window.
    pub fn visible(&self) -> Range<u64> {
        let first = (self.top() / self.row + 0.5).max(0.0) as u64;
        let last = ((self.top() + self.view) / self.row + 0.5).max(0.0) as u64;
        first.min(self.total)..last.min(self.total)
    }

    /// The lines that are in the page.
    pub fn kept(&self) -> Range<u64> {
        let visible = self.visible();
        visible.start.saturating_sub(SPARE)..(visible.end + SPARE).min(self.total)
    }

    /// The place of a line on the list.
    pub fn place(&self, index: u64) -> f64 {
        index as f64 * self.row - self.top() + self.scroll
    }

    /// How far to scroll so that a line is in the middle of the window.
    pub fn scroll_to(&self, index: u64) -> f64 {
        let top = (index as f64 + 0.5) * self.row - self.view / 2.0;
        let top = top.clamp(0.0, (self.full() - self.view).max(0.0));
        let room = self.height() - self.view;
        if self.is_scaled() { top * room / (self.full() - self.view) } else { top }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(total: u64) -> Span {
        Span { total, row: 42.0, view: 600.0, scroll: 0.0 }
    }

    #[test]
    fn only_what_is_on_the_screen_and_a_few_around_is_kept() {
        for total in [0, 1, 14, 10_000, 10_000_000] {
            for scroll in [0.0, 77.0, 100_000.0] {
                let kept = Span { scroll, ..span(total) }.kept();
                assert!(kept.end - kept.start <= 16 + 2 * SPARE, "{total} {kept:?}");
            }
        }
    }

    #[test]
    fn every_line_can_be_brought_to_the_screen_also_of_ten_million() {
        for total in [20, 10_000, 10_000_000] {
            for index in [0, 1, total / 2, total - 2, total - 1] {
                let mut span = span(total);
                span.scroll = span.scroll_to(index);
                assert!(span.scroll <= span.height() - span.view + 0.01);
                assert!(span.visible().contains(&index), "{index} of {total}: {:?}", span.visible());
                let place = span.place(index) - span.scroll;
                assert!((-1.0..=559.0).contains(&place), "{index} of {total}: {place}");
            }
        }
    }

    #[test]
    fn lines_of_a_list_that_fits_stay_where_they_are_as_one_scrolls() {
        let (still, scrolled) = (span(10_000), Span { scroll: 5000.0, ..span(10_000) });
        assert_eq!(still.place(123), scrolled.place(123));
    }
}
