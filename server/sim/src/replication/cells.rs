//! The tick's rows, sorted into cells and encoded: deltas at once, keyframes and checksums when first asked for.

use std::ops::Range;

use shared::entity::EntityState;
use shared::grid::Grid;
use shared::ids::NetId;
use shared::protocol::rows::{BlobWriter, Row};

/// Rows and bytes by cell.
#[derive(Debug)]
pub(crate) struct Cells {
    grid: Grid,
    rows: Vec<(usize, NetId, Row)>,
    arrivals: Vec<(usize, usize, NetId, EntityState)>,
    members: Vec<Vec<(NetId, EntityState)>>,
    bytes: Vec<u8>,
    deltas: Vec<Range<usize>>,
    arrival_blobs: Vec<Vec<(usize, Range<usize>)>>,
    keyframes: Vec<Option<Range<usize>>>,
    checksums: Vec<Option<u32>>,
    writer: BlobWriter,
}

impl Cells {
    pub(crate) fn new(grid: Grid) -> Self {
        let cells = grid.cells();
        Self {
            grid,
            rows: Vec::new(),
            arrivals: Vec::new(),
            members: vec![Vec::new(); cells],
            bytes: Vec::new(),
            deltas: vec![0..0; cells],
            arrival_blobs: vec![Vec::new(); cells],
            keyframes: vec![None; cells],
            checksums: vec![None; cells],
            writer: BlobWriter::default(),
        }
    }

    /// The grid they lie on.
    pub(crate) fn grid(&self) -> Grid {
        self.grid
    }

    /// Forgets the last tick.
    pub(crate) fn clear(&mut self) {
        self.rows.clear();
        self.arrivals.clear();
        self.bytes.clear();
        self.members.iter_mut().for_each(Vec::clear);
        self.arrival_blobs.iter_mut().for_each(Vec::clear);
        self.deltas.fill(0..0);
        self.keyframes.fill(None);
        self.checksums.fill(None);
    }

    /// A row for those who watch `cell`.
    pub(crate) fn row(&mut self, cell: usize, id: NetId, row: Row) {
        self.rows.push((cell, id, row));
    }

    /// An entity as it is after this tick, in `cell`.
    pub(crate) fn member(&mut self, cell: usize, id: NetId, state: EntityState) {
        self.members[cell].push((id, state));
    }

    /// An entity that was in `from` and is in `to`.
    pub(crate) fn arrival(&mut self, to: usize, from: usize, id: NetId, state: EntityState) {
        self.arrivals.push((to, from, id, state));
    }

    /// Encodes deltas and arrivals, once for all sessions.
    pub(crate) fn encode(&mut self) {
        self.rows.sort_unstable_by_key(|(cell, id, _)| (*cell, *id));
        for group in self.rows.chunk_by(|one, next| one.0 == next.0) {
            group.iter().for_each(|(_, id, row)| self.writer.push(*id, row));
            self.deltas[group[0].0] = finish(&mut self.writer, &mut self.bytes);
        }
        self.arrivals.sort_unstable_by_key(|(to, from, id, _)| (*to, *from, *id));
        for group in self.arrivals.chunk_by(|one, next| (one.0, one.1) == (next.0, next.1)) {
            group.iter().for_each(|(_, _, id, state)| self.writer.push(*id, &Row::Spawn(*state)));
            let blob = finish(&mut self.writer, &mut self.bytes);
            self.arrival_blobs[group[0].0].push((group[0].1, blob));
        }
    }

    /// What changed about the entities of a cell.
    pub(crate) fn delta(&self, cell: usize) -> Range<usize> {
        self.deltas[cell].clone()
    }

    /// What came into a cell, by the cell it came from.
    pub(crate) fn arrivals(&self, cell: usize) -> &[(usize, Range<usize>)] {
        &self.arrival_blobs[cell]
    }

    /// Everything in a cell; encoded when the first session of the tick asks.
    pub(crate) fn keyframe(&mut self, cell: usize) -> Range<usize> {
        if let Some(known) = &self.keyframes[cell] {
            return known.clone();
        }
        self.members[cell].sort_unstable_by_key(|(id, _)| *id);
        self.members[cell].iter().for_each(|(id, state)| self.writer.push(*id, &Row::Spawn(*state)));
        let blob = finish(&mut self.writer, &mut self.bytes);
        self.keyframes[cell] = Some(blob.clone());
        blob
    }

    /// The wrapping sum of the checksums of a cell's entities.
    pub(crate) fn checksum(&mut self, cell: usize) -> u32 {
        let members = &self.members[cell];
        let sum = || members.iter().fold(0, |sum: u32, (id, state)| sum.wrapping_add(state.checksum(*id)));
        *self.checksums[cell].get_or_insert_with(sum)
    }

    /// The bytes that ranges speak of.
    pub(crate) fn bytes(&self, range: Range<usize>) -> &[u8] {
        &self.bytes[range]
    }
}

fn finish(writer: &mut BlobWriter, bytes: &mut Vec<u8>) -> Range<usize> {
    let start = bytes.len();
    writer.finish_into(bytes);
    start..bytes.len()
}
