//! A real nginx before a server, with the configuration that is shipped.

use crate::patience::{SOON, until};
use crate::port;
use crate::process::root;
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;
use tokio::net::TcpStream;

/// A running nginx. Dropped, it is killed.
#[derive(Debug)]
pub struct Nginx {
    process: Child,
    address: String,
    /// Removed when it is gone.
    _folder: TempDir,
}

impl Nginx {
    /// Starts one on a free port of loopback, before the server at this address (host and port) in the place of each that
    /// the configuration names.
    ///
    /// # Panics
    /// When it does not start: `tests/run` installs it.
    pub async fn start(server: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let address = port::free().to_string();
        let conf = folder.path().join("nginx.conf");
        std::fs::write(&conf, configuration(&folder, &shipped(&address, server)))
            .expect("a file can be written");
        let mut nginx = Command::new("nginx");
        nginx.arg("-p").arg(folder.path()).arg("-c").arg(&conf);
        let process = nginx.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let nginx = Self { process: process.expect("nginx can be started"), address, _folder: folder };
        until("nginx listens", SOON, async || TcpStream::connect(&nginx.address).await.ok()).await;
        nginx
    }

    /// Host and port.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }
}

/// What is shipped, with these addresses.
fn shipped(address: &str, server: &str) -> String {
    let shipped = std::fs::read_to_string(root().join("assets/deploy/nginx.conf")).expect("it is shipped");
    let (listen, servers) = ("listen 80;", ["10.0.0.11:8080", "10.0.0.12:8080"]);
    assert!(shipped.contains(listen) && servers.iter().all(|one| shipped.contains(one)), "{shipped}");
    let here = shipped.replace(listen, &format!("listen {address};"));
    servers.iter().fold(here, |text, one| text.replace(one, server))
}

/// What a system's own configuration has around it: one process, which keeps to a folder.
fn configuration(folder: &TempDir, shipped: &str) -> String {
    let at = folder.path().display();
    let folders: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .iter()
        .map(|name| format!("{name}_temp_path {at}/{name};\n"))
        .collect();
    format!(
        "daemon off;\nmaster_process off;\npid {at}/pid;\nerror_log {at}/errors;\nevents {{}}\n\
         http {{\naccess_log off;\n{folders}{shipped}\n}}\n"
    )
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // It has nothing to save.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
