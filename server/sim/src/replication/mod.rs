//! Replication: what goes to whom. Rows are collected once per entity, encoded once per cell, and each session's frame
//! is a private head and ranges of those bytes.
//!
//! A row goes into the blob of the cell where its entity was after the **last** tick, since exactly those who watch that
//! cell know the entity. Who watches only the cell it flew into gets it as an arrival, kept apart by the cell it came
//! from. So a crossing costs those who watch both cells nothing, and nobody loses or doubles it.

mod cells;
mod frames;
mod rows;
mod volley;

use crate::components::Shown;
use crate::ports::Batch;
use bevy_ecs::resource::Resource;
pub(crate) use cells::Cells;
pub(crate) use frames::FrameBuilder;
pub(crate) use rows::difference;
use shared::motion::Rules;
pub(crate) use volley::Volley;

/// The tick's rows and bytes, and the batches that are being filled. Keeps its memory between ticks.
#[derive(Debug, Resource)]
pub(crate) struct Replication {
    /// What every session shares: rows and bytes by cell.
    pub cells: Cells,
    /// Entities that ended in this tick, as replicas last knew them.
    pub gone: Vec<Shown>,
    /// The shots that were fired in this tick.
    pub volley: Volley,
    /// What goes to each shard.
    pub batches: Vec<Batch>,
}

impl Replication {
    /// Nothing to say yet, in an arena under these rules.
    pub(crate) fn new(rules: &Rules) -> Self {
        Self {
            cells: Cells::new(rules.grid),
            gone: Vec::new(),
            volley: Volley::default(),
            batches: Vec::new(),
        }
    }

    /// The batches of all shards, and empty ones in their places.
    pub(crate) fn take_batches(&mut self, shards: usize) -> impl Iterator<Item = Batch> {
        self.batches.resize_with(shards, Batch::default);
        self.batches.iter_mut().map(std::mem::take)
    }
}
