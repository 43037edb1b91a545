//! The choice of hulls: on the title screen, and on the card that ends a life.
//!
//! Owns: one list of choices, which is where it is needed. Enters: clicks and keys, as the browser's own radio buttons take
//! them. Leaves: the hull to fly in, which the browser remembers. What each is good at is drawn from the balance itself.

use shared::balance::{HULLS, HullRow};
use shared::hull::Hull;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Event, HtmlElement, HtmlInputElement};

use crate::dom;
use crate::words;

/// Where the browser remembers the hull.
const KEY: &str = "starfray.hull";

/// How good a hull is at something.
type Merit = fn(&HullRow) -> f32;

/// What a hull is good at: the key of its name, and how good a hull is at it.
const MERITS: [(&str, Merit); 4] = [
    ("hull.strength", |row| f32::from(row.points)),
    ("hull.speed", |row| row.thrust as f32 / row.drag_milli as f32),
    ("hull.reach", |row| row.shot_speed as f32 * row.shot_life_ms as f32),
    ("hull.fire", |row| f32::from(row.damage)),
];

/// The choice.
#[derive(Debug)]
pub struct Hulls {
    list: HtmlElement,
    homes: [HtmlElement; 2],
    choices: Vec<HtmlInputElement>,
    on_card: bool,
}

/// The key of a hull's name; with `.about`, that of what it is like.
fn word(hull: Hull) -> &'static str {
    match hull {
        Hull::Corsair => "hull.corsair",
        Hull::Wasp => "hull.wasp",
        Hull::Anvil => "hull.anvil",
        Hull::Lance => "hull.lance",
    }
}

impl Hulls {
    /// Fills the list in `#hulls`; the hull flown last is chosen.
    pub fn new() -> Result<Self, JsValue> {
        let list: HtmlElement = dom::by_id("hulls")?;
        let homes = [dom::by_id("title-hulls")?, dom::by_id("card-hulls")?];
        let known = dom::remembered(KEY);
        let last =
            Hull::ALL.into_iter().find(|hull| known.as_deref() == Some(hull.name())).unwrap_or_default();
        let choices: Vec<HtmlInputElement> =
            Hull::ALL.into_iter().map(|hull| choice(&list, hull, hull == last)).collect::<Result<_, _>>()?;
        let hulls = Self { list, homes, choices, on_card: false };
        let kept = hulls.choices.clone();
        dom::listen(&hulls.list, "change", move |_: Event| dom::remember(KEY, chosen(&kept).name()));
        Ok(hulls)
    }

    /// The hull that is chosen.
    pub fn chosen(&self) -> Hull {
        chosen(&self.choices)
    }

    /// Puts the list on the card, or back on the title screen.
    pub fn belong(&mut self, on_card: bool) {
        if self.on_card != on_card {
            self.on_card = on_card;
            if let Err(problem) = self.homes[usize::from(on_card)].append_child(&self.list) {
                dom::complain("the hulls cannot be moved", &problem);
            }
        }
    }
}

fn chosen(choices: &[HtmlInputElement]) -> Hull {
    let index = choices.iter().position(HtmlInputElement::checked);
    index.and_then(|index| Hull::ALL.get(index).copied()).unwrap_or_default()
}

fn choice(list: &HtmlElement, hull: Hull, is_chosen: bool) -> Result<HtmlInputElement, JsValue> {
    let label = dom::child(list, "label", "hull-choice", "")?;
    let choice: HtmlInputElement = dom::child(&label, "input", "unseen", "")?.dyn_into()?;
    choice.set_type("radio");
    choice.set_name("hull");
    choice.set_value(hull.name());
    choice.set_checked(is_chosen);
    let shape = dom::child(&label, "span", "hull-shape", "")?;
    dom::set_attribute(&shape, "data-hull", hull.name());
    dom::set_attribute(&shape, "aria-hidden", "true");
    words::child(&label, "span", "hull-called", word(hull))?;
    let about = dom::child(&label, "span", "hull-about", "")?;
    words::child(&about, "span", "hull-words", &format!("{}.about", word(hull)))?;
    merits(&about, hull)?;
    Ok(choice)
}

/// A bar for each of what hulls are good at. What they say in sum, the words say.
fn merits(about: &HtmlElement, hull: Hull) -> Result<(), JsValue> {
    let bars = dom::child(about, "span", "merits", "")?;
    dom::set_attribute(&bars, "aria-hidden", "true");
    for (key, merit) in MERITS {
        let most = HULLS.iter().map(merit).fold(0.0, f32::max);
        words::child(&bars, "span", "merit-name", key)?;
        let bar = dom::child(&bars, "span", "merit", "")?;
        dom::set_style(&bar, "--share", &format!("{:.2}", merit(&HULLS[hull.index()]) / most));
    }
    Ok(())
}
