//! Who has had himself removed, on the way to Redis: from the node that he asked, and again from all that know of it when Redis has
//! lost that.

use redis::Script;
use redis::aio::MultiplexedConnection;
use standings::{Period, PlayerKey, UnixMs};

use super::Ends;
use crate::keys::{PREFIX, REMOVED, RESULTS, STREAM};
use crate::link::Trouble;

/// Tells Redis, and so every node. It may know already.
pub(super) struct Removal(Script);

impl Removal {
    pub(super) fn new() -> Self {
        Self(Script::new(include_str!("remove.lua")))
    }

    /// This player, and what he lived until then.
    pub(super) async fn send(
        &self,
        connection: &mut MultiplexedConnection,
        ends: &Ends,
        player: PlayerKey,
        at: UnixMs,
    ) -> Result<(), Trouble> {
        let now = (ends.clock)();
        let mut call = self.0.prepare_invoke();
        call.key(PREFIX).key(RESULTS).key(REMOVED);
        call.arg(&ends.node).arg(player.to_string()).arg(at.0).arg(STREAM);
        for bucket in Period::ALL.map(|period| period.bucket_at(now)) {
            call.arg(bucket.to_string());
        }
        Ok(call.invoke_async(connection).await?)
    }
}
