//! Brings the screen to what the page knows: rows before a repaint, words and the chart a few times a second.

use super::address::{Look, Which};
use super::entry::Entry;
use super::history::{EVERY_MS, LEADERS};
use super::page::BoardPage;
use super::row::Mark;
use super::rows::{Lines, Style};
use super::screen::Controls;
use super::shown::Shown;
use crate::dom;
use crate::hud::grouped;
use crate::words;

/// Between two sentences for those who do not see the page, in milliseconds.
const SAY_EVERY_MS: f64 = 20_000.0;

/// Lines whose scores are remembered for the chart: the leaders, and those who may lead soon.
const REMEMBERED: u64 = 20;

impl BoardPage {
    pub(super) fn draw(&mut self) {
        let live = self.view.which == Which::Live;
        let (look, most, calm) = (self.view.look, self.screen.most, self.screen.calm);
        let style = Style { look, live, most, own: self.own.map(Shown::who), calm };
        let lines = match &self.live {
            Some(live) if self.shows_socket() => Shown::Board(live),
            Some(_) | None => Shown::Sheet(&self.remote),
        };
        self.screen.rows.show(&lines, &style);
        let mut counts = counts(&lines, live);
        if let Some(people) = self.screen.people().filter(|_| live) {
            counts.push_str(" · ");
            counts.push_str(&words::fill("in.all", &[("n", &grouped(people))]));
        }
        let total = lines.total();
        let own = self.own.and_then(|key| lines.own(key));
        self.screen.counts.set(&counts);
        dom::set_attribute(&self.screen.table, "aria-rowcount", &(total + 1).to_string());
        dom::flag_body("data-empty", if total == 0 { "yes" } else { "no" });
        self.draw_own(own);
        if !self.shows_socket() {
            self.remote.want(&self.screen.rows.kept(), dom::now_ms());
        }
        self.tell(dom::now_ms());
    }

    fn draw_own(&mut self, own: Option<(u64, Entry)>) {
        let visible = self.screen.rows.visible();
        let Some(Controls { you, .. }) = &mut self.screen.controls else { return };
        let edge = match &own {
            Some((index, _)) if *index < visible.start => "top",
            Some((index, _)) if *index >= visible.end => "bottom",
            Some(_) | None => "none",
        };
        if let Some((index, entry)) = &own {
            you.fill(*index, Some(entry), Mark { own: true, sought: false });
        }
        dom::set_attribute(you.element(), "data-edge", edge);
        dom::flag_body("data-own", if own.is_some() { "yes" } else { "no" });
    }

    /// Says how things stand.
    pub(super) fn tell(&mut self, now_ms: f64) {
        let phase = self.phase(now_ms);
        dom::flag_body("data-phase", phase);
        dom::flag_body("data-silent", if self.heard.lost { "no" } else { "yes" });
        let word = match phase {
            "live" => words::say("phase.live"),
            "final" if self.missing => words::say("phase.unknown"),
            "final" => words::say("phase.final"),
            "lost" => words::say("phase.stale"),
            _ => words::say("phase.connecting"),
        };
        self.screen.live.set(word);
        self.screen.heard.set(&self.heard.words(now_ms));
        let contest = match &self.live {
            Some(live) if self.shows_socket() => live.contest(now_ms),
            Some(_) | None => self.remote.contest(now_ms),
        };
        if let Some(slot) = &mut self.screen.contest {
            slot.set(&contest);
        }
        self.screen.empty.set(self.nothing());
        if let (Some(Controls { banner, .. }), Some(closing)) = (&mut self.screen.controls, &self.last_close)
        {
            banner.show(closing);
        }
        self.draw_chart(now_ms);
        self.say(now_ms);
    }

    /// What an empty board says.
    fn nothing(&self) -> &'static str {
        match (&self.view.which, self.missing) {
            (_, true) => words::say("board.none"),
            (Which::Live, false) => words::say("board.empty.live"),
            (Which::Current(_) | Which::Past(..), false) => words::say("board.empty"),
        }
    }

    fn draw_chart(&mut self, now_ms: f64) {
        let (full, live) = (self.view.look == Look::Full, self.view.which == Which::Live);
        if !(full && live) || now_ms < self.screen.look_due_ms || self.phase(now_ms) != "live" {
            return;
        }
        self.screen.look_due_ms = now_ms + EVERY_MS;
        let first: Vec<Entry> = (0..REMEMBERED).map_while(|index| self.lines().at(index)).collect();
        self.screen.history.look(&first);
        let lines = self.screen.history.lines();
        debug_assert!(lines.len() <= LEADERS);
        if let Some(Controls { chart, .. }) = &mut self.screen.controls {
            chart.draw(&lines);
        }
    }

    fn say(&mut self, now_ms: f64) {
        if now_ms < self.screen.say_due_ms || self.lines().total() == 0 {
            return;
        }
        self.screen.say_due_ms = now_ms + SAY_EVERY_MS;
        self.screen.rows.tell_order();
        let Some(first) = self.lines().at(0) else { return };
        let (name, points) = (first.shown_name(), grouped(first.score));
        let mut sentence = words::fill("board.leads", &[("name", name), ("n", &points)]);
        if let Some((index, _)) = self.own.and_then(|key| self.lines().own(key)) {
            sentence.push(' ');
            sentence.push_str(&words::fill("board.you", &[("n", &(index + 1).to_string())]));
        }
        self.screen.say(&sentence);
    }
}

fn counts(lines: &Shown<'_>, live: bool) -> String {
    let total = u32::try_from(lines.total()).unwrap_or(u32::MAX);
    match lines {
        Shown::Board(live) => {
            let drones = live.board().drones() as u32;
            format!("{} · {}", words::counted("pilots", total - drones), words::counted("drones", drones))
        }
        Shown::Sheet(_) if live => words::fill("in.arena", &[("n", &grouped(total))]),
        Shown::Sheet(_) => words::counted("pilots", total),
    }
}
