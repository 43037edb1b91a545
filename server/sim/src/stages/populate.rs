//! Ships for those who wait, shards for the field, drones for company.

use crate::components::{Flying, Gun, Intent, Life, Pilot, Player, Score, Shard, Ship, Shown, Waiting};
use crate::drones::{Drone, Skill};
use crate::index::Index;
use crate::joining::{Entrant, remove_player, spawn_player};
use crate::net_ids::NetIds;
use crate::trail::Trail;
use crate::{ArenaRules, Dice, Now, Settings, teams};
use bevy_ecs::prelude::*;
use rand::RngExt;
use rand_pcg::Pcg32;
use shared::angle::Angle;
use shared::entity::{ShardState, ShipState};
use shared::hull::Hull;
use shared::ids::PlayerId;
use shared::motion::{Body, Rules};
use shared::name::PlayerName;
use shared::tick::Tick;
use shared::tuning::{
    SHARD_AREA, SHARD_CROWD, SHARD_POINTS, SHARD_REGROWTH_PER_100, SHIP_RADIUS, WRECK_PERCENT, WRECK_SCATTER,
    WRECK_SHARDS,
};
use shared::units::{Point, SUBUNITS, Vector};

/// Where a ship ended, and what its life was worth.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wreck {
    pub place: Point,
    pub score: u32,
}

/// Wrecks whose shards are still to be laid.
#[derive(Debug, Default, Resource)]
pub(crate) struct Wrecks(pub Vec<Wreck>);

/// Numbers for players. Never the same one twice.
#[derive(Debug, Default, Resource)]
pub(crate) struct NextPlayer(u32);

impl NextPlayer {
    pub(crate) fn take(&mut self) -> PlayerId {
        self.0 += 1;
        PlayerId(self.0)
    }

    /// The last one that was taken.
    pub(crate) fn last(&self) -> u32 {
        self.0
    }

    /// Those up to this one were taken, by an arena that this one goes on with.
    pub(crate) fn go_on_after(&mut self, last: u32) {
        self.0 = last;
    }
}

/// Places tried for a new ship; it takes the one farthest from others.
const PLACES: usize = 6;
/// How far around a place other ships count, in subunits.
const CROWD: i32 = 900 * SUBUNITS;

/// Those who have waited long enough get a ship, away from others.
pub(crate) fn launch_ships(
    mut waiting: Query<(Entity, &Waiting, &Player, &mut Flying, &mut Life, &mut Score, &mut Intent)>,
    (index, rules, now): (Res<Index>, Res<ArenaRules>, Res<Now>),
    (mut dice, mut ids): (ResMut<Dice>, ResMut<NetIds>),
    mut commands: Commands,
) {
    for (entity, since, player, mut flying, mut life, mut score, mut intent) in &mut waiting {
        if now.0 < since.0 {
            continue;
        }
        let body = berth(&index, &rules.0, &mut dice.0);
        let ship = ShipState::launched(player.id, player.drone, player.hull, body, &rules.0);
        let state = ShipState { team: player.team, ..ship };
        intent.0 = state.controls;
        let ship = commands.spawn((
            Ship(state),
            Gun::default(),
            Trail::new(body.pos),
            Pilot(entity),
            Shown::new(ids.take_ship(now.0)),
        ));
        flying.0 = Some(ship.id());
        *life = Life { began: now.0, kills: 0, dealt: 0 };
        (score.0.score, score.0.since) = (0, now.0);
        commands.entity(entity).remove::<Waiting>();
    }
}

fn berth(index: &Index, rules: &Rules, dice: &mut Pcg32) -> Body {
    let places = std::array::from_fn::<_, PLACES, _>(|_| anywhere(rules, SHIP_RADIUS * 4, dice));
    let room = |place: &Point| {
        let other = index.ships.nearest(*place, CROWD, |_| true);
        other.map_or(i64::MAX, |(_, at)| place.to(at).length_squared())
    };
    let pos = places.into_iter().max_by_key(room).unwrap_or_default();
    Body { pos, vel: Vector::default(), heading: Angle(dice.random()) }
}

/// A place at least `margin` world units from the walls.
pub(crate) fn anywhere(rules: &Rules, margin: i32, dice: &mut Pcg32) -> Point {
    let (low, high) = (margin * SUBUNITS, rules.arena - margin * SUBUNITS);
    Point { x: dice.random_range(low..high), y: dice.random_range(low..high) }
}

/// The shards that lie about at tick 0.
pub(crate) fn lay_first_shards(world: &mut World) {
    let rules = world.resource::<ArenaRules>().0;
    for _ in 0..full_field(&rules) {
        let pos = anywhere(&rules, SHIP_RADIUS, &mut world.resource_mut::<Dice>().0);
        let id = world.resource_mut::<NetIds>().take(Tick::default());
        world.spawn((Shard(ShardState::at(pos, SHARD_POINTS)), Shown::new(id)));
    }
}

fn full_field(rules: &Rules) -> u32 {
    rules.arena_size() * rules.arena_size() / SHARD_AREA
}

