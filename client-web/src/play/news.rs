//! What happened in the arena, as the server tells it to everyone there.
//!
//! Enters: news. Leaves: lines of the feed and of the chat. Names go in as text, and what is not in the words' files is said by nobody.

use shared::protocol::News;

use super::game::Game;
use crate::dom;
use crate::hud::grouped;
use crate::words;

impl Game {
    /// Shows what happened.
    pub(super) fn read(&mut self, news: &[News]) {
        for news in news {
            match news {
                News::Sunk { killer_name, victim_name, bounty, .. } => {
                    let killer = killer_name.as_ref().map(|name| name.as_str());
                    self.say_sunk(killer, victim_name.as_str(), *bounty);
                }
                News::Came { player, name } => self.say_moved("news.came", player.0, name.as_str()),
                News::Left { player, name } => self.say_moved("news.left", player.0, name.as_str()),
                News::Said { player, name, key, saying } => self.said(player.0, name.as_str(), *key, saying),
            }
        }
    }

    fn say_moved(&mut self, how: &str, player: u32, name: &str) {
        if player != self.session.player() {
            self.hud.feed.show(&words::fill(how, &[("name", name)]), "", "", dom::now_ms());
        }
    }

    fn say_sunk(&mut self, killer: Option<&str>, victim: &str, bounty: u32) {
        let line = match killer {
            Some(killer) => words::fill("feed.line", &[("killer", killer), ("victim", victim)]),
            None => words::fill("feed.lost", &[("victim", victim)]),
        };
        let prize = match bounty {
            0 => String::new(),
            points => words::fill("feed.bounty", &[("n", &grouped(points))]),
        };
        self.hud.feed.show(&line, "", &prize, dom::now_ms());
    }
}
