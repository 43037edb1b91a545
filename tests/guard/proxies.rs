//! Behind a proxy: what it says of where a connection comes from counts when it is trusted, and only then.

use super::raw::{Raw, handshake};
use e2e::server::Server;

/// An address may have one connection here, so that two of the same are told from two of different ones.
const ONE_EACH: [&str; 4] = ["--drones", "0", "--max-per-address", "1"];

async fn upgrade(server: &Server, before: &[u8], headers: &str) -> (Raw, String) {
    let request = [before, handshake(server.address(), "/ws", headers).as_bytes()].concat();
    let (raw, answer) = say(server, &request).await;
    (raw, status(&answer))
}

/// Sends bytes, and gives the head of the answer.
async fn say(server: &Server, bytes: &[u8]) -> (Raw, String) {
    let mut raw = Raw::connect(server.address()).await;
    raw.send(bytes).await;
    let answer = raw.answer().await;
    (raw, answer)
}

fn status(answer: &str) -> String {
    answer.split(' ').nth(1).unwrap_or_default().to_owned()
}

/// A handshake with these bytes in X-Forwarded-For.
fn forwarding(server: &Server, by: &[u8]) -> Vec<u8> {
    let request = handshake(server.address(), "/ws", "");
    let line = [b"X-Forwarded-For: ", by, b"\r\n\r\n"].concat();
    [request.trim_end().as_bytes(), b"\r\n", &line].concat()
}

fn forwarded(by: &str) -> String {
    format!("X-Forwarded-For: {by}\r\n")
}

#[tokio::test]
async fn x_forwarded_for_counts_from_a_trusted_proxy() {
    let server = Server::start(&[&ONE_EACH[..], &["--trusted-proxy", "127.0.0.0/8"]].concat()).await;
    let (_one, first) = upgrade(&server, b"", &forwarded("203.0.113.1")).await;
    let (_two, other) = upgrade(&server, b"", &forwarded("203.0.113.2")).await;
    let (_three, again) = upgrade(&server, b"", &forwarded("8.8.8.8, 203.0.113.1, 127.0.0.9")).await;
    assert_eq!([&*first, &*other, &*again], ["101", "101", "429"]);
    server.stop().await;
}

#[tokio::test]
async fn a_client_hides_no_address_that_a_proxy_writes_behind_what_he_sends() {
    let server = Server::start(&[&ONE_EACH[..], &["--trusted-proxy", "127.0.0.0/8"]].concat()).await;
    let (_one, first) = say(&server, &forwarding(&server, b"203.0.113.1")).await;
    assert_eq!(status(&first), "101");
    for by in [
        &b"\xff, 203.0.113.1"[..],
        b"nonsense,203.0.113.1",
        b"203.0.113.1:4711",
        b"\xff, 203.0.113.1:1, 127.0.0.9",
    ] {
        let (_raw, again) = say(&server, &forwarding(&server, by)).await;
        assert_eq!(status(&again), "429", "{}", by.escape_ascii());
    }
    let (_two, bracketed) = say(&server, &forwarding(&server, b"[2001:db8::1]:80")).await;
    let (_three, again) = say(&server, &forwarding(&server, b"2001:db8::2")).await;
    assert_eq!([&*status(&bracketed), &*status(&again)], ["101", "429"]);
    server.stop().await;
}

