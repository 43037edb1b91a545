//! How a drone fights: where it aims, when it fires, how near it goes, when it shields.

use super::sight::{Other, Sight, reach};
use super::skill::Hand;
use shared::angle::Angle;
use shared::controls::Controls;
use shared::units::{Point, SUBUNITS, Vector};

/// What is left to chance in one look.
#[derive(Debug, Clone, Copy)]
pub(super) struct Throw {
    /// How far the aim is off this time, in 1/65536 turn.
    pub error: i16,
    /// It leaves the line of fire now,
    pub weave: bool,
    /// to this side.
    pub left: bool,
}

/// How far outside of the other's reach who shoots farther stays, in subunits.
const OUTSIDE: i32 = 60 * SUBUNITS;
/// What weaving turns away from the prey, in 1/65536 turn: 65 degrees.
const WEAVE: u16 = 11_800;

/// After a ship.
pub(super) fn hunt(sight: &Sight<'_>, prey: &Other, hand: &Hand, throw: Throw) -> Controls {
    let (me, distance) = (sight.me, sight.distance(prey.ship.body.pos));
    let range = reach(sight.hull()) * 9 / 10;
    let near = favoured(sight, prey);
    let exact = Angle::of(me.body.pos.to(ahead(sight, prey)));
    if keeps_off(sight, prey) && distance < near * 3 / 4 && closes(sight, prey) && bursts(sight, hand) {
        return retreat(sight, prey);
    }
    let off = me.body.heading.shortest_to(exact).unsigned_abs();
    let fire = !prey.new && distance < range && off < sure(distance) + hand.hope && prey.ship.safe == 0;
    let aim = Angle(exact.0.wrapping_add_signed(throw.error));
    // While the gun is not ready, the line of fire is left; it points there again when it is.
    let weave = hand.weaves && throw.weave && distance < range && me.gun > sight.hull().cooldown / 3;
    let side = if throw.left { WEAVE.wrapping_neg() } else { WEAVE };
    let aim = if weave { aim.plus(Angle(side)) } else { aim };
    let shield = hand.shields && shields(sight);
    let boost = hand.boosts && distance > range && sight.charged(if me.controls.boost { 45 } else { 70 });
    Controls {
        aim,
        thrust: weave || distance > near,
        fire: fire && !weave,
        boost,
        shield,
        ..Controls::default()
    }
}

/// Away from a ship, as fast as it goes.
pub(super) fn flee(sight: &Sight<'_>, hunter: &Other, hand: &Hand) -> Controls {
    let aim = Angle::of(hunter.ship.body.pos.to(sight.me.body.pos));
    let (boost, shield) =
        (hand.boosts && sight.charged(10), hand.shields && sight.threatened && sight.charged(8));
    Controls { aim, thrust: true, boost, shield, ..Controls::default() }
}

/// To a place, against the drift.
pub(super) fn head(sight: &Sight<'_>, place: Point) -> Controls {
    let (way, vel) = (sight.me.body.pos.to(place), sight.me.body.vel);
    let ticks = i32::from(sight.rules.tick_hz) / 4;
    let aim = Angle::of(Vector { x: way.x - vel.x * ticks, y: way.y - vel.y * ticks });
    Controls { aim, thrust: true, ..Controls::default() }
}

/// Out of the other's reach, as long as boost makes it worth the shots that are not fired meanwhile.
fn retreat(sight: &Sight<'_>, prey: &Other) -> Controls {
    let aim = Angle::of(prey.ship.body.pos.to(sight.me.body.pos));
    Controls { aim, boost: true, ..Controls::default() }
}

fn bursts(sight: &Sight<'_>, hand: &Hand) -> bool {
    hand.boosts && sight.charged(if sight.me.controls.boost { 40 } else { 70 })
}

/// Where a shot fired now meets the prey, if it flies on.
fn ahead(sight: &Sight<'_>, prey: &Other) -> Point {
    let speed = i64::from(sight.hull().shot_speed.max(1));
    let mut meeting = prey.ship.body.pos;
    for _ in 0..2 {
        // In sixteenths of a tick.
        let time = i64::from(sight.distance(meeting)) * 16 / speed;
        let by = |vel: i32| (i64::from(vel) * time / 16) as i32;
        let Vector { x, y } = prey.ship.body.vel;
        meeting = prey.ship.body.pos.moved(Vector { x: by(x), y: by(y) });
    }
    meeting
}

/// How far off the nose may point to hit at that distance, in 1/65536 turn: the width of a ship.
fn sure(distance: i32) -> u16 {
    let units = (distance / SUBUNITS).max(1);
    (190_000 / units).min(6000) as u16
}

/// How near it goes.
fn favoured(sight: &Sight<'_>, prey: &Other) -> i32 {
    let own = reach(sight.hull());
    if keeps_off(sight, prey) {
        return (reach(sight.rules.hull(prey.ship.class)) + OUTSIDE).min(own * 8 / 10);
    }
    own * 2 / 5
}

/// Does it shoot so much farther that it need not go near?
fn keeps_off(sight: &Sight<'_>, prey: &Other) -> bool {
    reach(sight.hull()) * 10 > reach(sight.rules.hull(prey.ship.class)) * 11
}

fn closes(sight: &Sight<'_>, prey: &Other) -> bool {
    let (way, mine, its) = (sight.me.body.pos.to(prey.ship.body.pos), sight.me.body.vel, prey.ship.body.vel);
    way.dot(its) < way.dot(mine)
}

/// Early while there is plenty, and when it is a matter of life.
fn shields(sight: &Sight<'_>) -> bool {
    sight.threatened && (sight.charged(80) || sight.hurt(45) && sight.charged(20))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearer_the_prey_the_farther_off_a_shot_may_be() {
        assert!(sure(100 * SUBUNITS) > sure(400 * SUBUNITS));
        assert!(sure(0) <= 6000);
    }
}
