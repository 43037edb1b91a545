//! Rows from what changed, views from who looks where, and a frame for every session that can take one.

use super::flush::post;
use crate::board::LiveBoard;
use crate::components::{Being, BeingItem, Flying, Life, Player, Roll, Score, Ship, Shown, state_of};
use crate::net_ids::NetIds;
use crate::ports::{Delivery, Ports, TOO_SLOW_MS};
use crate::replication::{Cells, FrameBuilder, Replication, Volley, difference};
use crate::session::{Session, View};
use crate::{ArenaRules, Begun, Now, Report};
use bevy_ecs::prelude::*;
use bytes::Bytes;
use shared::entity::{EntityState, ShipState, ShotState};
use shared::ids::{NetId, PlayerId};
use shared::leaderboard::Standing;
use shared::motion::Rules;
use shared::protocol::frame::{Focus, Status};
use shared::protocol::rows::Row;
use shared::protocol::{CloseReason, Role};
use shared::units::Point;

/// Holds every entity against what replicas compute for it, and encodes the differences.
pub(crate) fn collect_rows(
    mut ships: Query<(&mut Shown, &Ship)>,
    mut others: Query<(&mut Shown, Being), Without<Ship>>,
    (mut replication, mut ids): (ResMut<Replication>, ResMut<NetIds>),
    (rules, now): (Res<ArenaRules>, Res<Now>),
) {
    let Replication { cells, gone, volley, .. } = &mut *replication;
    cells.clear();
    for shown in gone.drain(..) {
        bury(&shown, cells, &rules.0);
        ids.give_back(shown.id, now.0);
    }
    volley.load(others.iter().filter_map(|(shown, being)| newborn_shot(shown, being)));
    for (mut shown, ship) in &mut ships {
        show_ship(&mut shown, ship.0, volley, cells, &rules.0);
    }
    for (mut shown, being) in &mut others {
        let Some(truth) = state_of(being) else { continue };
        let told = if shown.state.is_none() { volley.told_from(shown.id, &truth) } else { None };
        match told {
            Some(from) => show_fired(&mut shown, truth, from, cells),
            None => show(&mut shown, truth, None, cells, &rules.0),
        }
    }
    cells.encode();
}

fn newborn_shot(shown: &Shown, being: BeingItem<'_>) -> Option<(NetId, ShotState)> {
    let (_, shot, ..) = being;
    shot.filter(|_| shown.state.is_none()).map(|shot| (shown.id, shot.0))
}

/// A ship that is known already tells of the shot that it fired, if the shot is where replicas will compute it.
fn show_ship(shown: &mut Shown, ship: ShipState, volley: &mut Volley, cells: &mut Cells, rules: &Rules) {
    let from = cells.grid().index(shown.cell);
    let known = shown.state.is_some();
    let fired = if known { volley.tell(ship.player, ship.fired(rules), from) } else { None };
    show(shown, EntityState::Ship(ship), fired, cells, rules);
}

/// Those who know the ship were told of its shot by the ship's row; for the others the shot comes from the ship's cell.
fn show_fired(shown: &mut Shown, truth: EntityState, from: usize, cells: &mut Cells) {
    let cell = cells.grid().cell(truth.pos());
    let to = cells.grid().index(cell);
    if to != from {
        cells.arrival(to, from, shown.id, truth);
    }
    cells.member(to, shown.id, truth);
    (shown.state, shown.cell) = (Some(truth), cell);
}

/// Replicas end by themselves what ends by its rule; the rest is taken away by a row.
fn bury(shown: &Shown, cells: &mut Cells, rules: &Rules) {
    let Some(before) = shown.state else { return };
    if before.step(rules).is_some() {
        cells.row(cells.grid().index(shown.cell), shown.id, Row::Despawn);
    }
}

