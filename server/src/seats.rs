//! The arenas that are open to all, and which of them run here: all of them on a server alone; of several servers each runs
//! those that the directory gives it. Private ones come and go by themselves, but move as these do.
//!
//! Enters: what the directory says. Leaves: threads with a world each, and what they save. Must never: run an arena without
//! the right to it, or record a life that goes on elsewhere.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::arenas::Arena;
use crate::boards::Boards;
use crate::clock::{Care, Clock, Cradle};
use crate::private::PrivateArenas;
use crate::records::Recorder;
use crate::saves::{Saves, written};
use cluster::{Hold, Host, Saved};
use crossbeam_channel::Receiver;
use shared::private;
use sim::ports::{Command, Ports, ShardPort};
use sim::{Config, Save};
use tokio::sync::mpsc::Sender;

/// A place for one arena.
pub(crate) struct Seat {
    /// Its door.
    pub arena: Arc<Arena>,
    /// What the operator chose.
    pub config: Config,
    /// The inside of the door.
    pub commands: Receiver<Command>,
    /// The ways to the network threads.
    pub shards: Vec<ShardPort>,
}

impl Seat {
    fn ports(&self) -> Ports {
        Ports { commands: self.commands.clone(), shards: self.shards.clone() }
    }
}

/// All of them.
pub(crate) struct Seats {
    seats: Vec<(Seat, Mutex<Option<Running>>)>,
    private: Arc<PrivateArenas>,
    boards: Arc<Boards>,
    /// Where saves go; none on a server alone.
    saves: Option<Saves>,
    /// Arenas that another server should have.
    spare: Sender<String>,
}

struct Running {
    clock: Clock,
    hold: Option<Hold>,
}

/// An arena that has stopped here and is to go on elsewhere.
pub(crate) struct Stopped {
    /// Which.
    pub arena: String,
    /// The right that it ran under.
    pub hold: Hold,
    /// Who was in it.
    pub save: Save,
}

impl Seats {
    /// These seats, all empty.
    pub(crate) fn new(
        seats: Vec<Seat>,
        private: Arc<PrivateArenas>,
        boards: Arc<Boards>,
        saves: Option<Saves>,
        spare: Sender<String>,
    ) -> Self {
        let seats = seats.into_iter().map(|seat| (seat, Mutex::default())).collect();
        Self { seats, private, boards, saves, spare }
    }

    /// Begins all arenas, as on a server alone.
    ///
    /// # Errors
    /// When the system refuses a thread.
    pub(crate) fn begin_all(&self) -> io::Result<()> {
        (0..self.seats.len()).try_for_each(|index| self.begin_at(index, None, None))
    }

