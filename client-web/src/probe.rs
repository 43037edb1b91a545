//! `window.starfray.state`: what a page knows, as a plain object, for tests and the curious.
//!
//! It is made anew at every read, so reading it is the only cost. Nothing can be changed through it.
//!
//! On `/`:
//! - `page`: `"play"`; `phase`: `"connecting" | "menu" | "playing" | "dead" | "lost"`
//! - `session`, `player`: their numbers; 0 while there is none
//! - `tick`: of the newest frame; `latestFrames`: frames since Welcome; `draws`: pictures drawn
//! - `firstDrawMs`: milliseconds from the beginning of the navigation to the first picture with the server's state
//! - `self`: `{id, x, y, heading, hull, score, kills, rank, alive, correction, shown}` or null without a ship: places in world
//!   units, heading in radians clockwise from +x, as of the newest frame; `shown`: `{id, x, y, heading}` as the last draw
//!   predicted it; `correction`: how far that is from the prediction, in world units, 0 unless something touched the ship
//! - `contest`: `{mode, team, left, podium, podiums, suns, moons}`: how the arena is played; the own team, `suns`, `moons` or
//!   empty; seconds until the round or its podium is over, or null; whether a podium is shown, and how many were; the
//!   teams' points
//! - `ships`: `[{id, x, y, player, name, drone, team}]` in view, one's own too; `shots`: how many; `shards`: `[{id, x, y}]`; `rocks`:
//!   `[{id, x, y, size}]`
//! - `top`: `[{player, name, score}]`; `players`, `drones`: how many in the arena
//! - `pingMs`: or null before the first; `mismatches`: checksums that did not match; `broken`: messages not understood
//! - `net`: what the overlay shows: `pingMs`, `jitterMs` of arriving frames, `leadMs` of the pilot's clock before the newest
//!   frame, `margin`: ticks that inputs are early on average, `correction` as above, `delayMs` of others behind the newest
//!   frame, `missed`: views that started anew since Welcome, `headBytes`, `deltaBytes`, `keyframeBytes`, `messageBytes` and
//!   `drawsPerSecond` over the last half second, `drawMs` per draw; and `corrections`: how often the server's word on the
//!   own ship was another than predicted
//! - `feel`: how it flies, since Welcome: `keys`: presses that showed, `keyDraws`: draws that one needed at most,
//!   1 being the first after it (both since the page was loaded, and of a ship at rest); `corrections` as above; `jumpPx`: how
//!   far something else jumped between two draws at most beyond what its motion explains, in pixels of a screen 1920 wide,
//!   `jumpGapPx`: the same while the connection was gone and a tenth of a second after, `compared`: draws that `jumpPx` is
//!   of; `gaps`: times in which nothing was heard, `healMs`: from the first frame after one to the first draw that shows
//!   everything where it belongs, at most; `rewindMs`: how far the own ship is ahead of the others that are drawn. Or null
//! - `sound`: `{runs, played, volume}`: whether the browser lets the page sound, sounds since the page was loaded, strength of
//!   everything from 0 to 1; `settings`: as the browser keeps them; `language`: its tag; `hint`: the name of the one that is
//!   shown, or empty; `marks`: on the small map; `power`: the power-up taken last, or
//!   empty; `watched`: the player
//!   whose ship one watches while one does not fly, or 0
//! - `closing`: seconds until the server stops, if it said so, or null; `lastClose`: `{code, reason, sentence}` or null
//!
//! On `/leaderboard` and `/leaderboard/embed`:
//! - `page`: `"board"`; `phase`: `"connecting" | "live" | "lost" | "final"`; `lost` also while what is shown is stale
//! - `board`: `"live" | "day" | "week" | "all"`, or a past one such as `"2026-W46"`
//! - `transport`: how changes come: `"none" | "websocket" | "events" | "polling" | "final"`
//! - `version`: which state of the board; null over the WebSocket; `total`: lines of the whole board
//! - `firstRank`, `lastRank`: on the screen, or null; `ownRank`: the visitor's, or null; `rowsInPage`: row elements
//! - `lastHeardMs`: milliseconds since anything was heard of the board, or null
//! - `rows`: `[{rank, player, key, name, score, kills, deaths, drone}]`, the first hundred, best first; `player` is the number
//!   in the arena, 0 where that is not known, `key` the player's id, empty of one who has none
//! - `players`, `drones`: how many; of standings all are players
//! - `changesSeen`: changes of the board since the page was loaded; `loads`: a random number that only a reload changes
//! - `lastClose`: as above

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};

use crate::dom;
use crate::net::link::Closing;

/// Defines `window.starfray`, whose `state` is what `report` returns at each read.
pub fn install(report: impl Fn() -> JsValue + 'static) -> Result<(), JsValue> {
    let getter = Closure::<dyn Fn() -> JsValue>::new(report);
    let holder = Object::new();
    let descriptor = Object::new();
    Reflect::set(&descriptor, &"get".into(), getter.as_ref().unchecked_ref())?;
    Reflect::set(&descriptor, &"enumerable".into(), &JsValue::TRUE)?;
    Object::define_property(&holder, &"state".into(), &descriptor);
    Reflect::set(&dom::window(), &"starfray".into(), &holder)?;
    getter.forget();
    Ok(())
}

/// How a link was closed.
pub fn closing(closing: &Closing) -> JsValue {
    let record = Record::new().number("code", closing.code.into()).text("reason", &closing.label);
    record.text("sentence", closing.sentence()).build()
}

/// A plain object in the making.
#[derive(Debug)]
pub struct Record(Object);

impl Record {
    /// An empty one.
    pub fn new() -> Self {
        Self(Object::new())
    }

    /// With a field.
    pub fn value(self, key: &str, value: &JsValue) -> Self {
        // Setting a field of a fresh plain object does not fail.
        let _ = Reflect::set(&self.0, &JsValue::from_str(key), value);
        self
    }

    /// With a text.
    pub fn text(self, key: &str, text: &str) -> Self {
        self.value(key, &JsValue::from_str(text))
    }

    /// With a number.
    pub fn number(self, key: &str, number: f64) -> Self {
        self.value(key, &JsValue::from_f64(number))
    }

    /// With a number, or null.
    pub fn maybe(self, key: &str, number: Option<f64>) -> Self {
        self.value(key, &number.map_or(JsValue::NULL, JsValue::from_f64))
    }

    /// With a truth value.
    pub fn flag(self, key: &str, flag: bool) -> Self {
        self.value(key, &JsValue::from_bool(flag))
    }

    /// With a list.
    pub fn list(self, key: &str, items: impl Iterator<Item = JsValue>) -> Self {
        let list: Array = items.collect();
        self.value(key, &list)
    }

    /// The object.
    pub fn build(self) -> JsValue {
        self.0.into()
    }
}

impl Default for Record {
    fn default() -> Self {
        Self::new()
    }
}
