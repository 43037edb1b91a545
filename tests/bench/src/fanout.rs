//! CPU per frame delivered: the whole server under bots, and in the same run a bare epoll loop that writes frames of the
//! same size as often to as many connections, and reads as many inputs.

use std::io::{self, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{ChildStdout, Command};
use std::time::Duration;

use crate::child::{line, start};
use crate::cpu::{Usage, usage};
use crate::table;
use serde_json::Value;

/// Time for connections to come and settle before anything is measured.
const SETTLE: Duration = Duration::from_secs(8);
/// Time in which bots come, of that: all at once, each of them takes the memory of a newcomer in the same tick.
const RAMP: Duration = Duration::from_secs(6);

/// What one server cost while it was measured.
struct Cost {
    frames: f64,
    cpu_seconds: f64,
    kib_per_connection: f64,
    bytes_per_frame: f64,
}

/// Measures both, and prints them beside each other.
///
/// # Errors
/// When a process can't be started or does not answer.
pub fn run(count: usize, time: Duration, behaviour: &str) -> io::Result<()> {
    let server = measure_server(count, time, behaviour)?;
    let floor = measure_floor(count, time, server.bytes_per_frame as usize)?;
    let row = |name: &str, cost: &Cost| {
        let micros = cost.cpu_seconds * 1e6 / cost.frames;
        let ratio = micros / (floor.cpu_seconds * 1e6 / floor.frames);
        vec![
            name.to_owned(),
            format!("{:.0}", cost.frames / time.as_secs_f64()),
            format!("{:.0}", cost.bytes_per_frame),
            format!("{micros:.2}"),
            format!("{ratio:.2}"),
            format!("{:.1}", cost.kib_per_connection),
        ]
    };
    println!("{count} connections, bots that {behaviour}, {} s each", time.as_secs());
    let headings = ["server", "frames/s", "bytes/frame", "CPU us/frame", "x floor", "KiB/connection"];
    table::print(&headings, &[row("starfray", &server), row("bare epoll loop", &floor)]);
    Ok(())
}

pub(crate) fn sibling(name: &str) -> io::Result<PathBuf> {
    Ok(std::env::current_exe()?.with_file_name(name))
}

fn measure_server(count: usize, time: Duration, behaviour: &str) -> io::Result<Cost> {
    let mut starfray = Command::new(sibling("starfray")?);
    let (server, mut lines) =
        start(starfray.args(["--listen", "127.0.0.1:0", "--drones", "0", "--no-data"]))?;
    let page = line(&mut lines)?;
    let address = page.trim_start_matches("http://").trim_end_matches('/').to_owned();
    let empty = usage(server.0.id())?;
    let seconds = (SETTLE + time + Duration::from_secs(2)).as_secs();
    let _bots = start(Command::new(sibling("bots")?).args([
        "--url",
        &format!("ws://{address}/ws"),
        "--count",
        &count.to_string(),
        "--duration",
        &format!("{seconds}s"),
        "--ramp",
        &format!("{}s", RAMP.as_secs()),
        "--behaviour",
        behaviour,
    ]))?;
    std::thread::sleep(SETTLE);
    let before = (arena(&address)?, usage(server.0.id())?);
    std::thread::sleep(time);
    let after = (arena(&address)?, usage(server.0.id())?);
    let grown = |name: &str| number(&after.0, name) - number(&before.0, name);
    Ok(Cost {
        frames: grown("frames"),
        bytes_per_frame: grown("bytes") / grown("frames") + 3.0,
        ..cost(count, &empty, &before.1, &after.1)
    })
}

fn measure_floor(count: usize, time: Duration, bytes: usize) -> io::Result<Cost> {
    let me = std::env::current_exe()?;
    let mut floor = Command::new(&me);
    let (server, mut lines) = start(floor.args(["floor", "--hz", "30", "--bytes", &bytes.to_string()]))?;
    let address = line(&mut lines)?;
    let empty = usage(server.0.id())?;
    let seconds = (SETTLE + time + Duration::from_secs(2)).as_secs().to_string();
    let count_text = count.to_string();
    let load =
        ["load", "--address", &address, "--count", &count_text, "--inputs", "5", "--seconds", &seconds];
    let _load = start(Command::new(me).args(load))?;
    let read =
        |lines: &mut BufReader<ChildStdout>| -> io::Result<f64> { Ok(line(lines)?.parse().unwrap_or(0.0)) };
    for _ in 0..SETTLE.as_secs() {
        read(&mut lines)?;
    }
    let before = (read(&mut lines)?, usage(server.0.id())?);
    let mut frames = before.0;
    for _ in 0..time.as_secs() {
        frames = read(&mut lines)?;
    }
    let after = usage(server.0.id())?;
    let bytes_per_frame = bytes as f64;
    Ok(Cost { frames: frames - before.0, bytes_per_frame, ..cost(count, &empty, &before.1, &after) })
}

fn cost(count: usize, empty: &Usage, before: &Usage, after: &Usage) -> Cost {
    Cost {
        frames: 0.0,
        cpu_seconds: after.cpu_seconds - before.cpu_seconds,
        kib_per_connection: (after.resident_kib - empty.resident_kib) / count as f64,
        bytes_per_frame: 0.0,
    }
}

fn arena(address: &str) -> io::Result<Value> {
    arena_at(address, "/api/arena")
}

/// What a server says of an arena at this path.
pub(crate) fn arena_at(address: &str, path: &str) -> io::Result<Value> {
    let mut stream = TcpStream::connect(address)?;
    write!(stream, "GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let body = answer.split_once("\r\n\r\n").map(|(_, body)| body).unwrap_or_default();
    serde_json::from_str(body).map_err(io::Error::other)
}

/// A number of it, or the sum of several.
pub(crate) fn number(body: &Value, name: &str) -> f64 {
    let value = &body[name];
    let parts = value.as_object().map(|parts| parts.values().filter_map(Value::as_f64).sum());
    value.as_f64().or(parts).unwrap_or(0.0)
}
