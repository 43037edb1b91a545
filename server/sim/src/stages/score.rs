//! Points for what was done, and the end of lives. The only stage that changes a standing.

use super::bounty::Leader;
use super::contact::Contacts;
use super::damage::{Damage, Death, Deaths};
use super::populate::{Wreck, Wrecks};
use super::rocks::{BrokenRock, BrokenRocks};
use crate::components::{BestLife, Flying, Life, Pilot, Player, Score, Shard, Ship, Waiting};
use crate::lives::{self, EndedLives};
use crate::news::Feed;
use crate::session::Session;
use crate::{ArenaRules, Now};
use bevy_ecs::prelude::*;
use shared::balance::{BOUNTY_PERCENT, DAMAGE_PER_POINT, DRONE_POINTS, KILL_PERCENT, KILL_POINTS};
use shared::protocol::{Life as LifeMessage, ServerMessage};
use shared::tick::Tick;
use shared::tuning::{DRONE_RESPAWN_MS, ROCK_POINTS, SHARD_REPAIR};

impl Score {
    fn add(&mut self, points: u32, now: Tick) {
        self.0.score = self.0.score.saturating_add(points);
        self.0.since = now;
        if self.0.score > self.1.points {
            self.1 = BestLife { points: self.0.score, since: now };
        }
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

/// Hull points that one took from other people are points, a few for one. What drones lose pays nothing.
pub(crate) fn pay_damage(
    damage: Res<Damage>,
    players: Query<&Player>,
    mut shooters: Query<(&mut Score, &mut Life, &Flying)>,
    now: Res<Now>,
) {
    for dealt in &damage.0 {
        let person = players.get(dealt.victim).is_ok_and(|player| !player.drone);
        let Ok((mut score, mut life, Flying(Some(_)))) = shooters.get_mut(dealt.by) else { continue };
        if person && dealt.lost > 0 {
            let before = life.dealt / DAMAGE_PER_POINT;
            life.dealt = life.dealt.saturating_add(dealt.lost.into());
            score.add(life.dealt / DAMAGE_PER_POINT - before, now.0);
        }
    }
}

/// What sinking a player is worth whose life had so many points. The weak are worth little, drones less, and who leads most.
fn kill_worth(victim: &Player, score: u32, leads: bool) -> u32 {
    match (victim.drone, leads) {
        (true, _) => DRONE_POINTS,
        (false, true) => KILL_POINTS + share(score, BOUNTY_PERCENT),
        (false, false) => KILL_POINTS + share(score, KILL_PERCENT),
    }
}

fn share(of: u32, percent: u32) -> u32 {
    (u64::from(of) * u64::from(percent) / 100) as u32
}

/// The killer gets points, the victim is told what the life was worth, and the wreck leaves shards.
pub(crate) fn end_lives(
    deaths: Res<Deaths>,
    mut pilots: Query<PilotData>,
    mut sessions: Query<&mut Session>,
    (rules, now): (Res<ArenaRules>, Res<Now>),
    (leader, mut wrecks, mut ended, mut feed): (
        Res<Leader>,
        ResMut<Wrecks>,
        ResMut<EndedLives>,
        ResMut<Feed>,
    ),
    mut commands: Commands,
) {
    for death in &deaths.0 {
        let Some((victim, life, drone)) = end_life(death, &mut pilots, now.0) else { continue };
        ended.note(&victim, life);
        wrecks.0.push(Wreck { place: death.place, score: life.score });
        let led = leader.0 == Some(victim.id);
        let points = kill_worth(&victim, life.score, led);
        let killer = reward(death, points, &mut pilots, now.0);
        feed.sunk(&victim, killer.as_ref(), if led { points } else { 0 }, (now.0, rules.0.tick_hz));
        let (by, name) = killer.map_or_else(Default::default, |killer| (killer.id, Some(killer.name)));
        for mut session in &mut sessions {
            if session.player == Some(death.victim) {
                (session.follow, session.wish) = (Some(death.killer), None);
                session.say(&ServerMessage::Died { by, name: name.clone(), life });
            } else if session.player == Some(death.killer) {
                let (id, name) = (victim.id, victim.name.clone());
                session.say(&ServerMessage::Kill { victim: id, name, points });
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

fn reward(death: &Death, points: u32, pilots: &mut Query<PilotData>, now: Tick) -> Option<Player> {
    let (player, mut score, mut life, flying) = pilots.get_mut(death.killer).ok()?;
    score.0.kills += 1;
    if flying.0.is_some() {
        score.add(points, now);
        life.kills += 1;
    }
    Some(player.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stages::damage::Dealt;
    use shared::hull::Hull;
    use shared::ids::PlayerId;
    use shared::name::PlayerName;

    fn player(id: u32, drone: bool) -> Player {
        let name = PlayerName::clean("x").unwrap();
        Player { id: PlayerId(id), name, drone, hull: Hull::Corsair, since: Tick(0), key: None, team: None }
    }

    #[test]
    fn a_kill_is_worth_more_the_more_its_victim_had_and_most_if_it_led() {
        let worth = |score, leads| kill_worth(&player(1, false), score, leads);
        assert_eq!((worth(0, false), worth(1000, false), worth(1000, true)), (20, 270, 520));
        assert_eq!(worth(u32::MAX, true), 20 + u32::MAX / 2, "no score is too large");
    }

    #[test]
    fn a_drone_is_worth_little_whatever_it_has_gathered() {
        assert_eq!(kill_worth(&player(1, true), 100_000, false), DRONE_POINTS);
    }

    /// What a shooter has who took so many hull points from someone, hit by hit.
    fn paid(drone: bool, hits: &[u8]) -> u32 {
        let mut world = World::new();
        world.insert_resource(Now(Tick(7)));
        let victim = world.spawn(player(1, drone)).id();
        let ship = world.spawn_empty().id();
        let by = world.spawn((player(2, false), Score::default(), Life::default(), Flying(Some(ship)))).id();
        for lost in hits {
            world.insert_resource(Damage(vec![Dealt { victim, by, lost: *lost }]));
            world.run_system_cached(pay_damage).unwrap();
        }
        world.get::<Score>(by).unwrap().0.score
    }

    #[test]
    fn hull_points_taken_from_people_pay_and_those_of_drones_do_not() {
        assert_eq!((paid(false, &[12, 12, 12]), paid(true, &[12, 12, 12])), (36 / DAMAGE_PER_POINT, 0));
        assert_eq!(paid(false, &[4]), 0, "what is not a point yet is kept for the next hit");
    }
}
