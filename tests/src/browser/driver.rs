//! The chromedriver process, on a port of its own choice. It only talks to this machine.

use crate::patience::LATER;
use rustix::process::{Pid, Signal, kill_process_group};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicU32, Ordering};
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;

/// A running chromedriver and the folder of its browsers' profiles. Dropped, both are gone.
#[derive(Debug)]
pub struct Driver {
    group: Pid,
    _child: Child,
    _stdout: Lines<BufReader<ChildStdout>>,
    url: String,
    profiles: PathBuf,
    pages: AtomicU32,
}

impl Driver {
    /// Starts it.
    ///
    /// # Panics
    /// When chromedriver is not installed or does not start.
    pub async fn start() -> Self {
        let mut child = Command::new(program("CHROMEDRIVER", &["chromedriver"]))
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            // Its browsers are in its group, and end with it even when a test has failed.
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
            .expect("chromedriver can be started");
        let group = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
        let group = group.expect("it still runs");
        let mut lines = BufReader::new(child.stdout.take().expect("its output is piped")).lines();
        let port = timeout(LATER, port(&mut lines)).await.expect("chromedriver starts in time");
        let url = format!("http://127.0.0.1:{port}");
        Self { group, _child: child, _stdout: lines, url, profiles: profiles(port), pages: AtomicU32::new(0) }
    }

    /// Where it listens.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A fresh folder for a browser's profile.
    pub(super) fn profile(&self) -> PathBuf {
        self.profiles.join(self.pages.fetch_add(1, Ordering::Relaxed).to_string())
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // Nothing is left to do where the group has ended by itself; a browser on its way out may still write to its
        // folder, and a leftover folder fails no test.
        let _ended = kill_process_group(self.group, Signal::KILL);
        let _leftover = std::fs::remove_dir_all(&self.profiles);
    }
}

/// The browser to drive.
pub(super) fn chromium() -> PathBuf {
    program("CHROMIUM", &["chromium", "chromium-browser", "google-chrome"])
}

fn profiles(port: u16) -> PathBuf {
    std::env::temp_dir().join(format!("starfray-e2e-{}-{port}", std::process::id()))
}

async fn port(lines: &mut Lines<BufReader<ChildStdout>>) -> u16 {
    while let Some(line) = lines.next_line().await.expect("chromedriver writes text") {
        let Some((_, port)) = line.rsplit_once("successfully on port ") else { continue };
        return port.trim_end_matches('.').parse().expect("a port is a number");
    }
    unreachable!("chromedriver ended before it listened")
}

/// The program that the environment's `variable` names, or the first of `names` that is installed.
fn program(variable: &str, names: &[&str]) -> PathBuf {
    if let Some(path) = std::env::var_os(variable) {
        return path.into();
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let found = names.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    let found = found.into_iter().find(|path: &PathBuf| Path::exists(path));
    found.unwrap_or_else(|| unreachable!("{} is not installed: tests/run installs it", names[0]))
}
