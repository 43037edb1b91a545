//! What the server says, carried to whoever it concerns.
//!
//! Enters: frames and messages as they arrive. Leaves: changes of world, roster and display, and the answers that the session
//! has. What a message means is decided there; nothing is decided here.

use shared::protocol::{ClientMessage, Life, Podium, Refusal, Round, ServerMessage, Welcome};
use wasm_bindgen::JsValue;

use super::game::Game;
use super::prizes::Prizes;
use super::roster::Roster;
use super::session::{Phase, Return};
use super::{identity, token};
use crate::dom;
use crate::hud::card::Ending;
use crate::hud::{grouped, lobby};
use crate::sound::effect::Effect;
use crate::words;
use crate::world::World;

/// A broken view is reported at most this often, in milliseconds.
const REPORT_MS: f64 = 1000.0;

impl Game {
    pub(super) fn frame(&mut self, bytes: &[u8]) {
        let Some(world) = &mut self.world else { return };
        let mismatch = match world.frame(bytes, dom::now_ms()) {
            Ok(applied) => {
                self.meter.frame(&applied);
                applied.checksum == Some(false)
            }
            Err(problem) => {
                self.broken(&problem.to_string());
                true
            }
        };
        if mismatch {
            self.ask_for_keyframes();
        }
        if let Some(join) = self.session.framed() {
            self.send(&join);
        }
        self.say_return();
        // Where draws are rare, ticks still end in time.
        self.steer();
    }

    /// Says once how the flight goes on after a lost connection.
    fn say_return(&mut self) {
        let Some(back) = self.session.came_back() else { return };
        match back {
            Return::Resumed | Return::Anew => {
                self.hud.toasts.show(back.sentence(), "", "", dom::now_ms());
            }
            Return::Gone => self.hud.title.refuse(back.sentence()),
        }
    }

    /// The view is not what the server says it is: asks for all of it again, but not thirty times a second.
    fn ask_for_keyframes(&mut self) {
        let now_ms = dom::now_ms();
        if let Some(world) = self.world.as_ref().filter(|_| now_ms - self.reported_ms >= REPORT_MS) {
            self.reported_ms = now_ms;
            self.send(&ClientMessage::Mismatch { tick: world.replica().tick().0 });
        }
    }

    pub(super) fn broken(&mut self, problem: &str) {
        self.counts.broken += 1;
        dom::complain("from the server", &JsValue::from_str(problem));
    }

    pub(super) fn message(&mut self, message: &ServerMessage) {
        if let Some(answer) = self.session.heard(message) {
            self.send(&answer);
        }
        match message {
            ServerMessage::Welcome(welcome) => self.welcomed(welcome),
            ServerMessage::Joined { player, name } => {
                self.roster.learn(player.0, name.as_str());
                self.hud.title.flying();
                self.vigil.begin();
                // What the hand did on the title screen was not steering.
                self.pilot.take_steering();
                self.sound_here(Effect::Launch);
                self.take_off();
            }
            // A ship that was taken back flies whoever asks for it.
            ServerMessage::Refused(Refusal::AlreadyFlying) => {}
            ServerMessage::Refused(refusal) => self.hud.title.refuse(refused(*refusal)),
            ServerMessage::Died { by, name, life } => {
                self.died(by.0, name.as_ref().map(|name| name.as_str()), life);
            }
            ServerMessage::Kill { name, points, .. } => {
                self.sound_here(Effect::Kill);
                let points = words::fill("points.gained", &[("n", &grouped(*points))]);
                self.hud.toasts.show(words::say("destroyed.you"), name.as_str(), &points, dom::now_ms());
            }
            ServerMessage::Top { rows, players, drones } => {
                (self.counts.players, self.counts.drones) = (u32::from(*players), u32::from(*drones));
                rows.iter().for_each(|row| self.roster.learn(row.player.0, row.name.as_str()));
                self.hud.top.take(rows);
            }
            ServerMessage::Names(rows) => {
                rows.iter().for_each(|row| self.roster.learn(row.player.0, row.name.as_str()));
            }
            ServerMessage::Pong { sent_ms } => self.pings.returned(*sent_ms, dom::now_ms()),
            ServerMessage::Around { rank, rows } => self.hud.top.take_around(*rank, rows),
            ServerMessage::Recorded(recorded) if self.hud.contest.podium() => {
                self.hud.podium.recorded(recorded);
            }
            ServerMessage::Recorded(recorded) => self.hud.card.recorded(recorded),
            // The live board is for watchers.
            ServerMessage::Board { .. } | ServerMessage::BoardDelta(_) => {}
            ServerMessage::Bounty { player, x, y } => self.prizes.bounty(*player, *x, *y),
            ServerMessage::Powers(places) => self.prizes.places(places),
            ServerMessage::Mode(mode) => self.hud.contest.begin(*mode),
            ServerMessage::Totals(totals) => self.hud.contest.count(totals),
            ServerMessage::Round(round) => self.turn(*round),
            ServerMessage::Podium(podium) => self.won(podium),
            ServerMessage::News(news) => self.read(news),
            ServerMessage::Unsaid(unsaid) => self.unsaid(*unsaid),
            ServerMessage::Moved { url, ticket } => self.link.go_to(url, ticket),
            ServerMessage::Closing { in_seconds } => self.hud.farewell.begin(*in_seconds, dom::now_ms()),
            ServerMessage::Announced(said) => self.hud.announced.show(said.as_str(), dom::now_ms()),
        }
    }

