//! The gauges: score, rank, kills, hull, ping, how many play.
//!
//! Enters: the numbers of now, each draw. Leaves: nothing.

use wasm_bindgen::JsValue;
use web_sys::HtmlElement;

use super::grouped;
use crate::dom::{self, TextSlot};
use crate::words;

/// A power-up at work.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Running {
    /// The key of its name.
    pub word: &'static str,
    /// Seconds that it still works.
    pub seconds: f32,
    /// That as a share of the longest it can.
    pub share: f32,
}

/// What the gauges show.
#[derive(Debug, Clone, Copy, Default)]
pub struct Readings {
    /// Points of this life.
    pub score: u32,
    /// Rank from 1; 0 for none.
    pub rank: u32,
    /// Kills of this life.
    pub kills: u32,
    /// Hull points left, and of a fresh ship.
    pub hull: (u8, u8),
    /// Energy left, as a share of a full bar.
    pub energy: f32,
    /// What a power-up does to the ship, while it does.
    pub effect: Option<Running>,
    /// People in the arena.
    pub players: u32,
    /// Drones in the arena.
    pub drones: u32,
    /// Round trip in milliseconds.
    pub ping_ms: Option<f64>,
}

/// The gauges.
#[derive(Debug)]
pub struct Gauges {
    score: TextSlot,
    rank: TextSlot,
    kills: TextSlot,
    hull_text: TextSlot,
    hull: HtmlElement,
    players: TextSlot,
    ping: TextSlot,
    shown_hull: Option<(u8, u8)>,
    energy: HtmlElement,
    shown_energy: u32,
    effect: HtmlElement,
    effect_bar: HtmlElement,
    effect_name: TextSlot,
    effect_left: TextSlot,
}

impl Gauges {
    /// Finds the gauges on the page.
    pub fn new() -> Result<Self, JsValue> {
        Ok(Self {
            score: TextSlot::by_id("score")?,
            rank: TextSlot::by_id("rank")?,
            kills: TextSlot::by_id("kills")?,
            hull_text: TextSlot::by_id("hull-points")?,
            hull: dom::by_id("hull")?,
            players: TextSlot::by_id("players")?,
            ping: TextSlot::by_id("ping")?,
            shown_hull: None,
            energy: dom::by_id("energy")?,
            shown_energy: u32::MAX,
            effect: dom::by_id("effect")?,
            effect_bar: dom::by_id("effect-bar")?,
            effect_name: TextSlot::by_id("effect-name")?,
            effect_left: TextSlot::by_id("effect-left")?,
        })
    }

    /// Shows `readings`.
    pub fn show(&mut self, readings: &Readings) {
        self.score.set(&grouped(readings.score));
        self.rank.set(&super::card::rank(readings.rank));
        self.kills.set(&grouped(readings.kills));
        let (pilots, drones) = (readings.players, readings.drones);
        self.players.set(&format!(
            "{} · {}",
            words::counted("pilots", pilots),
            words::counted("drones", drones)
        ));
        let ping = readings.ping_ms.map_or_else(|| "–".to_owned(), |ms| format!("{ms:.0}"));
        self.ping.set(&words::fill("ping", &[("ms", &ping)]));
        self.show_hull(readings.hull);
        self.show_energy(readings.energy);
        self.show_effect(readings.effect);
    }

    fn show_effect(&mut self, effect: Option<Running>) {
        self.effect.set_hidden(effect.is_none());
        let Some(Running { word, seconds, share }) = effect else { return };
        let left = format!("{:.0}", seconds.ceil());
        self.effect_name.set(words::say(word));
        if self.effect_left.set(&words::fill("effect.left", &[("n", &left)])) {
            dom::set_attribute(&self.effect_bar, "aria-valuenow", &left);
        }
        dom::set_style(&self.effect_bar, "--share", &format!("{:.2}", share.min(1.0)));
    }

    fn show_energy(&mut self, share: f32) {
        let percent = (share * 100.0) as u32;
        if self.shown_energy != percent {
            self.shown_energy = percent;
            dom::set_style(&self.energy, "--share", &format!("{:.2}", share.min(1.0)));
            dom::set_attribute(&self.energy, "aria-valuenow", &percent.to_string());
            dom::set_attribute(&self.energy, "data-low", if share < 0.2 { "yes" } else { "no" });
        }
    }

    fn show_hull(&mut self, (hull, full): (u8, u8)) {
        if self.shown_hull == Some((hull, full)) {
            return;
        }
        self.shown_hull = Some((hull, full));
        let share = f32::from(hull) / f32::from(full.max(1));
        self.hull_text.set(&hull.to_string());
        dom::set_style(&self.hull, "--share", &format!("{share:.3}"));
        dom::set_attribute(&self.hull, "aria-valuenow", &hull.to_string());
        dom::set_attribute(&self.hull, "data-low", if share < 0.35 { "yes" } else { "no" });
    }
}
