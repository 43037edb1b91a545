//! Where rows go: how many columns, how tall a row.
//!
//! Enters: how many rows there are, the size of the space in CSS pixels. Leaves: each rank's place. Rows are as tall as they
//! can be while all of them fit, in as many columns as hold a whole name; when even the lowest do not fit, they stand in one
//! column that scrolls, or on a screen that nobody scrolls the first of them are all there is.

/// The tallest row, in CSS pixels, and as a share of the window's height.
const TALLEST: f64 = 144.0;
const TALL_SHARE: f64 = 0.088;

/// The lowest row, likewise: below it nobody reads it across a room.
const LOWEST: f64 = 42.0;
const LOW_SHARE: f64 = 0.036;

/// A column is at least this many row heights wide, so that a name of 16 letters fits.
const NARROWEST: f64 = 9.8;

/// Where there is only one column it may be this many row heights narrow, as a phone shows fewer numbers.
const ONE_COLUMN: f64 = 8.2;

/// Space between two columns, in CSS pixels.
const GAP: f64 = 40.0;

/// How the rows are laid out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Layout {
    /// Columns side by side.
    pub columns: usize,
    /// Rows in each column but the last.
    pub per_column: usize,
    /// Height of a row, in CSS pixels.
    pub row: f64,
    /// Width of a column, in CSS pixels.
    pub width: f64,
}

impl Layout {
    /// How many rows fit at the most into such a space.
    pub fn capacity(width: f64, height: f64, window: f64) -> usize {
        let (columns, lines) = room((window * LOW_SHARE).max(LOWEST), width, height);
        columns * lines
    }

    /// The layout of `count` rows of which a column of `height` is seen at a time.
    pub fn scrolling(count: usize, width: f64, window: f64) -> Self {
        Self { columns: 1, per_column: count.max(1), row: (window * LOW_SHARE).max(LOWEST), width }
    }

    /// The layout of `count` rows that fill `height` whatever it is, in one column.
    pub fn filling(count: usize, width: f64, height: f64) -> Self {
        let row = (height / count.max(1) as f64).clamp(20.0, TALLEST);
        Self { columns: 1, per_column: count.max(1), row, width }
    }

    /// The layout of `count` rows in a space of `width` by `height`, in a window `window` tall, all in CSS pixels.
    pub fn of(count: usize, width: f64, height: f64, window: f64) -> Self {
        let lowest = (window * LOW_SHARE).max(LOWEST);
        let mut row = (window * TALL_SHARE).min(TALLEST).min(width / ONE_COLUMN).max(lowest);
        while row > lowest && count > room(row, width, height).0 * room(row, width, height).1 {
            row = (row * 0.96).max(lowest);
        }
        let (most, fitting) = room(row, width, height);
        let columns = count.div_ceil(fitting).clamp(1, most);
        let per_column = count.div_ceil(columns).max(fitting.min(count)).max(1);
        let width = (width - GAP * (columns - 1) as f64) / columns as f64;
        Self { columns, per_column, row, width }
    }

    /// The place of the row at `index` (rank less one): pixels from the left and from above.
    pub fn place(&self, index: usize) -> (f64, f64) {
        let (column, line) = (index / self.per_column, index % self.per_column);
        (column as f64 * (self.width + GAP), line as f64 * self.row)
    }

    /// Height of all rows, in CSS pixels.
    pub fn height(&self) -> f64 {
        self.per_column as f64 * self.row
    }
}

/// How many columns of rows this tall there is room for, and how many rows in one.
fn room(row: f64, width: f64, height: f64) -> (usize, usize) {
    let columns = (width + GAP) / (row * NARROWEST + GAP);
    ((columns as usize).max(1), ((height / row) as usize).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_rows_stand_in_one_column() {
        let layout = Layout::of(8, 1800.0, 900.0, 1080.0);
        assert_eq!((layout.columns, layout.place(7).0), (1, 0.0));
    }

    #[test]
    fn more_rows_than_fit_take_a_second_column_on_a_wide_screen_alone() {
        assert_eq!(Layout::of(20, 1800.0, 900.0, 1080.0).columns, 2);
        assert_eq!(Layout::of(20, 390.0, 700.0, 844.0).columns, 1);
    }

    #[test]
    fn rows_shrink_until_all_of_them_fit_on_the_screen() {
        let (few, many) = (Layout::of(6, 1800.0, 900.0, 1080.0), Layout::of(40, 1800.0, 900.0, 1080.0));
        assert!(few.row > many.row);
        assert!(many.height() <= 900.0 && many.columns * many.per_column >= 40, "{many:?}");
    }

    #[test]
    fn as_many_rows_as_are_said_to_fit_do_fit() {
        for (width, height, window) in
            [(1800.0, 900.0, 1080.0), (1300.0, 500.0, 768.0), (362.0, 600.0, 844.0)]
        {
            let most = Layout::capacity(width, height, window);
            assert!(Layout::of(most, width, height, window).height() <= height);
        }
    }

    #[test]
    fn no_two_rows_share_a_place() {
        for count in 1..300 {
            let layout = Layout::of(count, 1800.0, 900.0, 1080.0);
            let (left, _) = layout.place(count - 1);
            assert!(left < layout.columns as f64 * (layout.width + GAP), "{count}");
        }
    }
}
