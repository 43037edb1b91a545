//! Makes one thread of a process hang, as an endless loop in it would, and lets it go on. Linux's ptrace does it: the
//! thread stops, its process does not. It is caught asleep, so that it holds no lock that others wait for.

use crate::patience::SOON;
use nix::sys::ptrace;
use nix::sys::wait::{WaitPidFlag, waitpid};
use nix::unistd::Pid;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

/// A thread that hangs. Dropped, it goes on.
#[derive(Debug)]
pub struct Hang {
    release: Option<Sender<()>>,
    keeper: Option<JoinHandle<()>>,
}

impl Hang {
    /// Stops the thread called `name` of one's own child `process`. When it returns, the thread stands still.
    ///
    /// # Panics
    /// When there is no such thread, or it may not be stopped.
    #[must_use]
    pub fn of(process: u32, name: &str) -> Self {
        let (thread, folder) = find(process, name);
        let (holds, held) = channel();
        let (release, released) = channel();
        // Whoever stops a thread must be the one to let it go: one thread of our own does both.
        let keeper = std::thread::spawn(move || hold(thread, &folder, &holds, &released));
        held.recv_timeout(SOON).expect("the thread stands still");
        Self { release: Some(release), keeper: Some(keeper) }
    }
}

impl Drop for Hang {
    fn drop(&mut self) {
        drop(self.release.take());
        let kept = self.keeper.take().map(JoinHandle::join);
        assert!(std::thread::panicking() || matches!(kept, Some(Ok(()))), "the thread was let go");
    }
}

fn find(process: u32, name: &str) -> (Pid, PathBuf) {
    let threads = std::fs::read_dir(format!("/proc/{process}/task")).expect("the process runs");
    let mut folders = threads.map(|thread| thread.expect("its threads are listed").path());
    let is_called = |folder: &PathBuf| {
        std::fs::read_to_string(folder.join("comm")).is_ok_and(|comm| comm.trim_end() == name)
    };
    let folder = folders.find(is_called).unwrap_or_else(|| unreachable!("it has no thread {name}"));
    let id = folder.file_name().and_then(|id| id.to_str()).and_then(|id| id.parse().ok());
    (Pid::from_raw(id.expect("threads are listed by number")), folder)
}

/// Stops `thread`, says so, and lets it go once nobody holds the other end of `released`.
fn hold(thread: Pid, folder: &std::path::Path, holds: &Sender<()>, released: &Receiver<()>) {
    ptrace::seize(thread, ptrace::Options::empty()).expect("one's own child can be traced");
    while !is_asleep(folder) {
        std::thread::yield_now();
    }
    ptrace::interrupt(thread).expect("a traced thread can be stopped");
    waitpid(thread, Some(WaitPidFlag::__WALL)).expect("it stops");
    let _told = holds.send(());
    let _dropped = released.recv();
    ptrace::detach(thread, None).expect("a stopped thread can be let go");
}

fn is_asleep(folder: &std::path::Path) -> bool {
    let stat = std::fs::read_to_string(folder.join("stat")).expect("the thread is there");
    stat.rsplit(')').next().is_some_and(|fields| fields.trim_start().starts_with('S'))
}
