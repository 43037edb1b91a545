//! The client's side of replication: a copy of what one session may see, kept exact by running the same rules of
//! motion as the server and applying the rows of each frame. The web client and the bots use it.
//!
//! Owns the view's entities. Frames enter; what happened leaves as [`Applied`]. Must never panic, whatever the bytes.

mod apply;
mod store;

pub use apply::{Applied, MAX_ENTITIES, ReplicaError};

use crate::entity::{EntityState, ShardState, ShipState};
use crate::grid::CellRect;
use crate::ids::NetId;
use crate::motion::Rules;
use crate::protocol::frame::{Ack, Focus, Status};
use crate::tick::Tick;
use store::Store;

/// A copy of what one session may see.
#[derive(Debug)]
pub struct Replica {
    rules: Rules,
    tick: Tick,
    started: bool,
    watch: Option<CellRect>,
    focus: Focus,
    status: Status,
    ack: Option<Ack>,
    entities: Store,
    mismatches: u32,
}

impl Replica {
    /// An empty replica under the rules that Welcome announced. It begins with the first frame that is a reset.
    #[must_use]
    pub fn new(rules: Rules) -> Self {
        Self {
            rules,
            tick: Tick::default(),
            started: false,
            watch: None,
            focus: Focus::default(),
            status: Status::default(),
            ack: None,
            entities: Store::default(),
            mismatches: 0,
        }
    }

    /// The rules it runs.
    #[must_use]
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// The tick of the last frame.
    #[must_use]
    pub fn tick(&self) -> Tick {
        self.tick
    }

    /// The watched cells; none before the first frame.
    #[must_use]
    pub fn watch(&self) -> Option<CellRect> {
        self.watch
    }

    /// What the view follows.
    #[must_use]
    pub fn focus(&self) -> Focus {
        self.focus
    }

    /// How one's own life goes.
    #[must_use]
    pub fn status(&self) -> Status {
        self.status
    }

    /// The last input the server applied, and how well inputs are timed.
    #[must_use]
    pub fn ack(&self) -> Option<Ack> {
        self.ack
    }

    /// Everything in view, kind by kind: ships, shots, shards, asteroids, power-ups, each in the order of ids.
    pub fn entities(&self) -> impl Iterator<Item = (NetId, EntityState)> {
        self.entities.iter()
    }

    /// The ships in view, in the order of ids.
    pub fn ships(&self) -> impl Iterator<Item = (NetId, &ShipState)> {
        self.entities.ships()
    }

    /// The shards in view, in the order of ids.
    pub fn shards(&self) -> impl Iterator<Item = (NetId, &ShardState)> {
        self.entities.shards()
    }

    /// One ship, if it is in view.
    #[must_use]
    pub fn ship(&self, id: NetId) -> Option<&ShipState> {
        self.entities.ship(id)
    }

    /// One entity, if it is in view.
    #[must_use]
    pub fn get(&self, id: NetId) -> Option<EntityState> {
        self.entities.get(id)
    }

    /// Checksums that did not match so far. It stays 0, or there is a bug.
    #[must_use]
    pub fn mismatches(&self) -> u32 {
        self.mismatches
    }

    /// The checksum of the view as it is: the wrapping sum over its entities.
    #[must_use]
    pub fn checksum(&self) -> u32 {
        self.entities().fold(0, |sum, (id, state)| sum.wrapping_add(state.checksum(id)))
    }
}
