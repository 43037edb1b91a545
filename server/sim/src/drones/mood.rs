//! What a drone is about: the state machine. One look at a time, it says what comes next.
//!
//! ```text
//!   Roam ──▶ Gather ◀──▶ Patrol      whatever is near, a power-up first
//!     └────────┴──▶ Hunt ──▶ Flee    a ship in sight; away when badly hurt
//!                     ▲─────────┘    and back when there is room again
//! ```

use super::sight::{Other, Sight, reach};
use bevy_ecs::entity::Entity;
use shared::tuning::DRONE_SIGHT;
use shared::units::{Point, SUBUNITS};

/// What a drone is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mood {
    /// Nothing is near: it flies to some place.
    Roam(Point),
    /// To a shard.
    Gather(Point),
    /// To a power-up, or to where one will be.
    Patrol(Point),
    /// After a ship.
    Hunt(Entity),
    /// Away from a ship.
    Flee(Entity),
}

/// A drone with less of its hull than this flees, in percent,
const AFRAID: u32 = 25;
/// and is about something else again with more than this.
const BRAVE: u32 = 40;
/// It has arrived when it is this near, in subunits.
const ARRIVED: i32 = 90 * SUBUNITS;
/// A power-up nearer than this is worth a detour from a hunt, in subunits.
const DETOUR: i32 = 350 * SUBUNITS;
/// Whom it hunts may be this much farther away than what it sees, in percent.
const KEEN: i32 = 140;

impl Mood {
    /// Whom it is about.
    pub(super) fn other(self) -> Option<Entity> {
        match self {
            Self::Hunt(other) | Self::Flee(other) => Some(other),
            Self::Roam(_) | Self::Gather(_) | Self::Patrol(_) => None,
        }
    }

    /// What comes next, by what it sees; `eager` is whether it rather hunts than gathers this time, `somewhere` where it
    /// goes when there is nothing.
    pub(super) fn next(self, sight: &Sight<'_>, eager: bool, somewhere: Point) -> Self {
        if let Some(danger) = self.danger(sight) {
            return Self::Flee(danger);
        }
        let detour = sight.power.filter(|place| sight.distance(*place) < DETOUR);
        let prey = self.prey(sight, eager);
        match (detour, prey, sight.power, sight.shard) {
            (Some(place), ..) => Self::Patrol(place),
            (None, Some(prey), ..) => Self::Hunt(prey.entity),
            (None, None, Some(place), _) => Self::Patrol(place),
            (None, None, None, Some(place)) => Self::Gather(place),
            (None, None, None, None) => self.onward(sight, somewhere),
        }
    }

    /// From whom it must get away.
    fn danger(self, sight: &Sight<'_>) -> Option<Entity> {
        let limit = if matches!(self, Self::Flee(_)) { BRAVE } else { AFRAID };
        let other = sight.nearest.or(sight.known).filter(|_| sight.hurt(limit))?;
        // Who is hurt as badly is no reason to flee, nor is one out of whose reach it is.
        let worse = u32::from(other.ship.hull) * 4 > u32::from(sight.me.hull) * 5;
        let range = reach(sight.rules.hull(other.ship.class));
        (worse && sight.distance(other.ship.body.pos) < range * 5 / 4).then_some(other.entity)
    }

    /// Whom it hunts: the one it hunts already while he is about, else who is near.
    fn prey(self, sight: &Sight<'_>, eager: bool) -> Option<Other> {
        let near = |other: &Other, percent: i32| {
            sight.distance(other.ship.body.pos) / 100 < DRONE_SIGHT * SUBUNITS / 100 * percent / 100
        };
        let hunts = matches!(self, Self::Hunt(_));
        let known = sight.known.filter(|known| hunts && near(known, KEEN));
        known.or_else(|| sight.nearest.filter(|_| eager || sight.shard.is_none()))
    }

    fn onward(self, sight: &Sight<'_>, somewhere: Point) -> Self {
        match self {
            Self::Roam(place) if sight.distance(place) > ARRIVED => self,
            Self::Roam(_) | Self::Gather(_) | Self::Patrol(_) | Self::Hunt(_) | Self::Flee(_) => {
                Self::Roam(somewhere)
            }
        }
    }
}
