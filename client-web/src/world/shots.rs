//! Own shots, as far ahead as the own ship: they leave the gun of the ship that is drawn, in the tick of the trigger.
//!
//! Enters: the shots that the predicted ship fires, the server's own shots per frame. Leaves: own shots at the
//! pilot's moment. One that was fired here is drawn until the server's takes its place; one that the server does not fire fades
//! soon after. It must never count as a hit: what a shot does, the server says.

use shared::entity::ShotState;
use shared::motion::{Rules, scaled};
use shared::units::to_units;

use super::seen::{Kind, Seen, Snapshot};

/// The server's shot is the same as one fired here if they are born within this many ticks of each other.
const ALIKE: u32 = 2;

/// A shot that the server does not fire is given up after this many milliseconds of its time,
const PATIENCE_MS: u32 = 300;

/// and fades within this many of the pilot's.
const FADING_MS: u32 = 150;

/// A shot that was fired here, and that the server has not shown yet.
#[derive(Debug, Clone, Copy)]
struct Fired {
    born: u32,
    seen: Seen,
    /// The server does not know it.
    refused: bool,
    /// The moment since which it fades.
    fading: Option<f64>,
}

impl Fired {
    /// How much of it is left to see at `moment`, 0 to 1, when it fades within so many ticks.
    fn presence(&self, moment: f64, fades: u32) -> f32 {
        self.fading.map_or(1.0, |since| (1.0 - (moment - since) / f64::from(fades)).clamp(0.0, 1.0) as f32)
    }

    /// It as it is drawn at `moment`.
    fn at(&self, moment: f64, fades: u32) -> Seen {
        let seen = self.seen.carried((moment - f64::from(self.born)) as f32);
        match seen.kind {
            Kind::Shot { owner, team, class, left, .. } => {
                let presence = self.presence(moment, fades);
                Seen { kind: Kind::Shot { owner, team, class, left, presence }, ..seen }
            }
            Kind::Ship(_) | Kind::Shard { .. } | Kind::Rock { .. } | Kind::Power { .. } => seen,
        }
    }
}

/// The own shots.
#[derive(Debug)]
pub struct Shots {
    rules: Rules,
    fired: Vec<Fired>,
    /// Shots since this was last asked.
    fresh: u32,
}

impl Shots {
    /// None yet.
    pub fn new(rules: Rules) -> Self {
        Self { rules, fired: Vec::new(), fresh: 0 }
    }

    /// A new ship, or none: nothing fired here counts any longer.
    pub fn reset(&mut self) {
        self.fired.clear();
    }

    /// `tick` is over: the own gun fired that shot in it.
    pub fn close(&mut self, tick: u32, shot: &ShotState) {
        let ShotState { class, left, pos, heading, .. } = *shot;
        let velocity = scaled(heading.direction(), self.rules.hull(class).shot_speed);
        let (x, y) = pos.to_units();
        let seen = Seen {
            // Above every id that the server has given by far; no two live at once.
            id: u32::MAX - tick % 4096,
            kind: Kind::Shot { owner: shot.owner.0, team: shot.team, class, left, presence: 1.0 },
            at: [x, y],
            velocity: [to_units(velocity.x), to_units(velocity.y)],
            heading: heading.to_radians(),
        };
        self.fresh += 1;
        self.fired.push(Fired { born: tick, seen, refused: false, fading: None });
    }

    /// How many shots were fired since this was asked last.
    pub fn take_fresh(&mut self) -> u32 {
        std::mem::take(&mut self.fresh)
    }

    /// The server's word: its shots take the place of those fired here.
    pub fn confirm(&mut self, latest: &Snapshot, owner: u32) {
        for seen in latest.seen.iter().filter(|seen| own(seen, owner).is_some()) {
            let Kind::Shot { class, left, .. } = seen.kind else { continue };
            let flown = self.rules.hull(class).shot_life.saturating_sub(left);
            let born = latest.tick.saturating_sub(u32::from(flown));
            self.fired.retain(|fired| fired.born.abs_diff(born) > ALIKE);
        }
        let patience = self.rules.ticks(PATIENCE_MS);
        for fired in &mut self.fired {
            fired.refused |= latest.tick >= fired.born + patience;
        }
    }

