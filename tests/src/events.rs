//! A stream of Server-Sent Events, read as a browser would.

use crate::http;
use crate::patience::{LATER, SOON};
use serde_json::Value;
use std::collections::VecDeque;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// An open stream.
#[derive(Debug)]
pub struct Events {
    from: BufReader<TcpStream>,
    status: u16,
    text: String,
    lines: VecDeque<String>,
}

/// An event.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Its id.
    pub id: String,
    /// Its data.
    pub data: String,
}

impl Event {
    /// Its data as JSON.
    ///
    /// # Panics
    /// When it is none.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.data).expect("an event's data is JSON")
    }
}

impl Events {
    /// Opens a stream and reads the head of the answer.
    ///
    /// # Panics
    /// When no answer comes.
    pub async fn open(address: &str, path: &str, headers: &[(&str, &str)]) -> Self {
        let stream = http::ask(address, "GET", path, headers).await.expect("the server can be reached");
        let mut events =
            Self { from: BufReader::new(stream), status: 0, text: String::new(), lines: VecDeque::new() };
        let first = events.raw_line().await;
        events.status = first.split(' ').nth(1).and_then(|code| code.parse().ok()).expect("a status line");
        while !events.raw_line().await.is_empty() {}
        events
    }

    /// The status of the answer.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The next event.
    ///
    /// # Panics
    /// When none comes soon.
    pub async fn next(&mut self) -> Event {
        let (mut id, mut data) = (String::new(), None);
        loop {
            let line = self.line().await;
            if let Some(value) = line.strip_prefix("id: ") {
                value.clone_into(&mut id);
            } else if let Some(value) = line.strip_prefix("data: ") {
                data = Some(value.to_owned());
            } else if line.is_empty()
                && let Some(data) = data.take()
            {
                return Event { id, data };
            }
        }
    }

    /// Reads until the server ends the stream.
    ///
    /// # Panics
    /// When it does not in time.
    pub async fn end(mut self) {
        let (mut rest, reading) = (Vec::new(), &mut self.from);
        let read = timeout(LATER, reading.read_to_end(&mut rest)).await.expect("the stream ends in time");
        read.expect("it ends as streams should");
    }

    async fn line(&mut self) -> String {
        loop {
            if let Some(line) = self.lines.pop_front() {
                return line;
            }
            let size = self.raw_line().await;
            let size = usize::from_str_radix(&size, 16).expect("a chunk begins with its size");
            assert!(size > 0, "the stream has ended");
            let mut chunk = vec![0; size + 2];
            self.from.read_exact(&mut chunk).await.expect("a chunk is whole");
            self.text.push_str(std::str::from_utf8(&chunk[..size]).expect("events are text"));
            while let Some((line, rest)) = self.text.split_once('\n') {
                self.lines.push_back(line.to_owned());
                self.text = rest.to_owned();
            }
        }
    }

    async fn raw_line(&mut self) -> String {
        let mut line = String::new();
        let read = timeout(SOON, self.from.read_line(&mut line)).await.expect("the stream goes on in time");
        read.expect("the stream is text");
        line.trim_end().to_owned()
    }
}
