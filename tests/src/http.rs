//! HTTP/1.1 as plain as it gets: one request, one connection, the whole answer.

use crate::patience::LATER;
use serde_json::Value;
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

impl Answer {
    /// The value of a header, in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// When it is none.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error} in {self:?}"))
    }
}

/// Fetches `path` from `address` (host and port).
///
/// # Panics
/// When no answer comes, or it is not HTTP.
pub async fn get(address: &str, path: &str) -> Answer {
    request(address, "GET", path, &[]).await
}

/// Asks `address` (host and port) with any method and more headers.
///
/// # Panics
/// When no answer comes, or it is not HTTP.
pub async fn request(address: &str, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
    let asked = async {
        let mut stream = ask(address, method, path, headers).await?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await?;
        std::io::Result::Ok(answer)
    };
    // A long poll takes half a minute.
    let answer = timeout(LATER, asked).await.expect("the server answers in time");
    parse(&answer.expect("the server can be reached"))
}

/// Sends a request, and gives the connection that the answer comes on.
///
/// # Errors
/// When the server can't be reached.
pub async fn ask(
    address: &str,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
) -> std::io::Result<TcpStream> {
    let mut stream = TcpStream::connect(address).await?;
    let more: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let request = format!("{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{more}\r\n");
    stream.write_all(request.as_bytes()).await?;
    Ok(stream)
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
