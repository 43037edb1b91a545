//! Private arenas: made when somebody names one, ended when nobody is in it any more.
//!
//! Owns as many slots as the operator allows, each with ways to the network threads that last as long as the process; an
//! arena in a slot is a thread, a world and a queue of commands, and all of that ends with it. Enters: names, from
//! strangers. Leaves: arenas. Must never: log a name, or make an arena beyond the slots.

use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use crate::arenas::Arena;
use crate::clock::{Care, Clock, Cradle};
use crate::saves::Saves;
use cluster::{Bell, Hold, Map, Whereabouts};
use shared::private;
use sim::ports::{self, Ports, ShardPort};
use sim::{Config, Save};

/// Most people who play in a private arena at once, whatever an operator allows in the others.
pub(crate) const MOST_PLAYERS: u16 = 64;

/// What private arenas are made of.
pub(crate) struct Nursery {
    /// What the operator chose; each arena has another seed.
    pub config: Config,
    /// The ways to the network threads, by slot.
    pub ports: Vec<Vec<ShardPort>>,
    /// How long an arena stays in which nobody is.
    pub linger: Duration,
    /// What is shared with other servers, where there are some.
    pub abroad: Option<Abroad>,
}

/// Other servers, to whom a private arena may go, and from whom one may come.
pub(crate) struct Abroad {
    /// Knows where arenas are.
    pub map: Arc<Map>,
    /// Where an arena is saved once a second.
    pub saves: Saves,
    /// To be rung when an arena opens: it begins when the others know that it is here.
    pub bell: Bell,
}

/// Why there is no place in a private arena.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refused {
    /// There is none of that name, and none is made for who asks so.
    NotThere,
    /// There are as many as the operator allows.
    Full,
    /// Another server has it: where that is.
    At(String),
    /// Some server is about to have it.
    Later,
}

struct Slot {
    arena: Arc<Arena>,
    /// None while it is on its way to another server.
    clock: Option<Clock>,
    /// The right to run it; none on a server alone.
    hold: Option<Hold>,
}

/// All private arenas.
pub(crate) struct PrivateArenas {
    /// The index of the first one: those that are open to all come before.
    first: u16,
    slots: Mutex<Vec<Option<Slot>>>,
    nursery: OnceLock<Nursery>,
}

impl std::fmt::Debug for PrivateArenas {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PrivateArenas").field("open", &self.count()).finish_non_exhaustive()
    }
}

impl PrivateArenas {
    /// So many slots, all of them free. Until [`PrivateArenas::begin`] nobody comes in.
    pub(crate) fn new(most: usize, first: u16) -> Self {
        let slots = std::iter::repeat_with(|| None).take(most).collect();
        Self { first, slots: Mutex::new(slots), nursery: OnceLock::new() }
    }

    /// From now on arenas can be made.
    pub(crate) fn begin(&self, nursery: Nursery) {
        if self.nursery.set(nursery).is_err() {
            tracing::error!("private arenas are begun twice");
        }
    }

    fn slots(&self) -> MutexGuard<'_, Vec<Option<Slot>>> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many there may be.
    pub(crate) fn most(&self) -> usize {
        self.slots().len()
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.slots().iter().flatten().count()
    }

    /// All that are open now.
    pub(crate) fn all(&self) -> Vec<Arc<Arena>> {
        self.slots().iter().flatten().map(|slot| slot.arena.clone()).collect()
    }

    /// Sessions and people in all of them.
    pub(crate) fn crowd(&self) -> (u32, u32) {
        let slots = self.slots();
        let arenas = slots.iter().flatten().map(|slot| &slot.arena);
        arenas.fold((0, 0), |(sessions, players), arena| {
            let here = u32::from(arena.pulse.load().report.players);
            (sessions + arena.sessions.load(Relaxed), players + here)
        })
    }

    /// A place in the arena of that name, counted in its sessions. `makes` says whether it is made when it is not there.
    pub(crate) fn enter(self: &Arc<Self>, name: &str, makes: bool) -> Result<Arc<Arena>, Refused> {
        let mut slots = self.slots();
        let there = slots.iter().flatten().find(|slot| slot.arena.id == name && !slot.arena.is_gone());
        let arena = match there {
            Some(slot) if slot.clock.is_none() => return Err(Refused::Later),
            Some(slot) => slot.arena.clone(),
            None => {
                let hold = self.may_begin(name)?;
                if slots.is_empty() || !makes || !private::is_name(name) {
                    return Err(Refused::NotThere);
                }
                let arena = self.make(&mut slots, name, hold, None)?;
                self.abroad().into_iter().for_each(|abroad| abroad.bell.ring());
                arena
            }
        };
        // Counted before the lock is given back: an arena with a session does not end.
        arena.sessions.fetch_add(1, Relaxed);
        Ok(arena)
    }

    fn abroad(&self) -> Option<&Abroad> {
        self.nursery.get()?.abroad.as_ref()
    }

