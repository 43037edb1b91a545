//! From the arenas to the standings: each life that ended is handed in, and its player is told once it is on the disk.
//! Of standings that are kept in memory alone nobody is told: they are not recorded.
//!
//! Must never: make a tick wait. The standings take a life into a bounded queue, or count it as lost.

use std::sync::Arc;

use crate::arenas::Arena;
use crate::boards::Boards;
use cluster::Event;
use crossbeam_channel::Sender;
use serde_json::json;
use shared::protocol::{Life, PodiumRow, Recorded, RecordedPlace};
use sim::ports::Command;
use sim::{Doing, EndedLife};
use standings::{LifeId, LifeRank, LifeResult, Outcome};

/// Records the lives of one arena.
pub(crate) struct Recorder {
    boards: Arc<Boards>,
    arena: Arc<Arena>,
    tick_hz: u16,
}

impl Recorder {
    pub(crate) fn new(boards: Arc<Boards>, arena: Arc<Arena>, tick_hz: u16) -> Self {
        Self { boards, arena, tick_hz }
    }

    /// Hands in a life that ended just now; not that of a player who passes.
    pub(crate) fn record(&self, ended: EndedLife) {
        if ended.key.is_passing() {
            return;
        }
        let (at, player, life) = ((self.boards.clock)(), ended.player, ended.life);
        let Ok(id) = LifeId::random(at) else {
            return tracing::error!("the system gives no random bytes: a life is not recorded");
        };
        let result = LifeResult {
            life: id,
            player: ended.key,
            name: ended.name,
            score: life.score,
            kills: life.kills,
            duration_ms: self.duration_ms(life),
            arena: u32::from(self.arena.index) + 1,
            at,
        };
        let commands = self.arena.commands.clone();
        let durable = self.boards.durable;
        let told = self.boards.standings.submit(result, move |outcome| match outcome {
            Outcome::Recorded(recorded) if durable => {
                tell(&commands, player, Recorded { score: life.score, places: places(&recorded.ranks) });
            }
            Outcome::Recorded(_) | Outcome::Lost => {}
        });
        if told.is_err() {
            tracing::debug!("the standings take no more: a life is lost");
        }
    }

    /// Tells other programs what happened, where the operator wants that.
    pub(crate) fn tell(&self, doings: &[Doing]) {
        let Some(events) = self.boards.events() else { return };
        let at = (self.boards.clock)();
        for doing in doings {
            let Ok(id) = standings::random_key() else { continue };
            let (kind, mut body) = described(doing);
            body["arena"] = (u32::from(self.arena.index) + 1).into();
            body["at"] = at.0.into();
            events.tell(Event { kind, id: id.to_string(), json: body.to_string() });
        }
    }

    fn duration_ms(&self, life: Life) -> u32 {
        let ms = u64::from(life.ticks) * 1000 / u64::from(self.tick_hz);
        u32::try_from(ms).unwrap_or(u32::MAX)
    }
}

/// The `type` of an event, and what is particular to it.
fn described(doing: &Doing) -> (&'static str, serde_json::Value) {
    match doing {
        Doing::Came { key, name } => ("joined", json!({ "player": key, "name": name })),
        Doing::Left { key, name } => ("left", json!({ "player": key, "name": name })),
        Doing::RoundEnded(podium) => {
            let row = |row: &PodiumRow| json!({ "name": row.name, "drone": row.drone, "score": row.score });
            let winner = podium.winner.map(|team| format!("{team:?}").to_lowercase());
            ("round", json!({ "winner": winner, "best": podium.rows.iter().map(row).collect::<Vec<_>>() }))
        }
    }
}

/// On the standings' thread: it only passes the word on. An arena whose queue is full has more urgent news.
fn tell(commands: &Sender<Command>, player: shared::ids::PlayerId, recorded: Recorded) {
    if commands.try_send(Command::Recorded { player, recorded }).is_err() {
        tracing::debug!("an arena is too busy to hear of a record");
    }
}

fn places(ranks: &[LifeRank]) -> Vec<RecordedPlace> {
    let narrow = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
    let place = |rank: &LifeRank| RecordedPlace {
        period: rank.standing.bucket.period().as_str().to_owned(),
        rank: narrow(rank.standing.rank),
        total: narrow(rank.standing.total),
        best: rank.best,
    };
    ranks.iter().map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::Args;
    use clap::Parser;
    use shared::identity::PlayerKey;
    use shared::ids::PlayerId;
    use shared::mode::Mode;
    use shared::name::PlayerName;
    use standings::UnixMs;

    #[tokio::test]
    async fn a_life_of_who_passes_is_not_recorded() {
        let args = Args::parse_from(["starfray", "--no-data"]);
        let boards = Arc::new(Boards::open(&args, Arc::new(UnixMs::now)).unwrap());
        let (commands, _inbox) = sim::ports::command_queue();
        let arena = Arc::new(Arena::new(0, Mode::default(), commands));
        let recorder = Recorder::new(boards.clone(), arena, 30);
        let (lasting, passing) = (PlayerKey(7), PlayerKey::passing(7));
        for key in [lasting, passing] {
            let name = PlayerName::clean("Ada").unwrap();
            let life = Life { score: 60, kills: 1, ticks: 900 };
            recorder.record(EndedLife { player: PlayerId(1), key, name, life });
        }
        let (tell, told) = tokio::sync::oneshot::channel();
        boards.standings.flush(move || tell.send(()).unwrap()).unwrap();
        told.await.unwrap();
        assert_eq!(boards.standings.players(), 1);
        assert!(boards.standings.name(lasting).is_some());
    }
}
