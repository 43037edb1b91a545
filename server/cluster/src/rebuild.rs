//! Has Redis filled again from the nodes: what they have in common there is deleted, and each sends what it has within seconds.

use std::time::Duration;

use crate::keys::{PREFIX, RESULTS, SENT};
use crate::link::{Link, RedisUrl};

/// How long Redis may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// Keys that are looked at in one call.
const BATCH: usize = 1000;

/// Why Redis could not be emptied.
#[derive(Debug, thiserror::Error)]
#[error("{0}. Is it running, and is its address right?")]
pub struct RebuildError(String);

/// Deletes the boards, and what says that they were filled; gives how many keys that were. Arenas, players' saves and who was
/// removed stay.
///
/// # Errors
/// When Redis does not do it.
pub async fn rebuild(redis: &RedisUrl) -> Result<u64, RebuildError> {
    let failed = |error: &dyn std::fmt::Display| RebuildError(error.to_string());
    let mut link = Link::new(redis, PATIENCE);
    let mut connection = link.connection().await.map_err(|error| failed(&error))?;
    let mut deleted = 0;
    for kind in ["life", "best", "board"] {
        let mut cursor = 0_u64;
        loop {
            let mut scan = redis::cmd("SCAN");
            scan.arg(cursor).arg("MATCH").arg(format!("{PREFIX}{kind}:*")).arg("COUNT").arg(BATCH);
            let (next, keys): (u64, Vec<String>) =
                scan.query_async(&mut connection).await.map_err(|error| failed(&error))?;
            if !keys.is_empty() {
                let gone = redis::cmd("DEL").arg(&keys).query_async::<u64>(&mut connection).await;
                deleted += gone.map_err(|error| failed(&error))?;
            }
            if next == 0 {
                break;
            }
            cursor = next;
        }
    }
    // Last: from here on the nodes send.
    let gone = redis::cmd("DEL").arg(RESULTS).arg(SENT).query_async::<u64>(&mut connection).await;
    Ok(deleted + gone.map_err(|error| failed(&error))?)
}
