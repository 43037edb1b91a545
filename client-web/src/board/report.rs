//! What the page says about itself in `window.starfray.state`.

use wasm_bindgen::JsValue;

use super::entry::{Detail, Entry, Who};
use super::page::BoardPage;
use super::rows::Lines;
use super::shown::Shown;
use crate::probe::Record;

/// Lines that are told at most.
const TOLD: u64 = 100;

/// The page's state; `probe` documents the fields.
pub fn report(page: &BoardPage, now_ms: f64) -> JsValue {
    let lines = page.lines();
    let visible = page.screen.rows.visible();
    let own = page.own.and_then(|key| lines.own(key));
    let (players, drones) = match &lines {
        Shown::Board(live) => (live.board().len() - live.board().drones(), live.board().drones()),
        Shown::Sheet(_) => (lines.total() as usize, 0),
    };
    let told = (0..TOLD.min(lines.total())).map_while(|index| Some(line(index, &lines.at(index)?)));
    Record::new()
        .text("page", "board")
        .text("phase", page.phase(now_ms))
        .text("board", page.view.which.id())
        .text("transport", page.heard.transport.name())
        .maybe("version", lines.version())
        .number("total", lines.total() as f64)
        .maybe("firstRank", (!visible.is_empty()).then_some(visible.start as f64 + 1.0))
        .maybe("lastRank", (!visible.is_empty()).then_some(visible.end as f64))
        .maybe("ownRank", own.map(|(index, _)| index as f64 + 1.0))
        .number("rowsInPage", page.screen.rows.count() as f64)
        .maybe("lastHeardMs", page.heard.silence_ms(now_ms))
        .list("rows", told)
        .number("players", players as f64)
        .number("drones", drones as f64)
        .number("changesSeen", page.changes.into())
        .number("loads", page.loads)
        .value("lastClose", &page.closing())
        .build()
}

fn line(index: u64, entry: &Entry) -> JsValue {
    let (drone, kills, deaths) = match entry.detail {
        Detail::Live { drone, kills, deaths, .. } => (drone, kills, deaths),
        Detail::Life { .. } => (false, 0, 0),
    };
    let key = match entry.who {
        Who::Player(key) => key.to_string(),
        Who::Pilot(_) | Who::Named(_) | Who::Line(_) => String::new(),
    };
    Record::new()
        .number("rank", index as f64 + 1.0)
        .number("player", entry.number.into())
        .text("key", &key)
        .text("name", entry.shown_name())
        .number("score", entry.score.into())
        .number("kills", kills.into())
        .number("deaths", deaths.into())
        .flag("drone", drone)
        .build()
}
