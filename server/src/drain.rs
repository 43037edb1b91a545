//! The notice before the server stops: every arena is told once, and tells its sessions; one that is made meanwhile, too.
//!
//! Enters: how long it still is. Leaves: a command to each arena. Must never wait for one whose queue is full: it is told with
//! the next look.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::arenas::{Arena, Arenas};
use sim::ports::Command;

/// Who was told when the server stops.
pub(crate) struct Notice {
    until: Instant,
    told: Vec<Arc<Arena>>,
}

impl Notice {
    /// The server stops after so long. Nobody knows yet.
    pub(crate) fn new(time: Duration) -> Self {
        Self { until: Instant::now() + time, told: Vec::new() }
    }

    /// Tells every arena that does not know.
    pub(crate) fn tell(&mut self, arenas: &Arenas) {
        let left = self.until.saturating_duration_since(Instant::now());
        let in_seconds = u16::try_from(left.as_millis().div_ceil(1000)).unwrap_or(u16::MAX);
        for arena in arenas.all().iter().cloned().chain(arenas.private.all()) {
            let knows = self.told.iter().any(|told| Arc::ptr_eq(told, &arena));
            if !knows && arena.commands.try_send(Command::Closing { in_seconds }).is_ok() {
                self.told.push(arena);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::mode::Mode;
    use sim::ports::command_queue_of;

    #[test]
    fn each_arena_is_told_once_and_one_that_can_not_listen_later() {
        let (commands, inbox) = command_queue_of(1);
        let arena = Arc::new(Arena::new(0, Mode::FreeForAll, commands));
        let arenas = Arenas::new(vec![arena.clone()], 0, 100);
        arena.commands.try_send(Command::Closing { in_seconds: 0 }).unwrap();
        let mut notice = Notice::new(Duration::from_secs(60));
        notice.tell(&arenas);
        assert!(matches!(inbox.try_recv(), Ok(Command::Closing { in_seconds: 0 })));
        assert!(inbox.is_empty());
        notice.tell(&arenas);
        assert!(matches!(inbox.try_recv(), Ok(Command::Closing { in_seconds: 60 })));
        notice.tell(&arenas);
        assert!(inbox.is_empty());
    }
}
