//! The order of one tick: the stages, one after another, and the systems of each.

use crate::asks;
use crate::news;
use crate::stages::{
    bounty, contact, damage, flush, ingest, moving, populate, powers, rank, replicate, rocks, score, steer,
    think,
};
use crate::{drones, rounds, teams};
use bevy_ecs::prelude::*;
use bevy_ecs::schedule::{LogLevel, ScheduleBuildSettings, ScheduleLabel};

/// The stages of a tick.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stage {
    /// Take what the network asks for.
    Ingest,
    /// Drones decide.
    Think,
    /// Ships take their pilots' controls.
    Steer,
    /// Everything flies, guns fire.
    Move,
    /// Who touches whom.
    Contact,
    /// Hull points go, ships and shots end.
    Damage,
    /// Points for what was done.
    Score,
    /// Ships, shards and drones come.
    Populate,
    /// The live board.
    Rank,
    /// Rows, cells, and each session's frame.
    Replicate,
    /// Batches to the shards.
    Flush,
}

impl Stage {
    /// Every stage, in the order in which a tick runs them.
    pub const ALL: [Self; 11] = {
        use Stage::*;
        [Ingest, Think, Steer, Move, Contact, Damage, Score, Populate, Rank, Replicate, Flush]
    };

    /// A short name, for metrics and tables.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Ingest => "ingest",
            Self::Think => "think",
            Self::Steer => "steer",
            Self::Move => "move",
            Self::Contact => "contact",
            Self::Damage => "damage",
            Self::Score => "score",
            Self::Populate => "populate",
            Self::Rank => "rank",
            Self::Replicate => "replicate",
            Self::Flush => "flush",
        }
    }

    /// What happens in it, in this order.
    fn add_systems(self, to: &mut Schedule) {
        match self {
            Self::Ingest => to.add_systems(
                (rounds::turn, ingest::take_commands, asks::answer, ingest::apply_inputs).chain(),
            ),
            Self::Think => to.add_systems((think::index_the_field, drones::fly_drones).chain()),
            Self::Steer => to.add_systems(steer::take_controls),
            Self::Move => to.add_systems(
                (moving::fly_ships, moving::drift_rocks, moving::fly_shots, moving::fire_guns).chain(),
            ),
            Self::Contact => {
                use contact::{bump_rocks, bump_ships, find_hits, find_pickups, find_powers, index_things};
                to.add_systems(
                    (index_things, find_hits, find_pickups, find_powers, bump_ships, bump_rocks).chain(),
                )
            }
            Self::Damage => {
                to.add_systems((damage::take_hits, damage::break_rocks, damage::sink_ships).chain())
            }
            Self::Score => {
                use score::{end_lives, pay_damage, pay_pickups, pay_rocks};
                to.add_systems((pay_pickups, powers::take_powers, pay_rocks, pay_damage, end_lives).chain())
            }
            Self::Populate => {
                use populate::{keep_drones, launch_ships, regrow_shards};
                use rocks::{return_rocks, split_rocks};
                to.add_systems(
                    (launch_ships, split_rocks, return_rocks, regrow_shards, powers::lay_powers, keep_drones)
                        .chain(),
                )
            }
            Self::Rank => to.add_systems(
                (
                    rank::update_board,
                    rank::report,
                    teams::tell_totals,
                    bounty::tell_leader,
                    powers::tell_places,
                    news::tell_news,
                )
                    .chain(),
            ),
            Self::Replicate => to.add_systems(
                (replicate::collect_rows, replicate::aim_views, replicate::build_frames).chain(),
            ),
            Self::Flush => to.add_systems(flush::send_batches),
        };
    }

    /// The stage as a schedule. Systems whose order would be left to chance make it fail when it is built.
    fn schedule(self) -> Schedule {
        let mut schedule = Schedule::new(InStage(self));
        schedule.set_build_settings(ScheduleBuildSettings {
            ambiguity_detection: LogLevel::Error,
            ..ScheduleBuildSettings::default()
        });
        self.add_systems(&mut schedule);
        schedule
    }
}

#[derive(ScheduleLabel, Debug, Clone, PartialEq, Eq, Hash)]
struct InStage(Stage);

/// All stages of a tick, ready to run.
pub(crate) fn schedules() -> [(Stage, Schedule); Stage::ALL.len()] {
    Stage::ALL.map(|stage| (stage, stage.schedule()))
}
