//! What is to be won in the arena: the leader's bounty, and power-ups.
//!
//! Enters: what the server says of both. Leaves: where they are, for the map, and the line that names the leader. Places of
//! power-ups are a few; the message says all of them anew.

use shared::balance::BOUNTY_STEP;
use shared::ids::PlayerId;
use shared::protocol::PowerPlace;

use super::game::Game;
use super::session::Phase;
use crate::words;

/// What is to be won.
#[derive(Debug, Default)]
pub struct Prizes {
    leader: Option<(u32, [f32; 2])>,
    powers: Vec<PowerPlace>,
}

impl Prizes {
    /// `player` leads, in that step of the arena; 0 for nobody.
    pub fn bounty(&mut self, player: PlayerId, x: u8, y: u8) {
        let middle = |step: u8| (f32::from(step) + 0.5) * BOUNTY_STEP as f32;
        self.leader = (player.0 != 0).then(|| (player.0, [x, y].map(middle)));
    }

    /// Power-ups lie there.
    pub fn places(&mut self, places: &[PowerPlace]) {
        self.powers = places.to_vec();
    }

    /// Who leads, and where, to half a step.
    pub fn leader(&self) -> Option<(u32, [f32; 2])> {
        self.leader
    }

    /// Where power-ups lie at `tick`.
    pub fn there(&self, tick: u32) -> impl Iterator<Item = [f32; 2]> {
        let lies = move |place: &&PowerPlace| place.from.0 <= tick;
        self.powers.iter().filter(lies).map(|place| [f32::from(place.x), f32::from(place.y)])
    }
}

impl Game {
    /// Says on whom there is a bounty, and which way.
    pub(super) fn name_leader(&mut self) {
        let flying = self.session.phase() == Phase::Playing;
        let own = self.session.player();
        let known = self.prizes.leader().filter(|_| flying);
        let line = known.and_then(|(player, _)| match player == own {
            true => Some(words::say("bounty.you").to_owned()),
            false => Some(words::fill("bounty.on", &[("name", self.roster.name(player)?)])),
        });
        let place = known.filter(|(player, _)| *player != own).zip(self.own_seen()).map(|((_, at), seen)| {
            let [x, y] = [0, 1].map(|axis| at[axis] - seen.at[axis]);
            y.atan2(x)
        });
        self.hud.show_bounty(line.as_deref().unwrap_or_default(), place);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::power::PowerUp;
    use shared::tick::Tick;

    #[test]
    fn a_power_up_is_there_from_its_tick_on() {
        let mut prizes = Prizes::default();
        prizes.places(&[PowerPlace { x: 100, y: 200, kind: PowerUp::Charge, from: Tick(50) }]);
        assert_eq!(prizes.there(49).count(), 0);
        assert_eq!(prizes.there(50).collect::<Vec<_>>(), [[100.0, 200.0]]);
    }

    #[test]
    fn nobody_is_no_leader() {
        let mut prizes = Prizes::default();
        prizes.bounty(PlayerId(7), 1, 0);
        assert_eq!(prizes.leader(), Some((7, [96.0, 32.0])));
        prizes.bounty(PlayerId(0), 0, 0);
        assert_eq!(prizes.leader(), None);
    }
}
