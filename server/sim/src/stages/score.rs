//! Points for what was done, and the end of lives. The only stage that changes a standing.

use super::contact::Contacts;
use super::damage::{Death, Deaths};
use super::populate::{Wreck, Wrecks};
use super::rocks::{BrokenRock, BrokenRocks};
use crate::components::{Flying, Life, Pilot, Player, Score, Shard, Ship, Waiting};
use crate::lives::{self, EndedLives};
use crate::session::Session;
use crate::{ArenaRules, Now};
use bevy_ecs::prelude::*;
use shared::balance::KILL_POINTS;
use shared::protocol::{Life as LifeMessage, ServerMessage};
use shared::tick::Tick;
use shared::tuning::{DRONE_RESPAWN_MS, ROCK_POINTS, SHARD_REPAIR};

impl Score {
    fn add(&mut self, points: u32, now: Tick) {
        self.0.score = self.0.score.saturating_add(points);
        self.0.since = now;
    }
}

/// A shard is worth its points, and mends the hull a little. A ship that ended in this tick gets nothing.
pub(crate) fn pay_pickups(
    contacts: Res<Contacts>,
    mut ships: Query<(&mut Ship, &Pilot)>,
    shards: Query<&Shard>,
    mut scores: Query<&mut Score>,
    (rules, now): (Res<ArenaRules>, Res<Now>),
    mut commands: Commands,
) {
    for pickup in &contacts.pickups {
        let (Ok((mut ship, pilot)), Ok(shard)) = (ships.get_mut(pickup.ship), shards.get(pickup.shard))
        else {
            continue;
        };
        if let Ok(mut score) = scores.get_mut(pilot.0) {
            score.add(shard.0.points.into(), now.0);
        }
        ship.0 = ship.0.mended(SHARD_REPAIR, &rules.0);
        commands.entity(pickup.shard).despawn();
    }
}

/// Who broke an asteroid gets its points, if still flying.
pub(crate) fn pay_rocks(broken: Res<BrokenRocks>, mut scores: Query<(&mut Score, &Flying)>, now: Res<Now>) {
    for BrokenRock { rock, by } in &broken.0 {
        if let Ok((mut score, Flying(Some(_)))) = scores.get_mut(*by) {
            score.add(ROCK_POINTS[rock.class()], now.0);
        }
    }
}

type PilotData = (&'static Player, &'static mut Score, &'static mut Life, &'static mut Flying);

/// The killer gets points, the victim is told what the life was worth, and the wreck leaves shards.
pub(crate) fn end_lives(
    deaths: Res<Deaths>,
    mut pilots: Query<PilotData>,
    mut sessions: Query<&mut Session>,
    (rules, now): (Res<ArenaRules>, Res<Now>),
    (mut wrecks, mut ended): (ResMut<Wrecks>, ResMut<EndedLives>),
    mut commands: Commands,
) {
    for death in &deaths.0 {
        let Some((victim, life, drone)) = end_life(death, &mut pilots, now.0) else { continue };
        ended.note(&victim, life);
        wrecks.0.push(Wreck { place: death.place, score: life.score });
        let killer = reward(death, &mut pilots, now.0);
        let (by, name) = killer.map_or_else(Default::default, |killer| (killer.id, Some(killer.name)));
        for mut session in &mut sessions {
            if session.player == Some(death.victim) {
                session.follow = Some(death.killer);
                session.say(&ServerMessage::Died { by, name: name.clone(), life });
            } else if session.player == Some(death.killer) {
                let (id, name) = (victim.id, victim.name.clone());
                session.say(&ServerMessage::Kill { victim: id, name, points: KILL_POINTS });
            }
        }
        if drone {
            let back = now.0.after(rules.0.ticks(DRONE_RESPAWN_MS));
            commands.entity(death.victim).insert(Waiting(back));
        }
    }
}

fn end_life(death: &Death, pilots: &mut Query<PilotData>, now: Tick) -> Option<(Player, LifeMessage, bool)> {
    let (player, mut score, life, _) = pilots.get_mut(death.victim).ok()?;
    let worth = lives::worth(&score, &life, now);
    score.0.deaths += 1;
    score.0.score = 0;
    score.0.since = now;
    Some((player.clone(), worth, player.drone))
}

fn reward(death: &Death, pilots: &mut Query<PilotData>, now: Tick) -> Option<Player> {
    let (player, mut score, mut life, flying) = pilots.get_mut(death.killer).ok()?;
    score.0.kills += 1;
    if flying.0.is_some() {
        score.add(KILL_POINTS, now);
        life.kills += 1;
    }
    Some(player.clone())
}
