//! HTTP/1.1 as plain as it gets: one GET, one connection, the whole answer.

use crate::patience::SOON;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// An answer.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Status code.
    pub status: u16,
    /// Header lines as they came, names in lower case.
    pub headers: Vec<String>,
    /// The body as text.
    pub body: String,
}

/// Fetches `path` from `address` (host and port).
///
/// # Panics
/// When no answer comes, or it is not HTTP.
pub async fn get(address: &str, path: &str) -> Answer {
    let answer = timeout(SOON, fetch(address, path)).await.expect("the server answers in time");
    parse(&answer.expect("the server can be reached"))
}

async fn fetch(address: &str, path: &str) -> std::io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(address).await?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    Ok(answer)
}

fn parse(answer: &[u8]) -> Answer {
    let text = String::from_utf8_lossy(answer);
    let (head, body) = text.split_once("\r\n\r\n").expect("an answer has a head");
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).and_then(|code| code.parse().ok());
    Answer {
        status: status.expect("an answer begins with a status line"),
        headers: lines.map(str::to_ascii_lowercase).collect(),
        body: body.to_owned(),
    }
}
