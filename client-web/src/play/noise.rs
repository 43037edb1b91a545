//! What is heard: happenings and the own hands, told to the mixer with their places.
//!
//! Enters: what happened since the last draw, the own ship. Leaves: sounds. It must never change anything but what is heard.

use super::game::Game;
use super::session::Phase;
use crate::dom;
use crate::draw::happened::Viewer;
use crate::sound::effect::Effect;
use crate::sound::place::{self, HERE};
use crate::world::happenings::Happening;
use crate::world::seen::ShipLook;

/// What is gathered this close to the own ship, in world units, the own ship gathered.
const GATHERED: f32 = 75.0;

/// Less energy than this share of the bar is as good as none.
const SPENT: f32 = 0.06;

/// How hard the engine runs with boost.
const BOOSTED: f32 = 1.8;

impl Game {
    /// What `happening` sounds like.
    pub(super) fn sound(&mut self, happening: Happening, viewer: Viewer) {
        let own = |player: u32| viewer.player != 0 && player == viewer.player;
        let (effect, at) = match happening {
            // The end of the own ship is heard when the server says so.
            Happening::Explosion { ship, .. } if own(ship.player) => return,
            Happening::Explosion { at, .. } => (Effect::Explosion, at),
            Happening::Shatter { at, .. } => (Effect::Shatter, at),
            Happening::Hit { at, .. } => (Effect::Hit, at),
            Happening::Struck { id, at, .. } if id == viewer.ship => (Effect::Struck, at),
            Happening::Struck { .. } => return,
            // Own shots are heard with the trigger.
            Happening::Fired { owner, .. } if own(owner) => return,
            Happening::Fired { at, .. } => (Effect::Shot, at),
            Happening::Pickup { at } if gathered(at, viewer) => (Effect::Shard, at),
            Happening::Pickup { .. } => return,
            Happening::Power { at, .. } => (Effect::Power, at),
        };
        if let Some(heard) = place::heard(at, viewer.at) {
            self.mixer.play(effect, heard, dom::now_ms());
        }
    }

    /// A sound of the page's own.
    pub(super) fn sound_here(&mut self, effect: Effect) {
        self.mixer.play(effect, HERE, dom::now_ms());
    }

    /// The own gun and engine, in every draw.
    pub(super) fn sound_own(&mut self) {
        let flying = self.session.phase() == Phase::Playing;
        let fired = self.world.as_mut().is_some_and(|world| world.take_fired() > 0);
        if fired && flying {
            self.sound_here(Effect::Shot);
        }
        let look = self.own_seen().and_then(|seen| seen.kind.ship()).filter(|_| flying);
        let is = |held: fn(&ShipLook) -> bool| look.as_ref().is_some_and(held);
        let now = [is(|look| look.boosts), is(|look| look.shields), is(|look| look.energy < SPENT)];
        let before = std::mem::replace(&mut self.heard, now);
        for (index, effect) in [Effect::Boost, Effect::Shield, Effect::Spent].into_iter().enumerate() {
            if now[index] && !before[index] {
                self.sound_here(effect);
            }
        }
        self.mixer.engine(if now[0] { BOOSTED } else { f32::from(u8::from(is(|look| look.thrust))) });
    }
}

/// Did the own ship gather what was at `at`?
fn gathered(at: [f32; 2], viewer: Viewer) -> bool {
    let far = (at[0] - viewer.at[0]).hypot(at[1] - viewer.at[1]);
    viewer.ship != 0 && far < GATHERED
}
