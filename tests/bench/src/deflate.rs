//! What WebSocket compression would save: the frames of one who plays among bots, as they are and as permessage-deflate
//! would send them, with and without a window that lasts from message to message; and the processor time that takes.

use std::io;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::census::Watched;
use crate::child::start;
use crate::fanout::sibling;
use crate::table;
use bytes::Bytes;
use flate2::{Compress, Compression, FlushCompress};
use futures_util::{SinkExt, StreamExt};
use shared::hull::Hull;
use shared::protocol::codec::encode_client;
use shared::protocol::{ClientMessage, Role};
use tokio_tungstenite::tungstenite::Message;

/// Measures for `time` beside so many bots, and prints what it came to.
///
/// # Errors
/// When a process can't be started, or the connection is lost.
pub fn run(bots: u32, time: Duration) -> io::Result<()> {
    let server = Watched::start(&["--no-data", "--drones", "0"])?;
    let seconds = (time + Duration::from_secs(6)).as_secs();
    let _bots = start(Command::new(sibling("bots")?).args([
        "--url",
        &format!("ws://{}/ws", server.address),
        "--count",
        &bots.to_string(),
        "--duration",
        &format!("{seconds}s"),
    ]))?;
    std::thread::sleep(Duration::from_secs(4));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let messages = runtime.block_on(listen(format!("ws://{}/ws", server.address), time))?;
    let plain: usize = messages.iter().map(Bytes::len).sum();
    let mean = |bytes: usize| bytes as f64 / messages.len().max(1) as f64;
    let mut rows =
        vec![vec!["as they are".to_owned(), format!("{:.1}", mean(plain)), "1.00".into(), "0".into()]];
    for (name, level, lasting) in [
        ("deflate, each by itself", 6, false),
        ("deflate, one window", 6, true),
        ("deflate, one window, fastest", 1, true),
    ] {
        let begun = Instant::now();
        let all = deflated(&messages, level, lasting)?;
        let micros = begun.elapsed().as_secs_f64() * 1e6 / messages.len().max(1) as f64;
        rows.push(vec![
            name.to_owned(),
            format!("{:.1}", mean(all)),
            format!("{:.2}", all as f64 / plain as f64),
            format!("{micros:.1}"),
        ]);
    }
    println!("{} messages to one who plays among {bots} bots", messages.len());
    table::print(&["", "bytes", "x", "CPU us"], &rows);
    Ok(())
}

async fn listen(url: String, time: Duration) -> io::Result<Vec<Bytes>> {
    let stream =
        tokio::net::TcpStream::connect(url.trim_start_matches("ws://").trim_end_matches("/ws")).await?;
    let opened = tokio_tungstenite::client_async(url, stream).await;
    let (mut socket, _answer) = opened.map_err(io::Error::other)?;
    for message in [
        ClientMessage::hello(Role::Play, None, None),
        ClientMessage::Join { name: "measure".into(), hull: Hull::default() },
    ] {
        socket.send(Message::Binary(encode_client(&message).into())).await.map_err(io::Error::other)?;
    }
    let (until, mut messages) = (tokio::time::Instant::now() + time, Vec::new());
    while let Ok(next) = tokio::time::timeout_at(until, socket.next()).await {
        match next {
            Some(Ok(Message::Binary(bytes))) => messages.push(bytes),
            Some(Ok(_)) => {}
            Some(Err(error)) => return Err(io::Error::other(error)),
            None => return Err(io::ErrorKind::UnexpectedEof.into()),
        }
    }
    Ok(messages)
}

/// Bytes of all messages as permessage-deflate sends them: flushed, without the four bytes that every flush ends with.
fn deflated(messages: &[Bytes], level: u32, lasting: bool) -> io::Result<usize> {
    let mut deflate = Compress::new(Compression::new(level), false);
    let (mut out, mut all) = (Vec::new(), 0);
    for message in messages {
        if !lasting {
            deflate.reset();
        }
        out.clear();
        out.reserve(message.len() * 2 + 64);
        deflate.compress_vec(message, &mut out, FlushCompress::Sync).map_err(io::Error::other)?;
        all += out.len().saturating_sub(4);
    }
    Ok(all)
}
