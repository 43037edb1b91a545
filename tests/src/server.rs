//! A real server process on a port of its own, from the lines it prints to the status it ends with.

use crate::http;
use crate::patience::{SOON, until};
use crate::port;
use crate::process::{binary, clock};
use rustix::process::{Pid, Signal, kill_process};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::process::{ExitStatus, Stdio};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;

/// A running server. Dropped, it is killed.
#[derive(Debug)]
pub struct Server {
    child: Child,
    address: String,
    /// Removed when the server is gone.
    _data: TempDir,
    _stdout: Lines<BufReader<ChildStdout>>,
}

/// What `/api/arena` says.
#[derive(Debug, Clone, Deserialize)]
pub struct Arena {
    /// The arena's tick.
    pub tick: u32,
    /// People.
    pub players: u32,
    /// Drones.
    pub drones: u32,
    /// Ticks that took too long.
    pub overruns: u64,
    /// How long ticks take.
    pub tick_ms: TickTimes,
    /// Sessions that ended, by the label of the reason.
    pub closed: BTreeMap<String, u64>,
    /// Joins that were refused.
    pub refused: u64,
    /// Inputs that were taken, late ones too.
    pub inputs: u64,
    /// Inputs that came after their step.
    pub late_inputs: u64,
    /// Inputs that were passed over: out of order, or for a tick too far ahead.
    pub refused_inputs: u64,
}

/// How long ticks take, in milliseconds.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct TickTimes {
    /// Half are within.
    pub p50: f64,
    /// 99 of 100 are within.
    pub p99: f64,
    /// The longest.
    pub max: f64,
}

impl Arena {
    /// How many sessions ended for `reason`.
    #[must_use]
    pub fn closed(&self, reason: shared::protocol::CloseReason) -> u64 {
        self.closed.get(reason.label()).copied().unwrap_or(0)
    }
}

impl Server {
    /// Starts a server on a free port with `args`, and waits until it serves. Its standings are in a folder of their own,
    /// unless `args` say otherwise.
    ///
    /// # Panics
    /// When it does not start, or prints other lines than the two URLs.
    pub async fn start(args: &[&str]) -> Self {
        Self::listen(&port::free().to_string(), args).await
    }

    /// Starts a server with `args` on `address`, which may be that of one that has ended.
    ///
    /// # Panics
    /// When it does not start, or prints other lines than the two URLs.
    pub async fn listen(address: &str, args: &[&str]) -> Self {
        Self::launch(address, args, Stdio::inherit()).await
    }

    /// Starts a server with `args` on `address`, whose clock is ahead by so many seconds, or behind.
    ///
    /// # Panics
    /// As [`Server::listen`], and when there is no libfaketime: `tests/run` installs it.
    pub async fn listen_at(address: &str, args: &[&str], ahead: i32) -> Self {
        Self::launch_in(address, args, Stdio::inherit(), &clock(ahead)).await
    }

    /// Starts a server with `args` on a free port, with its log in a file of its own.
    ///
    /// # Panics
    /// As [`Server::listen`].
    pub async fn start_logging(args: &[&str], log: &std::path::Path) -> Self {
        let log = std::fs::File::create(log).expect("a file can be made");
        Self::launch(&port::free().to_string(), args, log.into()).await
    }

    async fn launch(address: &str, args: &[&str], log: Stdio) -> Self {
        Self::launch_in(address, args, log, &[]).await
    }

    async fn launch_in(address: &str, args: &[&str], log: Stdio, variables: &[(&str, String)]) -> Self {
        let data = tempfile::tempdir().expect("a folder can be made");
        let mut command = Command::new(binary("starfray"));
        command.args(["--listen", address]).args(args);
        command.envs(variables.iter().map(|(name, value)| (name, value)));
        if !args.contains(&"--data-dir") && !args.contains(&"--no-data") {
            command.arg("--data-dir").arg(data.path());
        }
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .expect("the server can be started");
        let mut lines = BufReader::new(child.stdout.take().expect("its output is piped")).lines();
        let play = line(&mut lines).await;
        let board = line(&mut lines).await;
        assert_eq!(board, format!("{play}leaderboard"));
        let rest = play.strip_prefix("http://").or_else(|| play.strip_prefix("https://"));
        let address = rest.and_then(|rest| rest.strip_suffix('/'));
        let address = address.expect("the first line is the URL of the game").to_owned();
        Self { child, address, _data: data, _stdout: lines }
    }

    /// Host and port.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The URL of its WebSocket.
    #[must_use]
    pub fn ws(&self) -> String {
        format!("ws://{}/ws", self.address)
    }

    /// The URL of a page; `path` begins with a slash.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// What `/api/arena` says now.
    ///
    /// # Panics
    /// When it does not answer with JSON of that form.
    pub async fn arena(&self) -> Arena {
        self.arena_at("/api/arena").await
    }

    /// Waits until `/api/arena` says what it is to: it tells of the last tick that has ended, and what a client is answered is of
    /// the one that goes on.
    ///
    /// # Panics
    /// When it never does.
    pub async fn until_arena(&self, what: &str, so: impl Fn(&Arena) -> bool) {
        until(what, SOON, async || so(&self.arena().await).then_some(())).await;
    }

    /// What `/api/arena` says now of the arena called `id`.
    ///
    /// # Panics
    /// When it does not answer with JSON of that form.
    pub async fn arena_called(&self, id: &str) -> Arena {
        self.arena_at(&format!("/api/arena?id={id}")).await
    }

    async fn arena_at(&self, path: &str) -> Arena {
        let answer = http::get(&self.address, path).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        serde_json::from_str(&answer.body).expect("/api/arena has the stated form")
    }

    /// Its process.
    ///
    /// # Panics
    /// When it has ended already.
    #[must_use]
    pub fn process(&self) -> u32 {
        self.child.id().expect("it still runs")
    }

    /// Sends it `signal`.
    ///
    /// # Panics
    /// When it has ended already.
    pub fn signal(&self, signal: Signal) {
        let id = i32::try_from(self.process()).ok().and_then(Pid::from_raw);
        kill_process(id.expect("processes have numbers above 0"), signal)
            .expect("our own child can be signalled");
    }

    /// Waits until it has ended by itself, and gives its status.
    ///
    /// # Panics
    /// When it does not end.
    pub async fn ended(&mut self) -> ExitStatus {
        let waiting = timeout(SOON, self.child.wait()).await;
        waiting.expect("the server ends when told to").expect("its status can be read")
    }

    /// Stops it as an operator would, and checks that it ends well.
    ///
    /// # Panics
    /// When it does not end with 0.
    pub async fn stop(mut self) {
        self.signal(Signal::TERM);
        assert!(self.ended().await.success());
    }
}

async fn line(lines: &mut Lines<BufReader<ChildStdout>>) -> String {
    let line = timeout(SOON, lines.next_line()).await.expect("the server starts in time");
    line.expect("its output is text").expect("the server prints its two URLs")
}