fn show(shown: &mut Shown, truth: EntityState, fired: Option<NetId>, cells: &mut Cells, rules: &Rules) {
    let cell = cells.grid().cell(truth.pos());
    let (to, from) = (cells.grid().index(cell), cells.grid().index(shown.cell));
    match shown.state {
        None => cells.row(to, shown.id, Row::Spawn(truth)),
        Some(before) => {
            if let Some(row) = difference(before, truth, fired, rules) {
                cells.row(from, shown.id, row);
            }
            if to != from {
                cells.arrival(to, from, shown.id, truth);
            }
        }
    }
    cells.member(to, shown.id, truth);
    (shown.state, shown.cell) = (Some(truth), cell);
}

/// A rank that others' scores moved is looked up, and told, at most this often, in milliseconds; one's own score moves it
/// at once. Among thousands nearly every rank moves in every tick, faster than anyone can read.
const RANK_EVERY_MS: u32 = 200;

/// A view moves to where its session wishes at most this often, in milliseconds: it gets keyframes there.
const WATCH_EVERY_MS: u32 = 400;

/// Each player's view follows the own ship; while dead, the ship that ended it; before the first Join, the leader's. Who does
/// not fly may choose another.
pub(crate) fn aim_views(
    mut sessions: Query<(&mut Session, &mut View)>,
    players: Query<(Entity, &Player, &Flying, &Score, &Life)>,
    ships: Query<(&Ship, &Shown)>,
    (board, roll, rules, now): (Res<LiveBoard>, Res<Roll>, Res<ArenaRules>, Res<Now>),
) {
    let best = board.leader().map(|row| row.standing.player);
    let leader = players.iter().find(|(_, player, ..)| Some(player.id) == best).map(|(entity, ..)| entity);
    let ship_of = |pilot: Entity| {
        let ship = players.get(pilot).ok().and_then(|(_, _, flying, ..)| flying.0)?;
        ships.get(ship).ok().map(|(ship, shown)| (ship.0.body.pos, shown.id))
    };
    for (mut session, mut view) in sessions.iter_mut().filter(|(session, _)| session.role == Role::Play) {
        let own = session.player.and_then(ship_of);
        let turn = own.is_some() || session.is_turn(now.0, rules.0.ticks(WATCH_EVERY_MS));
        if let Some(wish) = session.wish.take_if(|_| turn).filter(|_| own.is_none()) {
            let chosen = if wish == PlayerId::default() { leader } else { roll.0.get(&wish).copied() };
            session.follow = chosen.filter(|chosen| ship_of(*chosen).is_some()).or(session.follow);
        }
        if own.is_none() && session.follow.and_then(ship_of).is_none() {
            session.follow = leader;
        }
        let seen = own.or_else(|| session.follow.and_then(ship_of));
        aim(&mut view, seen, own.is_some(), &rules.0);
        let turn = session.is_turn(now.0, rules.0.ticks(RANK_EVERY_MS));
        let told = if turn { Status::default() } else { view.status };
        let own = session.player.and_then(|player| players.get(player).ok());
        view.status = own.map_or_else(Status::default, |(.., score, life)| status(told, score, life, &board));
    }
}

fn aim(view: &mut View, seen: Option<(Point, NetId)>, own: bool, rules: &Rules) {
    let middle = Point { x: rules.arena / 2, y: rules.arena / 2 };
    match seen {
        Some((place, ship)) => (view.centre, view.focus) = (Some(place), Focus { ship, own }),
        None => (view.centre, view.focus) = (view.centre.or(Some(middle)), Focus::default()),
    }
}

/// The rank is looked up unless it was told already and the own score is still the same.
fn status(told: Status, score: &Score, life: &Life, board: &LiveBoard) -> Status {
    let Standing { player, score, .. } = score.0;
    let known = told.rank > 0 && told.score == score;
    Status { score, kills: life.kills, rank: if known { told.rank } else { board.rank(player) } }
}

/// Least time between two renewals of a view that its client asked for, in milliseconds.
const RENEW_MS: u32 = 1000;

