//! RFC 6455, section 4: what is no handshake is answered over HTTP, with the status that says why; nobody else notices.

use super::raw::{ACCEPT, FIN, PING, PONG, Raw, handshake, masked};
use e2e::bystander::Bystander;
use e2e::server::Server;

async fn status(address: &str, request: &str) -> String {
    let mut raw = Raw::connect(address).await;
    raw.send(request.as_bytes()).await;
    raw.answer().await
}

#[tokio::test]
async fn what_is_no_handshake_is_answered_with_the_status_that_says_why() {
    let server = Server::start(&["--drones", "0"]).await;
    let mut bystander = Bystander::join(&server.ws()).await;
    let host = server.address();
    let good = handshake(host, "/ws", "");
    let cases = [
        (good.replace("GET", "POST"), "405"),
        (good.replace("Version: 13", "Version: 8"), "426"),
        (good.replace("Sec-WebSocket-Version: 13\r\n", ""), "426"),
        (handshake(host, "/ws", "Sec-WebSocket-Version: 8\r\n"), "426"),
        (good.replace("Upgrade: websocket\r\n", ""), "426"),
        (good.replace("Upgrade: websocket", "Upgrade: h2c"), "400"),
        (good.replace("Connection: Upgrade", "Connection: keep-alive"), "400"),
        (good.replace("dGhlIHNhbXBsZSBub25jZQ==", "c2hvcnQ="), "400"),
        (good.replace("dGhlIHNhbXBsZSBub25jZQ==", "!"), "400"),
        (good.replace("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", ""), "400"),
        (good.replace(&format!("Host: {host}\r\n"), ""), "400"),
        (handshake(host, "/ws", "Host: evil.example\r\n"), "400"),
        (handshake(host, "/ws", &format!("Host: {host}\r\n")), "400"),
        (format!("GET /livez HTTP/1.1\r\nHost: {host}\r\nHost: evil.example\r\n\r\n"), "400"),
        ("GET /livez HTTP/1.1\r\n\r\n".to_owned(), "400"),
        ("GET /livez HTTP/1.0\r\n\r\n".to_owned(), "200"),
        (good.replace("HTTP/1.1", "HTTP/1.0"), "400"),
        (good.replace("GET /ws", "GET /\u{1}ws"), "400"),
        ("nonsense\r\n\r\n".to_owned(), "400"),
        (good.replace("\r\n\r\n", "\r\nContent-Length: 5\r\n\r\nhello"), "413"),
        (good.replace("\r\n\r\n", "\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), "413"),
        (handshake(host, "/ws", &format!("X: {}\r\n", "x".repeat(20_000))), "431"),
        (handshake(host, "/ws", &"X: x\r\n".repeat(200)), "431"),
        (format!("GET /{} HTTP/1.1\r\nHost: {host}\r\n\r\n", "x".repeat(70_000)), "414|431"),
        (handshake(host, "/ws", "Origin: https://evil.example\r\n"), "403"),
    ];
    for (request, wanted) in cases {
        let answer = bystander.during(status(host, &request)).await;
        let got = answer.split(' ').nth(1).unwrap_or_default();
        assert!(
            !got.is_empty() && wanted.contains(got),
            "{wanted}, not {answer:?} to {}",
            &request[..request.len().min(300)]
        );
        if got == "426" {
            assert!(answer.contains("sec-websocket-version: 13\r\n"), "{answer}");
        }
        if got == "405" {
            assert!(answer.contains("allow: GET\r\n"), "{answer}");
        }
    }
    bystander.goes_on().await;
    server.stop().await;
}

#[tokio::test]
async fn a_handshake_is_taken_byte_by_byte_in_any_case_and_with_frames_right_behind_it() {
    let server = Server::start(&["--drones", "0"]).await;
    let host = server.address();
    let slow = handshake(host, "/ws", "").replace("Upgrade: websocket", "uPGRADE: WebSocket");
    let slow = slow.replace("Connection: Upgrade", "connection: keep-alive, upgrade");
    let mut raw = Raw::connect(host).await;
    for byte in slow.bytes() {
        raw.send(&[byte]).await;
        tokio::task::yield_now().await;
    }
    let answer = raw.answer().await;
    assert!(answer.starts_with("HTTP/1.1 101 ") && answer.contains(ACCEPT), "{answer}");
    let mut eager = Raw::connect(host).await;
    eager.send(&[handshake(host, "/ws", "").into_bytes(), masked(FIN | PING, b"behind it")].concat()).await;
    assert!(eager.answer().await.starts_with("HTTP/1.1 101 "));
    let pong = eager.frame().await.expect("the ping is answered");
    assert_eq!((pong.first, pong.payload.as_slice()), (FIN | PONG, &b"behind it"[..]));
    server.stop().await;
}

#[tokio::test]
async fn no_extension_and_no_subprotocol_but_ours_is_agreed_to() {
    let server = Server::start(&["--drones", "0"]).await;
    let offers = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n\
                  Sec-WebSocket-Protocol: chat, superchat\r\n";
    let answer = Raw::connect(server.address()).await.shake_hands(server.address(), "/ws", offers).await;
    assert!(answer.starts_with("HTTP/1.1 101 "), "{answer}");
    assert!(
        !answer.contains("sec-websocket-extensions") && !answer.contains("sec-websocket-protocol"),
        "{answer}"
    );
    let ours = "Sec-WebSocket-Protocol: chat, starfray\r\n";
    let answer = Raw::connect(server.address()).await.shake_hands(server.address(), "/ws", ours).await;
    assert!(answer.contains("sec-websocket-protocol: starfray\r\n"), "{answer}");
    server.stop().await;
}

#[tokio::test]
async fn nothing_is_echoed_unless_the_operator_wants_it() {
    let server = Server::start(&[]).await;
    let answer = Raw::connect(server.address()).await.shake_hands(server.address(), "/echo", "").await;
    assert!(answer.starts_with("HTTP/1.1 404 "), "{answer}");
    server.stop().await;
}
