//! What is kept of arenas outside of their node, so that another one can go on with them.

use redis::Script;
use redis::aio::MultiplexedConnection;

use super::Saved;
use crate::keys::{ARENAS, CHANGES, EPOCHS, save, wake};
use crate::link::Trouble;

/// How long a save is kept that nobody goes on with, in seconds.
const KEPT_S: u64 = 600;

/// Keeps an arena, and hands it over if there is an heir; false when it is somebody else's.
pub(super) async fn keep(
    script: Script,
    node: String,
    saved: Saved,
    heir: Option<String>,
    mut connection: MultiplexedConnection,
) -> Result<bool, Trouble> {
    let Saved { arena, epoch, save: text } = saved;
    let heir = heir.unwrap_or_default();
    let keys = [ARENAS.to_owned(), EPOCHS.to_owned(), CHANGES.to_owned(), save(&arena), wake(&heir)];
    let mut call = script.prepare_invoke();
    keys.iter().for_each(|key| {
        call.key(key);
    });
    call.arg(node).arg(arena).arg(epoch).arg(text).arg(KEPT_S).arg(heir);
    let done: u8 = call.invoke_async(&mut connection).await?;
    Ok(done == 1)
}
