//! Flies about without an aim: any heading, thrust three times of four.

use super::Chance;
use shared::controls::Controls;

pub(super) fn controls(chance: &mut Chance) -> Controls {
    Controls { aim: chance.heading(), thrust: chance.percent(75), ..Controls::default() }
}
