//! `/metrics`: everything that is counted, in Prometheus' text form. Gathered when someone asks, from what the arenas
//! published and the network counted.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use crate::arenas::{Arena, Arenas};
use crate::boards::Boards;
use crate::counters::Counters;
use crate::http::Site;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::metrics::{MetricType, TypedMetric};
use prometheus_client::registry::Registry;
use sim::{Report, Stage};

/// All metrics of the process as text.
pub(crate) fn text(site: &Site) -> Result<String, fmt::Error> {
    let mut registry = Registry::with_prefix("starfray");
    registry.register_collector(Box::new(ArenaMetrics(site.arenas.clone())));
    registry.register_collector(Box::new(NetMetrics(site.counters.clone(), site.door.addresses())));
    registry.register_collector(Box::new(BoardMetrics(site.boards.clone(), site.listeners())));
    let mut text = String::new();
    prometheus_client::encoding::text::encode(&mut text, &registry)?;
    Ok(text)
}

/// A number per arena: its name, what it means, and where it is.
type PerArena<T> = (&'static str, &'static str, fn(&Report) -> T);

const GAUGES: [PerArena<u32>; 5] = [
    ("players", "People in the arena", |report| report.players.into()),
    ("drones", "Drones in the arena", |report| report.drones.into()),
    ("arena_sessions", "Sessions in the arena, players and watchers", |report| report.sessions),
    ("commands_waiting", "Commands that waited when the tick began", |report| report.commands_waiting),
    ("batches_waiting", "Batches that waited for the slowest network thread", |report| {
        report.batches_waiting
    }),
];

const COUNTERS: [PerArena<u64>; 11] = [
    ("frames", "Frames sent", |report| report.frames),
    ("frames_skipped", "Frames not sent because a client was too slow", |report| report.skipped),
    ("checksum_mismatches", "Views that a client found not to match", |report| report.mismatches),
    ("joins_refused", "Joins that were refused", |report| report.refused),
    ("names_unanswered", "Names asked for beyond what a session may wait for", |report| report.unanswered),
    ("inputs", "Inputs taken", |report| report.inputs),
    ("inputs_late", "Inputs that came after their tick", |report| report.late_inputs),
    ("inputs_refused", "Inputs with an old sequence or a tick too far ahead", |report| report.refused_inputs),
    ("stray_inputs", "Inputs for a ship that was not there", |report| report.stray_inputs),
    ("chat_said", "Lines and phrases that people said", |report| report.said),
    ("chat_refused", "Lines and phrases that were refused", |report| report.unsaid),
];

/// Bytes by what they are for.
type Part = (&'static str, fn(&Report) -> u64);

const BYTES: [Part; 4] = [
    ("head", |report| report.bytes.head),
    ("deltas", |report| report.bytes.deltas),
    ("keyframes", |report| report.bytes.keyframes),
    ("messages", |report| report.bytes.messages),
];

#[derive(Debug)]
struct ArenaMetrics(Arc<Arenas>);

impl Collector for ArenaMetrics {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        for (name, help, read) in GAUGES {
            self.each(&mut encoder, (name, help), |arena| ConstGauge::new(read(&arena.pulse.load().report)))?;
        }
        for (name, help, read) in COUNTERS {
            self.each(&mut encoder, (name, help), |arena| {
                ConstCounter::new(read(&arena.pulse.load().report))
            })?;
        }
        let overruns = ("tick_overruns", "Ticks that began late or took longer than they may");
        self.each(&mut encoder, overruns, |arena| ConstCounter::new(arena.pulse.load().overruns))?;
        let load = ("load", "Who is shed: 0 nobody, 1 watchers, 2 newcomers, too");
        self.each(&mut encoder, load, |arena| ConstGauge::new(arena.load() as u32))?;
        let stuck = ("arena_stuck", "1 while the arena has not ticked for 3 s");
        self.each(&mut encoder, stuck, |arena| ConstGauge::new(u32::from(arena.is_stuck())))?;
        let faults = ("arena_faults", "Times that the arena ended by a fault");
        self.each(&mut encoder, faults, |arena| ConstCounter::new(u64::from(arena.incarnation())))?;
        let (sessions, players) = self.0.private.crowd();
        let open = u32::try_from(self.0.private.count()).unwrap_or(u32::MAX);
        for (name, help, value) in [
            ("private_arenas", "Private arenas that are open", open),
            ("private_sessions", "Sessions in private arenas", sessions),
            ("private_players", "People in private arenas", players),
        ] {
            one(&mut encoder, name, help, &ConstGauge::new(value))?;
        }
        self.bytes(&mut encoder)?;
        self.stages(&mut encoder)
    }
}

