//! Each player's best place on one board, by his slot. In chunks that are there once somebody in them is on the board:
//! one look into memory finds a place among ten million, and a day that few play takes little.

use crate::place::{Place, Slot};

/// Slots of a chunk: 320 bytes.
const CHUNK: usize = 16;

type Chunk = Box<[Place; CHUNK]>;

/// The places by slot. A place in a chunk counts when it is of the slot where it lies.
#[derive(Debug, Default)]
pub(crate) struct Bests {
    chunks: Vec<Option<Chunk>>,
}

impl Bests {
    pub(crate) fn get(&self, slot: Slot) -> Option<Place> {
        let at = slot.0 as usize;
        let place = self.chunks.get(at / CHUNK)?.as_ref()?[at % CHUNK];
        (place.slot() == slot).then_some(place)
    }

    pub(crate) fn put(&mut self, place: Place) {
        let at = place.slot().0 as usize;
        if self.chunks.len() <= at / CHUNK {
            self.chunks.resize_with(at / CHUNK + 1, || None);
        }
        let chunk = self.chunks[at / CHUNK].get_or_insert_with(|| Box::new([nobody(at); CHUNK]));
        chunk[at % CHUNK] = place;
    }

    pub(crate) fn remove(&mut self, slot: Slot) -> Option<Place> {
        let place = self.get(slot)?;
        let at = slot.0 as usize;
        if let Some(Some(chunk)) = self.chunks.get_mut(at / CHUNK) {
            chunk[at % CHUNK] = nobody(at);
        }
        Some(place)
    }
}

/// A place that is of none of the slots of the chunk that holds this one.
fn nobody(at: usize) -> Place {
    let elsewhere = if at < CHUNK { u32::MAX } else { 0 };
    Place::new(0, crate::period::UnixMs(0), crate::place::Seq(0), Slot(elsewhere))
}