/// Wrecks leave shards, and while the field has fewer than it should, some come back.
pub(crate) fn regrow_shards(
    shards: Query<(), With<Shard>>,
    (rules, now): (Res<ArenaRules>, Res<Now>),
    (mut wrecks, mut dice, mut ids): (ResMut<Wrecks>, ResMut<Dice>, ResMut<NetIds>),
    mut commands: Commands,
) {
    let mut lay = |shard: ShardState| {
        commands.spawn((Shard(shard), Shown::new(ids.take(now.0))));
    };
    let (full, mut here) = (full_field(&rules.0), shards.iter().count() as u32);
    for wreck in wrecks.0.drain(..) {
        let room = (full * SHARD_CROWD).saturating_sub(here) as usize;
        for shard in scatter(wreck, &rules.0, &mut dice.0).take(room) {
            here += 1;
            lay(shard);
        }
    }
    let per_tick_chance = full * SHARD_REGROWTH_PER_100;
    let (whole, rest) =
        (per_tick_chance / (100 * u32::from(rules.0.tick_hz)), 100 * u32::from(rules.0.tick_hz));
    let more = whole + u32::from(dice.0.random_range(0..rest) < per_tick_chance % rest);
    for _ in 0..more.min(full.saturating_sub(here)) {
        lay(ShardState::at(anywhere(&rules.0, SHIP_RADIUS, &mut dice.0), SHARD_POINTS));
    }
}

/// A share of the life's score, in a handful of shards around the place.
fn scatter(wreck: Wreck, rules: &Rules, dice: &mut Pcg32) -> impl Iterator<Item = ShardState> {
    let worth = wreck.score * WRECK_PERCENT / 100;
    let count = (worth / u32::from(SHARD_POINTS)).clamp(*WRECK_SHARDS.start(), *WRECK_SHARDS.end());
    let points = (worth / count).clamp(SHARD_POINTS.into(), u8::MAX.into()) as u8;
    let (low, high) = (SHIP_RADIUS * SUBUNITS, rules.arena - SHIP_RADIUS * SUBUNITS);
    let spread = WRECK_SCATTER * SUBUNITS;
    (0..count).map(move |_| {
        let x = (wreck.place.x + dice.random_range(-spread..=spread)).clamp(low, high);
        let y = (wreck.place.y + dice.random_range(-spread..=spread)).clamp(low, high);
        ShardState::at(Point { x, y }, points)
    })
}

const DRONE_NAMES: [&str; 16] = [
    "Vega",
    "Rigel",
    "Mira",
    "Altair",
    "Deneb",
    "Sirius",
    "Antares",
    "Spica",
    "Castor",
    "Pollux",
    "Bellatrix",
    "Capella",
    "Regulus",
    "Aldebaran",
    "Arcturus",
    "Procyon",
];

/// A drone, which waits for its ship.
pub(crate) fn spawn_drone(world: &mut World, name: PlayerName, hull: Hull, skill: Skill) -> Entity {
    let (player, _) = spawn_player(world, name, hull, Entrant::Drone);
    world.entity_mut(player).insert(Drone::new(skill));
    player
}

/// The name of a new drone: the first that none of these has. From the second round on names carry a number.
fn drone_name(taken: &[PlayerName]) -> Option<PlayerName> {
    let names = (1..).flat_map(|round| DRONE_NAMES.map(|name| (round, name)));
    let mut names = names.filter_map(|(round, name)| match round {
        1 => PlayerName::clean(name),
        _ => PlayerName::clean(&format!("{name} {round}")),
    });
    names.find(|name| !taken.contains(name))
}

/// As many drones as the operator wants, less one for each person.
pub(crate) fn keep_drones(world: &mut World) {
    let mut query = world.query::<(Entity, &Player, &Score)>();
    let people = query.iter(world).filter(|(_, player, _)| !player.drone).count();
    let mut drones: Vec<_> = query
        .iter(world)
        .filter(|(_, player, _)| player.drone)
        .map(|(entity, player, score)| (score.0.score, player.id, entity, player.team))
        .collect();
    let wanted = usize::from(world.resource::<Settings>().0.drones).saturating_sub(people);
    if drones.len() < wanted {
        let drones = query.iter(world).filter(|(_, player, _)| player.drone);
        let taken: Vec<PlayerName> = drones.map(|(_, player, _)| player.name.clone()).collect();
        if let Some(name) = drone_name(&taken) {
            let dice = &mut world.resource_mut::<Dice>().0;
            let (hull, skill) = (Hull::of_bits(dice.random()), Skill::thrown(dice.random_range(0..6)));
            spawn_drone(world, name, hull, skill);
        }
    } else if drones.len() > wanted {
        drones.sort_unstable();
        for _ in wanted..drones.len() {
            // The weakest; of the larger team, where there are teams.
            let team = teams::larger(world);
            let at = drones.iter().position(|drone| team.is_none() || drone.3 == team).unwrap_or(0);
            let (_, _, entity, _) = drones.remove(at);
            remove_player(world, entity);
        }
    }
}
