//! How the page follows its board: by the WebSocket, where that fails over HTTP, until the WebSocket is there after all.
//!
//! Enters: link events, news of the feed, the time. Leaves: what was heard, and a feed where one is needed.

use super::address::Which;
use super::feed::News;
use super::heard::Transport;
use super::live::{self, Live};
use super::page::BoardPage;
use crate::dom;
use crate::net::link::{Closing, LinkEvent, NO_CODE};

/// Failed attempts of the WebSocket after which HTTP is tried as well.
const SOCKET_FAILURES: u32 = 2;

/// Silence of the WebSocket after which HTTP is tried as well, in milliseconds. Some proxies, and some browsers' rules, let a
/// socket neither open nor fail.
const SOCKET_PATIENCE_MS: f64 = 6_000.0;

/// Silence of an event stream after which the page asks whether the server is there, in milliseconds: its own signs of life
/// are not shown to pages.
const ASK_AFTER_MS: f64 = 10_000.0;

/// Between two such questions, in milliseconds.
const ASK_EVERY_MS: f64 = 5_000.0;

impl BoardPage {
    pub(super) fn link(&mut self, event: LinkEvent) {
        let Some(live) = &mut self.live else { return };
        match live.event(event) {
            live::Heard::Nothing => {}
            live::Heard::Alive if self.by_socket => self.heard.hear(Transport::Socket, dom::now_ms()),
            live::Heard::Alive => {}
            live::Heard::Changed => {
                (self.by_socket, self.feed) = (true, None);
                self.heard.hear(Transport::Socket, dom::now_ms());
                self.changed();
            }
            live::Heard::Lost(closing) => self.lost(closing),
        }
    }

    fn lost(&mut self, closing: Closing) {
        let failures = self.live.as_ref().map_or(0, Live::failures);
        // What the server says is its word for every way to it.
        let told = closing.code != NO_CODE && closing.retry_at_ms.is_none();
        if failures >= SOCKET_FAILURES && self.feed.is_none() && !told {
            self.start_feed(false);
        }
        if self.by_socket || told {
            self.heard.lost = true;
        }
        if self.by_socket || told || self.last_close.is_none() {
            self.last_close = Some(closing);
        }
        self.draw_soon();
    }

    pub(super) fn news(&mut self, news: News) {
        if let Some(feed) = &mut self.feed {
            feed.note(&news);
        }
        match news {
            News::Page(transport, page) => {
                self.by_socket = false;
                self.heard.hear(transport, dom::now_ms());
                if self.remote.pushed(page) {
                    self.changed();
                }
            }
            News::Same(transport) => self.heard.hear(transport, dom::now_ms()),
            News::Failed(_, again_ms) => {
                let known = self.last_close.take().filter(|_| self.heard.lost);
                let (code, label) = known.map_or((NO_CODE, String::new()), |known| (known.code, known.label));
                self.last_close = Some(Closing { code, label, retry_at_ms: Some(again_ms) });
                self.heard.lost = true;
            }
            News::Missing => self.missing = true,
        }
        self.draw_soon();
    }

    pub(super) fn pulse(&mut self) {
        let now_ms = dom::now_ms();
        if let Some(live) = &mut self.live {
            live.pulse();
        }
        let silence_ms = self.heard.silence_ms(now_ms).unwrap_or(now_ms - self.begun_ms);
        let told = self.last_close.as_ref().is_some_and(|closing| closing.retry_at_ms.is_none());
        if self.live.is_some() && self.feed.is_none() && silence_ms > SOCKET_PATIENCE_MS && !told {
            self.start_feed(false);
        }
        if !self.by_socket {
            self.remote.want(&self.screen.rows.kept(), now_ms);
            self.ask_whether_alive(now_ms);
        }
        let shown = self.arena();
        if let Some(controls) = self.screen.controls.as_mut().filter(|_| self.view.which == Which::Live) {
            controls.arenas.ask(now_ms);
            controls.arenas.mark(shown.as_deref());
        }
        self.tell(now_ms);
    }

    /// The arena whose board is shown: that which the address names, or else the server chose one.
    pub(super) fn arena(&self) -> Option<String> {
        let chosen = || match &self.live {
            Some(live) if self.by_socket => live.place(),
            Some(_) | None => self.remote.arena().map(str::to_owned),
        };
        self.view.arena.clone().or_else(chosen)
    }

    fn ask_whether_alive(&mut self, now_ms: f64) {
        let quiet = self.heard.silence_ms(now_ms).is_some_and(|ms| ms > ASK_AFTER_MS);
        if self.heard.transport == Transport::Events && quiet && now_ms - self.asked_ms > ASK_EVERY_MS {
            self.asked_ms = now_ms;
            self.remote.ask_sign();
        }
    }
}
