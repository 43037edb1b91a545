//! Who asks this node to be removed: told to the others only if something is known of that player, here or in Redis. Identities
//! are free, and each removal that is passed on stays for ever: with every node and in Redis.
//!
//! What is known of him, and where, when he asks:
//!
//! | his lives | what is done |
//! |---|---|
//! | recorded here, which those of all nodes soon are | removed, and told |
//! | handed in here, and not written yet | the writer drops them, or has just written and removes them; told |
//! | in Redis, and not taken from there yet | Redis is asked; if it has him, it tells all, this node with them |
//! | being flown | nothing: what one has lived since then stays |
//!
//! A node that can't ask Redis does not say that nothing is known: he is to ask again. Must never: keep anything of a player
//! of whom nothing is known.

use std::sync::Arc;

use standings::{Clock, NotTaken, PlayerKey, Standings, StoreError, UnixMs};
use tokio::sync::mpsc;

use super::removal::Gone;
use crate::state::State;

/// Removals that may wait for Redis. Beyond, a player is told to ask again later.
const WAITING: usize = 1024;

/// Hears whether there was such a player.
type Then = Box<dyn FnOnce(Result<bool, StoreError>) + Send>;

/// One who is to be removed from Redis and every node, with what he lived until then.
pub(super) struct Asked {
    pub(super) player: PlayerKey,
    pub(super) at: UnixMs,
    /// Who is to hear what Redis knows; None when that does not matter, since he was known here.
    pub(super) perhaps: Option<Then>,
}

/// Why nobody was removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unremoved {
    /// Too many wait.
    #[error(transparent)]
    NotTaken(#[from] NotTaken),
    /// Nothing is known of him here, and the others can't be asked.
    #[error("what other servers know of this player can't be asked now")]
    OutOfTouch,
}

/// Takes who has had himself removed here, and is to be so everywhere.
#[derive(Clone)]
pub struct Removals {
    hand_in: mpsc::Sender<Asked>,
    gone: Arc<Gone>,
    standings: Arc<Standings>,
    state: Arc<State>,
    clock: Clock,
}

impl Removals {
    pub(super) fn new(
        gone: Arc<Gone>,
        standings: Arc<Standings>,
        state: Arc<State>,
        clock: Clock,
    ) -> (Self, mpsc::Receiver<Asked>) {
        let (hand_in, asked) = mpsc::channel(WAITING);
        (Self { hand_in, gone, standings, state, clock }, asked)
    }

    /// Deletes all that is stored about a player, with what he has lived until now, here and on every other node. `then` hears
    /// whether anything was; on a thread that must not wait.
    ///
    /// # Errors
    /// When nothing was done; `then` is not called.
    pub fn remove(
        &self,
        player: PlayerKey,
        then: impl FnOnce(Result<bool, StoreError>) + Send + 'static,
    ) -> Result<(), Unremoved> {
        let at = (self.clock)();
        let place = self.hand_in.clone().try_reserve_owned().map_err(|_| NotTaken)?;
        if self.standings.name(player).is_some() {
            self.gone.note(player, at);
            place.send(Asked { player, at, perhaps: None });
            return Ok(self.standings.remove(player, then)?);
        }
        if self.state.snapshot().trouble.is_some() {
            return Err(Unremoved::OutOfTouch);
        }
        let own = self.clone();
        let decide = move |done| match done {
            Ok(false) => drop(place.send(Asked { player, at, perhaps: Some(Box::new(then)) })),
            done => {
                own.gone.note(player, at);
                place.send(Asked { player, at, perhaps: None });
                own.remove_latecomers(player);
                then(done);
            }
        };
        Ok(self.standings.remove(player, decide)?)
    }

    /// Lives that came from Redis after a removal was handed in, and before it was noted.
    fn remove_latecomers(&self, player: PlayerKey) {
        if self.standings.remove(player, drop).is_err() {
            tracing::warn!("too much is waiting: a life of a player who is to be removed may be left");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::Way;
    use shared::name::PlayerName;
    use standings::{LifeId, LifeResult};

    struct World {
        removals: Removals,
        asked: mpsc::Receiver<Asked>,
    }

    fn world(in_touch: bool) -> World {
        let clock: Clock = Arc::new(UnixMs::now);
        let standings = Arc::new(Standings::in_memory("a test", clock.clone(), None).unwrap());
        let state = Arc::new(State::default());
        if in_touch {
            [Way::Out, Way::In, Way::Arenas].iter().for_each(|way| state.note(*way, &Ok::<(), &str>(())));
        }
        let (removals, asked) = Removals::new(Arc::default(), standings, state, clock);
        World { removals, asked }
    }

    fn live(world: &World, player: PlayerKey) {
        let at = UnixMs::now();
        let (life, name) = (LifeId::random(at).unwrap(), PlayerName::clean("Ada").unwrap());
        let result = LifeResult { life, player, name, score: 1, kills: 0, duration_ms: 1, arena: 1, at };
        world.removals.standings.submit(result, |_| ()).unwrap();
    }

    #[test]
    fn of_a_player_whom_nobody_knows_nothing_is_kept_and_redis_is_asked() {
        let mut world = world(true);
        let player = PlayerKey(7);
        world.removals.remove(player, |_| ()).unwrap();
        let asked = world.asked.blocking_recv().unwrap();
        assert!(asked.perhaps.is_some(), "it is not known whether there is such a player");
        assert!(!world.removals.gone.covers(player, UnixMs(0)));
    }

    #[test]
    fn a_removal_of_someone_whose_life_is_being_written_goes_to_all() {
        let mut world = world(true);
        for number in 1..50 {
            let player = PlayerKey(number);
            live(&world, player);
            let (tell, told) = std::sync::mpsc::channel();
            world.removals.remove(player, move |done| tell.send(done).unwrap()).unwrap();
            let asked = world.asked.blocking_recv().unwrap();
            assert!(asked.player == player && asked.perhaps.is_none(), "{number}");
            assert_eq!(told.recv(), Ok(Ok(true)));
            assert!(world.removals.gone.covers(player, asked.at));
            assert_eq!(world.removals.standings.name(player), None);
        }
    }

    #[test]
    fn who_can_not_ask_redis_does_not_say_that_nobody_is_known() {
        let mut world = world(false);
        assert_eq!(world.removals.remove(PlayerKey(7), |_| ()), Err(Unremoved::OutOfTouch));
        assert!(world.asked.try_recv().is_err());
        live(&world, PlayerKey(8));
        let (tell, told) = std::sync::mpsc::channel();
        world.removals.standings.flush(move || tell.send(()).unwrap()).unwrap();
        told.recv().unwrap();
        world.removals.remove(PlayerKey(8), |_| ()).unwrap();
        assert!(
            world.asked.blocking_recv().unwrap().perhaps.is_none(),
            "who is known here is removed at once"
        );
    }
}