    /// The right to begin an arena that is not here, if no other server has it: good as soon as the others know. None on a server
    /// alone.
    fn may_begin(&self, name: &str) -> Result<Option<Hold>, Refused> {
        let Some(abroad) = self.abroad() else { return Ok(None) };
        match abroad.map.whereabouts(name) {
            Whereabouts::Nowhere(epoch) => Ok(Some(Hold::awaited(epoch))),
            Whereabouts::At(url) => Err(Refused::At(url)),
            Whereabouts::OnItsWay => Err(Refused::Later),
        }
    }

    /// An arena in a free slot, new or as it was saved.
    fn make(
        self: &Arc<Self>,
        slots: &mut [Option<Slot>],
        name: &str,
        hold: Option<Hold>,
        save: Option<Save>,
    ) -> Result<Arc<Arena>, Refused> {
        let free = slots.iter().position(Option::is_none).ok_or(Refused::Full)?;
        let slot = self.begun(name, free, hold, save).ok_or(Refused::Full)?;
        Ok(slots[free].insert(slot).arena.clone())
    }

    /// None when the system refuses a thread.
    fn begun(
        self: &Arc<Self>,
        name: &str,
        slot: usize,
        hold: Option<Hold>,
        save: Option<Save>,
    ) -> Option<Slot> {
        let nursery = self.nursery.get()?;
        let (commands, inbox) = ports::private_command_queue();
        let index = self.first.saturating_add(u16::try_from(slot).ok()?);
        let arena = Arc::new(Arena::private(name, index, nursery.config.mode, commands));
        let config = Config { seed: rand::random(), ..nursery.config };
        let ports = Ports { commands: inbox, shards: nursery.ports.get(slot)?.clone() };
        let lease =
            Lease { all: self.clone(), slot, arena: arena.clone(), linger: nursery.linger, empty: None };
        let saves = nursery.abroad.as_ref().zip(hold.as_ref());
        let saves = saves.map(|(abroad, hold)| abroad.saves.of(name, hold.epoch));
        let care = Care { lease: Some(lease), hold: hold.clone(), saves, ..Care::default() };
        match Clock::start(Cradle { config, ports }, arena.clone(), care, save) {
            Ok(clock) => {
                tracing::info!("a private arena opens");
                Some(Slot { arena, clock: Some(clock), hold })
            }
            Err(error) => {
                tracing::error!(%error, "the system refuses a thread for a private arena");
                None
            }
        }
    }

    /// Goes on with an arena that another server had, or that did not find one. When there is no room for it, it is lost; one that
    /// has been opened here meanwhile stays as it is.
    pub(crate) fn go_on(self: &Arc<Self>, name: &str, hold: Hold, save: Option<Save>) {
        let mut slots = self.slots();
        let there = slots.iter().position(|slot| slot.as_ref().is_some_and(|slot| slot.arena.id == name));
        match there.map(|at| &mut slots[at]) {
            Some(Some(Slot { clock: Some(_), .. })) => return,
            Some(slot) => *slot = None,
            None => {}
        }
        if self.make(&mut slots, name, Some(hold), save).is_err() {
            tracing::warn!("there is no room for a private arena of another server");
        }
    }

    /// Stops an arena without ending the lives in it. Nobody comes in before it is [`PrivateArenas::gone`] or goes on.
    pub(crate) fn leave(&self, name: &str) -> Option<(Hold, Save)> {
        let (arena, clock, hold) = {
            let mut slots = self.slots();
            let slot = slots.iter_mut().flatten().find(|slot| slot.arena.id == name)?;
            (slot.arena.clone(), slot.clock.take()?, slot.hold.clone())
        };
        let save = clock.leave();
        arena.set_here(false);
        let left = hold.zip(save);
        if left.is_none() {
            self.gone(name);
        }
        left
    }

    /// An arena that was left is another server's now.
    pub(crate) fn gone(&self, name: &str) {
        for slot in self.slots().iter_mut() {
            slot.take_if(|slot| slot.arena.id == name && slot.clock.is_none());
        }
    }

    /// How many people are in the arena of that name.
    pub(crate) fn people(&self, name: &str) -> u16 {
        let slots = self.slots();
        let found = slots.iter().flatten().find(|slot| slot.arena.id == name);
        found.map_or(0, |slot| slot.arena.pulse.load().report.players)
    }

    /// Those that are shared with other servers.
    pub(crate) fn held(&self) -> Vec<(String, Hold)> {
        let slots = self.slots();
        slots.iter().flatten().filter_map(|slot| Some((slot.arena.id.clone(), slot.hold.clone()?))).collect()
    }

    /// Ends all of them, as the server stops.
    pub(crate) fn stop(&self) {
        let all: Vec<Slot> = self.slots().iter_mut().filter_map(Option::take).collect();
        all.into_iter().filter_map(|slot| slot.clock).for_each(Clock::stop);
    }
}

/// An arena's hold on its slot. Its thread has it, so that the slot is free when the thread ends, however it ends.
pub(crate) struct Lease {
    all: Arc<PrivateArenas>,
    slot: usize,
    arena: Arc<Arena>,
    linger: Duration,
    /// Since when nobody has been in it.
    empty: Option<Instant>,
}

