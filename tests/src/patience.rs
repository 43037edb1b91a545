//! Deadlines. A test that must wait looks again and again until what it waits for is so, and fails when it takes longer
//! than anything healthy does. No test measures time: the limits are generous.

use std::future::Future;
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// For what takes a moment: a message, a page, a process.
pub const SOON: Duration = Duration::from_secs(20);

/// For what takes a while: ships that have to find each other, browsers that start on a busy machine.
pub const LATER: Duration = Duration::from_secs(90);

const PAUSE: Duration = Duration::from_millis(25);

/// Asks `look` until it finds something, at most `limit`. Panics with `what` when it never does.
///
/// # Panics
/// When `limit` is over.
pub async fn until<T, F: Future<Output = Option<T>>>(
    what: &str,
    limit: Duration,
    mut look: impl FnMut() -> F,
) -> T {
    let deadline = Instant::now() + limit;
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(Instant::now() < deadline, "{what}: not within {limit:?}");
        sleep(PAUSE).await;
    }
}
