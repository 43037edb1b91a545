//! The world: one arena as a fixed-rate `bevy_ecs` simulation, with its live board and its replication.
//!
//! Owns the game state. Commands enter through a bounded channel, batches of bytes leave through one bounded channel
//! per network shard; time enters as the call of [`Simulation::step`], randomness as the seed. Must never touch a
//! socket, a clock or a disk, and never wait.

mod announced;
mod asks;
mod board;
mod closing;
mod components;
mod credit;
mod doings;
mod drones;
pub mod duel;
mod index;
mod inputs;
mod joining;
mod limbo;
mod lives;
mod net_ids;
mod news;
mod pace;
pub mod ports;
mod replication;
mod rounds;
mod save;
mod session;
mod stage;
mod stages;
pub mod talk;
mod teams;
mod trail;
mod watching;

use bevy_ecs::prelude::*;
pub use board::{BoardSnapshot, Contest};
use components::{Being, Player, Shown};
pub use doings::Doing;
pub use lives::EndedLife;
use ports::Ports;
use rand_pcg::Pcg32;
pub use rounds::SavedRound;
pub use save::{Save, SavedPlayer};
use shared::mode::{Mode, Team};
use shared::motion::Rules;
use shared::protocol::Round;
use shared::tick::Tick;
pub use stage::Stage;

/// What an operator chooses about an arena.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Config {
    /// Ticks per second.
    pub tick_hz: u16,
    /// Side of the arena, in world units.
    pub arena_size: u32,
    /// Seed of all randomness in the arena.
    pub seed: u64,
    /// Drones that fly when nobody is here; one leaves for each person who joins.
    pub drones: u16,
    /// Most people who play at once. A Join beyond is refused as [`shared::protocol::Refusal::ArenaFull`].
    pub max_players: u16,
    /// Things that a player may say a minute, over a longer time; at once, [`talk::AT_ONCE`]. 0: nobody talks.
    pub sayings: u16,
    /// How it is played.
    pub mode: Mode,
    /// How long a round lasts, in milliseconds, where there are rounds; at most an hour.
    pub round_ms: u32,
    /// How long its podium is shown, in milliseconds.
    pub podium_ms: u32,
}

impl Default for Config {
    fn default() -> Self {
        use shared::tuning;
        let (tick_hz, arena_size) = (tuning::TICK_HZ, tuning::ARENA_SIZE);
        let (mode, round_ms, podium_ms) = (Mode::FreeForAll, tuning::ROUND_MS, tuning::PODIUM_MS);
        let (drones, sayings) = (tuning::DRONES, 20);
        Self { tick_hz, arena_size, seed: 0, drones, max_players: 4096, sayings, mode, round_ms, podium_ms }
    }
}

/// What one tick did, for whoever watches the process.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Resource)]
pub struct Report {
    /// The tick that was computed.
    pub tick: Tick,
    /// People in the arena, flying or not.
    pub players: u16,
    /// Drones in the arena.
    pub drones: u16,
    /// Sessions, players and watchers alike.
    pub sessions: u32,
    /// Frames handed to the shards, in all.
    pub frames: u64,
    /// Bytes handed to the shards, in all, without WebSocket headers.
    pub bytes: FrameBytes,
    /// Frames not sent because their outbox was full, in all.
    pub skipped: u64,
    /// Commands that waited when the tick began.
    pub commands_waiting: u32,
    /// Batches that waited for the slowest shard when the tick ended.
    pub batches_waiting: u32,
    /// Checksums that clients reported as not matching, in all. It stays 0, or there is a bug.
    pub mismatches: u64,
    /// Joins that were refused, in all.
    pub refused: u64,
    /// Names that were asked for beyond what a session may wait for, in all.
    pub unanswered: u64,
    /// Inputs that were taken, in all.
    pub inputs: u64,
    /// Those of them that came after their tick.
    pub late_inputs: u64,
    /// Inputs passed over: an old sequence, or a tick too far ahead.
    pub refused_inputs: u64,
    /// Inputs that came for a ship that was no longer there, in all.
    pub stray_inputs: u64,
    /// Lines and phrases that people said, in all.
    pub said: u64,
    /// Those that were refused, in all.
    pub unsaid: u64,
    /// How far the round is, where there are rounds.
    pub round: Option<Round>,
}

/// Bytes by what they are for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FrameBytes {
    /// Private heads of frames.
    pub head: u64,
    /// Deltas in frames.
    pub deltas: u64,
    /// Keyframes and arrivals in frames.
    pub keyframes: u64,
    /// Messages beside frames.
    pub messages: u64,
}

impl std::ops::AddAssign for FrameBytes {
    fn add_assign(&mut self, other: Self) {
        self.head += other.head;
        self.deltas += other.deltas;
        self.keyframes += other.keyframes;
        self.messages += other.messages;
    }
}

/// The number of the tick that is being computed.
#[derive(Debug, Clone, Copy, Default, Resource)]
pub(crate) struct Now(pub Tick);

/// When the tick began by the wall clock of whoever runs it, in microseconds.
#[derive(Debug, Clone, Copy, Default, Resource)]
pub(crate) struct Begun(pub u32);

/// The rules of motion of this arena.
#[derive(Debug, Clone, Copy, Resource)]
pub(crate) struct ArenaRules(pub Rules);

/// What the operator chose.
#[derive(Debug, Clone, Copy, Resource)]
pub(crate) struct Settings(pub Config);

/// The only source of randomness in the arena.
#[derive(Debug, Resource)]
pub(crate) struct Dice(pub Pcg32);

