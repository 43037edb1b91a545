//! The parts of the head-up display that the playing page has.
//!
//! Owns: the parts. Enters: the page's phase. Leaves: nothing. What each part shows is decided in `game` and `draw`.

use wasm_bindgen::JsValue;
use web_sys::HtmlElement;

use super::session::Phase;
use crate::dom::{self, TextSlot};
use crate::hud::announced::Announced;
use crate::hud::banner::Banner;
use crate::hud::bindings::KeyList;
use crate::hud::card::Card;
use crate::hud::contest::Contest;
use crate::hud::farewell::Farewell;
use crate::hud::gauges::Gauges;
use crate::hud::hints::Hints;
use crate::hud::hulls::Hulls;
use crate::hud::map::Map;
use crate::hud::overlay::Overlay;
use crate::hud::people::People;
use crate::hud::podium::Podium;
use crate::hud::settings::Panel;
use crate::hud::talk::TalkPanel;
use crate::hud::title::Title;
use crate::hud::toasts::Toasts;
use crate::hud::top::TopTen;

/// Everything on the page that is not the arena.
#[derive(Debug)]
pub struct Hud {
    body: HtmlElement,
    vignette: HtmlElement,
    bounty: TextSlot,
    bounty_way: HtmlElement,
    watching: [TextSlot; 2],
    killer: HtmlElement,
    wounded: bool,
    /// The title screen.
    pub title: Title,
    /// Score, hull, ping and the like.
    pub gauges: Gauges,
    /// The short board.
    pub top: TopTen,
    /// Short messages.
    pub toasts: Toasts,
    /// Who destroyed whom.
    pub feed: Toasts,
    /// What people say.
    pub talk: TalkPanel,
    /// Who is here, in the chat.
    pub people: People,
    /// The card that ends a life.
    pub card: Card,
    /// Clock, totals, own team.
    pub contest: Contest,
    /// How a round ended.
    pub podium: Podium,
    /// The choice of hulls.
    pub hulls: Hulls,
    /// The settings.
    pub panel: Panel,
    /// Which key does what.
    pub keys: KeyList,
    /// The hints of the first life.
    pub hints: Hints,
    /// The small map.
    pub map: Map,
    /// The truth about the connection.
    pub overlay: Overlay,
    /// The banner of a lost connection.
    pub banner: Banner,
    /// When the server stops.
    pub farewell: Farewell,
    /// What an operator says.
    pub announced: Announced,
}

impl Hud {
    /// Finds every part on the page.
    pub fn new() -> Result<Self, JsValue> {
        Ok(Self {
            body: dom::document().body().ok_or("the page has no body")?,
            vignette: dom::by_id("vignette")?,
            wounded: false,
            title: Title::new()?,
            gauges: Gauges::new()?,
            top: TopTen::new()?,
            toasts: Toasts::new("toasts")?,
            feed: Toasts::new("feed")?,
            talk: TalkPanel::new()?,
            people: People::new()?,
            bounty: TextSlot::by_id("bounty-line")?,
            bounty_way: dom::by_id("bounty-way")?,
            watching: [TextSlot::by_id("watching")?, TextSlot::by_id("watch-name")?],
            killer: dom::by_id("watch-killer")?,
            hulls: Hulls::new()?,
            card: Card::new()?,
            contest: Contest::new()?,
            podium: Podium::new()?,
            panel: Panel::new()?,
            keys: KeyList::new()?,
            hints: Hints::new()?,
            map: Map::new()?,
            overlay: Overlay::new()?,
            banner: Banner::new()?,
            farewell: Farewell::new()?,
            announced: Announced::new()?,
        })
    }

    /// Says on whom there is a bounty, and which way: radians, clockwise from the right.
    pub fn show_bounty(&mut self, line: &str, way: Option<f32>) {
        self.bounty.set(line);
        self.bounty_way.set_hidden(way.is_none());
        if let Some(way) = way {
            dom::set_style(&self.bounty_way, "rotate", &format!("{way:.1}rad"));
        }
    }

    /// Says whom one watches, while one does not fly.
    pub fn show_watched(&mut self, line: &str) {
        self.watching.iter_mut().for_each(|slot| {
            slot.set(line);
        });
    }

    /// Is there someone to watch who ended the life?
    pub fn offer_killer(&mut self, there_is_one: bool) {
        self.killer.set_hidden(!there_is_one);
    }

    /// The own hull was struck: the edge of the picture lights up.
    pub fn wound(&mut self) {
        self.wounded = !self.wounded;
        dom::set_attribute(&self.vignette, "data-struck", if self.wounded { "a" } else { "b" });
    }

    /// Shows what belongs to `phase`: the page's styles go by these attributes. `rejoins` says that the player flies again
    /// as soon as there is a connection, so that the title has no business on the screen.
    pub fn phase(&mut self, phase: Phase, rejoins: bool) {
        dom::set_attribute(&self.body, "data-phase", phase.name());
        self.hulls.belong(phase == Phase::Dead);
        dom::set_attribute(&self.body, "data-rejoins", if rejoins { "yes" } else { "no" });
    }
}
