//! What a page of a live board says beside the ranks: how the arena is played, what its teams have, how far the round is, and
//! its podium while that is shown.

use serde::Serialize;
use shared::mode::Team;
use shared::name::PlayerName;
use shared::protocol::{Podium, PodiumRow};
use shared::tick::Tick;
use sim::Contest;

use crate::http::Site;

/// What an arena is about.
#[derive(Debug, Serialize)]
pub(super) struct ContestBody {
    mode: &'static str,
    /// What the Suns have and the Moons, where there are teams.
    points: Option<[u32; 2]>,
    /// None where there are no rounds.
    round: Option<RoundBody>,
    /// None but while it is shown.
    podium: Option<PodiumBody>,
}

/// How far a round is. Moments are milliseconds since 1970.
#[derive(Debug, Serialize)]
struct RoundBody {
    /// When this was said.
    at: u64,
    /// When the round, or its podium, will be over.
    ends_at: u64,
}

/// How a round ended.
#[derive(Debug, Serialize)]
struct PodiumBody {
    /// The team that has won: 1 or 2.
    winner: Option<u8>,
    entries: Vec<StepBody>,
}

/// Who stands on a podium.
#[derive(Debug, Serialize)]
struct StepBody {
    name: PlayerName,
    drone: bool,
    team: Option<u8>,
    score: u32,
}

/// What the arena with this place in the list is about.
pub(super) fn body(site: &Site, arena: u16, contest: &Contest) -> Option<ContestBody> {
    let arena = site.arenas.all().get(usize::from(arena))?;
    let (at, tick) = ((site.boards.clock)().0, arena.report().tick);
    Some(ContestBody {
        mode: arena.mode.label(),
        points: contest.totals.map(|totals| totals.points),
        round: contest.until.map(|until| RoundBody { at, ends_at: at + left_ms(tick, until, site.tick_hz) }),
        podium: contest.podium.as_deref().map(podium),
    })
}

fn left_ms(now: Tick, until: Tick, tick_hz: u32) -> u64 {
    let ticks = if until > now { until.since(now) } else { 0 };
    u64::from(ticks) * 1000 / u64::from(tick_hz.max(1))
}

fn podium(podium: &Podium) -> PodiumBody {
    PodiumBody { winner: number(podium.winner), entries: podium.rows.iter().map(step).collect() }
}

fn step(row: &PodiumRow) -> StepBody {
    StepBody { name: row.name.clone(), drone: row.drone, team: number(row.team), score: row.score }
}

/// A team as pages number it.
pub(super) fn number(team: Option<Team>) -> Option<u8> {
    team.map(|team| Team::number(Some(team)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_of_a_round_is_never_less_than_nothing() {
        assert_eq!(left_ms(Tick(100), Tick(145), 30), 1500);
        assert_eq!(left_ms(Tick(145), Tick(100), 30), 0);
    }
}
