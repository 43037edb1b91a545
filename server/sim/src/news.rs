//! The feed: what everyone in the arena is told of. Noted where it happens, told in Rank.
//!
//! Enters: what happened, within its pace; beyond that it is left out, the least important first. Leaves: a message a few times
//! a second for each session, encoded once for all who are told the same. Must never hold more than [`KEPT`] news.

use std::collections::{BTreeMap, VecDeque};

use crate::components::Player;
use crate::pace::{Pace, Rate};
use crate::session::Session;
use crate::{ArenaRules, Now};
use bevy_ecs::prelude::*;
use bytes::Bytes;
use shared::protocol::{News, Role, ServerMessage, codec};
use shared::saying::Saying;
use shared::tick::Tick;

/// A session is told at most this often, in milliseconds, each in a tick of its own: told to all in one tick, it would make
/// that tick's frames late.
const TELL_EVERY_MS: u32 = 250;

/// News that are kept for sessions whose outbox is full, or whose turn is yet to come. Of more they miss the oldest.
const KEPT: usize = 48;

/// Ships that were sunk: more than these nobody reads.
const SUNK: Rate = Rate { per_minute: 240, burst: 8 };

/// Of those this many are kept for ships of people.
const FOR_PEOPLE: u32 = 4;

/// Those who come, and those who leave.
const COMING: Rate = Rate { per_minute: 180, burst: 6 };

/// What all players of the arena say together: more nobody reads.
const SAID: Rate = Rate { per_minute: 480, burst: 16 };

/// What happened of late.
#[derive(Debug, Default, Resource)]
pub(crate) struct Feed {
    recent: VecDeque<News>,
    /// How many there have been.
    count: u64,
    sunk: Pace,
    came: Pace,
    left: Pace,
    said: Pace,
}

impl Feed {
    /// A ship of `victim` was sunk by `killer`, with so many points of bounty on it.
    pub(crate) fn sunk(
        &mut self,
        victim: &Player,
        killer: Option<&Player>,
        bounty: u32,
        (now, tick_hz): (Tick, u16),
    ) {
        let drones = victim.drone && killer.is_none_or(|killer| killer.drone);
        let keep = if drones { FOR_PEOPLE } else { 0 };
        if self.sunk.take(SUNK, keep, now, tick_hz) {
            let (by, killer_name) = killer.map(|killer| (killer.id, killer.name.clone())).unzip();
            let (victim, victim_name) = (victim.id, victim.name.clone());
            self.note(News::Sunk {
                killer: by.unwrap_or_default(),
                killer_name,
                victim,
                victim_name,
                bounty,
            });
        }
    }

    /// `player` has come. Drones come unannounced.
    pub(crate) fn came(&mut self, player: &Player, now: Tick, tick_hz: u16) {
        if !player.drone && self.came.take(COMING, 0, now, tick_hz) {
            self.note(News::Came { player: player.id, name: player.name.clone() });
        }
    }

    /// `player` leaves for good.
    pub(crate) fn left(&mut self, player: &Player, now: Tick, tick_hz: u16) {
        if !player.drone && self.left.take(COMING, 0, now, tick_hz) {
            self.note(News::Left { player: player.id, name: player.name.clone() });
        }
    }

    /// `player` says something. Is it said, or do too many talk?
    pub(crate) fn said(&mut self, player: &Player, saying: Saying, now: Tick, tick_hz: u16) -> bool {
        let heard = self.said.take(SAID, 0, now, tick_hz);
        if heard {
            let (player, name, key) = (player.id, player.name.clone(), player.key.unwrap_or_default());
            self.note(News::Said { player, name, key, saying });
        }
        heard
    }

    fn note(&mut self, news: News) {
        if self.recent.len() == KEPT {
            self.recent.pop_front();
        }
        self.recent.push_back(news);
        self.count += 1;
    }

    /// What happened after the first `known`, as far as it is kept.
    fn since(&self, known: u64) -> Bytes {
        let missed = usize::try_from(self.count - known).unwrap_or(KEPT).min(self.recent.len());
        let news = self.recent.range(self.recent.len() - missed..).cloned().collect();
        codec::encode_server(&ServerMessage::News(news)).into()
    }
}

/// Tells each session of what it does not know yet. Who comes is told what happens from then on.
pub(crate) fn tell_news(
    mut sessions: Query<&mut Session>,
    (feed, rules, now): (Res<Feed>, Res<ArenaRules>, Res<Now>),
) {
    let pause = rules.0.ticks(TELL_EVERY_MS);
    let mut encoded: BTreeMap<u64, Bytes> = BTreeMap::new();
    for mut session in sessions.iter_mut().filter(|session| session.role == Role::Play) {
        let known = session.news.unwrap_or(feed.count);
        let due = known != feed.count && session.is_turn(now.0, pause) && session.outbox.gate.is_open();
        if due {
            let bytes = encoded.entry(known).or_insert_with(|| feed.since(known)).clone();
            session.say_bytes(bytes);
        }
        if due || session.news.is_none() {
            session.news = Some(feed.count);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::hull::Hull;
    use shared::ids::PlayerId;
    use shared::name::PlayerName;
    use shared::protocol::codec::FromServer;

    fn player(id: u32, drone: bool) -> Player {
        let name = PlayerName::clean("x").unwrap();
        Player { id: PlayerId(id), name, drone, hull: Hull::Corsair, since: Tick(0), key: None, team: None }
    }

    fn told(feed: &Feed, known: u64) -> Vec<u32> {
        let bytes = feed.since(known);
        let Ok(FromServer::Message(ServerMessage::News(news))) = codec::decode_server(&bytes) else {
            unreachable!("the feed tells news")
        };
        let victim = |news: &News| match news {
            News::Sunk { victim, .. } => Some(victim.0),
            News::Came { .. } | News::Left { .. } | News::Said { .. } => None,
        };
        news.iter().filter_map(victim).collect()
    }

    #[test]
    fn drones_that_sink_drones_are_left_out_first() {
        let (mut feed, now) = (Feed::default(), (Tick(1), 30));
        for id in 0..100 {
            feed.sunk(&player(id, true), Some(&player(1000, true)), 0, now);
        }
        assert_eq!(told(&feed, 0), [0, 1, 2, 3]);
        for id in 100..200 {
            feed.sunk(&player(id, false), Some(&player(1000, true)), 0, now);
        }
        assert_eq!(told(&feed, 4), [100, 101, 102, 103], "and of people, no more than can be read");
    }

    #[test]
    fn who_is_far_behind_is_told_the_newest() {
        let mut feed = Feed::default();
        for id in 0..100 {
            feed.sunk(&player(id, false), None, 0, (Tick(id * 30), 30));
        }
        assert_eq!(told(&feed, 0), (52..100).collect::<Vec<_>>());
        assert_eq!(told(&feed, 98), [98, 99]);
    }
}
