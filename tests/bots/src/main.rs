//! The load tool: reads the command line, lets the fleet fly, writes the report.

use bots::args::{Args, Format};
use bots::fleet::{self, Progress};
use bots::host;
use bots::meter::Meter;
use bots::report::{CSV_HEADING, Report, csv_line, progress_line};
use clap::Parser;
use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;
use std::time::Duration;
use tokio::runtime::Runtime;

fn main() -> io::Result<ExitCode> {
    let args = Args::parse();
    if !host::raise_open_files() {
        eprintln!("bots: the limit of open files stays as it is; a large fleet may not fit");
    }
    let runtime = runtime(args.count)?;
    let csv = args.report == Format::Csv;
    if csv {
        println!("{CSV_HEADING}");
    }
    let meter = runtime.block_on(fleet::run(args.plan(), |meter, progress| {
        show(meter, progress);
        if csv {
            println!("{}", csv_line(meter, progress));
        }
    }));
    for trouble in &meter.troubles {
        eprintln!("bots: {trouble}");
    }
    let report = Report::new(args.count, &meter, host::cpu_seconds());
    write_report(&report, args.report)?;
    Ok(if meter.is_clean() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// How many bots make a fleet that gathers what it reads, and for how long it does.
const LARGE_FLEET: u32 = 500;
const NAP: Duration = Duration::from_millis(1);

/// A large fleet naps before each wait, so that frames that come one by one are read in one wake-up: what is measured is to
/// be the server and not thousands of wake-ups, which the server's sends pay for. It adds up to [`NAP`] to each time.
fn runtime(bots: u32) -> io::Result<Runtime> {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    if bots >= LARGE_FLEET {
        builder.on_thread_park(|| std::thread::sleep(NAP));
    }
    builder.enable_all().build()
}

/// One line that is written over where there is a terminal, a line a second where there is none.
fn show(meter: &Meter, progress: &Progress) {
    let line = progress_line(meter, progress);
    if io::stderr().is_terminal() {
        eprint!("\r\x1b[2K{line}");
    } else {
        eprintln!("{line}");
    }
}

fn write_report(report: &Report, format: Format) -> io::Result<()> {
    if io::stderr().is_terminal() {
        eprintln!();
    }
    let mut out = io::stdout().lock();
    match format {
        Format::Table => write!(out, "{report}"),
        Format::Csv => Ok(()),
        Format::Json => {
            serde_json::to_writer(&mut out, report)?;
            writeln!(out)
        }
    }
}
