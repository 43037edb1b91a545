//! The order of one tick: the stages, one after another, and the systems of each.

use crate::stages::{contact, damage, flush, ingest, moving, populate, rank, replicate, score, steer, think};
use bevy_ecs::prelude::*;
use bevy_ecs::schedule::{LogLevel, ScheduleBuildSettings, ScheduleLabel};

/// The stages of a tick, in their order.
#[derive(SystemSet, Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Stage {
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

#[derive(ScheduleLabel, Debug, Clone, PartialEq, Eq, Hash)]
struct TickSchedule;

/// The schedule of one tick. Systems whose order would be left to chance make it fail when it is built.
pub(crate) fn schedule() -> Schedule {
    let mut schedule = Schedule::new(TickSchedule);
    schedule.set_build_settings(ScheduleBuildSettings {
        ambiguity_detection: LogLevel::Error,
        ..ScheduleBuildSettings::default()
    });
    use Stage::*;
    schedule.configure_sets(
        (Ingest, Think, Steer, Move, Contact, Damage, Score, Populate, Rank, Replicate, Flush).chain(),
    );
    schedule.add_systems((
        ingest::take_commands.in_set(Ingest),
        (think::index_the_field, think::fly_drones).chain().in_set(Think),
        steer::take_controls.in_set(Steer),
        (moving::fly_ships, moving::fly_shots, moving::fire_guns).chain().in_set(Move),
        (contact::index_ships, contact::find_hits, contact::find_pickups, contact::bump_ships)
            .chain()
            .in_set(Contact),
        (damage::take_hits, damage::sink_ships).chain().in_set(Damage),
        (score::pay_pickups, score::end_lives).chain().in_set(Score),
        (populate::launch_ships, populate::regrow_shards, populate::keep_drones).chain().in_set(Populate),
        (rank::update_board, rank::report).chain().in_set(Rank),
        (replicate::collect_rows, replicate::aim_views, replicate::build_frames).chain().in_set(Replicate),
        flush::send_batches.in_set(Flush),
    ));
    schedule
}
