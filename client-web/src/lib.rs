//! Starfray's web client: one WASM module for all pages.
//!
//! The folders: `net` connects, `world` knows, `pilot` steers, `draw` paints, `sound` sounds, `hud` tells, `words` has what is
//! said in each language, `settings` what the visitor chose, `play` and `board` are the pages made of them. Enters: what the server sends and what hands do. Leaves: inputs and pictures. The rules of the game
//! are `shared`'s alone: nothing in here may decide what happens in the arena.

pub mod board;
pub mod dom;
pub mod draw;
pub mod hud;
pub mod net;
pub mod pilot;
pub mod play;
pub mod probe;
pub mod settings;
pub mod sound;
pub mod words;
pub mod world;

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// Opens the page that the document says it is. The browser calls it once, when the module is there.
#[wasm_bindgen(start)]
pub fn start() -> Result<(), JsValue> {
    std::panic::set_hook(Box::new(|panic| {
        dom::complain("the client failed", &JsValue::from_str(&panic.to_string()));
    }));
    // Before anything else sees the address.
    net::join_token::take();
    settings::Settings::kept().apply();
    let body = dom::document().body().ok_or("the page has no body")?;
    match body.get_attribute("data-page").as_deref() {
        Some("play") => play::open(),
        Some("board") => board::open(false),
        Some("embed") => board::open(true),
        Some(_) | None => Err("the page does not say which one it is".into()),
    }
}

/// The hash of the rules of motion over so many random steps, in hexadecimal digits, as this engine computes it. Tests hold
/// it against the server's.
#[wasm_bindgen(js_name = motionHash)]
#[must_use]
pub fn motion_hash(seed: u32, steps: u32) -> String {
    format!("{:016x}", shared::trial::motion_hash(seed, steps))
}