    fn running(&self, index: usize) -> Option<MutexGuard<'_, Option<Running>>> {
        self.seats.get(index).map(|(_, running)| running.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Begins an arena, or goes on with one that was saved.
    ///
    /// # Errors
    /// When the system refuses a thread.
    fn begin_at(&self, index: usize, hold: Option<Hold>, save: Option<Save>) -> io::Result<()> {
        let (Some((seat, _)), Some(mut running)) = (self.seats.get(index), self.running(index)) else {
            return Ok(());
        };
        // Nobody waits for what was asked of an arena that was not here.
        seat.commands.try_iter().for_each(drop);
        let cradle = Cradle { config: seat.config, ports: seat.ports() };
        let recorder = Recorder::new(self.boards.clone(), seat.arena.clone(), seat.config.tick_hz);
        let saves = self.saves.as_ref().zip(hold.as_ref());
        let saves = saves.map(|(saves, hold)| saves.of(&seat.arena.id, hold.epoch));
        let care = Care { recorder: Some(recorder), hold: hold.clone(), saves, ..Care::default() };
        let clock = Clock::start(cradle, seat.arena.clone(), care, save)?;
        *running = Some(Running { clock, hold });
        seat.arena.set_here(true);
        Ok(())
    }

    /// Stops an arena without ending the lives in it.
    fn leave(&self, index: usize) -> Option<Stopped> {
        let Running { clock, hold } = self.running(index)?.take()?;
        let (seat, _) = self.seats.get(index)?;
        // Its last tick publishes, too.
        let save = clock.leave();
        seat.arena.set_here(false);
        Some(Stopped { arena: seat.arena.id.clone(), hold: hold?, save: save? })
    }

    /// The same, of an arena of that name, private or not.
    pub(crate) fn leave_named(&self, arena: &str) -> Option<Stopped> {
        match self.index_of(arena) {
            Some(index) => self.leave(index),
            None => {
                let (hold, save) = self.private.leave(arena)?;
                Some(Stopped { arena: arena.to_owned(), hold, save })
            }
        }
    }

    /// An arena that was left is another server's now.
    pub(crate) fn gone(&self, arena: &str) {
        self.private.gone(arena);
    }

    /// Goes on with an arena that was stopped here or elsewhere.
    pub(crate) fn go_on(&self, arena: &str, hold: Hold, save: Option<Save>) {
        let Some(index) = self.index_of(arena) else { return self.private.go_on(arena, hold, save) };
        if let Err(error) = self.begin_at(index, Some(hold), save) {
            tracing::error!(arena, %error, "the system refuses a thread for an arena");
        }
    }

    /// The names of all that may be here, those of private ones last.
    pub(crate) fn names(&self) -> Vec<String> {
        let open = self.seats.iter().map(|(seat, _)| seat.arena.id.clone());
        open.chain(self.private.held().into_iter().map(|(arena, _)| arena)).collect()
    }

    /// Does none of the arenas that began run any more?
    pub(crate) fn are_gone(&self) -> bool {
        let mut begun = (0..self.seats.len())
            .filter_map(|index| self.running(index)?.as_ref().map(|running| running.clock.is_alive()));
        self.saves.is_none() && !begun.any(|alive| alive)
    }

    /// The arenas that run here by a right that holds, each with the right's number.
    pub(crate) fn held(&self) -> Vec<(Arc<Arena>, u64)> {
        let held = |index| {
            let epoch = {
                let running = self.running(index)?;
                running.as_ref()?.hold.as_ref().filter(|hold| hold.is_good())?.epoch
            };
            self.seats.get(index).map(|(seat, _)| (seat.arena.clone(), epoch))
        };
        (0..self.seats.len()).filter_map(held).collect()
    }

    /// Ends all that run here, with every life in them.
    pub(crate) fn stop(&self) {
        for index in 0..self.seats.len() {
            let running = self.running(index).and_then(|mut running| running.take());
            running.into_iter().for_each(|running| running.clock.stop());
        }
    }

    fn index_of(&self, id: &str) -> Option<usize> {
        self.seats.iter().position(|(seat, _)| seat.arena.id == id)
    }
}

impl Host for Seats {
    fn begin(&self, arena: &str, hold: Hold, save: Option<String>) {
        if self.index_of(arena).is_none() && !private::is_name(arena) {
            return tracing::warn!(arena, "this server has no such arena: do all have the same --arenas?");
        }
        let save = save.and_then(|text| {
            let read = serde_json::from_str(&text);
            read.inspect_err(|error| tracing::error!(%error, "what was saved of an arena can't be read")).ok()
        });
        self.go_on(arena, hold, save);
    }

    fn end(&self, arena: &str) {
        if let Some(Stopped { save, .. }) = self.leave_named(arena) {
            tracing::info!(people = save.people.len(), "an arena goes on elsewhere");
        }
        self.gone(arena);
    }

    fn opened(&self) -> Vec<(String, Hold)> {
        self.private.held()
    }

    fn room(&self) -> u16 {
        u16::try_from(self.private.most().saturating_sub(self.private.count())).unwrap_or(u16::MAX)
    }

    fn people(&self, arena: &str) -> u16 {
        let seat = self.index_of(arena).and_then(|index| self.seats.get(index));
        seat.map_or_else(|| self.private.people(arena), |(seat, _)| seat.arena.pulse.load().report.players)
    }

    fn spare(&self, arena: &str) {
        // While one is being handed over, the next one waits for another word.
        let _told = self.spare.try_send(arena.to_owned());
    }
}

impl Stopped {
    /// What is handed over of it.
    pub(crate) fn saved(&self) -> Saved {
        let Self { arena, hold, save } = self;
        Saved { arena: arena.clone(), epoch: hold.epoch, save: written(save).unwrap_or_default() }
    }
}
