//! Power-ups at their places: they come back after a time, go to the first ship that reaches them, and everyone is told what
//! lies where, or will. Parts of Score, Populate and Rank.

use super::contact::Contacts;
use crate::components::{Power, Ship, Shown};
use crate::net_ids::NetIds;
use crate::session::Session;
use crate::{ArenaRules, Dice, Now};
use bevy_ecs::prelude::*;
use bytes::Bytes;
use rand::RngExt;
use rand_pcg::Pcg32;
use shared::balance::POWER_RETURN_MS;
use shared::motion::Rules;
use shared::power::{PowerState, PowerUp, places};
use shared::protocol::{PowerPlace, Role, ServerMessage, codec};
use shared::tick::Tick;
use shared::units::SUBUNITS;

/// A place is told of at most this often, in milliseconds, each session in a tick of its own.
const TELL_EVERY_MS: u32 = 400;
/// The first ones come this many milliseconds after the arena opened, one after another.
const FIRST_MS: u32 = 3000;

/// A place, and what lies there or will.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    /// What lies there from `from` on.
    pub power: PowerState,
    /// The tick from which it lies there.
    pub from: Tick,
    entity: Option<Entity>,
}

/// All places of the arena.
#[derive(Debug, Resource)]
pub(crate) struct Places {
    /// One each, in a fixed order.
    pub all: Vec<Place>,
    version: u32,
    bytes: Bytes,
}

impl Places {
    /// Every place of an arena under these rules, still empty.
    pub(crate) fn new(rules: &Rules, dice: &mut Pcg32) -> Self {
        let first = rules.ticks(FIRST_MS);
        let place = |(at, pos)| {
            let power = PowerState { pos, kind: any(dice) };
            Place { power, from: Tick(first * at), entity: None }
        };
        let mut new =
            Self { all: (1..).zip(places(rules)).map(place).collect(), version: 0, bytes: Bytes::new() };
        new.changed();
        new
    }

    fn changed(&mut self) {
        let rows = self.all.iter().map(|place| {
            let [x, y] = [place.power.pos.x, place.power.pos.y].map(|at| (at / SUBUNITS) as u16);
            PowerPlace { x, y, kind: place.power.kind, from: place.from }
        });
        self.bytes = codec::encode_server(&ServerMessage::Powers(rows.collect())).into();
        self.version += 1;
    }
}

fn any(dice: &mut Pcg32) -> PowerUp {
    PowerUp::ALL[dice.random_range(0..PowerUp::ALL.len())]
}

/// Puts power-ups where their time has come.
pub(crate) fn lay_powers(
    (mut places, mut ids): (ResMut<Places>, ResMut<NetIds>),
    now: Res<Now>,
    mut commands: Commands,
) {
    for place in places.all.iter_mut().filter(|place| place.entity.is_none() && now.0 >= place.from) {
        let lying = commands.spawn((Power(place.power), Shown::new(ids.take(now.0))));
        place.entity = Some(lying.id());
    }
}

/// Who reaches a power-up takes it; another one will lie there after a while.
pub(crate) fn take_powers(
    contacts: Res<Contacts>,
    mut ships: Query<&mut Ship>,
    (mut places, mut dice): (ResMut<Places>, ResMut<Dice>),
    (rules, now): (Res<ArenaRules>, Res<Now>),
    mut commands: Commands,
) {
    for taken in &contacts.powers {
        let Ok(mut ship) = ships.get_mut(taken.ship) else { continue };
        let place = places.all.iter_mut().find(|place| place.entity == Some(taken.power));
        let Some(place) = place else { continue };
        ship.0 = ship.0.given(place.power.kind, &rules.0);
        commands.entity(taken.power).despawn();
        (place.entity, place.from) = (None, now.0.after(rules.0.ticks(POWER_RETURN_MS)));
        place.power.kind = any(&mut dice.0);
        places.changed();
    }
}

/// Tells those who do not know it what lies where.
pub(crate) fn tell_places(
    mut sessions: Query<&mut Session>,
    (places, rules, now): (Res<Places>, Res<ArenaRules>, Res<Now>),
) {
    let pause = rules.0.ticks(TELL_EVERY_MS);
    for mut session in sessions.iter_mut().filter(|session| session.role == Role::Play) {
        let turn = session.places == 0 || session.is_turn(now.0, pause);
        if turn && session.places != places.version && session.outbox.gate.is_open() {
            session.places = places.version;
            session.say_bytes(places.bytes.clone());
        }
    }
}
