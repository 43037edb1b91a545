//! A real Redis of our own on a port of its own, which can be killed, brought back empty, or made to hang.

use crate::patience::{SOON, until};
use rustix::process::{Pid, Signal, kill_process};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};

/// A running Redis. Dropped, it is killed.
#[derive(Debug)]
pub struct Redis {
    port: u16,
    process: Option<Child>,
}

impl Redis {
    /// Starts one on a free port of loopback, which keeps nothing.
    ///
    /// # Panics
    /// When it does not start: `tests/run` installs it.
    pub async fn start() -> Self {
        let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
        let mut redis = Self { port: free.expect("there is a free port").port(), process: None };
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
        let process = Command::new("redis-server").args(args).stdout(Stdio::null()).spawn();
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
