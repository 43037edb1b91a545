//! A real Redis of our own on a port of its own, which can be killed, brought back empty, made to hang, or copy another one
//! and take its place.

use crate::patience::{SOON, until};
use crate::port;
use rustix::process::{Pid, Signal, kill_process};
use std::process::{Child, Command, Stdio};

/// A running Redis. Dropped, it is killed.
#[derive(Debug)]
pub struct Redis {
    port: u16,
    /// Host and port of the one that it copies.
    of: Option<(String, String)>,
    process: Option<Child>,
}

impl Redis {
    /// Starts one on a free port of loopback, which keeps nothing.
    ///
    /// # Panics
    /// When it does not start: `tests/run` installs it.
    pub async fn start() -> Self {
        Self::start_as(None).await
    }

    /// Starts one that copies another, which is host and port, and waits until it has all of that.
    ///
    /// # Panics
    /// As [`Redis::start`], and when it has not for long.
    pub async fn replica_of(other: &str) -> Self {
        let (host, port) = other.split_once(':').expect("an address has a port");
        let replica = Self::start_as(Some((host.to_owned(), port.to_owned()))).await;
        let copied = async || {
            let info: String = replica.ask(&["INFO", "replication"]).await?;
            info.contains("master_link_status:up").then_some(())
        };
        until("the replica has everything", SOON, copied).await;
        replica
    }

    /// From now on it copies nobody, and takes writes.
    ///
    /// # Panics
    /// When it does not do that.
    pub async fn promote(&self) {
        let done: Option<String> = self.ask(&["REPLICAOF", "NO", "ONE"]).await;
        done.expect("a replica can be promoted");
    }

    async fn start_as(of: Option<(String, String)>) -> Self {
        let mut redis = Self { port: port::free().port(), of, process: None };
        redis.begin().await;
        redis
    }

    /// Where it is.
    #[must_use]
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Host and port.
    #[must_use]
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Starts it, or starts it again: empty, on the same port.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn begin(&mut self) {
        let port = self.port.to_string();
        let args = ["--port", &port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
        // A copy goes over the connection at once, and over no disk.
        let copies = ["--repl-diskless-sync-delay", "0", "--repl-diskless-load", "on-empty-db"];
        let of = self.of.iter().flat_map(|(host, port)| ["--replicaof", host, port]);
        let mut server = Command::new("redis-server");
        let process = server.args(args).args(copies).args(of).stdout(Stdio::null()).spawn();
        self.process = Some(process.expect("redis-server can be started"));
        let answers = async || self.ask::<String>(&["PING"]).await;
        until("Redis answers", SOON, answers).await;
    }

    /// Ends it at once.
    ///
    /// # Panics
    /// When the system does not let us.
    pub fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().expect("our own child can be killed");
            process.wait().expect("our own child ends");
        }
    }

    /// Makes it hang: connections stay, and nothing is answered.
    pub fn hang(&self) {
        self.signal(Signal::STOP);
    }

    /// Lets it go on.
    pub fn go_on(&self) {
        self.signal(Signal::CONT);
    }

    fn signal(&self, signal: Signal) {
        let id = self.process.as_ref().and_then(|process| i32::try_from(process.id()).ok());
        let id = id.and_then(Pid::from_raw).expect("it runs");
        kill_process(id, signal).expect("our own child can be signalled");
    }

    /// What it answers to a command; none when it does not, or with something else.
    pub async fn ask<T: redis::FromRedisValue>(&self, command: &[&str]) -> Option<T> {
        let client = redis::Client::open(self.url()).ok()?;
        let mut connection = client.get_multiplexed_async_connection().await.ok()?;
        let (name, args) = command.split_first()?;
        redis::cmd(name).arg(args).query_async(&mut connection).await.ok()
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        self.kill();
    }
}