#[tokio::test]
async fn what_a_trusted_proxy_brings_is_never_this_machines_own() {
    // Here no limit by address is given, so that connections from this machine do not count.
    let server = Server::start(&["--drones", "0", "--trusted-proxy", "127.0.0.1/32"]).await;
    let unnamed = forwarding(&server, b"\xff");
    let own = forwarding(&server, b"127.0.0.2");
    let proxied = [
        &b"PROXY TCP4 127.0.0.3 10.0.0.1 5000 80\r\n"[..],
        handshake(server.address(), "/ws", "").as_bytes(),
    ]
    .concat();
    for request in [unnamed, own, proxied] {
        let mut said = Vec::new();
        for _ in 0..120 {
            said.push(status(&say(&server, &request).await.1));
        }
        let in_time = said.iter().filter(|status| *status == "101").count();
        assert!(in_time >= 80 && said.iter().any(|status| status == "429"), "{}", request.escape_ascii());
    }
    let mut alone = Vec::new();
    for _ in 0..120 {
        let mut raw = Raw::connect_from("127.0.0.4", server.address()).await.unwrap();
        alone.push(status(&raw.shake_hands(server.address(), "/ws", "").await));
    }
    assert!(alone.iter().all(|status| status == "101"), "who comes by himself is");
    server.stop().await;
}

#[tokio::test]
async fn x_forwarded_for_of_anyone_else_is_passed_over() {
    let server = Server::start(&[&ONE_EACH[..], &["--trusted-proxy", "10.0.0.0/8"]].concat()).await;
    let (_one, first) = upgrade(&server, b"", &forwarded("203.0.113.1")).await;
    let (_two, second) = upgrade(&server, b"", &forwarded("203.0.113.2")).await;
    assert_eq!([&*first, &*second], ["101", "429"]);
    let (_three, third) = upgrade(&server, b"PROXY TCP4 203.0.113.3 10.0.0.1 5000 80\r\n", "").await;
    assert_ne!(third, "101");
    server.stop().await;
}

#[tokio::test]
async fn the_proxy_protocol_counts_from_a_trusted_proxy_in_both_versions() {
    let server = Server::start(&[&ONE_EACH[..], &["--trusted-proxy", "127.0.0.1/32"]].concat()).await;
    let v1 = |address: &str| format!("PROXY TCP4 {address} 10.0.0.1 5000 80\r\n").into_bytes();
    let mut v2 = b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c".to_vec();
    v2.extend([203, 0, 113, 1, 10, 0, 0, 1, 0x13, 0x88, 0, 80]);
    let (_one, first) = upgrade(&server, &v1("203.0.113.1"), "").await;
    let (_two, other) = upgrade(&server, &v1("203.0.113.2"), "").await;
    assert_eq!([&*first, &*other], ["101", "101"]);
    let request = handshake(server.address(), "/ws", "");
    for header in [&v1("203.0.113.1"), &v2] {
        // The address has its connection already, and is told so, as one that comes by itself is.
        let (_raw, same) = say(&server, &[header, request.as_bytes()].concat()).await;
        assert!(status(&same) == "429" && same.contains("Retry-After: "), "{same:?}");
    }
    // What the header names is no proxy, and its own headers do not count.
    let (_four, pretended) = upgrade(&server, &v1("203.0.113.4"), &forwarded("203.0.113.5")).await;
    let (_five, again) = upgrade(&server, &v1("203.0.113.6"), &forwarded("203.0.113.5")).await;
    assert_eq!([&*pretended, &*again], ["101", "101"]);
    let mut broken = Raw::connect(server.address()).await;
    broken.send(&[b"PROXY TCP4 ".as_slice(), &[b'9'; 600]].concat()).await;
    assert_eq!(broken.answer().await, "", "nonsense is dropped");
    server.stop().await;
}

#[tokio::test]
async fn a_proxy_that_encrypts_says_so_and_the_host_that_the_browser_sees() {
    let server = Server::start(&["--trusted-proxy", "127.0.0.1/32"]).await;
    let said =
        "X-Forwarded-Proto: https\r\nX-Forwarded-Host: game.example\r\nOrigin: https://game.example\r\n";
    let mut raw = Raw::connect(server.address()).await;
    let answer = raw.shake_hands(server.address(), "/ws", said).await;
    assert!(answer.starts_with("HTTP/1.1 101 "), "{answer}");
    assert!(answer.contains("strict-transport-security: "), "{answer}");
    server.stop().await;
}
