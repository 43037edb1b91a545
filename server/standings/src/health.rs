//! How the standings do, for whoever watches the server.

use serde::Serialize;

/// Where results go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Keeping {
    /// To the disk.
    Durable,
    /// To memory alone: they are gone when the server ends.
    Memory {
        /// Why.
        why: String,
    },
}

/// The state of the standings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Health {
    /// Where results go.
    pub keeping: Keeping,
    /// What keeps results from being written now, with what to do about it. They are kept and written when it heals.
    pub failing: Option<String>,
    /// Results that wait to be written.
    pub waiting: u64,
    /// Results that were given up, because too many waited.
    pub lost: u64,
    /// Results recorded since the start.
    pub recorded: u64,
    /// Commits since the start.
    pub commits: u64,
}

impl Health {
    /// Whether all is as it should be.
    #[must_use]
    pub fn is_well(&self) -> bool {
        self.keeping == Keeping::Durable && self.failing.is_none() && self.lost == 0
    }
}
