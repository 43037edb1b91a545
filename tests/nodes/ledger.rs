//! What every server has on its boards, beside what people saw: each life that ended before somebody's eyes is to be there once.

use crate::game::Game;
use crate::seen::Seen;
use e2e::http::request;
use serde_json::Value;
use shared::protocol::Life;

/// A life as people and boards have it: points, ships destroyed, how long it lasted in milliseconds.
type Line = (u64, u64, u64);

/// How what is recorded differs from what was seen: on all servers together.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Account {
    /// Lives that people saw end.
    pub seen: usize,
    /// Of those, times that a server does not have one.
    pub missing: usize,
    /// Times that a server has one more than once.
    pub twice: usize,
    /// Lives on a server that nobody saw end: the last of someone who has left, or one that ended while he was away.
    pub unseen: usize,
}

impl Account {
    /// Does every server have every life?
    pub fn is_even(&self) -> bool {
        self.missing == 0
    }
}

/// Asks every server that runs.
pub async fn account(game: &Game, people: &[Seen]) -> Account {
    let mut sum = Account { seen: people.iter().map(|seen| seen.ends.len()).sum(), ..Account::default() };
    for seen in people {
        let ends: Vec<Line> = seen.ends.iter().map(|(_, life)| line(life)).collect();
        for address in game.running() {
            let mut recorded = lives(address, seen).await;
            for end in &ends {
                match recorded.iter().position(|life| life == end) {
                    Some(at) => {
                        recorded.swap_remove(at);
                    }
                    None => sum.missing += 1,
                }
            }
            let twice = recorded.iter().filter(|life| ends.contains(life)).count();
            sum.twice += twice;
            sum.unseen += recorded.len() - twice;
        }
    }
    sum
}

/// A player's lives, by the account of one server.
async fn lives(address: &str, seen: &Seen) -> Vec<Line> {
    let proof = format!("Bearer {}", seen.identity.unwrap().text());
    let answer = request(address, "GET", "/api/players/me", &[("Authorization", proof.as_str())]).await;
    // Of a server that has just come, nobody is known to it yet.
    let answer = if answer.status == 200 { answer.json() } else { Value::Null };
    let read = |life: &Value| {
        let number = |name: &str| life[name].as_u64().unwrap();
        (number("score"), number("kills"), number("duration_ms"))
    };
    answer["results"].as_array().map(|lives| lives.iter().map(read).collect()).unwrap_or_default()
}

fn line(life: &Life) -> Line {
    let ms = u64::from(life.ticks) * 1000 / u64::from(shared::tuning::TICK_HZ);
    (life.score.into(), life.kills.into(), ms)
}
