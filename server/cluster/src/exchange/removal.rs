//! Who has had himself removed, on the way to Redis: from the node that he asked, and again from all that know of it when Redis has
//! lost that.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

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

    /// This player, and what he lived until then; if he is not `known`, only where Redis has a life of his. False when nothing was
    /// done: Redis knows that he was removed, or knows nothing of him.
    pub(super) async fn send(
        &self,
        connection: &mut MultiplexedConnection,
        ends: &Ends,
        player: PlayerKey,
        at: UnixMs,
        known: bool,
    ) -> Result<bool, Trouble> {
        let now = (ends.clock)();
        let mut call = self.0.prepare_invoke();
        call.key(PREFIX).key(RESULTS).key(REMOVED);
        call.arg(&ends.node).arg(player.to_string()).arg(at.0).arg(STREAM).arg(u8::from(known));
        for bucket in Period::ALL.map(|period| period.bucket_at(now)) {
            call.arg(bucket.to_string());
        }
        Ok(call.invoke_async(connection).await?)
    }
}

/// Who has had himself removed, and when, as far as this node knows. What it was asked itself is among it at once: should Redis
/// lose that before it is read back from there, it is told again.
#[derive(Default)]
pub(super) struct Gone(Mutex<HashMap<PlayerKey, UnixMs>>);

impl Gone {
    /// One more. False when that was known.
    pub(super) fn note(&self, player: PlayerKey, at: UnixMs) -> bool {
        self.known().insert(player, at) != Some(at)
    }

    /// Did he live this before he had himself removed?
    pub(super) fn covers(&self, player: PlayerKey, at: UnixMs) -> bool {
        self.known().get(&player).is_some_and(|gone| at <= *gone)
    }

    /// Those that a Redis which knows of `these` has to be told.
    pub(super) fn unknown_to(&self, these: &HashMap<PlayerKey, UnixMs>) -> Vec<(PlayerKey, UnixMs)> {
        let known = self.known();
        let lacking = known.iter().filter(|(player, at)| these.get(player).is_none_or(|there| there < at));
        lacking.map(|(player, at)| (*player, *at)).collect()
    }

    fn known(&self) -> MutexGuard<'_, HashMap<PlayerKey, UnixMs>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redis_is_told_of_those_that_it_lacks_or_knows_of_an_earlier_time() {
        let player = PlayerKey;
        let gone = Gone::default();
        assert!([(1, 10), (2, 20), (3, 30)].into_iter().all(|(key, at)| gone.note(player(key), UnixMs(at))));
        assert!(!gone.note(player(1), UnixMs(10)), "that was known");
        let there =
            HashMap::from([(player(1), UnixMs(10)), (player(2), UnixMs(15)), (player(4), UnixMs(40))]);
        let mut told = gone.unknown_to(&there);
        told.sort_by_key(|(_, at)| at.0);
        assert_eq!(told, [(player(2), UnixMs(20)), (player(3), UnixMs(30))]);
        assert!(gone.covers(player(2), UnixMs(20)) && !gone.covers(player(2), UnixMs(21)));
    }
}