    /// A round begins, or its podium does.
    fn turn(&mut self, round: Round) {
        let tick_hz = self.session.welcome().map_or(1.0, |welcome| f64::from(welcome.tick_hz.max(1)));
        let until_ms = dom::now_ms() + f64::from(round.ticks) * 1000.0 / tick_hz;
        if self.hud.contest.podium() && !round.podium {
            self.hud.podium.begin();
        }
        self.hud.contest.turn(round, until_ms);
        self.show_round();
        if !round.podium && self.session.phase() == Phase::Playing {
            // Whoever flew when time was up has a fresh ship.
            self.vigil.begin();
            self.sound_here(Effect::Launch);
            self.take_off();
        }
    }

    /// Brings clock and podium up to date.
    pub(super) fn show_round(&mut self) {
        let now_ms = dom::now_ms();
        let contest = &mut self.hud.contest;
        contest.tick(now_ms);
        let left = contest.left_s(now_ms).filter(|_| contest.podium());
        self.hud.podium.show(left);
    }

    /// Time was up.
    fn won(&mut self, podium: &Podium) {
        self.hud.podium.fill(podium, self.session.player());
    }

    fn welcomed(&mut self, welcome: &Welcome) {
        self.link.settled();
        token::keep(welcome.token);
        welcome.identity.iter().for_each(identity::keep);
        lobby::say_passing(welcome.identity.is_some_and(|identity| identity.key.is_passing()));
        self.world = Some(World::new(welcome));
        self.roster = Roster::default();
        self.prizes = Prizes::default();
        self.talk_again(!welcome.resumed);
        self.noted_frames = 0;
        if !welcome.resumed {
            self.hud.podium.begin();
        }
    }

    fn died(&mut self, by: u32, killer: Option<&str>, life: &Life) {
        self.died_ms = dom::now_ms();
        let tick_hz = self.session.welcome().map_or(1, |welcome| welcome.tick_hz);
        let from = self.vigil.from(by);
        let best_rank = self.vigil.best_rank();
        self.hud.podium.scored(life.score);
        self.hud.card.fill(&Ending { killer, from, life, tick_hz, best_rank });
        self.sound_here(Effect::Death);
        self.vigil.died(by);
        self.hud.offer_killer(by != 0);
    }
}

/// Why the player does not fly.
fn refused(refusal: Refusal) -> &'static str {
    words::say(match refusal {
        Refusal::EmptyName => "name.empty",
        Refusal::AlreadyFlying => "refused.flying",
        Refusal::ArenaFull => "refused.full",
    })
}
