//! What the operating system knows of this process. Where it is not Unix, nothing.

/// Processor time this process has used, in seconds.
#[must_use]
#[cfg(unix)]
pub fn cpu_seconds() -> Option<f64> {
    let used = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Some(used.tv_sec as f64 + used.tv_nsec as f64 / 1e9)
}

/// Processor time this process has used, in seconds.
#[must_use]
#[cfg(not(unix))]
pub fn cpu_seconds() -> Option<f64> {
    None
}

/// Lets this process open as many files as its hard limit allows: each bot is one. False when it may not.
#[cfg(unix)]
pub fn raise_open_files() -> bool {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let maximum = getrlimit(Resource::Nofile).maximum;
    setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }).is_ok()
}

/// Lets this process open as many files as its hard limit allows: each bot is one. False when it may not.
#[cfg(not(unix))]
pub fn raise_open_files() -> bool {
    true
}
