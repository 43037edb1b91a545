//! What `window.starfray.state` says on the playing page. `probe` documents the fields.
//!
//! Enters: the game as it is. Leaves: a plain object. Places are those of the newest tick, not of the moment drawn.

use shared::power::PowerUp;
use wasm_bindgen::JsValue;

use super::game::Game;
use crate::dom;
use crate::hud::contest::style;
use crate::hud::hints::Hint;
use crate::probe::{self, Record};
use crate::words;
use crate::world::World;
use crate::world::seen::{Kind, Seen, ShipLook};

impl Game {
    /// The state of the page.
    pub fn report(&self) -> JsValue {
        let world = self.world.as_ref();
        let replica = world.map(World::replica);
        let seen = world.and_then(World::latest).map_or(&[][..], |latest| &latest.seen[..]);
        let shots = seen.iter().filter(|seen| matches!(seen.kind, Kind::Shot { .. })).count();
        Record::new()
            .text("page", "play")
            .text("phase", self.session.phase().name())
            .number("session", self.session.welcome().map_or(0.0, |welcome| f64::from(welcome.session.0)))
            .number("player", self.session.player().into())
            .number("tick", replica.map_or(0.0, |replica| f64::from(replica.tick().0)))
            .number("draws", self.counts.draws as f64)
            .maybe("firstDrawMs", self.counts.first_draw_ms)
            .number("latestFrames", world.map_or(0.0, |world| world.frames() as f64))
            .value("self", &self.own(seen))
            .list("ships", seen.iter().filter_map(|seen| self.ship(seen)))
            .number("shots", shots as f64)
            .list("shards", seen.iter().filter_map(shard))
            .list("rocks", seen.iter().filter_map(rock))
            .list("top", self.hud.top.rows().iter().map(top))
            .number("players", self.counts.players.into())
            .number("drones", self.counts.drones.into())
            .maybe("pingMs", self.pings.round_trip_ms())
            .number("mismatches", replica.map_or(0.0, |replica| f64::from(replica.mismatches())))
            .number("broken", self.counts.broken.into())
            .value("net", &self.net())
            .value("feel", &self.feel())
            .value("sound", &self.sound_state())
            .value("settings", &JsValue::from_str(&self.settings.text()))
            .text("language", words::spoken().tag())
            .text("hint", self.hud.hints.shown().map_or("", Hint::name))
            .text("power", self.powers.taken().map_or("", PowerUp::name))
            .number("watched", self.watched().unwrap_or_default().into())
            .number("marks", self.hud.map.marks().into())
            .value("contest", &self.contest())
            .maybe("closing", self.hud.farewell.left_s(dom::now_ms()))
            .value("lastClose", &self.session.last_close().map_or(JsValue::NULL, probe::closing))
            .build()
    }

    fn contest(&self) -> JsValue {
        let contest = &self.hud.contest;
        let [suns, moons] = contest.points();
        Record::new()
            .text("mode", contest.mode().label())
            .text("team", style(contest.team()))
            .maybe("left", contest.left_s(dom::now_ms()).map(f64::from))
            .flag("podium", contest.podium())
            .number("podiums", self.hud.podium.count().into())
            .number("suns", suns.into())
            .number("moons", moons.into())
            .build()
    }

    fn sound_state(&self) -> JsValue {
        let record =
            Record::new().flag("runs", self.mixer.runs()).number("played", self.mixer.played().into());
        record.number("volume", self.mixer.volume().into()).build()
    }

    fn feel(&self) -> JsValue {
        let Some(world) = self.world.as_ref() else { return JsValue::NULL };
        let tick_ms = 1000.0 / self.session.welcome().map_or(1.0, |welcome| f64::from(welcome.tick_hz));
        Record::new()
            .number("keys", self.answers.answered().into())
            .number("keyDraws", self.answers.most_draws() as f64)
            .number("corrections", world.prediction().corrections().into())
            .number("jumpPx", world.smoothness().largest().into())
            .number("jumpGapPx", world.smoothness().largest_upset().into())
            .number("compared", world.smoothness().compared() as f64)
            .number("gaps", world.gaps().healed().into())
            .number("healMs", world.gaps().longest_ms())
            .number("rewindMs", world.rewind(self.last_draw_ms) * tick_ms)
            .build()
    }

    fn own(&self, seen: &[Seen]) -> JsValue {
        let Some(world) = self.world.as_ref() else { return JsValue::NULL };
        let replica = world.replica();
        let (focus, status) = (replica.focus(), replica.status());
        let ship = seen.iter().find(|seen| focus.own && seen.id == focus.ship.0);
        let Some((ship, look)) = ship.and_then(|seen| ship_look(seen).map(|look| (seen, look))) else {
            return JsValue::NULL;
        };
        place(ship)
            .number("heading", ship.heading.into())
            .number("hull", look.hull.into())
            .number("score", status.score.into())
            .number("kills", status.kills.into())
            .number("rank", status.rank.into())
            .flag("alive", true)
            .number("correction", world.prediction().correction().into())
            .value("shown", &world.find(ship.id).map_or(JsValue::NULL, shown))
            .build()
    }

    fn ship(&self, seen: &Seen) -> Option<JsValue> {
        let look = ship_look(seen)?;
        let name = self.roster.name(look.player).unwrap_or_default();
        Some(
            place(seen)
                .number("player", look.player.into())
                .text("name", name)
                .flag("drone", look.drone)
                .text("team", style(look.team))
                .build(),
        )
    }
}

fn ship_look(seen: &Seen) -> Option<ShipLook> {
    match seen.kind {
        Kind::Ship(look) => Some(look),
        Kind::Shot { .. } | Kind::Shard { .. } | Kind::Rock { .. } | Kind::Power { .. } => None,
    }
}

/// Where the draw shows it.
fn shown(seen: &Seen) -> JsValue {
    place(seen).number("heading", seen.heading.into()).build()
}

fn shard(seen: &Seen) -> Option<JsValue> {
    match seen.kind {
        Kind::Shard { .. } => Some(place(seen).build()),
        Kind::Ship(_) | Kind::Shot { .. } | Kind::Rock { .. } | Kind::Power { .. } => None,
    }
}

fn rock(seen: &Seen) -> Option<JsValue> {
    match seen.kind {
        Kind::Rock { size, .. } => Some(place(seen).number("size", size.into()).build()),
        Kind::Ship(_) | Kind::Shot { .. } | Kind::Shard { .. } | Kind::Power { .. } => None,
    }
}

fn top(row: &shared::protocol::TopRow) -> JsValue {
    let record = Record::new().number("player", row.player.0.into()).text("name", row.name.as_str());
    record.number("score", row.score.into()).build()
}

fn place(seen: &Seen) -> Record {
    Record::new().number("id", seen.id.into()).number("x", seen.at[0].into()).number("y", seen.at[1].into())
}
