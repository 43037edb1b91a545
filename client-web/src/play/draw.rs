//! One draw of the playing page.
//!
//! Enters: the time of the repaint. Leaves: the arena on the canvas, names over it, gauges beside it. The order: the
//! controls of now, the moment to draw, the camera, the scene, the labels. So a key that is down shows in this very draw.

use super::game::Game;
use super::session::Phase;
use crate::dom;
use crate::draw::happened::Viewer;
use crate::draw::scene::Frame;
use crate::hud::contest::style;
use crate::hud::gauges::Readings;
use crate::hud::hints::Hint;
use crate::hud::top::Own;
use crate::pilot::gamepad::Pad;
use crate::world::happenings::Happening;
use crate::world::seen::{Kind, Seen, ShipLook};

/// A name is this far below its ship, in world units.
const NAME_BELOW: f32 = 42.0;

/// The longest time between two draws that is shown as such, in seconds: a tab that slept did not fly far.
const LONGEST_STEP: f64 = 0.25;

impl Game {
    /// Draws; `ms` is the time of the repaint in milliseconds since the page began to load.
    pub fn draw(&mut self, ms: f64) {
        let begun_ms = dom::now_ms();
        self.show(ms);
        let now_ms = dom::now_ms();
        self.meter.drew(now_ms - begun_ms);
        if let Some(world) = &mut self.world {
            world.shown(now_ms);
        }
    }

    fn show(&mut self, ms: f64) {
        let passed = ((ms - self.last_draw_ms) / 1000.0).max(0.0);
        let seconds = passed.min(LONGEST_STEP);
        self.last_draw_ms = ms;
        self.pilot.pad(Pad::now());
        self.steer();
        self.pass(passed, ms);
        self.look(seconds as f32);
        self.sound_own();
        self.paint(ms, seconds as f32);
        self.name_ships();
        self.watch_over(seconds as f32);
        self.name_leader();
        self.name_watched();
        self.chart(ms);
        self.note();
    }

    /// Lets time pass in the world, and shows what happened in it.
    fn pass(&mut self, seconds: f64, ms: f64) {
        let Some(world) = &mut self.world else { return };
        let happened = world.advance(seconds, ms, self.session.player());
        let viewer = self.viewer();
        for happening in happened {
            self.scene.happened(happening, viewer);
            self.sound(happening, viewer);
            self.witness(happening, viewer);
            if let Happening::Explosion { ship, .. } = happening {
                self.roster.forget(ship.player);
            }
        }
    }

    /// Who looks, and from where.
    fn viewer(&self) -> Viewer {
        let own = self.own_seen();
        let at = own.or_else(|| self.focus()).map_or(self.camera.at, |seen| seen.at);
        Viewer { player: self.session.player(), ship: own.map_or(0, |seen| seen.id), at }
    }

    /// The own ship as it is drawn, while there is one.
    pub(super) fn own_seen(&self) -> Option<&Seen> {
        let world = self.world.as_ref()?;
        let focus = world.replica().focus();
        world.find(focus.ship.0).filter(|_| focus.own)
    }

    /// Moves the camera after what the view follows.
    fn look(&mut self, seconds: f32) {
        if let Some(canvas) = &mut self.canvas {
            canvas.fit(&mut self.camera);
        }
        let Some(focus) = self.focus() else { return };
        let (at, heading) = (focus.at, focus.heading);
        let flying = self.session.phase() == Phase::Playing;
        let ahead = if flying { [heading.cos(), heading.sin()] } else { [0.0, 0.0] };
        self.camera.follow(at, ahead, seconds);
        if let Some(canvas) = &self.canvas {
            self.own_place = canvas.css_place(&self.camera, at);
        }
    }

    /// The ship that the view follows.
    pub(super) fn focus(&self) -> Option<&Seen> {
        let world = self.world.as_ref()?;
        world.find(world.replica().focus().ship.0)
    }

