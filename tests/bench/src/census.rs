//! A server under observation: started, ended with its handle, and asked what it holds.

use std::io::{self, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{ChildStdout, Command};

use crate::child::{Process, line, start};
use crate::cpu::usage;
use crate::fanout::sibling;

/// A server under observation.
pub struct Watched {
    process: Process,
    _lines: BufReader<ChildStdout>,
    /// Where it listens.
    pub address: SocketAddr,
}

/// What a server holds at a moment.
#[derive(Debug, Clone, Copy, Default)]
pub struct Census {
    /// Resident memory, in KiB.
    pub resident_kib: f64,
    /// The part of it that is neither the program nor a file, in KiB.
    pub anonymous_kib: f64,
    /// Open file descriptors.
    pub descriptors: f64,
    /// Threads.
    pub threads: f64,
    /// Sessions.
    pub sessions: f64,
    /// Results of lives that were recorded, so far.
    pub results: f64,
    /// Players on the board of all time.
    pub players: f64,
    /// Views that a client found not to match, so far.
    pub mismatches: f64,
}

impl Watched {
    /// Starts one.
    ///
    /// # Errors
    /// When it can't be started.
    pub fn start(args: &[&str]) -> io::Result<Self> {
        let mut command = Command::new(sibling("starfray")?);
        let (process, mut lines) = start(command.args(["--listen", "127.0.0.1:0"]).args(args))?;
        let page = line(&mut lines)?;
        let address =
            page.trim_start_matches("http://").trim_end_matches('/').parse().map_err(io::Error::other)?;
        Ok(Self { process, _lines: lines, address })
    }

    /// Its process.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.process.0.id()
    }

    /// What it holds now.
    ///
    /// # Errors
    /// When it has ended, or does not answer.
    pub fn census(&self) -> io::Result<Census> {
        let count = |folder: &str| -> io::Result<f64> {
            Ok(std::fs::read_dir(format!("/proc/{}/{folder}", self.id()))?.count() as f64)
        };
        // First, while no question of ours is open.
        let (descriptors, threads) = (count("fd")?, count("task")?);
        let metrics = self.get("/metrics")?;
        let board = self.get("/api/boards/all?limit=1")?;
        let total = board.split_once("\"total\":").map(|(_, rest)| rest.split([',', '}']).next());
        let metric = |name: &str| {
            let lines = metrics.lines().filter_map(|line| line.strip_prefix(name));
            lines.filter_map(|rest| rest.rsplit(' ').next()?.parse::<f64>().ok()).sum()
        };
        Ok(Census {
            resident_kib: usage(self.id())?.resident_kib,
            anonymous_kib: anonymous_kib(self.id())?,
            descriptors,
            threads,
            sessions: metric("starfray_sessions "),
            results: metric("starfray_standings_recorded_total"),
            players: total.flatten().and_then(|total| total.parse().ok()).unwrap_or(f64::NAN),
            mismatches: metric("starfray_checksum_mismatches_total"),
        })
    }

    fn get(&self, path: &str) -> io::Result<String> {
        let mut stream = TcpStream::connect(self.address)?;
        write!(stream, "GET {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\r\n", self.address)?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    }
}

/// Memory of a process that is its own doing, in KiB.
fn anonymous_kib(process: u32) -> io::Result<f64> {
    let rollup = std::fs::read_to_string(format!("/proc/{process}/smaps_rollup"))?;
    let line = rollup.lines().find_map(|line| line.strip_prefix("Anonymous:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    kib.ok_or(io::ErrorKind::InvalidData.into())
}