impl ArenaMetrics {
    fn each<M: EncodeMetric + TypedMetric>(
        &self,
        encoder: &mut DescriptorEncoder<'_>,
        (name, help): (&str, &str),
        metric: impl Fn(&Arena) -> M,
    ) -> fmt::Result {
        let mut family = encoder.encode_descriptor(name, help, None, M::TYPE)?;
        for arena in self.0.all() {
            metric(arena).encode(family.encode_family(&[("arena", arena.id.as_str())])?)?;
        }
        Ok(())
    }

    fn bytes(&self, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
        let help = "Bytes sent, without WebSocket headers";
        let mut family = encoder.encode_descriptor("sent_bytes", help, None, MetricType::Counter)?;
        for arena in self.0.all() {
            let report = arena.pulse.load().report;
            for (part, read) in BYTES {
                let labels = [("arena", arena.id.as_str()), ("part", part)];
                ConstCounter::new(read(&report)).encode(family.encode_family(&labels)?)?;
            }
        }
        Ok(())
    }

    fn stages(&self, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
        let help = "Time of a stage of the tick";
        let mut family = encoder.encode_descriptor("stage_seconds", help, None, MetricType::Histogram)?;
        for arena in self.0.all() {
            for (stage, histogram) in Stage::ALL.iter().zip(&arena.stages) {
                let labels = [("arena", arena.id.as_str()), ("stage", stage.label())];
                histogram.encode(family.encode_family(&labels)?)?;
            }
        }
        Ok(())
    }
}

/// The network, and how many addresses are remembered.
#[derive(Debug)]
struct NetMetrics(Arc<Counters>, usize);

impl Collector for NetMetrics {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let counters = &self.0;
        one(&mut encoder, "sessions", "Open sessions", &ConstGauge::new(counters.open.load(Relaxed)))?;
        let dropped = ConstCounter::new(counters.dropped_commands.load(Relaxed));
        one(
            &mut encoder,
            "commands_dropped",
            "Messages dropped because an arena's queue was full",
            &dropped,
        )?;
        let refused = ConstCounter::new(counters.bad_handshakes.load(Relaxed));
        one(&mut encoder, "bad_handshakes", "WebSocket handshakes answered with an HTTP error", &refused)?;
        let mut family =
            encoder.encode_descriptor("sessions_closed", "Ended sessions", None, MetricType::Counter)?;
        for (reason, count) in counters.closed_by_reason() {
            ConstCounter::new(count).encode(family.encode_family(&[("reason", reason)])?)?;
        }
        let help = "Connections, requests and sessions refused at a limit";
        let mut family = encoder.encode_descriptor("refused", help, None, MetricType::Counter)?;
        for (limit, count) in counters.refused_by_limit() {
            ConstCounter::new(count).encode(family.encode_family(&[("limit", limit)])?)?;
        }
        let addresses = ConstGauge::new(u32::try_from(self.1).unwrap_or(u32::MAX));
        one(&mut encoder, "addresses", "Addresses with connections or recent requests", &addresses)?;
        Ok(())
    }
}

/// The standings, and how many listen to boards.
struct BoardMetrics(Arc<Boards>, u64);

impl fmt::Debug for BoardMetrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BoardMetrics")
    }
}

impl Collector for BoardMetrics {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let health = self.0.standings.health();
        let failing = u32::from(self.0.trouble().is_some());
        for (name, help, value) in [
            ("standings_recorded", "Results recorded since the start", health.recorded),
            ("standings_commits", "Commits of results since the start", health.commits),
            ("standings_lost", "Results that were given up", health.lost),
        ] {
            one(&mut encoder, name, help, &ConstCounter::new(value))?;
        }
        let waiting = ConstGauge::new(health.waiting);
        one(&mut encoder, "standings_waiting", "Results that wait to be written", &waiting)?;
        let help = "1 while results are not kept as they should be; /healthz says why";
        one(&mut encoder, "standings_failing", help, &ConstGauge::new(failing))?;
        if let Some(others) = self.0.others() {
            let failing = ConstGauge::new(u32::from(others.trouble.is_some()));
            one(&mut encoder, "redis_failing", "1 while Redis can't be used", &failing)?;
            let (sent, taken) = (ConstCounter::new(others.sent), ConstCounter::new(others.taken));
            one(&mut encoder, "lives_sent", "Results that other servers were told of", &sent)?;
            one(&mut encoder, "lives_taken", "Results that came from other servers", &taken)?;
        }
        let listeners = ConstGauge::new(u32::try_from(self.1).unwrap_or(u32::MAX));
        one(&mut encoder, "board_listeners", "Event streams and long polls that wait for a board", &listeners)
    }
}

fn one<M: EncodeMetric + TypedMetric>(
    encoder: &mut DescriptorEncoder<'_>,
    name: &str,
    help: &str,
    metric: &M,
) -> fmt::Result {
    metric.encode(encoder.encode_descriptor(name, help, None, M::TYPE)?)
}
