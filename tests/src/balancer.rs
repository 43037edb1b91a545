//! A real HAProxy before three servers, with the configuration that is shipped.

use crate::patience::{SOON, until};
use crate::port;
use crate::process::root;
use std::process::{Child, Command, Stdio};
use tokio::net::TcpStream;

/// A running balancer. Dropped, it is killed.
#[derive(Debug)]
pub struct Balancer {
    process: Child,
    address: String,
}

impl Balancer {
    /// Starts one on a free port of loopback before the servers at these addresses (host and port).
    ///
    /// # Panics
    /// When it does not start: `tests/run` installs it.
    pub async fn start(servers: [&str; 3]) -> Self {
        let address = port::free().to_string();
        let [one, two, three] = servers;
        let mut haproxy = Command::new("haproxy");
        haproxy.arg("-db").arg("-f").arg(root().join("assets/deploy/haproxy.cfg"));
        haproxy.envs([("BIND", address.as_str()), ("ONE", one), ("TWO", two), ("THREE", three)]);
        let process = haproxy.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let balancer = Self { process: process.expect("haproxy can be started"), address };
        let listens = async || TcpStream::connect(&balancer.address).await.ok();
        until("HAProxy listens", SOON, listens).await;
        balancer
    }

    /// Host and port.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The URL of the game's WebSocket behind it.
    #[must_use]
    pub fn ws(&self) -> String {
        format!("ws://{}/ws", self.address)
    }
}

impl Drop for Balancer {
    fn drop(&mut self) {
        // It has nothing to save.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
