//! CPU time and memory of a process, as the system accounts for them.

use std::io;
use std::time::Duration;

/// What `/proc` says of one process.
#[derive(Debug, Clone, Copy, Default)]
pub struct Usage {
    /// User and system time so far, in seconds.
    pub cpu_seconds: f64,
    /// Resident memory, in KiB.
    pub resident_kib: f64,
}

/// Reads the usage of the process with this id.
///
/// # Errors
/// When there is no such process.
pub fn usage(process: u32) -> io::Result<Usage> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat"))?;
    let fields: Vec<f64> = stat
        .rsplit(')')
        .next()
        .unwrap_or_default()
        .split_whitespace()
        .map(|field| field.parse().unwrap_or(0.0))
        .collect();
    // After the name: field 11 and 12 are user and system ticks, field 21 resident pages.
    let field = |index: usize| fields.get(index).copied().unwrap_or(0.0);
    let ticks = rustix::param::clock_ticks_per_second() as f64;
    let page_kib = rustix::param::page_size() as f64 / 1024.0;
    Ok(Usage { cpu_seconds: (field(11) + field(12)) / ticks, resident_kib: field(21) * page_kib })
}

/// User and system time of all threads that the process with this id has now. To the nanosecond, where [`usage`] counts
/// hundredths of a second.
///
/// # Errors
/// When there is no such process, or the system keeps no such account.
pub fn busy(process: u32) -> io::Result<Duration> {
    let threads = std::fs::read_dir(format!("/proc/{process}/task"))?;
    let times = threads.map(|thread| {
        let account = std::fs::read_to_string(thread?.path().join("schedstat"))?;
        let on_a_core = account.split_whitespace().next().and_then(|nanos| nanos.parse().ok());
        on_a_core.map(Duration::from_nanos).ok_or(io::ErrorKind::InvalidData.into())
    });
    times.sum::<io::Result<Duration>>()
}
