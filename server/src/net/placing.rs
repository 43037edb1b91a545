//! Who gets a place and where, and who gives up his: the rules of a full, an overloaded and a stopping server, and of join
//! tokens. In comes what a session asks for; out goes an arena, or the reason why there is none.

use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Instant;

use super::connection::Connection;
use super::limits::Allowance;
use super::session::Opening;
use super::shard::Shard;
use crate::arenas::{Arena, Load};
use crate::counters::Limit;
use crate::private::Refused;
use shared::name::PlayerName;
use shared::private;
use shared::protocol::{CloseReason, Role};

impl Shard {
    /// Nobody joins while the server stops, nor too often; a join token may say under which name.
    pub(super) fn may_join(
        &self,
        connection: &Connection,
        allowance: &mut Allowance,
        name: &mut Option<PlayerName>,
    ) -> Result<(), CloseReason> {
        if self.arenas.draining() {
            return Err(CloseReason::Restart);
        }
        if !allowance.join(Instant::now()) {
            return Err(CloseReason::Flooding);
        }
        if let Some(given) = connection.pass.as_ref().and_then(|pass| pass.name.as_ref()) {
            *name = PlayerName::clean(given);
        }
        Ok(())
    }

    /// The last tenth of all places is for those who play; when all are taken, a watcher makes room for one of them, or else
    /// one who has not asked for a ship for a while.
    pub(super) fn find_place(&self, connection: &Connection, role: Role) -> Result<(), CloseReason> {
        match role {
            Role::Board if self.counters.open.load(Relaxed) > self.most_watching => {
                self.counters.refused(Limit::Watchers);
                Err(CloseReason::Full)
            }
            Role::Play if connection.beyond && !self.shed_watchers(1, |_| true) && !self.shed_idle() => {
                self.counters.refused(Limit::Sessions);
                Err(CloseReason::Full)
            }
            Role::Board | Role::Play => Ok(()),
        }
    }

    /// Where a session goes, counted among that arena's: to the arena whose token it seems to have unless it names another one,
    /// to that which it or its join token names, or where there is room; never to one that stands still, nor as a newcomer to one
    /// that has too much to do. Whether a token takes somebody back the arena alone knows.
    pub(super) fn destination(
        &self,
        connection: &Connection,
        opening: &Opening,
    ) -> Result<Arc<Arena>, Elsewhere> {
        let allowed = connection.pass.as_ref().and_then(|pass| pass.arena.as_deref());
        let named = match (allowed, opening.arena.as_deref()) {
            (Some(allowed), Some(named)) if allowed != named => return Err(CloseReason::NoArena.into()),
            (allowed, named) => allowed.or(named),
        };
        let known = opening.resume.and_then(|token| self.arenas.of_token(token));
        let known = known.filter(|arena| !arena.is_gone() && named.is_none_or(|id| id == arena.id));
        if let Some(arena) = known.filter(|arena| !arena.is_stuck()) {
            return self.counted(arena);
        }
        let arena = match named {
            Some(id) if private::is_name(id) => self.private(id, opening.role)?,
            Some(id) => self.counted(self.arenas.named(id).ok_or(CloseReason::NoArena)?)?,
            None => match self.arenas.with_room() {
                Some(arena) => self.counted(arena)?,
                None => {
                    self.counters.refused(Limit::Overload);
                    let there = self.arenas.with_room_elsewhere();
                    return Err(
                        there.map_or(CloseReason::Full.into(), |(arena, url)| Elsewhere::At { arena, url })
                    );
                }
            },
        };
        let most = if opening.role == Role::Board { Load::Calm } else { Load::Heavy };
        if arena.is_stuck() || arena.load() > most {
            arena.sessions.fetch_sub(1, Relaxed);
            self.counters.refused(Limit::Overload);
            return Err(CloseReason::Full.into());
        }
        Ok(arena)
    }

    /// One more session is on its way there, or has to go to the server that has the arena.
    fn counted(&self, arena: &Arc<Arena>) -> Result<Arc<Arena>, Elsewhere> {
        if !arena.is_here() {
            // Nobody has it for the moment: whoever comes again finds it.
            let at = |url| Elsewhere::At { arena: arena.id.clone(), url };
            return Err(self.arenas.elsewhere(arena).map_or(CloseReason::Restart.into(), at));
        }
        arena.sessions.fetch_add(1, Relaxed);
        Ok(arena.clone())
    }

    /// A place in the private arena of that name. Who only watches the board makes none.
    fn private(&self, name: &str, role: Role) -> Result<Arc<Arena>, Elsewhere> {
        self.arenas.private.enter(name, role == Role::Play).map_err(|refused| match refused {
            Refused::NotThere => CloseReason::NoArena.into(),
            Refused::Full => {
                self.counters.refused(Limit::PrivateArenas);
                CloseReason::PrivateFull.into()
            }
            Refused::At(url) => Elsewhere::At { arena: name.to_owned(), url },
            // Whoever comes again finds it.
            Refused::Later => CloseReason::Restart.into(),
        })
    }

    /// Closes so many of the watchers of these arenas; true when there were any.
    pub(super) fn shed_watchers(&self, most: usize, of: impl Fn(&Arena) -> bool) -> bool {
        let connections = self.connections.borrow();
        let watchers = connections
            .values()
            .filter(|other| other.watches.get() && !other.is_ending() && other.with_arena(&of) == Some(true));
        watchers.take(most).map(|watcher| watcher.end(CloseReason::Full)).count() > 0
    }

    /// Closes one of those who said Hello to play, and have no player for longer than a Hello may take; true when there was
    /// one.
    fn shed_idle(&self) -> bool {
        let connections = self.connections.borrow();
        let mut idle = connections.values().filter(|other| {
            let said_hello = !other.is_ending() && other.with_arena(|_| ()).is_some();
            said_hello && !other.gate.has_player() && other.opened.elapsed() > self.patience.hello
        });
        idle.next().map(|idle| idle.end(CloseReason::Full)).is_some()
    }
}

/// Why there is no place here.
#[derive(Debug)]
pub(super) enum Elsewhere {
    /// Another server has the arena.
    At {
        /// Which.
        arena: String,
        /// That server's address.
        url: String,
    },
    /// Nowhere.
    Closed(CloseReason),
}

impl From<CloseReason> for Elsewhere {
    fn from(reason: CloseReason) -> Self {
        Self::Closed(reason)
    }
}