    /// Puts the own shots into `out` where they are at `moment`, in ticks, and nowhere else.
    pub fn place(&mut self, latest: &Snapshot, moment: f64, owner: u32, out: &mut Vec<Seen>) {
        out.retain(|seen| own(seen, owner).is_none());
        let ahead = (moment - f64::from(latest.tick)) as f32;
        let known = latest.seen.iter().filter_map(|seen| own(seen, owner));
        for (seen, _) in known.filter(|(_, left)| f32::from(*left) > ahead) {
            let index = out.partition_point(|other| other.id < seen.id);
            out.insert(index, seen.carried(ahead));
        }
        self.fade(moment);
        let fades = self.rules.ticks(FADING_MS);
        let begun = self.fired.iter().rev().filter(|fired| f64::from(fired.born) <= moment);
        out.extend(begun.map(|fired| fired.at(moment, fades)));
    }

    fn fade(&mut self, moment: f64) {
        let fades = self.rules.ticks(FADING_MS);
        for fired in self.fired.iter_mut().filter(|fired| fired.refused) {
            fired.fading.get_or_insert(moment);
        }
        self.fired.retain(|fired| fired.presence(moment, fades) > 0.0);
    }
}

/// An own shot with the ticks it has left.
fn own(seen: &Seen, player: u32) -> Option<(&Seen, u8)> {
    match seen.kind {
        Kind::Shot { owner, left, .. } if player != 0 && owner == player => Some((seen, left)),
        Kind::Shot { .. } | Kind::Ship(_) | Kind::Shard { .. } | Kind::Rock { .. } | Kind::Power { .. } => {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::hull::Hull;
    use shared::ids::PlayerId;
    use shared::units::Point;

    const OWN: u32 = 3;

    fn firing() -> Shots {
        let mut shots = Shots::new(Rules::new(30, 4096));
        let shot = ShotState {
            owner: PlayerId(OWN),
            pos: Point::from_units(1024, 1000),
            left: 30,
            ..ShotState::default()
        };
        shots.close(100, &shot);
        shots
    }

    fn drawn(shots: &mut Shots, latest: &Snapshot, moment: f64) -> Vec<f32> {
        let mut out = Vec::new();
        shots.place(latest, moment, OWN, &mut out);
        out.iter().map(|seen| seen.at[0]).collect()
    }

    fn word(tick: u32, left: u8) -> Snapshot {
        let kind = Kind::Shot { owner: OWN, team: None, class: Hull::Corsair, left, presence: 1.0 };
        let seen = Seen { id: 9, kind, at: [1024.0, 1000.0], velocity: [28.0, 0.0], heading: 0.0 };
        Snapshot { tick, seen: vec![seen] }
    }

    #[test]
    fn a_shot_leaves_the_gun_in_the_tick_of_the_trigger() {
        let mut shots = firing();
        assert_eq!(drawn(&mut shots, &Snapshot::default(), 99.9), []);
        assert_eq!(drawn(&mut shots, &Snapshot::default(), 100.0), [1024.0]);
        assert!(drawn(&mut shots, &Snapshot::default(), 101.0)[0] > 1050.0);
    }

    #[test]
    fn the_servers_shot_takes_the_place_of_ones_own() {
        let mut shots = firing();
        let latest = word(100, 30);
        assert_eq!(drawn(&mut shots, &latest, 100.0).len(), 2);
        shots.confirm(&latest, OWN);
        assert_eq!(drawn(&mut shots, &latest, 101.0), [1052.0]);
    }

    #[test]
    fn a_shot_that_the_server_does_not_fire_fades_over_a_few_draws() {
        let mut shots = firing();
        let seen = |shots: &mut Shots, moment: f64| {
            let mut out = Vec::new();
            shots.place(&Snapshot::default(), moment, OWN, &mut out);
            out.iter().map(presence).collect::<Vec<_>>()
        };
        shots.confirm(&Snapshot { tick: 108, seen: Vec::new() }, OWN);
        assert_eq!(seen(&mut shots, 112.0), [1.0]);
        shots.confirm(&Snapshot { tick: 109, seen: Vec::new() }, OWN);
        assert_eq!([112.5, 113.5, 114.5].map(|moment| seen(&mut shots, moment)), [[1.0], [0.75], [0.5]]);
        assert_eq!(seen(&mut shots, 116.6), []);
        assert!(shots.fired.is_empty());
    }

    #[test]
    fn a_shot_that_fades_is_still_taken_for_the_servers() {
        let mut shots = firing();
        shots.confirm(&Snapshot { tick: 109, seen: Vec::new() }, OWN);
        let latest = word(110, 20);
        shots.confirm(&latest, OWN);
        assert_eq!(drawn(&mut shots, &latest, 110.0).len(), 1);
    }

    fn presence(seen: &Seen) -> f32 {
        match seen.kind {
            Kind::Shot { presence, .. } => presence,
            Kind::Ship(_) | Kind::Shard { .. } | Kind::Rock { .. } | Kind::Power { .. } => f32::NAN,
        }
    }
}