    fn paint(&mut self, ms: f64, seconds: f32) {
        let seen = self.world.as_ref().map_or(&[][..], |world| world.seen());
        let arena = self.world.as_ref().map_or(self.camera.at[0] * 2.0, |world| world.arena());
        let tick_hz = self.session.welcome().map_or(0.0, |welcome| f32::from(welcome.tick_hz));
        let clock = (ms / 1000.0) as f32;
        let frame = Frame { seen, own: self.session.player(), arena, tick_hz, clock, seconds };
        let shaken = self.camera.moved(self.scene.shaken(seconds));
        let backdrop = self.scene.backdrop(clock, arena);
        let batch = self.scene.compose(&shaken, &frame);
        let Some(canvas) = &mut self.canvas else { return };
        if canvas.paint(batch, &shaken, backdrop) {
            self.counts.draws += 1;
            let own = self.world.as_ref().and_then(|world| world.find(world.replica().focus().ship.0));
            self.answers.drawn(self.counts.draws, own.filter(|_| self.session.phase() == Phase::Playing));
            let live = self.world.as_ref().is_some_and(|world| world.frames() > 0);
            if live && self.counts.first_draw_ms.is_none() {
                self.counts.first_draw_ms = Some(dom::now_ms());
            }
        }
    }

    fn name_ships(&mut self) {
        self.labels.begin();
        let (Some(world), Some(canvas)) = (&self.world, &self.canvas) else { return self.labels.end() };
        for seen in world.seen() {
            let Some(look) = other_ship(seen, self.session.player()) else { continue };
            let Some(name) = self.roster.name(look.player) else { continue };
            if self.camera.sees(seen.at, NAME_BELOW) {
                let below = [seen.at[0], seen.at[1] + NAME_BELOW];
                let at = canvas.css_place(&self.camera, below);
                self.labels.show(name, at, look.drone, style(look.team));
            }
        }
        self.labels.end();
    }

    /// Brings the gauges up to date, once per frame from the server.
    fn note(&mut self) {
        let Some(world) = self.world.as_ref().filter(|world| world.frames() != self.noted_frames) else {
            return;
        };
        self.noted_frames = world.frames();
        let status = world.replica().status();
        let flying = self.session.phase() == Phase::Playing;
        let look = own_look(world);
        let (own, team) = (look.filter(|_| flying), look.and_then(|look| look.team));
        let energy = own_energy(world).unwrap_or_default();
        let tick_hz = self.session.welcome().map_or(1, |welcome| welcome.tick_hz);
        let effect = self.run_effect(own, tick_hz);
        self.hud.gauges.show(&Readings {
            score: status.score,
            rank: status.rank,
            kills: status.kills,
            hull: own.map_or((0, 100), |look| (look.hull, look.hull_points())),
            effect,
            energy,
            players: self.counts.players,
            drones: self.counts.drones,
            ping_ms: self.pings.round_trip_ms(),
        });
        self.hud.contest.belong(team);
        self.vigil.ranked(status.rank);
        self.hud.podium.scored(status.score);
        let won = self.vigil.scored(status.score);
        if won > 0 && flying {
            self.scene.won(self.viewer().at, won);
            if self.vigil.was_paid(dom::now_ms()) {
                self.hud.hints.did(Hint::Gather, dom::now_ms());
            }
        }
        let player = self.session.player();
        let own = Own { player, name: self.session.name(), rank: status.rank, score: status.score };
        self.hud.top.show(own, |player| self.roster.name(player));
    }
}

/// The own ship at the newest tick, while it flies.
fn own_look(world: &crate::world::World) -> Option<ShipLook> {
    let focus = world.replica().focus();
    let seen = world.latest()?.find(focus.ship.0).filter(|_| focus.own)?;
    match seen.kind {
        Kind::Ship(look) => Some(look),
        Kind::Shot { .. } | Kind::Shard { .. } | Kind::Rock { .. } | Kind::Power { .. } => None,
    }
}

/// The own energy as it is drawn: ahead of the server's word.
fn own_energy(world: &crate::world::World) -> Option<f32> {
    let seen = world.find(world.replica().focus().ship.0)?;
    match seen.kind {
        Kind::Ship(look) => Some(look.energy),
        Kind::Shot { .. } | Kind::Shard { .. } | Kind::Rock { .. } | Kind::Power { .. } => None,
    }
}

fn other_ship(seen: &Seen, own: u32) -> Option<ShipLook> {
    match seen.kind {
        Kind::Ship(look) if own == 0 || look.player != own => Some(look),
        Kind::Ship(_) | Kind::Shot { .. } | Kind::Shard { .. } | Kind::Rock { .. } | Kind::Power { .. } => {
            None
        }
    }
}
