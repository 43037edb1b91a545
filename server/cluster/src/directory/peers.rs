//! What the other nodes say when this one can't reach Redis: whether they can. When nobody can, nobody can take an arena, and
//! everyone plays on; when somebody can, or does not answer, this node has to let its arenas go with the lease.
//!
//! A node whose port refuses the connection has ended, and takes nothing. One that is silent may be anything.

use std::io::ErrorKind;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// How long a node may take to answer.
const PATIENCE: Duration = Duration::from_millis(800);
/// Bytes of an answer at most.
const ANSWER: u64 = 1024;

/// What a node says at `/api/node`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct About {
    /// Which one it is.
    pub node: String,
    /// Can it reach Redis?
    pub redis: bool,
}

/// Can none of the nodes at these addresses reach Redis? Waits for their answers; to be asked where waiting is allowed.
pub(super) fn all_without(addresses: &[String]) -> bool {
    let config = ureq::Agent::config_builder().timeout_global(Some(PATIENCE)).http_status_as_error(false);
    let agent = ureq::Agent::new_with_config(config.build());
    std::thread::scope(|scope| {
        let asked: Vec<_> = addresses.iter().map(|url| scope.spawn(|| is_without(&agent, url))).collect();
        asked.into_iter().all(|answer| answer.join().unwrap_or(false))
    })
}

fn is_without(agent: &ureq::Agent, url: &str) -> bool {
    match agent.get(format!("{url}/api/node")).call() {
        Ok(mut answer) => {
            let about = answer.body_mut().with_config().limit(ANSWER).read_json::<About>();
            about.is_ok_and(|about| !about.redis)
        }
        Err(ureq::Error::Io(error)) => error.kind() == ErrorKind::ConnectionRefused,
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Write};
    use std::net::TcpListener;

    /// A node that says this.
    fn node(body: &'static str) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut asked = [0; 1024];
            assert!(stream.read(&mut asked).unwrap() > 0);
            let head =
                format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
            stream.write_all((head + body).as_bytes()).unwrap();
        });
        format!("http://{address}")
    }

    /// A port that nobody listens on.
    fn ended() -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    }

    #[test]
    fn a_node_alone_and_nodes_that_have_ended_or_cannot_reach_redis_keep_nobody_from_playing_on() {
        assert!(all_without(&[]));
        assert!(all_without(&[node(r#"{"node":"a","redis":false}"#), ended()]));
    }

    #[test]
    fn a_node_that_reaches_redis_or_is_silent_or_says_something_else_does() {
        let silent = TcpListener::bind("127.0.0.1:0").unwrap();
        assert!(!all_without(&[format!("http://{}", silent.local_addr().unwrap())]));
        assert!(!all_without(&[node(r#"{"node":"a","redis":false}"#), node(r#"{"node":"b","redis":true}"#)]));
        assert!(!all_without(&[node("nonsense")]));
    }
}
