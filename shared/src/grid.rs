//! The interest grid: which cell a place is in, and which cells a session watches.

use crate::tuning::{CELL_SIZE, VIEW_HALF, VIEW_HYSTERESIS, VIEW_MARGIN};
use crate::units::{Point, SUBUNITS};

/// The square cells of one arena.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grid {
    /// Cells along one side.
    pub side: u16,
}

/// One cell, by column and row.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell {
    /// Column, from the left.
    pub x: u16,
    /// Row, from the top.
    pub y: u16,
}

/// A rectangle of cells, edges included. What one session watches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CellRect {
    /// Upper left cell.
    pub min: Cell,
    /// Lower right cell.
    pub max: Cell,
}

impl Grid {
    /// The grid over an arena of `arena_size` world units.
    #[must_use]
    pub fn new(arena_size: i32) -> Self {
        Self { side: ((arena_size + CELL_SIZE - 1) / CELL_SIZE) as u16 }
    }

    /// How many cells there are.
    #[must_use]
    pub fn cells(self) -> usize {
        usize::from(self.side) * usize::from(self.side)
    }

    /// The cell that `p` is in; places outside the walls belong to the nearest cell.
    #[must_use]
    pub fn cell(self, p: Point) -> Cell {
        Cell { x: self.line(p.x), y: self.line(p.y) }
    }

    /// The number of a cell, row by row from 0.
    #[must_use]
    pub fn index(self, cell: Cell) -> usize {
        usize::from(cell.y) * usize::from(self.side) + usize::from(cell.x)
    }

    /// The inverse of [`Grid::index`].
    #[must_use]
    pub fn cell_at(self, index: usize) -> Cell {
        let side = usize::from(self.side);
        Cell { x: (index % side) as u16, y: (index / side) as u16 }
    }

    fn line(self, at: i32) -> u16 {
        (at / (CELL_SIZE * SUBUNITS)).clamp(0, i32::from(self.side) - 1) as u16
    }

    /// The cells that reach within `reach` world units of `centre` on both axes.
    fn within(self, centre: Point, reach: i32) -> CellRect {
        let reach = reach * SUBUNITS;
        let corner = |sign: i32| Point { x: centre.x + sign * reach, y: centre.y + sign * reach };
        CellRect { min: self.cell(corner(-1)), max: self.cell(corner(1)) }
    }

    /// What a session whose view is centred at `centre` should watch, if it watches `now`. A cell is taken when it
    /// comes within the margin and let go only well beyond it, so a ship that hovers at an edge does not make a
    /// keyframe each tick.
    #[must_use]
    pub fn watch(self, centre: Point, now: Option<CellRect>) -> CellRect {
        let need = self.within(centre, VIEW_HALF + VIEW_MARGIN);
        let keep = self.within(centre, VIEW_HALF + VIEW_MARGIN + VIEW_HYSTERESIS);
        match now.and_then(|now| now.intersection(keep)) {
            Some(now) if now.touches(need) => now.union(need),
            _ => need,
        }
    }

    /// The places whose cells are in `rect`. A rectangle at a wall reaches beyond it without end, since places outside
    /// belong to the nearest cell.
    #[must_use]
    pub fn bounds(self, rect: CellRect) -> Bounds {
        let start = |line: u16| if line == 0 { i32::MIN } else { i32::from(line) * CELL_SIZE * SUBUNITS };
        let end = |line: u16| {
            if line + 1 >= self.side { i32::MAX } else { (i32::from(line) + 1) * CELL_SIZE * SUBUNITS }
        };
        let min = Point { x: start(rect.min.x), y: start(rect.min.y) };
        Bounds { min, max: Point { x: end(rect.max.x), y: end(rect.max.y) } }
    }

    /// Is every cell of `rect` on this grid, and its corners in order?
    #[must_use]
    pub fn holds(self, rect: CellRect) -> bool {
        rect.min.x <= rect.max.x
            && rect.min.y <= rect.max.y
            && rect.max.x < self.side
            && rect.max.y < self.side
    }
}

/// A rectangle of places: `min` included, `max` not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    min: Point,
    max: Point,
}

impl Bounds {
    /// Is `p` in it?
    #[must_use]
    pub fn contains(&self, p: Point) -> bool {
        self.min.x <= p.x && p.x < self.max.x && self.min.y <= p.y && p.y < self.max.y
    }
}

impl CellRect {
    /// Is `cell` in it?
    #[must_use]
    pub fn contains(&self, cell: Cell) -> bool {
        (self.min.x..=self.max.x).contains(&cell.x) && (self.min.y..=self.max.y).contains(&cell.y)
    }

    /// The cells in both, if there are any.
    #[must_use]
    pub fn intersection(self, other: Self) -> Option<Self> {
        let min = Cell { x: self.min.x.max(other.min.x), y: self.min.y.max(other.min.y) };
        let max = Cell { x: self.max.x.min(other.max.x), y: self.max.y.min(other.max.y) };
        (min.x <= max.x && min.y <= max.y).then_some(Self { min, max })
    }

    /// The smallest rectangle around both.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        let min = Cell { x: self.min.x.min(other.min.x), y: self.min.y.min(other.min.y) };
        let max = Cell { x: self.max.x.max(other.max.x), y: self.max.y.max(other.max.y) };
        Self { min, max }
    }

    /// Do the two share a cell?
    #[must_use]
    pub fn touches(self, other: Self) -> bool {
        self.intersection(other).is_some()
    }

    /// Every cell of it, row by row.
    pub fn iter(self) -> impl Iterator<Item = Cell> {
        (self.min.y..=self.max.y).flat_map(move |y| (self.min.x..=self.max.x).map(move |x| Cell { x, y }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_has_one_cell_and_outside_belongs_to_the_edge() {
        let grid = Grid::new(4096);
        assert_eq!(grid.side, 13);
        assert_eq!(grid.cell(Point::from_units(0, 4095)), Cell { x: 0, y: 12 });
        assert_eq!(grid.cell(Point::from_units(-50, 9000)), Cell { x: 0, y: 12 });
        assert_eq!(grid.cell(Point::from_units(320, 319)), Cell { x: 1, y: 0 });
    }

    #[test]
    fn the_bounds_of_a_rectangle_hold_the_places_of_its_cells() {
        let grid = Grid::new(4096);
        let rects = [((0, 0), (3, 12)), ((2, 5), (2, 5)), ((4, 1), (12, 9))];
        for ((left, top), (right, bottom)) in rects {
            let rect = CellRect { min: Cell { x: left, y: top }, max: Cell { x: right, y: bottom } };
            let bounds = grid.bounds(rect);
            for x in (-400..5000).step_by(79) {
                for y in (-400..5000).step_by(83) {
                    let p = Point { x: x * SUBUNITS + x % 7, y: y * SUBUNITS };
                    assert_eq!(bounds.contains(p), rect.contains(grid.cell(p)), "{p:?} in {rect:?}");
                }
            }
        }
    }

    #[test]
    fn a_view_that_hovers_at_an_edge_keeps_its_cells() {
        let grid = Grid::new(4096);
        let first = grid.watch(Point::from_units(2000, 2000), None);
        let right = grid.watch(Point::from_units(2085, 2000), Some(first));
        let back = grid.watch(Point::from_units(2075, 2000), Some(right));
        assert_eq!(back, right);
    }

    #[test]
    fn a_view_that_jumps_far_watches_only_what_it_needs() {
        let grid = Grid::new(4096);
        let here = grid.watch(Point::from_units(400, 400), None);
        let there = grid.watch(Point::from_units(3800, 3800), Some(here));
        assert!(!here.touches(there));
    }
}