/// A frame for each session whose outbox is open; the others start anew when theirs opens again.
pub(crate) fn build_frames(
    mut sessions: Query<(&mut Session, &mut View)>,
    (mut replication, mut report): (ResMut<Replication>, ResMut<Report>),
    (rules, now, begun, ports): (Res<ArenaRules>, Res<Now>, Res<Begun>, Res<Ports>),
    (mut builder, mut sizes): (Local<FrameBuilder>, Local<Vec<(usize, usize)>>),
) {
    let Replication { cells, batches, .. } = &mut *replication;
    batches.resize_with(ports.shards.len(), Default::default);
    let too_slow = rules.0.ticks(TOO_SLOW_MS);
    sizes.resize(ports.shards.len(), (0, 0));
    let mut buffers: Vec<FrameBuffer> = sizes.iter().map(|size| FrameBuffer::with_room(*size)).collect();
    for (mut session, mut view) in &mut sessions {
        let shard = session.outbox.shard;
        let (Some(batch), Some(port)) = (batches.get_mut(shard), ports.shards.get(shard)) else { continue };
        if session.end(batch) {
            continue;
        }
        if port.batches.is_full() || !session.outbox.gate.is_open() {
            session.stall(too_slow);
            view.fresh = true;
            report.skipped += u64::from(session.role == Role::Play);
            continue;
        }
        session.stalled = 0;
        view.renew(now.0, rules.0.ticks(RENEW_MS));
        let buffer = &mut buffers[shard];
        report.bytes.messages += session.post_pending(buffer);
        if session.role == Role::Play {
            // A checksum a second, not for all in one tick: that tick's frames would be late.
            let checked = session.is_turn(now.0, rules.0.tick_hz.into()).then_some(begun.0);
            let start = buffer.bytes.len();
            report.bytes +=
                builder.build(&mut view, session.ack(), (now.0, checked), cells, &mut buffer.bytes);
            session.outbox.gate.sent(buffer.bytes.len() - start);
            buffer.items.push((session.id, Item::Frame(start..buffer.bytes.len())));
            report.frames += 1;
        }
    }
    for ((buffer, batch), size) in buffers.into_iter().zip(batches).zip(sizes.iter_mut()) {
        *size = (buffer.bytes.len(), buffer.items.len());
        buffer.post(batch);
    }
}

/// What one shard gets this tick: its frames in one allocation, shared by all of its sessions. Every session keeps its
/// place in the order from tick to tick, with its messages before its frame: one that is written early in one tick and
/// late in the next sees a gap between its frames that nothing else explains.
struct FrameBuffer {
    bytes: Vec<u8>,
    items: Vec<(shared::ids::SessionId, Item)>,
}

enum Item {
    Message(Bytes),
    Frame(std::ops::Range<usize>),
}

impl FrameBuffer {
    /// Room for as many bytes and items as the last tick had, and some more: growing would copy the frames again and again.
    fn with_room((bytes, items): (usize, usize)) -> Self {
        let room = |last: usize| last + last / 8;
        Self { bytes: Vec::with_capacity(room(bytes)), items: Vec::with_capacity(room(items)) }
    }

    fn post(self, batch: &mut crate::ports::Batch) {
        let frames = Bytes::from(self.bytes);
        for (session, item) in self.items {
            let bytes = match item {
                Item::Message(bytes) => bytes,
                Item::Frame(range) => frames.slice(range),
            };
            post(batch, session, Delivery::Message(bytes));
        }
    }
}

impl Session {
    /// Posts the close that the simulation wants, once. Is the session over?
    fn end(&mut self, batch: &mut crate::ports::Batch) -> bool {
        if let Some(reason) = self.close.take() {
            self.ended = true;
            post(batch, self.id, Delivery::Close(reason));
        }
        self.ended
    }

    fn stall(&mut self, too_slow: u32) {
        self.stalled += 1;
        if self.stalled > too_slow {
            self.close = Some(CloseReason::TooSlow);
        }
    }

    /// Posts the messages that wait; gives their bytes.
    fn post_pending(&mut self, buffer: &mut FrameBuffer) -> u64 {
        let id = self.id;
        let gate = self.outbox.gate.clone();
        let mut all = 0;
        for bytes in self.take_pending() {
            gate.sent(bytes.len());
            all += bytes.len() as u64;
            buffer.items.push((id, Item::Message(bytes)));
        }
        all
    }
}