/// One arena.
pub struct Simulation {
    world: World,
    stages: [(Stage, Schedule); Stage::ALL.len()],
}

impl Simulation {
    /// An arena at tick 0, its shards laid out and its drones about to take off.
    #[must_use]
    pub fn new(config: Config, ports: Ports) -> Self {
        let rules = Rules::new(config.tick_hz, config.arena_size);
        let mut world = World::new();
        world.insert_resource(Settings(config));
        world.insert_resource(ArenaRules(rules));
        world.insert_resource(Dice(Pcg32::new(config.seed, 0x0a02_bdbf_7bb3_c0a7)));
        world.insert_resource(ports);
        world.init_resource::<Now>();
        world.init_resource::<Begun>();
        world.init_resource::<Report>();
        world.init_resource::<net_ids::NetIds>();
        world.init_resource::<board::LiveBoard>();
        world.init_resource::<session::Sessions>();
        world.init_resource::<asks::Asking>();
        world.init_resource::<limbo::Tokens>();
        world.init_resource::<lives::EndedLives>();
        world.init_resource::<doings::Doings>();
        world.init_resource::<news::Feed>();
        world.init_resource::<components::Roll>();
        world.init_resource::<teams::ToldTotals>();
        let rounds = rounds::Rounds::new(&config, &rules);
        world.resource_mut::<board::LiveBoard>().follow(|contest| rounds.tell(contest));
        world.init_resource::<closing::Closing>();
        world.init_resource::<announced::Announced>();
        world.insert_resource(rounds);
        world.insert_resource(index::Index::new(rules.arena));
        world.insert_resource(replication::Replication::new(&rules));
        stages::init_resources(&mut world);
        stages::populate::lay_first_shards(&mut world);
        stages::rocks::lay_first_rocks(&mut world);
        Self { world, stages: stage::schedules() }
    }

    /// An arena that goes on with the people of another one: their ships fly where they were, and each waits for its pilot
    /// to come back, as after a lost connection.
    #[must_use]
    pub fn restored(config: Config, ports: Ports, save: &Save) -> Self {
        let mut arena = Self::new(config, ports);
        save::restore(&mut arena.world, save);
        arena
    }

    /// Takes down who is here, for [`Simulation::restored`].
    #[must_use]
    pub fn save(&mut self) -> Save {
        save::save(&mut self.world)
    }

    /// Says when the next tick begins, for [`shared::protocol::frame::Check::begun_us`]. It changes nothing in the arena.
    pub fn begin_at(&mut self, wall_clock_us: u32) {
        self.world.resource_mut::<Begun>().0 = wall_clock_us;
    }

    /// Computes the next tick, and hands what came of it to the shards.
    pub fn step(&mut self) -> Report {
        self.step_observed(|_| ())
    }

    /// The same; `after` is called when a stage is done, so that someone with a clock can time it.
    pub fn step_observed(&mut self, mut after: impl FnMut(Stage)) -> Report {
        let mut now = self.world.resource_mut::<Now>();
        now.0 = now.0.next();
        for (stage, schedule) in &mut self.stages {
            schedule.run(&mut self.world);
            after(*stage);
        }
        self.world.clear_trackers();
        *self.world.resource::<Report>()
    }

    /// The lives of people that have ended since the last call.
    pub fn take_ended_lives(&mut self) -> Vec<EndedLife> {
        std::mem::take(&mut self.world.resource_mut::<lives::EndedLives>().0)
    }

    /// Who came and left, and how rounds ended, since the last call.
    pub fn take_doings(&mut self) -> Vec<Doing> {
        self.world.resource_mut::<doings::Doings>().take()
    }

    /// Ends every life that is being played, as the arena stops for good.
    pub fn end_lives(&mut self) {
        lives::end_all(&mut self.world);
    }

    /// The live board as it is after the last tick. A clone of it costs nothing.
    #[must_use]
    pub fn board(&self) -> &BoardSnapshot {
        self.world.resource::<board::LiveBoard>().snapshot()
    }

    /// A hash of everything that decides what happens next. The same seed and the same commands at the same ticks give
    /// the same hash on every machine and in every build.
    #[must_use]
    pub fn state_hash(&mut self) -> u64 {
        let entities = self.view_of_everything();
        let sum = entities.iter().fold(0, |hash, (id, state)| mix(hash, u64::from(state.checksum(*id))));
        let rows = self.world.resource::<board::LiveBoard>().rows();
        let scores = rows.fold(sum, |hash, row| {
            mix(
                mix(hash, row.standing.score.into()),
                u64::from(row.standing.kills) << 34
                    | u64::from(row.standing.deaths) << 2
                    | u64::from(Team::number(row.team)),
            )
        });
        let rounds = mix(scores, rounds::word(&self.world));
        mix(rounds, self.world.resource::<Now>().0.0.into())
    }

    /// Every replicated entity as it truly is, in the order of ids. For tests of replication.
    #[must_use]
    pub fn view_of_everything(&mut self) -> Vec<(shared::ids::NetId, shared::entity::EntityState)> {
        let mut query = self.world.query::<(&Shown, Being)>();
        let states = query
            .iter(&self.world)
            .filter_map(|(shown, being)| components::state_of(being).map(|state| (shown.id, state)));
        let mut all: Vec<_> = states.collect();
        all.sort_by_key(|(id, _)| *id);
        all
    }

    /// How many take part, people and drones alike.
    #[must_use]
    pub fn population(&mut self) -> usize {
        self.world.query::<&Player>().iter(&self.world).count()
    }
}

fn mix(hash: u64, word: u64) -> u64 {
    (hash ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29)
}
