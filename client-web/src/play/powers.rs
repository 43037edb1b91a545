//! Power-ups that one takes: short words when it happens, and how long they last.
//!
//! Enters: the own ship as the server has it, power-ups that are gone. Leaves: a toast, and what the gauge shows. Those that
//! last are known by the ship's own state; those that work at once by who was nearest to where they lay.

use shared::balance::EFFECT_MS;
use shared::power::PowerUp;

use super::game::Game;
use crate::dom;
use crate::draw::happened::Viewer;
use crate::hud::gauges::Running;
use crate::words;
use crate::world::seen::ShipLook;

/// What is taken is at most this far from the own ship as it is drawn, in world units: it is ahead of what it takes.
const REACH: f32 = 220.0;

/// What was taken in this life.
#[derive(Debug, Default)]
pub struct Powers {
    /// What works, and how many ticks it still did when last seen.
    runs: Option<(PowerUp, u16)>,
    taken: Option<PowerUp>,
}

impl Powers {
    /// The one that was taken last.
    pub fn taken(&self) -> Option<PowerUp> {
        self.taken
    }

    /// What works on the own ship now. Returns what was taken just now: it works anew, or for longer than before.
    fn work(&mut self, now: Option<(PowerUp, u16)>) -> Option<PowerUp> {
        let before = std::mem::replace(&mut self.runs, now);
        let news = now.filter(|(kind, left)| !before.is_some_and(|(was, had)| was == *kind && *left <= had));
        news.map(|(kind, _)| kind)
    }
}

/// The key of a power-up's name; with `.does`, that of what it does.
fn word(kind: PowerUp) -> &'static str {
    match kind {
        PowerUp::Repair => "power.repair",
        PowerUp::Charge => "power.charge",
        PowerUp::Rapid => "power.rapid",
        PowerUp::Armour => "power.armour",
    }
}

/// Does it last?
fn lasts(kind: PowerUp) -> bool {
    match kind {
        PowerUp::Rapid | PowerUp::Armour => true,
        PowerUp::Repair | PowerUp::Charge => false,
    }
}

impl Game {
    /// The own ship is like this now; none while one does not fly. Returns what the gauge shows.
    pub(super) fn run_effect(&mut self, own: Option<ShipLook>, tick_hz: u16) -> Option<Running> {
        let runs = own.and_then(|look| look.effect.map(|kind| (kind, look.effect_left)));
        if let Some(kind) = self.powers.work(runs) {
            self.say_taken(kind);
        }
        runs.map(|(kind, left)| {
            let seconds = f32::from(left) / f32::from(tick_hz.max(1));
            Running { word: word(kind), seconds, share: seconds * 1000.0 / EFFECT_MS as f32 }
        })
    }

    /// A power-up that lay at `at` is gone.
    pub(super) fn gone(&mut self, at: [f32; 2], kind: PowerUp, viewer: Viewer) {
        let far = |place: [f32; 2]| (place[0] - at[0]).hypot(place[1] - at[1]);
        let seen = self.world.as_ref().map_or(&[][..], |world| world.seen());
        let others = seen.iter().filter(|other| other.kind.ship().is_some() && other.id != viewer.ship);
        let nearest = others.map(|other| far(other.at)).fold(REACH, f32::min);
        if viewer.ship != 0 && !lasts(kind) && far(viewer.at) < nearest {
            self.say_taken(kind);
        }
    }

    fn say_taken(&mut self, kind: PowerUp) {
        self.powers.taken = Some(kind);
        let does = words::fill(&format!("{}.does", word(kind)), &[("n", &(EFFECT_MS / 1000).to_string())]);
        self.hud.toasts.show("", words::say(word(kind)), &does, dom::now_ms());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lasts_was_taken_when_it_begins_or_is_prolonged() {
        let mut powers = Powers::default();
        let rapid = |left| Some((PowerUp::Rapid, left));
        assert_eq!(powers.work(rapid(240)), Some(PowerUp::Rapid));
        assert_eq!(powers.work(rapid(239)), None);
        assert_eq!(powers.work(rapid(240)), Some(PowerUp::Rapid), "the same again");
        assert_eq!(powers.work(Some((PowerUp::Armour, 200))), Some(PowerUp::Armour));
        assert_eq!((powers.work(None), powers.work(None)), (None, None));
    }

    #[test]
    fn every_power_up_has_words() {
        for kind in PowerUp::ALL {
            assert!(words::known(word(kind)).is_some(), "{kind:?}");
            assert!(words::known(&format!("{}.does", word(kind))).is_some(), "{kind:?}");
        }
    }
}
