//! Flies about without an aim: any heading, thrust three times of four, now and then boost or shield.

use super::Chance;
use shared::controls::Controls;

pub(super) fn controls(chance: &mut Chance) -> Controls {
    let (aim, thrust) = (chance.heading(), chance.percent(75));
    Controls { aim, thrust, boost: chance.percent(10), shield: chance.percent(5), ..Controls::default() }
}
