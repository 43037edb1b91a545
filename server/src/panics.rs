//! What a panic leaves in the log: one line that says where and why, and the way there. What becomes of the process is
//! decided where the panic is caught.

use std::backtrace::Backtrace;
use std::panic::PanicHookInfo;

/// Has panics logged, once each, with a backtrace.
pub fn log_them() {
    std::panic::set_hook(Box::new(|panic| {
        let (thread, backtrace) = (std::thread::current(), Backtrace::force_capture());
        let (thread, place) = (thread.name().unwrap_or("unnamed"), panic.location().map(ToString::to_string));
        tracing::error!(thread, place, "a fault of ours: {}\n{backtrace}", why(panic));
    }));
}

fn why<'a>(panic: &'a PanicHookInfo<'_>) -> &'a str {
    let payload = panic.payload();
    let text = payload.downcast_ref::<&str>().copied();
    text.or_else(|| payload.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message")
}
