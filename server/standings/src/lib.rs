//! Standings: everyone's best life per day, week and of all time, ranked in O(log n), and on the disk before anyone is
//! told so.
//!
//! Owns: the boards in memory, the store, the one thread that writes both, players' ids and tokens. Lives come in
//! through [`Standings::submit`]; pages, ranks and health come out. Must never: know the ECS, a socket or an executor,
//! or read a clock ([`UnixMs::now`] is there for whoever puts the process together).

mod bests;
mod board;
#[cfg(test)]
mod board_tests;
mod book;
mod cursor;
#[cfg(test)]
mod fault_tests;
mod health;
pub mod huge_pages;
mod keeper;
mod page;
mod period;
mod place;
mod player;
mod players;
mod reading;
mod result;
mod ring;
mod standings;
mod store;
mod writer;

pub use board::{Ranks, Version};
pub use book::GRACE_MS;
pub use cursor::CursorError;
pub use health::{Health, Keeping};
pub use keeper::{LifeRank, Recorded};
pub use page::{BoardInfo, Entry, PAGE_MAX, Page, Standing};
pub use period::{Bucket, NoSuchPeriod, Period, UnixMs};
pub use player::{NoRandomness, Signer, random_key};
pub use reading::ReadError;
pub use result::{LifeId, LifeResult, NotALife};
pub use shared::identity::{Identity, NotAPlayer, PlayerKey};
pub use standings::{Clock, NotTaken, OnChange, Standings};
pub use store::{
    ImportError, Imported, LIVES, OpenError, PastRank, PastResult, StoreError, Stored, backup, check, export,
    file, import,
};
pub use writer::{Outcome, QUEUE, WAITING};
