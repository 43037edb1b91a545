//! The gauges: score, rank, kills, hull, ping, how many play.
//!
//! Enters: the numbers of now, each draw. Leaves: nothing.

use shared::tuning::HULL_MAX;
use wasm_bindgen::JsValue;
use web_sys::HtmlElement;

use super::grouped;
use crate::dom::{self, TextSlot};
use crate::words;

/// What the gauges show.
#[derive(Debug, Clone, Copy, Default)]
pub struct Readings {
    /// Points of this life.
    pub score: u32,
    /// Rank from 1; 0 for none.
    pub rank: u32,
    /// Kills of this life.
    pub kills: u32,
    /// Hull points.
    pub hull: u8,
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
    shown_hull: Option<u8>,
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
    }

    fn show_hull(&mut self, hull: u8) {
        if self.shown_hull == Some(hull) {
            return;
        }
        self.shown_hull = Some(hull);
        let share = f32::from(hull) / f32::from(HULL_MAX);
        self.hull_text.set(&hull.to_string());
        dom::set_style(&self.hull, "--share", &format!("{share:.3}"));
        dom::set_attribute(&self.hull, "aria-valuenow", &hull.to_string());
        dom::set_attribute(&self.hull, "data-low", if share < 0.35 { "yes" } else { "no" });
    }
}
