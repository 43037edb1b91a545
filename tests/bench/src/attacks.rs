//! What attackers do to those who play. For each kind, bots play, and attackers come and go beside them by turns: so gaps
//! between frames are held against quiet ones of the same minute, whatever else the machine does. Newcomers try to get in
//! while attackers are there; sessions that are lost are told apart from newcomers that are kept out. One server goes through
//! all of it, and its memory is looked at before and after each kind, when nobody is there.

use std::io;
use std::time::Duration;

use crate::census::{Census, Watched};
use crate::cpu::usage;
use crate::innocents::{Innocents, Part};
use crate::table;
use attackers::{Kind, LIMITS, Target, attack};
use clap::ValueEnum;
use tokio::runtime::Runtime;

/// Newcomers in each part with attackers.
const NEWCOMERS: u32 = 10;
/// Over how long the bots come who play.
const RAMP: Duration = Duration::from_secs(2);
/// Where bots come from; attackers come from 127.1.
const PLAYERS: [u8; 4] = [127, 2, 0, 1];
const COMERS: [u8; 4] = [127, 3, 0, 1];

/// How it is measured.
#[derive(Debug, Clone, Copy)]
pub struct Trial {
    /// Bots that play.
    pub bots: u32,
    /// Attackers of each kind.
    pub attackers: u8,
    /// How long a part is, with attackers or without.
    pub part: Duration,
    /// Parts of either sort.
    pub turns: u32,
    /// How long the server is left alone after each kind.
    pub settle: Duration,
}

/// What came of one kind.
struct Outcome {
    lost: u64,
    kept_out: u64,
    mismatches: u64,
    gap_ms: [f64; 2],
    during_kib: f64,
}

impl Trial {
    /// Measures all of `kinds`, prints a line each, and all of them at the end.
    ///
    /// # Errors
    /// When a process can't be started, does not say what it should, or a session was lost or saw what is not so.
    pub fn run(self, kinds: &[Kind]) -> io::Result<()> {
        let server = Watched::start(&[&["--no-data", "--drones", "0"], &LIMITS[..]].concat())?;
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let kinds = if kinds.is_empty() { Kind::value_variants() } else { kinds };
        // Brings memory to what it takes to play at all.
        self.measure(&server, &runtime, None)?;
        std::thread::sleep(self.settle);
        let mut before = server.census()?;
        let (mut rows, mut harm) = (Vec::new(), 0);
        for kind in kinds {
            let outcome = self.measure(&server, &runtime, Some(*kind))?;
            std::thread::sleep(self.settle);
            let after = server.census()?;
            harm += outcome.lost + outcome.mismatches;
            rows.push(row(&name(*kind), &outcome, [before, after]));
            eprintln!("{:?}", rows.last());
            before = after;
        }
        let Self { bots, attackers, part, turns, .. } = self;
        println!("{bots} bots, {attackers} attackers, {turns} times {} s of each kind", part.as_secs());
        table::print(&HEADINGS, &rows);
        if harm == 0 { Ok(()) } else { Err(io::Error::other("sessions were lost, or saw what is not so")) }
    }

    /// Lets bots play through all parts, and attackers of `kind` be there in every other one.
    fn measure(self, server: &Watched, runtime: &Runtime, kind: Option<Kind>) -> io::Result<Outcome> {
        let target = Target::new(server.address).ok_or(io::ErrorKind::AddrNotAvailable)?;
        let players = Innocents::come(server.address, self.bots, PLAYERS.into(), RAMP)?;
        players.are_there()?;
        let (mut kept_out, mut during_kib) = (0, 0.0_f64);
        for _ in 0..self.turns {
            players.count_as(Part::Quiet);
            std::thread::sleep(self.part);
            players.count_as(Part::Attacked);
            let attacking = kind.map(|kind| runtime.block_on(async { attack(target, kind, self.attackers) }));
            let newcomers = Innocents::come(server.address, NEWCOMERS, COMERS.into(), self.part / 2)?;
            std::thread::sleep(self.part);
            players.count_as(Part::Between);
            during_kib = during_kib.max(usage(server.id())?.resident_kib);
            // Who is on his way in still has his chance while attackers are there.
            let met = newcomers.leave()?;
            drop(attacking);
            kept_out += met.failed + met.disconnects;
        }
        let gap_ms = [Part::Quiet, Part::Attacked].map(|part| players.gaps(part).quantile_ms(0.99));
        let met = players.leave()?;
        Ok(Outcome {
            lost: met.disconnects + met.failed,
            kept_out,
            mismatches: met.checksum_mismatches + met.decode_errors,
            gap_ms,
            during_kib,
        })
    }
}

fn name(kind: Kind) -> String {
    kind.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
}

const HEADINGS: [&str; 11] = [
    "attack",
    "lost",
    "kept out",
    "mismatches",
    "gap p99 ms, quiet",
    "attacked",
    "x",
    "MiB before",
    "during",
    "after",
    "sessions left",
];

fn row(name: &str, outcome: &Outcome, [before, after]: [Census; 2]) -> Vec<String> {
    let mib = |kib: f64| format!("{:.1}", kib / 1024.0);
    let [quiet, attacked] = outcome.gap_ms;
    vec![
        name.to_owned(),
        outcome.lost.to_string(),
        outcome.kept_out.to_string(),
        outcome.mismatches.to_string(),
        format!("{quiet:.1}"),
        format!("{attacked:.1}"),
        format!("{:.2}", attacked / quiet),
        mib(before.resident_kib),
        mib(outcome.during_kib),
        mib(after.resident_kib),
        format!("{}", after.sessions),
    ]
}
