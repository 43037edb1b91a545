//! Processes under measurement: started from beside this program, heard by the line, ended with their handle.

use std::io::{self, BufRead, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};

/// A process that is ended with its handle.
pub struct Process(pub Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _gone = self.0.kill();
        let _reaped = self.0.wait();
    }
}

/// Starts a process whose lines can be read.
///
/// # Errors
/// When it can't be started.
pub fn start(command: &mut Command) -> io::Result<(Process, BufReader<ChildStdout>)> {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
    let stdout = child.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?;
    Ok((Process(child), BufReader::new(stdout)))
}

/// The next line it prints.
///
/// # Errors
/// When it can't be read.
pub fn line(lines: &mut BufReader<ChildStdout>) -> io::Result<String> {
    let mut line = String::new();
    lines.read_line(&mut line)?;
    Ok(line.trim().to_owned())
}
