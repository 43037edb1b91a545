//! What happened between two snapshots, read from what is no longer there.
//!
//! Enters: two neighbouring snapshots. Leaves: explosions, hits and pick-ups to show. It is only for the eyes: a shot that
//! ends early has hit something, a ship that ends in view has blown up. What left the watched cells just left.

use shared::mode::Team;
use shared::power::PowerUp;
use shared::replica::Replica;
use shared::units::{Point, SUBUNITS};

use super::seen::{Kind, Seen, ShipLook, Snapshot};

/// Something to show, with places in world units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Happening {
    /// A ship blew up.
    Explosion {
        /// Where.
        at: [f32; 2],
        /// The ship.
        ship: ShipLook,
    },
    /// An asteroid broke.
    Shatter {
        /// Where.
        at: [f32; 2],
        /// How large it was, 1 to 3.
        size: u8,
    },
    /// A shot ended on something.
    Hit {
        /// Where.
        at: [f32; 2],
        /// Who fired it.
        owner: u32,
        /// Their team.
        team: Option<Team>,
    },
    /// A hull lost points.
    Struck {
        /// The NetId of the ship or asteroid.
        id: u32,
        /// Where.
        at: [f32; 2],
        /// How many.
        lost: u8,
    },
    /// A gun was fired.
    Fired {
        /// Where the shot was first seen.
        at: [f32; 2],
        /// Who fired it.
        owner: u32,
        /// Their team.
        team: Option<Team>,
    },
    /// A shard was collected.
    Pickup {
        /// Where.
        at: [f32; 2],
    },
    /// A power-up was taken.
    Power {
        /// Where.
        at: [f32; 2],
        /// Which.
        kind: PowerUp,
    },
}

impl Happening {
    /// Is it the end of the ship, or of a shot, of `player`?
    pub fn ends(&self, player: u32) -> bool {
        match self {
            Self::Explosion { ship, .. } => player != 0 && ship.player == player,
            Self::Hit { owner, .. } => player != 0 && *owner == player,
            Self::Shatter { .. }
            | Self::Struck { .. }
            | Self::Fired { .. }
            | Self::Pickup { .. }
            | Self::Power { .. } => false,
        }
    }
}

/// What happened from `before` to `after`, the state that `replica` holds now.
pub fn between(before: &Snapshot, after: &Snapshot, replica: &Replica) -> Vec<Happening> {
    let watched = |seen: &Seen| {
        let [x, y] = seen.at.map(|part| (part * SUBUNITS as f32) as i32);
        let cell = replica.rules().grid.cell(Point { x, y });
        replica.watch().is_some_and(|watch| watch.contains(cell))
    };
    let gone = before.seen.iter().filter_map(|seen| match after.find(seen.id) {
        Some(later) => struck(seen, later),
        None if watched(seen) => ended(seen),
        None => None,
    });
    let come = after.seen.iter().filter(|seen| before.find(seen.id).is_none()).filter_map(fired);
    gone.chain(come).collect()
}

fn fired(seen: &Seen) -> Option<Happening> {
    match seen.kind {
        Kind::Shot { owner, team, .. } => Some(Happening::Fired { at: seen.at, owner, team }),
        Kind::Ship(_) | Kind::Shard { .. } | Kind::Rock { .. } | Kind::Power { .. } => None,
    }
}

fn struck(before: &Seen, after: &Seen) -> Option<Happening> {
    let lost = match (before.kind, after.kind) {
        (Kind::Ship(full), Kind::Ship(look)) => full.hull.checked_sub(look.hull)?,
        (Kind::Rock { hull: full, .. }, Kind::Rock { hull, .. }) => full.checked_sub(hull)?,
        (
            Kind::Ship(_) | Kind::Shot { .. } | Kind::Shard { .. } | Kind::Rock { .. } | Kind::Power { .. },
            _,
        ) => 0,
    };
    (lost > 0).then_some(Happening::Struck { id: after.id, at: after.at, lost })
}

fn ended(seen: &Seen) -> Option<Happening> {
    let at = seen.at;
    match seen.kind {
        Kind::Ship(ship) => Some(Happening::Explosion { at, ship }),
        Kind::Shot { left, .. } if left <= 1 => None,
        Kind::Shot { owner, team, .. } => Some(Happening::Hit { at: ahead(seen), owner, team }),
        Kind::Shard { .. } => Some(Happening::Pickup { at }),
        Kind::Power { kind } => Some(Happening::Power { at, kind }),
        Kind::Rock { size, .. } => Some(Happening::Shatter { at, size }),
    }
}

/// Half a tick on: a shot ends somewhere on its way to the next tick.
fn ahead(seen: &Seen) -> [f32; 2] {
    [0, 1].map(|axis| seen.at[axis] + seen.velocity[axis] * 0.5)
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::entity::ShipState;
    use shared::hull::Hull;
    use shared::motion::Rules;

    fn ship(hull: u8) -> Seen {
        let look = ShipLook::of(&ShipState { hull, ..ShipState::default() }, &Rules::new(30, 4096));
        Seen { id: 5, kind: Kind::Ship(look), at: [1.0, 2.0], velocity: [0.0; 2], heading: 0.0 }
    }

    #[test]
    fn a_hull_that_lost_points_was_struck_and_one_that_was_repaired_was_not() {
        assert_eq!(
            struck(&ship(100), &ship(88)),
            Some(Happening::Struck { id: 5, at: [1.0, 2.0], lost: 12 })
        );
        assert_eq!(struck(&ship(88), &ship(92)), None);
    }

    #[test]
    fn a_shot_that_ends_early_hits_ahead_of_its_last_place() {
        let kind = |left| Kind::Shot { owner: 3, team: None, class: Hull::Corsair, left, presence: 1.0 };
        let shot = Seen { id: 6, kind: kind(9), at: [10.0, 0.0], velocity: [28.0, 0.0], heading: 0.0 };
        assert_eq!(ended(&shot), Some(Happening::Hit { at: [24.0, 0.0], owner: 3, team: None }));
        assert_eq!(ended(&Seen { kind: kind(1), ..shot }), None);
    }
}
