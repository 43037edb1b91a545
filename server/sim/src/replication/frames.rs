//! One session's frame: its private head, then ranges of the cells' bytes.

use super::Cells;
use crate::FrameBytes;
use crate::session::{Told, View};
use shared::grid::{Cell, CellRect};
use shared::protocol::frame::{Ack, Check, FrameTick, Head};
use shared::protocol::wire::put_varint;
use shared::tick::Tick;

/// Puts frames together, one after another, in memory that is kept.
#[derive(Debug, Default)]
pub(crate) struct FrameBuilder {
    deltas: Vec<u8>,
    keyframes: Vec<u8>,
}

impl FrameBuilder {
    /// Appends the frame that brings this session's replica to `tick`, and notes in `view` what it was told.
    /// Gives the frame's bytes by what they are for.
    pub(crate) fn build(
        &mut self,
        view: &mut View,
        ack: Option<Ack>,
        (tick, checked_us): (Tick, Option<u32>),
        cells: &mut Cells,
        out: &mut Vec<u8>,
    ) -> FrameBytes {
        let Some(centre) = view.centre else { return FrameBytes::default() };
        let start = out.len();
        let before = if view.fresh { None } else { view.watch };
        let watch = cells.grid().watch(centre, before);
        let kept = before.and_then(|before| before.intersection(watch));
        self.gather(watch, kept, cells);
        if view.fresh {
            view.told = Told::default();
        }
        let head = Head {
            tick: if view.fresh { FrameTick::Reset(tick) } else { FrameTick::Next(tick.0 as u8) },
            watch: (before != Some(watch)).then_some(watch),
            focus: (view.told.focus != Some(view.focus)).then_some(view.focus),
            status: (view.told.status != Some(view.status)).then_some(view.status),
            ack: if view.told.ack == ack { None } else { ack },
            check: checked_us.map(|begun_us| Check { checksum: sum(watch, cells), begun_us }),
        };
        view.told = Told { focus: Some(view.focus), status: Some(view.status), ack };
        (view.watch, view.fresh) = (Some(watch), false);
        self.write(&head, out);
        self.measure(out.len() - start)
    }

    fn measure(&self, all: usize) -> FrameBytes {
        let (deltas, keyframes) = (self.deltas.len() as u64, self.keyframes.len() as u64);
        FrameBytes { head: all as u64 - deltas - keyframes, deltas, keyframes, messages: 0 }
    }

    fn gather(&mut self, watch: CellRect, kept: Option<CellRect>, cells: &mut Cells) {
        self.deltas.clear();
        self.keyframes.clear();
        let grid = cells.grid();
        let holds = |cell: Cell| kept.is_some_and(|kept| kept.contains(cell));
        for cell in watch.iter() {
            let index = grid.index(cell);
            if !holds(cell) {
                let blob = cells.keyframe(index);
                self.keyframes.extend_from_slice(cells.bytes(blob));
                continue;
            }
            self.deltas.extend_from_slice(cells.bytes(cells.delta(index)));
            for (from, blob) in cells.arrivals(index) {
                if !holds(grid.cell_at(*from)) {
                    self.keyframes.extend_from_slice(cells.bytes(blob.clone()));
                }
            }
        }
    }

    fn write(&self, head: &Head, out: &mut Vec<u8>) {
        let keyframes = !self.keyframes.is_empty();
        head.put(keyframes, out);
        if keyframes {
            put_varint(out, self.deltas.len() as u32);
        }
        out.extend_from_slice(&self.deltas);
        out.extend_from_slice(&self.keyframes);
    }
}

fn sum(watch: CellRect, cells: &mut Cells) -> u32 {
    let grid = cells.grid();
    watch.iter().fold(0, |sum: u32, cell| sum.wrapping_add(cells.checksum(grid.index(cell))))
}
