//! Ticks: the number of one fixed simulation step. The only notion of time in here.

use serde::{Deserialize, Serialize};

/// The number of one simulation step, counted from 0 when the arena opened. At 30 ticks a second it wraps after
/// 4.5 years.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Tick(pub u32);

impl Tick {
    /// The tick after this one.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.wrapping_add(1))
    }

    /// Ticks from `earlier` to this one; wraps as the counter does.
    #[must_use]
    pub fn since(self, earlier: Self) -> u32 {
        self.0.wrapping_sub(earlier.0)
    }

    /// This tick moved `ticks` later.
    #[must_use]
    pub fn after(self, ticks: u32) -> Self {
        Self(self.0.wrapping_add(ticks))
    }
}
