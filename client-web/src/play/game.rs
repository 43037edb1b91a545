//! The game: the one value that a playing page is.
//!
//! Owns: link, session, world, pilot, camera and display. Enters: link events, the player's wishes, the passing of time.
//! Leaves: messages to the server and what is on the page. Each part keeps its own rules; this file only carries things
//! from one to the next: input → controls → link, and frames → replica → moment → scene.

use shared::protocol::ClientMessage;
use shared::protocol::codec::{FromServer, decode_server, encode_client};
use shared::tuning::ARENA_SIZE;
use wasm_bindgen::JsValue;

use super::answers::Answers;
use super::hud::Hud;
use super::meter::Meter;
use super::powers::Powers;
use super::prizes::Prizes;
use super::roster::Roster;
use super::session::{Phase, Session};
use super::steering::Steering;
use super::talk::Talk;
use super::vigil::Vigil;
use super::watch::Watch;
use super::{identity, token};
use crate::dom;
use crate::draw::camera::Camera;
use crate::draw::canvas::Canvas;
use crate::draw::labels::Labels;
use crate::draw::scene::Scene;
use crate::net::link::{Link, LinkEvent};
use crate::net::pings::Pings;
use crate::pilot::Pilot;
use crate::settings::Settings;
use crate::sound::mixer::Mixer;
use crate::world::World;
use crate::world::seen::Kind;

/// After a death a key counts only this many milliseconds later: the trigger is still held.
const GRACE_MS: f64 = 600.0;

/// Counts of a page's life, for the report.
#[derive(Debug, Default, Clone, Copy)]
pub struct Counts {
    /// Draws so far.
    pub draws: u64,
    /// When the first draw with the server's state was made, in milliseconds since the page began to load.
    pub first_draw_ms: Option<f64>,
    /// Frames that could not be applied, and messages that could not be decoded.
    pub broken: u32,
    /// People and drones in the arena.
    pub players: u32,
    /// Drones in the arena.
    pub drones: u32,
}

/// A playing page.
pub struct Game {
    pub(super) link: Link,
    pub(super) session: Session,
    pub(super) pings: Pings,
    pub(super) world: Option<World>,
    pub(super) pilot: Pilot,
    pub(super) steering: Steering,
    pub(super) roster: Roster,
    pub(super) hud: Hud,
    pub(super) canvas: Option<Canvas>,
    pub(super) camera: Camera,
    pub(super) scene: Scene,
    pub(super) labels: Labels,
    pub(super) mixer: Mixer,
    pub(super) settings: Settings,
    pub(super) counts: Counts,
    pub(super) meter: Meter,
    pub(super) answers: Answers,
    /// Where the own ship is in the window, in CSS pixels.
    pub(super) own_place: [f32; 2],
    pub(super) last_draw_ms: f64,
    /// Frames that the display has taken note of.
    pub(super) noted_frames: u64,
    pub(super) vigil: Vigil,
    pub(super) prizes: Prizes,
    pub(super) powers: Powers,
    pub(super) watch: Watch,
    pub(super) talk: Talk,
    /// What of the own ship was heard in the last draw: boost, shield, no energy.
    pub(super) heard: [bool; 3],
    pub(super) died_ms: f64,
    pub(super) reported_ms: f64,
}

impl Game {
    /// A game that is about to connect.
    pub fn new(link: Link) -> Result<Self, JsValue> {
        let hud = Hud::new()?;
        let middle = ARENA_SIZE as f32 / 2.0;
        let canvas = Canvas::new(dom::by_id("arena")?).map_err(|problem| no_canvas(&problem)).ok();
        Ok(Self {
            link,
            session: Session::new(dom::query_value("arena"), token::kept()).as_player(identity::kept()),
            pings: Pings::default(),
            world: None,
            pilot: Pilot::default(),
            steering: Steering::default(),
            roster: Roster::default(),
            hud,
            canvas,
            camera: Camera::new([middle, middle]),
            scene: Scene::default(),
            mixer: Mixer::default(),
            settings: Settings::default(),
            vigil: Vigil::default(),
            prizes: Prizes::default(),
            powers: Powers::default(),
            watch: Watch::default(),
            talk: Talk::kept(),
            heard: [false; 3],
            labels: Labels::new()?,
            counts: Counts::default(),
            meter: Meter::default(),
            answers: Answers::default(),
            own_place: [0.0, 0.0],
            last_draw_ms: 0.0,
            noted_frames: 0,
            died_ms: 0.0,
            reported_ms: f64::NEG_INFINITY,
        })
    }

    /// Something happened to the link.
    pub fn link_event(&mut self, event: LinkEvent) {
        match event {
            LinkEvent::Opened => {
                self.pings.restart();
                self.send(&self.session.opened());
            }
            LinkEvent::Message(bytes) => match decode_server(&bytes) {
                Ok(FromServer::Frame(frame)) => self.frame(frame),
                Ok(FromServer::Message(message)) => {
                    self.meter.message(bytes.len());
                    self.message(&message);
                }
                Err(problem) => self.broken(&problem.to_string()),
            },
            LinkEvent::Closed(closing) => {
                self.hud.banner.show(&closing);
                self.hud.farewell.end();
                self.session.closed(closing, !dom::document().hidden());
            }
        }
        self.show_phase();
    }

    fn show_phase(&mut self) {
        self.clear_view(self.watch.is_on());
        self.hush();
        self.hud.phase(self.session.phase(), self.session.rejoins());
    }

    /// The player wants to fly, under the name in the field.
    pub fn fly(&mut self) {
        let early = self.session.phase() == Phase::Dead && dom::now_ms() - self.died_ms < GRACE_MS;
        if early {
            return;
        }
        if let Some(join) = self.session.wants_to_fly(&self.hud.title.name(), self.hud.hulls.chosen()) {
            self.send(&join);
        }
        self.show_phase();
    }

    /// What is due whether or not the page is being repainted.
    pub fn pulse(&mut self) {
        let now_ms = dom::now_ms();
        self.hud.toasts.tidy(now_ms);
        self.hud.feed.tidy(now_ms);
        self.hud.talk.tidy(now_ms);
        self.list_people();
        self.hud.farewell.tick(now_ms);
        self.hud.announced.tick(now_ms);
        self.show_round();
        self.measure(now_ms);
        if self.session.phase() == Phase::Lost
            && let Some(closing) = self.session.last_close()
        {
            self.hud.banner.show(closing);
        }
        if self.session.welcome().is_none() {
            return;
        }
        if let Some(ping) = self.pings.due(now_ms) {
            self.send(&ping);
        }
        if let Some(who) = self.missing_names(now_ms) {
            self.send(&who);
        }
        self.steer();
    }

    fn missing_names(&mut self, now_ms: f64) -> Option<ClientMessage> {
        let latest = self.world.as_ref()?.latest()?;
        let players = latest.seen.iter().filter_map(|seen| match seen.kind {
            Kind::Ship(look) => Some(look.player),
            Kind::Shot { .. } | Kind::Shard { .. } | Kind::Rock { .. } | Kind::Power { .. } => None,
        });
        self.roster.ask(players.chain(self.hud.top.neighbours()), now_ms)
    }

    pub(super) fn send(&self, message: &ClientMessage) {
        self.link.send(&encode_client(message));
    }
}

fn no_canvas(problem: &JsValue) {
    dom::complain("the arena cannot be drawn", problem);
    if let Ok(notice) = dom::by_id::<web_sys::HtmlElement>("no-webgl") {
        notice.set_hidden(false);
    }
}
