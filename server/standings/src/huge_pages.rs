//! Memory in huge pages, for whoever holds boards in memory: a rank among millions is looked up in as many places all over
//! it, and what takes time is finding the pages (of 2 MiB there are 512 times fewer than of 4 KiB).

use std::env;

/// The switch of glibc's allocator, <https://sourceware.org/glibc/manual/latest/html_node/Memory-Allocation-Tunables.html>:
/// to ask the kernel for huge pages wherever they fit.
const SWITCH: (&str, &str) = ("GLIBC_TUNABLES", "glibc.malloc.hugetlb=1");

/// Lets the allocator of this process have huge pages, where there is such a choice (Linux with glibc); elsewhere it does
/// nothing. To be called first in `main`: glibc reads its switches before it, so the program is started anew in the same
/// process, once. Whoever has set the variable has chosen.
pub fn ask_for_them() {
    let chosen = env::var_os(SWITCH.0).is_some();
    if cfg!(all(target_os = "linux", target_env = "gnu")) && !chosen {
        start_anew();
    }
}

/// Comes back only when it can't be done; then pages are of the usual size.
#[cfg(unix)]
fn start_anew() {
    use std::os::unix::process::CommandExt;

    let mut arguments = env::args_os();
    let (Some(name), Ok(program)) = (arguments.next(), env::current_exe()) else { return };
    let _cannot =
        std::process::Command::new(program).arg0(name).args(arguments).env(SWITCH.0, SWITCH.1).exec();
}

#[cfg(not(unix))]
fn start_anew() {}
