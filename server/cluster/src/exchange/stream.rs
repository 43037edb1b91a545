//! How far the stream of results goes, and in which Redis.

use std::collections::HashMap;

use redis::aio::MultiplexedConnection;
use redis::{Value, from_redis_value_ref};

use crate::keys::RESULTS;
use crate::link::Trouble;

/// What tells one run of a Redis from any other; None where it does not say.
pub(super) async fn run_of(connection: &mut MultiplexedConnection) -> Result<Option<String>, Trouble> {
    let info = redis::cmd("INFO").arg("server").query_async::<String>(connection).await;
    match info {
        Err(error) if error.code() == Some("NOPERM") => Ok(None),
        Err(error) => Err(error.into()),
        Ok(info) => Ok(info.lines().find_map(|line| line.strip_prefix("run_id:")).map(str::to_owned)),
    }
}

/// From where to where the stream goes.
pub(super) struct Stream {
    /// The first entry that is there; of none, the last that was.
    pub first: (u64, u64),
    pub last: (u64, u64),
    pub has_forgotten: bool,
}

impl Stream {
    pub(super) async fn of(connection: &mut MultiplexedConnection) -> Result<Self, Trouble> {
        let there: bool = redis::cmd("EXISTS").arg(RESULTS).query_async(connection).await?;
        if !there {
            return Ok(Self { first: (0, 0), last: (0, 0), has_forgotten: false });
        }
        let info: HashMap<String, Value> =
            redis::cmd("XINFO").arg("STREAM").arg(RESULTS).query_async(connection).await?;
        let number = |name: &str| info.get(name).and_then(|value| from_redis_value_ref::<u64>(value).ok());
        let last = info.get("last-generated-id").and_then(|value| from_redis_value_ref::<String>(value).ok());
        let last = last.map_or((0, 0), |id| place(&id));
        let first =
            info.get("first-entry").and_then(|value| from_redis_value_ref::<(String, Value)>(value).ok());
        // No Redis before 7 counts all that there ever were: some may have been forgotten then.
        let has_forgotten = number("entries-added").is_none_or(|added| number("length") != Some(added));
        Ok(Self { first: first.map_or(last, |(id, _)| place(&id)), last, has_forgotten })
    }
}

/// An entry's place in the stream: the time and a number, as `TIME-NUMBER`.
pub(super) fn place(id: &str) -> (u64, u64) {
    let (time, number) = id.split_once('-').unwrap_or((id, "0"));
    (time.parse().unwrap_or(0), number.parse().unwrap_or(0))
}
