//! A Redis of our own on a free port of loopback, without persistence, ended with us. It holds one sorted set.

use std::io;
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use redis::{Connection, Pipeline};

/// The name of the sorted set.
const SET: &str = "board";

/// A running Redis and a connection to it.
pub struct Redis {
    process: Child,
    port: u16,
    connection: Connection,
}

impl Redis {
    /// Starts one; None when there is none on this machine.
    ///
    /// # Errors
    /// When it does not start.
    pub fn start() -> io::Result<Option<Self>> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut command = Command::new("redis-server");
        command.args([
            "--port",
            &port.to_string(),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--appendonly",
            "no",
        ]);
        let mut process = match command.stdout(Stdio::null()).spawn() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            started => started?,
        };
        match connect(port) {
            Ok(connection) => Ok(Some(Self { process, port, connection })),
            Err(error) => {
                process.kill()?;
                Err(error)
            }
        }
    }

    /// Its process.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.process.id()
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

    /// The connection, for what is no matter of one sorted set.
    pub fn connection(&mut self) -> &mut Connection {
        &mut self.connection
    }

    /// Empties the set.
    ///
    /// # Errors
    /// What Redis says.
    pub fn clear(&mut self) -> io::Result<()> {
        redis::cmd("DEL").arg(SET).query(&mut self.connection).map_err(io::Error::other)
    }

    /// Sends commands one at a time, or all at once, and takes their answers.
    ///
    /// # Errors
    /// What Redis says.
    pub fn send(&mut self, commands: &Pipeline) -> io::Result<()> {
        commands.query::<redis::Value>(&mut self.connection).map(|_| ()).map_err(io::Error::other)
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        // It has nothing to save.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn connect(port: u16) -> io::Result<Connection> {
    let client = redis::Client::open(format!("redis://127.0.0.1:{port}/")).map_err(io::Error::other)?;
    let begin = Instant::now();
    loop {
        match client.get_connection() {
            Ok(connection) => return Ok(connection),
            Err(error) if begin.elapsed() > Duration::from_secs(10) => return Err(io::Error::other(error)),
            Err(_) => std::thread::sleep(Duration::from_millis(20)),
        }
    }
}

/// `ZADD` of one member.
pub fn zadd(to: &mut Pipeline, member: &str, score: u32) {
    to.cmd("ZADD").arg(SET).arg(score).arg(member);
}

/// `ZREVRANK` of one member.
pub fn rank(to: &mut Pipeline, member: &str) {
    to.cmd("ZREVRANK").arg(SET).arg(member);
}

/// `ZREVRANGE` of ten places, with scores.
pub fn range(to: &mut Pipeline, from: u32) {
    to.cmd("ZREVRANGE").arg(SET).arg(from).arg(from + 9).arg("WITHSCORES");
}