impl Lease {
    /// After a tick that left so many players: has nobody been in it for so long that it ends? Then nobody comes in any more.
    pub(crate) fn is_over(&mut self, players: u16) -> bool {
        if players > 0 || self.arena.sessions.load(Relaxed) > 0 {
            self.empty = None;
            return false;
        }
        let since = *self.empty.get_or_insert_with(Instant::now);
        since.elapsed() >= self.linger && self.give_up_if(|arena| arena.sessions.load(Relaxed) == 0)
    }

    /// Frees the slot if it is this arena's and `may` allows it.
    fn give_up_if(&self, may: impl FnOnce(&Arena) -> bool) -> bool {
        let mut slots = self.all.slots();
        let Some(slot) = slots.get_mut(self.slot) else { return true };
        let mine =
            slot.as_ref().is_some_and(|slot| Arc::ptr_eq(&slot.arena, &self.arena) && slot.clock.is_some());
        let free = mine && may(&self.arena);
        if free {
            *slot = None;
            tracing::info!("a private arena ends");
        }
        free || !mine
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        // Sessions that are still there, after a fault, must find their world gone. One that goes
        // elsewhere has no clock any more.
        self.give_up_if(|arena| {
            if arena.sessions.load(Relaxed) > 0 && !arena.is_gone() {
                arena.give_up();
            }
            true
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn begun(most: usize, linger: Duration) -> Arc<PrivateArenas> {
        let arenas = Arc::new(PrivateArenas::new(most, 1));
        let config = Config { drones: 0, arena_size: 1024, ..Config::default() };
        arenas.begin(Nursery { config, ports: vec![Vec::new(); most], linger, abroad: None });
        arenas
    }

    fn leave(arena: &Arena) {
        arena.sessions.fetch_sub(1, Relaxed);
    }

    /// Waits until so many are open.
    fn until_open(arenas: &PrivateArenas, count: usize) {
        let begun = Instant::now();
        while arenas.count() != count {
            assert!(begun.elapsed() < Duration::from_secs(20), "{arenas:?}");
            std::thread::yield_now();
        }
    }

    #[test]
    fn a_private_arena_is_made_once_whoever_names_it() {
        let arenas = begun(4, Duration::from_secs(60));
        let first = arenas.enter("red-green-blue", true).unwrap();
        let second = arenas.enter("red-green-blue", true).unwrap();
        assert!(Arc::ptr_eq(&first, &second) && first.private);
        assert_eq!((arenas.count(), arenas.crowd().0), (1, 2));
        arenas.stop();
    }

    #[test]
    fn there_are_never_more_private_arenas_than_the_operator_allows() {
        let arenas = begun(2, Duration::from_secs(60));
        let names = ["one-two-three", "two-three-four", "three-four-five"];
        let entered: Vec<_> = names.iter().map(|name| arenas.enter(name, true).err()).collect();
        assert_eq!(entered, [None, None, Some(Refused::Full)]);
        assert!(arenas.enter("one-two-three", true).is_ok(), "who has the link of one still comes in");
        arenas.stop();
        let none = begun(0, Duration::from_secs(60));
        assert_eq!(none.enter("one-two-three", true).err(), Some(Refused::NotThere));
    }

    #[test]
    fn who_only_watches_makes_no_arena_and_neither_does_a_name_of_another_form() {
        let arenas = begun(2, Duration::from_secs(60));
        assert_eq!(arenas.enter("one-two-three", false).err(), Some(Refused::NotThere));
        assert_eq!(arenas.enter("1", true).err(), Some(Refused::NotThere));
        assert_eq!(arenas.count(), 0);
    }

    #[test]
    fn a_private_arena_ends_when_nobody_has_been_in_it_for_a_while() {
        let arenas = begun(1, Duration::from_millis(50));
        let arena = arenas.enter("one-two-three", true).unwrap();
        assert_eq!(arenas.enter("two-three-four", true).err(), Some(Refused::Full));
        leave(&arena);
        until_open(&arenas, 0);
        let other = arenas.enter("two-three-four", true).expect("its place is free");
        assert!(!Arc::ptr_eq(&arena, &other));
        arenas.stop();
    }

    #[test]
    fn a_private_arena_with_somebody_in_it_does_not_end() {
        let arenas = begun(1, Duration::ZERO);
        let arena = arenas.enter("one-two-three", true).unwrap();
        while arena.pulse.load().report.tick.0 < 5 {
            std::thread::yield_now();
        }
        assert_eq!(arenas.count(), 1);
        leave(&arena);
        until_open(&arenas, 0);
    }

    #[test]
    fn debug_texts_and_labels_do_not_tell_a_name() {
        let arenas = begun(1, Duration::ZERO);
        let arena = arenas.enter("one-two-three", true).unwrap();
        assert!(!format!("{arenas:?} {}", arena.label()).contains("two"));
        arenas.stop();
    }
}
